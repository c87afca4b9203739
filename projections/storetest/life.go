package storetest

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// snapshot: a view does not move while commits go on, and a new one sees them.
func (s suite) snapshot(t *testing.T) {
	store := s.setup(t)
	must(t, store.Commit(t.Context(), put(1, lines, line(1), line(2))))
	withView(t.Context(), t, store, func(old projections.View) {
		c := put(2, lines, line(3), projections.Row{int64(1), []byte{9}, int64(9), "changed", nil})
		c.Tables[0].Delete = [][]any{{int64(2)}}
		must(t, store.Commit(t.Context(), c))
		wantRows(t, "old view", scan(t.Context(), t, old, lines, projections.Range{}), []projections.Row{line(1), line(2)})
		wantRows(t, "old view by index", scan(t.Context(), t, old, lines, projections.Range{Index: "by_at"}), []projections.Row{line(1), line(2)})
		if old.Checkpoint() != checkpoint(1) {
			t.Errorf("the old view moved to %+v", old.Checkpoint())
		}
		withView(t.Context(), t, store, func(v projections.View) {
			wantRows(t, "new view", scan(t.Context(), t, v, lines, projections.Range{}),
				[]projections.Row{{int64(1), []byte{9}, int64(9), "changed", nil}, line(3)})
		})
	})
}

// allOrNothing: a commit that fails leaves nothing behind, however far it came.
func (s suite) allOrNothing(t *testing.T) {
	store := s.setup(t)
	must(t, store.Commit(t.Context(), put(1, lines, line(1))))
	bad := projections.Changes{Checkpoint: checkpoint(2), Tables: []projections.TableChanges{
		{Table: lines, Put: []projections.Row{line(2)}, Delete: [][]any{{int64(1)}}},
		{Table: members, Put: []projections.Row{{"club", "not a blob"}}},
	}}
	if store.Commit(t.Context(), bad) == nil {
		t.Fatal("a row of the wrong kind was taken")
	}
	withView(t.Context(), t, store, func(v projections.View) {
		wantRows(t, "after a commit that failed", scan(t.Context(), t, v, lines, projections.Range{}), []projections.Row{line(1)})
		if v.Checkpoint() != checkpoint(1) {
			t.Errorf("the checkpoint moved to %+v", v.Checkpoint())
		}
	})
	must(t, store.Commit(t.Context(), put(2, lines, line(2))))
}

// readersWhileWriting: every commit writes its number into every row, so a view that shows two numbers is torn.
func (s suite) readersWhileWriting(t *testing.T) {
	store := s.setup(t)
	const commits, rows = 60, 40
	must(t, store.Commit(t.Context(), numbered(1, rows)))
	written := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				if err := oneNumber(t.Context(), store); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-written:
					return
				default:
				}
			}
		})
	}
	for n := range int64(commits) {
		if err := store.Commit(t.Context(), numbered(n+2, rows)); err != nil {
			t.Error(err)
		}
	}
	close(written)
	readers.Wait()
}

func numbered(n int64, rows int) projections.Changes {
	c := projections.Changes{Checkpoint: checkpoint(events.Position(max(n, 0)))}
	tc := projections.TableChanges{Table: lines}
	for i := range rows {
		tc.Put = append(tc.Put, projections.Row{int64(i), []byte{byte(i)}, n, "line", nil})
	}
	c.Tables = append(c.Tables, tc)
	return c
}

func oneNumber(ctx context.Context, store projections.Store) error {
	v, err := store.View(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	at := int64(v.Checkpoint().Position % math.MaxInt64)
	for _, index := range []string{"", "by_at", "by_owner"} {
		err := v.Scan(ctx, lines, projections.Range{Index: index}, func(r projections.Row) (bool, error) {
			if r[2] != at {
				return false, fmt.Errorf("a view at %d shows a row of %v", at, r[2])
			}
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func endedContext(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func (s suite) context(t *testing.T) {
	store := s.setup(t)
	must(t, store.Commit(t.Context(), put(1, lines, line(1))))
	ended := endedContext(t)
	wantError(t, store.Commit(ended, put(2, lines, line(2))), context.Canceled)
	if v, err := store.View(ended); err == nil {
		err = v.Scan(ended, lines, projections.Range{}, nil)
		wantError(t, err, context.Canceled)
		v.Close()
	}
	ctx := t.Context()
	withView(ctx, t, store, func(v projections.View) {
		wantError(t, v.Scan(ended, lines, projections.Range{}, nil), context.Canceled)
		wantError(t, v.Get(ended, lines, [][]any{{int64(1)}}, nil), context.Canceled)
		wantRows(t, "afterwards", scan(ctx, t, v, lines, projections.Range{}), []projections.Row{line(1)})
	})
	must(t, store.Commit(t.Context(), put(2, lines, line(2))))
}

func (s suite) reopen(t *testing.T) {
	dir := t.TempDir()
	store := s.openIn(t, dir, false)
	must(t, store.Commit(t.Context(), put(1, lines, line(1), line(2))))
	must(t, store.Commit(t.Context(), put(2, words, projections.Row{"w", int64(1), 2.0, "n"})))
	must(t, store.Close())
	withView(t.Context(), t, s.openIn(t, dir, false), func(v projections.View) {
		wantRows(t, "lines", scan(t.Context(), t, v, lines, projections.Range{}), []projections.Row{line(1), line(2)})
		wantRows(t, "words", scan(t.Context(), t, v, words, projections.Range{Index: "by_measure"}), []projections.Row{{"w", int64(1), 2.0, "n"}})
		if v.Checkpoint() != checkpoint(2) {
			t.Errorf("checkpoint is %+v", v.Checkpoint())
		}
	})
}

// otherVersion: a store made for other rooms or tables is refused and not touched.
func (s suite) otherVersion(t *testing.T) {
	dir := t.TempDir()
	store := s.openIn(t, dir, false)
	must(t, store.Commit(t.Context(), put(1, lines, line(1))))
	must(t, store.Close())
	newer, fewer := spec(), spec()
	newer.Rooms = []string{"test@2"}
	fewer.Tables = tables[1:]
	for _, other := range []projections.Spec{newer, fewer} {
		_, err := s.open(t.Context(), dir, other, false)
		wantError(t, err, projections.ErrOtherVersion)
	}
	withView(t.Context(), t, s.openIn(t, dir, false), func(v projections.View) {
		wantRows(t, "lines", scan(t.Context(), t, v, lines, projections.Range{}), []projections.Row{line(1)})
	})
}

// bulk: a bulk load can be read by key while it goes on, and ends as a store like any other.
func (s suite) bulk(t *testing.T) {
	dir := t.TempDir()
	store, m := s.openIn(t, dir, true), model{}
	for p := range events.Position(20) {
		c := put(p+1, lines, line(int64(p)), line(int64(p)+1000))
		c.Tables = append(c.Tables, projections.TableChanges{Table: states, Put: []projections.Row{
			{[]byte{byte(p % 7)}, "name", int64(p), []byte("state"), nil, nil},
		}, Delete: [][]any{{[]byte{byte(p % 5)}}}})
		c.Tables[1].Delete = deleteOthers(c.Tables[1])
		must(t, store.Commit(t.Context(), c))
		m.commit(c)
		withView(t.Context(), t, store, func(v projections.View) {
			if v.Checkpoint() != checkpoint(p+1) {
				t.Fatalf("checkpoint is %+v", v.Checkpoint())
			}
			wantRows(t, "while loading", get(t.Context(), t, v, states, []any{[]byte{byte(p % 7)}}), c.Tables[1].Put)
		})
	}
	must(t, store.Finish(t.Context()))
	s.sameAs(t, store, m)
	c := put(21, lines, line(5000))
	must(t, store.Commit(t.Context(), c))
	m.commit(c)
	must(t, store.Finish(t.Context()))
	s.sameAs(t, store, m)
	must(t, store.Close())
	if !s.volatile {
		s.sameAs(t, s.openIn(t, dir, false), m)
	}
}

// deleteOthers leaves out keys that are put too: a key is either put or deleted.
func deleteOthers(c projections.TableChanges) [][]any {
	var keys [][]any
	for _, k := range c.Delete {
		if compareTuple(k, c.Put[0][:1]) != 0 {
			keys = append(keys, k)
		}
	}
	return keys
}

func (s suite) sameAs(t *testing.T, store projections.Store, m model) {
	t.Helper()
	withView(t.Context(), t, store, func(v projections.View) {
		for _, tab := range tables {
			for _, x := range append([]projections.Index{{}}, tab.Indexes...) {
				r := projections.Range{Index: x.Name}
				wantRows(t, tab.Name+" "+x.Name, scan(t.Context(), t, v, tab, r), m.scan(tab, r))
			}
		}
	})
}

// bulkUnfinished: what a bulk load left behind is never taken for a store.
func (s suite) bulkUnfinished(t *testing.T) {
	dir := t.TempDir()
	store := s.openIn(t, dir, true)
	must(t, store.Commit(t.Context(), put(1, lines, line(1))))
	must(t, store.Close())
	_, err := s.open(t.Context(), dir, spec(), false)
	wantError(t, err, projections.ErrUnfinished)
	_, err = s.open(t.Context(), dir, spec(), true)
	wantError(t, err, projections.ErrUnfinished)
}

func (s suite) closed(t *testing.T) {
	store := s.setup(t)
	must(t, store.Close())
	wantError(t, store.Commit(t.Context(), put(1, lines, line(1))), projections.ErrClosed)
	_, err := store.View(t.Context())
	wantError(t, err, projections.ErrClosed)
	wantError(t, store.Finish(t.Context()), projections.ErrClosed)
	must(t, store.Close())
}

func (s suite) digest(t *testing.T) {
	sum := func(withOrder bool, rows ...projections.Row) string {
		store := s.setup(t)
		for i, row := range rows {
			must(t, store.Commit(t.Context(), put(events.Position(i+1), states, row)))
		}
		var d projections.Sums
		withView(t.Context(), t, store, func(v projections.View) {
			var err error
			d, err = projections.Digest(t.Context(), v, tables, withOrder)
			must(t, err)
		})
		return d.String()
	}
	a := projections.Row{[]byte{1}, "a", int64(1), []byte("x"), nil, int64(1)}
	b := projections.Row{[]byte{2}, "b", int64(1), []byte("y"), 1.5, int64(2)}
	later := projections.Row{[]byte{1}, "a", int64(1), []byte("x"), nil, int64(9)}
	other := projections.Row{[]byte{1}, "a", int64(1), []byte("x"), 0.0, int64(1)}
	for _, c := range []struct {
		what  string
		same  bool
		order bool
		left  []projections.Row
		right []projections.Row
	}{
		{"commits in another order", true, true, []projections.Row{a, b}, []projections.Row{b, a}},
		{"a row replaced by itself", true, true, []projections.Row{a, b}, []projections.Row{a, other, b, a}},
		{"an order column, left out", true, false, []projections.Row{a, b}, []projections.Row{later, b}},
		{"an order column, taken in", false, true, []projections.Row{a, b}, []projections.Row{later, b}},
		{"a zero for a nil", false, false, []projections.Row{a}, []projections.Row{other}},
		{"a row missing", false, false, []projections.Row{a, b}, []projections.Row{a}},
	} {
		if same := sum(c.order, c.left...) == sum(c.order, c.right...); same != c.same {
			t.Errorf("%s: same digest is %v", c.what, same)
		}
	}
}
