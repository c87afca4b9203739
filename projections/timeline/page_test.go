package timeline_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/timeline"
)

// stored is a store with some people's events, and what is in it.
type stored struct {
	log       []events.Recorded
	store     *roomtest.Store
	fragments []uuid.UUID
}

func generate(t roomtest.Fataler, seed uint64, o roomtest.Options) stored {
	t.Helper()
	s := stored{log: roomtest.Record(roomtest.Shuffle(seed, roomtest.Generate(seed, o))), store: roomtest.NewStore()}
	for i := range s.log {
		s.log[i].Time = s.log[i].Time.Truncate(12 * time.Hour) // so that many events share a time
		if f, ok := s.log[i].Fragment(); ok && !slices.Contains(s.fragments, f) {
			s.fragments = append(s.fragments, f)
		}
	}
	if err := roomtest.Fold(t.Context(), s.store, s.log, 50, timeline.New()); err != nil {
		t.Fatalf("fold: %v", err)
	}
	return s
}

// newestFirst is what a timeline of these fragments must hold.
func (s *stored) newestFirst(of []uuid.UUID, q timeline.Query) []events.Position {
	var rows []*events.Recorded
	for i := range s.log {
		e := &s.log[i]
		f, ok := e.Fragment()
		if ok && slices.Contains(of, f) && (len(q.Channels) == 0 || slices.Contains(q.Channels, e.Channel)) &&
			(len(q.Types) == 0 || slices.Contains(q.Types, e.Type)) {
			rows = append(rows, e)
		}
	}
	slices.SortFunc(rows, func(a, b *events.Recorded) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.Position, a.Position))
	})
	var positions []events.Position
	for _, e := range rows {
		positions = append(positions, e.Position)
	}
	return positions
}

func (s *stored) lastSeen() map[uuid.UUID]time.Time {
	last := map[uuid.UUID]time.Time{}
	for i := range s.log {
		if f, ok := s.log[i].Fragment(); ok && s.log[i].Time.After(last[f]) {
			last[f] = s.log[i].Time
		}
	}
	return last
}

func TestPagesAreTheTimeline(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := generate(t, rapid.Uint64().Draw(t, "seed"), roomtest.Options{People: 4, Events: 120})
		of := s.fragments[:rapid.IntRange(0, len(s.fragments)).Draw(t, "fragments")]
		q := timeline.Query{Limit: rapid.IntRange(1, 40).Draw(t, "limit")}
		if rapid.Bool().Draw(t, "last seen") {
			q.LastSeen = s.lastSeen()
		}
		if rapid.Bool().Draw(t, "by channel") {
			q.Channels = []events.Channel{events.ChannelStore, events.ChannelCall}
		}
		if rapid.Bool().Draw(t, "by type") {
			q.Types = []string{"order.completed", "call.ended"}
		}
		want := s.newestFirst(of, q)
		if got := walk(t, s.store, of, q, false); !slices.Equal(got, want) {
			t.Fatalf("towards the past: %v, want %v", got, want)
		}
		q.After = timeline.CursorAt(time.Unix(0, 0))
		if got := walk(t, s.store, of, q, true); !slices.Equal(got, want) {
			t.Fatalf("towards now: %v, want %v", got, want)
		}
	})
}

// walk reads page after page, through cursors as clients see them, and returns all positions, newest first.
func walk(t *rapid.T, store projections.Store, of []uuid.UUID, q timeline.Query, up bool) []events.Position {
	t.Helper()
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	var all []events.Position
	for {
		p, err := timeline.New().Page(t.Context(), v, of, q)
		if err != nil || len(p.Rows) > q.Limit {
			t.Fatalf("%d rows, %v", len(p.Rows), err)
		}
		var page []events.Position
		for _, r := range p.Rows {
			page = append(page, r.Position)
		}
		if up {
			all = append(page, all...)
		} else {
			all = append(all, page...)
		}
		next, err := timeline.ParseCursor(p.Next.String())
		if err != nil {
			t.Fatal(err)
		}
		if next.IsZero() {
			return all
		}
		if q.Before = next; up {
			q.Before, q.After = timeline.Cursor{}, next
		}
	}
}

func TestAPageBetweenTwoCursors(t *testing.T) {
	t.Parallel()
	s := generate(t, 3, roomtest.Options{People: 2, Events: 60})
	all := s.newestFirst(s.fragments, timeline.Query{})
	v, err := s.store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	rows, err := timeline.New().Since(t.Context(), v, 0, 1000)
	if err != nil || len(rows) != len(all) {
		t.Fatalf("since the beginning: %d rows of %d, %v", len(rows), len(all), err)
	}
	at := map[events.Position]*timeline.Row{}
	for i := range rows {
		at[rows[i].Position] = &rows[i]
	}
	p, err := timeline.New().Page(t.Context(), v, s.fragments, timeline.Query{Before: at[all[5]].Cursor(), After: at[all[9]].Cursor()})
	if err != nil || len(p.Rows) != 3 || p.Rows[0].Position != all[6] || !p.Next.IsZero() {
		t.Errorf("between the 6th and the 10th row: %+v, %v", p, err)
	}
}

// counting counts the rows that are read.
type counting struct {
	projections.Reader
	rows int
}

func (c *counting) Scan(ctx context.Context, t *projections.Table, r projections.Range, found func(projections.Row) (bool, error)) error {
	return c.Reader.Scan(ctx, t, r, func(row projections.Row) (bool, error) {
		c.rows++
		return found(row)
	})
}

// A page reads a bounded number of rows, whatever the customer has done, and a query that finds little ends.
func TestAPageIsBounded(t *testing.T) {
	t.Parallel()
	list := make([]events.Event, 0, 8000)
	of := map[uuid.UUID]bool{}
	for i := range cap(list) {
		e := events.Event{
			Source: "web", ID: fmt.Sprintf("e%d", i), Type: "page.viewed", Channel: events.ChannelWeb, Time: time.Unix(int64(i), 0),
			Identifiers: []events.Identifier{{Kind: events.KindAnonymousID, Value: fmt.Sprintf("a%d", i%400)}},
		}
		f, _ := e.Fragment()
		of[f] = true
		list = append(list, e)
	}
	list[0].Type = "call.ended"
	store := roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), 1000, timeline.New()); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	var all []uuid.UUID
	for f := range of {
		all = append(all, f)
	}
	read := &counting{Reader: v}
	if _, err := timeline.New().Page(t.Context(), read, all, timeline.Query{}); err != nil || read.rows > 1200 {
		t.Errorf("a page of 400 fragments read %d rows, %v", read.rows, err)
	}
	q, pages := timeline.Query{Types: []string{"call.ended"}}, 0
	for found := 0; found == 0; pages++ {
		p, err := timeline.New().Page(t.Context(), v, all, q)
		if err != nil || pages > 10 || len(p.Rows) == 0 && p.Next.IsZero() {
			t.Fatalf("page %d: %+v, %v", pages, p, err)
		}
		q.Before, found = p.Next, len(p.Rows)
	}
	if pages != 4 {
		t.Errorf("the call was found on page %d", pages)
	}
}

func TestCursorsAreChecked(t *testing.T) {
	t.Parallel()
	good := timeline.CursorAt(time.Unix(1e9, 0)).String()
	for i := range good {
		for _, c := range "Aa0_" {
			bad := good[:i] + string(c) + good[i+1:]
			if bad == good {
				continue
			}
			if _, err := timeline.ParseCursor(bad); !errors.Is(err, timeline.ErrCursor) {
				t.Errorf("%s is taken for a cursor", bad)
			}
		}
		if _, err := timeline.ParseCursor(good[:i]); i > 0 && err == nil {
			t.Errorf("%s is taken for a cursor", good[:i])
		}
	}
}

func TestHeadlinesAreJSON(t *testing.T) {
	t.Parallel()
	s := generate(t, 5, roomtest.Options{People: 5, Events: 400})
	odd := events.Recorded{Position: 1e6, Event: events.Event{
		Source: "s", ID: "odd", Type: "call.ended", Identifiers: []events.Identifier{{Kind: "device", Value: "d"}},
		Data: []byte(`{"topic":"a\"\\\u0001\n한글","summary":"` + fmt.Sprint(make([]int, 200)) + `","duration_s":"12.9","score":4.5,"scale":"x"}`),
	}}
	if err := roomtest.FoldBatch(t.Context(), s.store, []events.Recorded{odd}, timeline.New()); err != nil {
		t.Fatal(err)
	}
	v, err := s.store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	rows, err := timeline.New().Since(t.Context(), v, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		var fields map[string]any
		if err := json.Unmarshal(r.Headline, &fields); err != nil {
			t.Errorf("%s: %v", r.Headline, err)
		}
		if r.ID == "odd" && (fields["topic"] != "a\"\\\x01\n한글" || fields["duration_s"] != 12.0 || fields["score"] != 4.5 || fields["scale"] != nil) {
			t.Errorf("odd headline %s", r.Headline)
		}
	}
}

func TestReferencesAreFound(t *testing.T) {
	t.Parallel()
	s := generate(t, 9, roomtest.Options{People: 3, Events: 300})
	v, err := s.store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for q, want := range map[string]timeline.Ref{
		"ord-u1-2": {Kind: timeline.RefOrder, Number: "ORD-u1-2"}, "inqu0": {Kind: timeline.RefInquiry, Number: "INQ-u0-1"},
		"u2-1": {Kind: timeline.RefCase, Number: "CASE-u2-1"},
	} {
		found, err := timeline.New().ByRef(t.Context(), v, q, 50)
		if err != nil || !slices.ContainsFunc(found, func(r timeline.Ref) bool { return r.Kind == want.Kind && r.Number == want.Number }) {
			t.Errorf("%s finds %v, %v; not %v", q, found, err, want)
		}
	}
	found, err := timeline.New().ByRef(t.Context(), v, "ord", 1)
	if err != nil || len(found) != 2 || !found[0].Proven || found[1].Proven {
		t.Errorf("limit 1 finds %v, %v; want one that is proven, then one that is claimed", found, err)
	}
}

func TestCoverageCountsEverything(t *testing.T) {
	t.Parallel()
	s := generate(t, 11, roomtest.Options{People: 3, Events: 300})
	v, err := s.store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	all, err := timeline.New().Coverage(t.Context(), v)
	n := int64(0)
	for _, c := range all {
		if n += c.Count; c.LastSeen.Before(c.FirstSeen) {
			t.Errorf("%+v", c)
		}
	}
	if err != nil || n != int64(len(s.log)) {
		t.Errorf("%d events counted of %d, %v", n, len(s.log), err)
	}
}
