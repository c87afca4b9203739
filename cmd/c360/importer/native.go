package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

// knownKinds are the identifier kinds that a column may be called without "identifiers." before it.
var knownKinds = []string{
	events.KindUserID, events.KindLoyaltyID, events.KindCard, events.KindEmail, events.KindPhone, events.KindDevice, events.KindAnonymousID,
}

// fromHeader makes the mapping of a CSV file whose columns are called as c360 calls things: id, source, type, time,
// channel, subject; phone, email and other kinds, or identifiers.KIND; data.NAME.
func fromHeader(h *header) (*Mapping, error) {
	rules := map[string]any{"identifiers": map[string]any{}, "data": map[string]any{}}
	for _, name := range h.names {
		from := "{" + name + "}"
		group, rest, dotted := strings.Cut(name, ".")
		switch {
		case slices.Contains([]string{"id", "source", "type", "time", "channel", "subject"}, name):
			rules[name] = from
		case slices.Contains(knownKinds, name):
			group, rest = "identifiers", name
			fallthrough
		case dotted && rest != "" && (group == "identifiers" || group == "data"):
			fields, _ := rules[group].(map[string]any)
			if fields[rest] = from; group == "data" {
				fields[rest] = map[string]string{"from": from, "as": "auto"}
			}
		default:
			return nil, fmt.Errorf("column %q is none of c360's (id, source, type, time, channel, subject, phone, email, …, "+
				"identifiers.KIND, data.NAME): say with --map what the columns mean", name)
		}
	}
	if rules["type"] == nil {
		return nil, errors.New("there is no column type: say with --map what the columns mean")
	}
	raw, err := json.Marshal(rules)
	if err != nil {
		return nil, fmt.Errorf("columns: %w", err)
	}
	return ParseMapping(raw)
}

// withSource returns the mapping with a source for events that have none.
func (m *Mapping) withSource(source string) *Mapping {
	if source == "" || m == nil || m.Source != nil {
		return m
	}
	with := *m
	with.Source = &Rule{from: alternatives{template{{literal: source}}}}
	return &with
}

// withSource is the same for a line that is an event already.
func withSource(line []byte, source string) []byte {
	if source == "" {
		return line
	}
	if _, has := (&value{raw: line}).field("source"); has {
		return line
	}
	quoted, err := jsontext.AppendQuote([]byte(`{"source":`), source)
	if err != nil {
		return line
	}
	rest := bytes.TrimSpace(line)[1:]
	if !bytes.Equal(bytes.TrimSpace(rest), []byte("}")) {
		quoted = append(quoted, ',')
	}
	return append(quoted, rest...)
}
