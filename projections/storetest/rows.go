package storetest

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

func (s suite) fresh(t *testing.T) {
	store := s.setup(t)
	withView(t.Context(), t, store, func(v projections.View) {
		if v.Checkpoint() != (projections.Checkpoint{}) {
			t.Errorf("a fresh store is at %+v", v.Checkpoint())
		}
		for _, tab := range tables {
			wantRows(t, tab.Name, scan(t.Context(), t, v, tab, projections.Range{}), nil)
		}
	})
}

func (s suite) kinds(t *testing.T) {
	store := s.setup(t)
	rows := []projections.Row{
		{[]byte{}, "", int64(0), []byte{}, 0.0, int64(0)},
		{[]byte{1}, "x", int64(1), nil, nil, nil},
		{[]byte{2}, "a\x00b", int64(-1), []byte{0, 255}, 1.0, int64(1) << 62},
	}
	must(t, store.Commit(t.Context(), put(7, states, rows...)))
	withView(t.Context(), t, store, func(v projections.View) {
		wantRows(t, "scan", scan(t.Context(), t, v, states, projections.Range{}), rows)
		wantRows(t, "get", get(t.Context(), t, v, states, []any{[]byte{1}}), rows[1:2])
		if v.Checkpoint() != checkpoint(7) {
			t.Errorf("checkpoint is %+v", v.Checkpoint())
		}
	})
}

// refused: what has no place in a table is an error, not a guess.
func (s suite) refused(t *testing.T) {
	store := s.setup(t)
	good := projections.Row{int64(1), []byte{1}, int64(1), "t", 1.0}
	for name, row := range map[string]projections.Row{
		"too short":       {int64(1)},
		"nil in a key":    {nil, []byte{1}, int64(1), "t", 1.0},
		"nil in an index": {int64(1), nil, int64(1), "t", 1.0},
		"wrong kind":      {int64(1), "owner", int64(1), "t", 1.0},
		"int for real":    {int64(1), []byte{1}, int64(1), "t", int64(1)},
		"int not int64":   {1, []byte{1}, int64(1), "t", 1.0},
	} {
		if err := store.Commit(t.Context(), put(1, lines, row)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	withView(t.Context(), t, store, func(v projections.View) {
		if err := v.Get(t.Context(), lines, [][]any{{"1"}}, nil); err == nil {
			t.Error("get by a key of the wrong kind: no error")
		}
		for name, r := range map[string]projections.Range{
			"no such index": {Index: "by_nothing"}, "wrong kind": {Prefix: []any{"1"}},
			"too many columns": {Prefix: []any{int64(1)}, From: []any{int64(1)}},
		} {
			if err := v.Scan(t.Context(), lines, r, nil); err == nil {
				t.Errorf("scan, %s: no error", name)
			}
		}
		if err := v.Scan(t.Context(), &projections.Table{Name: "elsewhere"}, projections.Range{}, nil); err == nil {
			t.Error("scan of a table of another store: no error")
		}
	})
	must(t, store.Commit(t.Context(), put(1, lines, good)))
}

// model compares a driver with the model over random commits and ranges.
func (s suite) model(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		store, err := s.open(t.Context(), t.TempDir(), spec(), false)
		must(r, err)
		defer func() { must(r, store.Close()) }()
		m, position := model{}, events.Position(0)
		for range rapid.IntRange(1, 4).Draw(r, "commits") {
			position++
			c := drawChanges(r, position)
			must(r, store.Commit(t.Context(), c))
			m.commit(c)
		}
		withView(t.Context(), r, store, func(v projections.View) {
			for range 25 {
				tab := rapid.SampledFrom(tables).Draw(r, "table")
				rng := drawRange(r, tab)
				wantRows(r, tab.Name, scan(t.Context(), r, v, tab, rng), m.scan(tab, rng))
			}
			for tab, rows := range m {
				for _, row := range rows {
					wantRows(r, tab.Name, get(t.Context(), r, v, tab, tab.Key(row)), []projections.Row{row})
				}
			}
		})
	})
}

func (s suite) manyKeys(t *testing.T) {
	store := s.setup(t)
	var rows []projections.Row
	var keys [][]any
	for i := range int64(3000) {
		keys = append(keys, []any{"w", i, 0.5})
		if i%3 == 0 {
			rows = append(rows, projections.Row{"w", i, 0.5, nil})
		}
	}
	must(t, store.Commit(t.Context(), put(1, words, rows...)))
	withView(t.Context(), t, store, func(v projections.View) {
		found := map[int64]int{}
		for _, row := range get(t.Context(), t, v, words, keys...) {
			found[row[1].(int64)]++
		}
		for i := range int64(3000) {
			if want := 1 - min(1, int(i%3)); found[i] != want {
				t.Fatalf("key %d found %d times, want %d", i, found[i], want)
			}
		}
	})
}

func (s suite) stopEarly(t *testing.T) {
	store := s.setup(t)
	must(t, store.Commit(t.Context(), put(1, lines, line(1), line(2), line(3))))
	withView(t.Context(), t, store, func(v projections.View) {
		n, oops := 0, errors.New("oops")
		must(t, v.Scan(t.Context(), lines, projections.Range{}, func(projections.Row) (bool, error) { n++; return n < 2, nil }))
		if n != 2 {
			t.Errorf("a scan told to stop after 2 rows called %d times", n)
		}
		wantError(t, v.Scan(t.Context(), lines, projections.Range{}, func(projections.Row) (bool, error) { return true, oops }), oops)
		wantError(t, v.Get(t.Context(), lines, [][]any{{int64(1)}}, func(projections.Row) error { return oops }), oops)
		wantRows(t, "after", scan(t.Context(), t, v, lines, projections.Range{Limit: 1}), []projections.Row{line(1)})
	})
}

// nested: a scan may read with the same view, even in the same way, from within.
func (s suite) nested(t *testing.T) {
	store := s.setup(t)
	must(t, store.Commit(t.Context(), put(1, lines, line(1), line(2), line(3))))
	withView(t.Context(), t, store, func(v projections.View) {
		n := 0
		must(t, v.Scan(t.Context(), lines, projections.Range{}, func(projections.Row) (bool, error) {
			n += len(scan(t.Context(), t, v, lines, projections.Range{})) + len(get(t.Context(), t, v, lines, []any{int64(2)}))
			return true, nil
		}))
		if n != 12 {
			t.Errorf("3 scans of 3 and 3 gets in a scan found %d rows", n)
		}
	})
}

// ownRows: neither side keeps hold of what the other may change.
func (s suite) ownRows(t *testing.T) {
	store := s.setup(t)
	row := line(1)
	must(t, store.Commit(t.Context(), put(1, lines, row)))
	row[1].([]byte)[0]++
	withView(t.Context(), t, store, func(v projections.View) {
		got := scan(t.Context(), t, v, lines, projections.Range{})
		wantRows(t, "after the caller changed its row", got, []projections.Row{line(1)})
		got[0][1].([]byte)[0]++
		wantRows(t, "after the reader changed its row", scan(t.Context(), t, v, lines, projections.Range{}), []projections.Row{line(1)})
	})
}

func line(i int64) projections.Row {
	return projections.Row{i, []byte{byte(max(i, 0) % 256)}, i * 10, "line", float64(i) / 2}
}
