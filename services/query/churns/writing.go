package churns

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/standing"
)

// Writing is what is to be written about a policy.
type Writing struct {
	standing.Written
	// Removed: nobody is flagged by it any more. The rule is empty then.
	Removed bool
}

// Data returns the type and the data of the event that says so.
func (w *Writing) Data() (eventType string, data []byte, err error) {
	eventType = churn.Defined
	if w.Removed {
		eventType, w.Rule = churn.Removed, []byte("null")
	}
	if data, err = json.Marshal(w.Written); err != nil {
		return "", nil, fmt.Errorf("write down a churn policy: %w", err)
	}
	return eventType, data, nil
}

// Says reports whether an event of the policy's stream says just that, whoever said it. What holds already need not be said since when.
func Says(r *events.Recorded, w *Writing) bool {
	if (r.Type == churn.Removed) != w.Removed {
		return false
	}
	if w.Removed {
		return true
	}
	said, err := standing.ParseWritten(r.Data)
	return err == nil && said.Title == w.Title && bytes.Equal(said.Rule, w.Rule) && (w.Since.IsZero() || said.Since.Equal(w.Since))
}

// Last is the last word on a policy so far.
type Last struct {
	Position events.Position
	// From is since when it holds, Time when it was said.
	From, Time time.Time
	Actor      string
	Title      events.Text
}

// LastOf reads the last event of a policy's stream.
func LastOf(r *events.Recorded) Last {
	l := Last{Position: r.Position, From: r.Time, Time: r.Time}
	if w, err := standing.ParseWritten(r.Data); err == nil {
		l.Actor, l.Title = w.Actor, w.Title
		if !w.Since.IsZero() {
			l.From = w.Since
		}
	}
	return l
}

// Next is when the next word has to be said to follow this one: now, unless this one says it was said later than that.
func (l *Last) Next(now time.Time) time.Time {
	if least := l.Time.Truncate(time.Microsecond).Add(time.Microsecond); l.Position > 0 && now.Before(least) {
		return least
	}
	return now
}
