package standing

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Written is the data of a definition event, JSON: what people call the rule, and the rule in its own language.
type Written struct {
	Title events.Text    `json:"title,omitzero"`
	Rule  jsontext.Value `json:"rule"`
	// Since is when it begins to hold, if that is not when it was written: an earlier time restates the past.
	Since time.Time `json:"since,omitzero"`
	// Actor says who wrote it.
	Actor string `json:"actor,omitempty"`
}

// ParseWritten reads the data of a definition event.
func ParseWritten(data []byte) (Written, error) {
	var w Written
	if err := json.Unmarshal(data, &w); err != nil {
		return w, fmt.Errorf("a definition: %w", err)
	}
	return w, nil
}

// ReadWritten returns a Config.Read for definitions that are Written: the rule is called by the rest of its stream's name.
func ReadWritten(stream string) func(t *projections.Touch) (Definition, bool) {
	return func(t *projections.Touch) (Definition, bool) {
		d := Definition{Name: strings.TrimPrefix(t.Stream, stream), From: t.Time.UnixMicro(), Body: t.Data}
		w, err := ParseWritten(t.Data)
		if err == nil && !w.Since.IsZero() {
			d.From = w.Since.UnixMicro()
		}
		return d, d.Name != ""
	}
}
