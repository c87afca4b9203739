package timeline

import (
	"cmp"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

var (
	eventsTable = &projections.Table{
		Name: "timeline_events",
		Doc:  "One row for every event that names somebody.",
		Columns: []projections.Column{
			{Name: "position", Kind: projections.Int, Order: true, Doc: "Place in the log, where the whole event is."},
			{Name: "fragment", Kind: projections.Blob, Doc: "Whose event it is."},
			{Name: "time", Kind: projections.Int, Doc: "When it happened, Unix microseconds."},
			{Name: "recorded_at", Kind: projections.Int, Order: true, Doc: "When the log took it, Unix microseconds."},
			{Name: "source", Kind: projections.Text, Doc: "Who told us."},
			{Name: "id", Kind: projections.Text, Doc: "The event's id at its source."},
			{Name: "type", Kind: projections.Text, Doc: "What happened."},
			{Name: "channel", Kind: projections.Text, Doc: "Where it happened."},
			{Name: "headline", Kind: projections.Text, Doc: "The fields a list shows, a JSON object."},
		},
		KeyLen:  1,
		Indexes: []projections.Index{{Name: "fragment", Columns: []string{"fragment", "time"}}},
	}
	refsTable = &projections.Table{
		Name: "timeline_refs",
		Doc:  "Search terms of order, inquiry and case numbers.",
		Columns: []projections.Column{
			{Name: "proven", Kind: projections.Int, Doc: "1 if a source with a server-side key mentions it, 0 if one that can only claim does; both have a row."},
			{Name: "term", Kind: projections.Text, Doc: "Search term; see events.RefTerms."},
			{Name: "kind", Kind: projections.Text, Doc: "order, inquiry or case."},
			{Name: "number", Kind: projections.Text, Doc: "The number as it was sent."},
			{Name: "fragment", Kind: projections.Blob, Doc: "A fragment with an event that mentions it."},
		},
		KeyLen: 5,
	}
	coverageTable = &projections.Table{
		Name: "timeline_coverage",
		Doc:  "What each source has sent.",
		Columns: []projections.Column{
			{Name: "source", Kind: projections.Text, Doc: "Who told us."},
			{Name: "type", Kind: projections.Text, Doc: "What happened."},
			{Name: "count", Kind: projections.Int, Doc: "How many events, those that name nobody included."},
			{Name: "first_seen", Kind: projections.Int, Doc: "Time of the earliest, Unix microseconds."},
			{Name: "last_seen", Kind: projections.Int, Doc: "Time of the latest, Unix microseconds."},
			{Name: "channel", Kind: projections.Text, Doc: "Channel of the latest."},
		},
		KeyLen: 2,
	}
)

// refKey begins with the proof, so that no number of claims stands before what is proven.
type refKey struct {
	proven             int64
	term, kind, number string
	fragment           uuid.UUID
}

var refs = &projections.States[refKey, struct{}]{
	Table: refsTable,
	Key:   refColumns,
	Decode: func(r projections.Row) (refKey, struct{}, error) {
		return refKey{intOf(r[0]), textOf(r[1]), textOf(r[2]), textOf(r[3]), idOf(r[4])}, struct{}{}, nil
	},
	Encode: func(k refKey, _ *struct{}) (projections.Row, error) { return refColumns(k), nil },
}

func refColumns(k refKey) []any { return []any{k.proven, k.term, k.kind, k.number, k.fragment[:]} }

type coverageKey struct{ source, kind string }

// covered is the state of a row of timeline_coverage. Where two events share the latest time, the greater name wins.
type covered struct {
	events, first, last int64
	channel             string
}

func (c *covered) count(t *projections.Touch) {
	at := t.Time.UnixMicro()
	if c.events == 0 || at < c.first {
		c.first = at
	}
	if c.events == 0 || cmp.Or(cmp.Compare(at, c.last), cmp.Compare(string(t.Channel), c.channel)) > 0 {
		c.last, c.channel = at, string(t.Channel)
	}
	c.events++
}

var coverage = &projections.States[coverageKey, covered]{
	Table: coverageTable,
	Key:   func(k coverageKey) []any { return []any{k.source, k.kind} },
	Decode: func(r projections.Row) (coverageKey, covered, error) {
		k := coverageKey{textOf(r[0]), textOf(r[1])}
		return k, covered{intOf(r[2]), intOf(r[3]), intOf(r[4]), textOf(r[5])}, nil
	},
	Encode: func(k coverageKey, c *covered) (projections.Row, error) {
		return projections.Row{k.source, k.kind, c.events, c.first, c.last, c.channel}, nil
	},
}

func textOf(v any) string { s, _ := v.(string); return s }
func intOf(v any) int64   { n, _ := v.(int64); return n }

func idOf(v any) uuid.UUID {
	var id uuid.UUID
	b, _ := v.([]byte)
	copy(id[:], b)
	return id
}

func channelOf(v any) events.Channel { return events.Channel(textOf(v)) }
