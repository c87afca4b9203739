package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Open opens the one store that lives in dir, made for these tables, or makes it.
type Open func(ctx context.Context, dir string, spec projections.Spec, bulk bool) (projections.Store, error)

// Run checks a driver.
func Run(t *testing.T, open Open) { suite{open: open}.run(t) }

// RunVolatile checks a driver that keeps nothing beyond Close: all but what is about opening a store once more.
func RunVolatile(t *testing.T, open Open) { suite{open: open, volatile: true}.run(t) }

func (s suite) run(t *testing.T) {
	again := map[string]bool{"reopen": true, "other version": true, "bulk unfinished": true}
	for _, c := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"fresh", s.fresh},
		{"kinds", s.kinds},
		{"refused", s.refused},
		{"model", s.model},
		{"many keys", s.manyKeys},
		{"stop early", s.stopEarly},
		{"nested scans", s.nested},
		{"rows are the caller's", s.ownRows},
		{"snapshot", s.snapshot},
		{"all or nothing", s.allOrNothing},
		{"readers while writing", s.readersWhileWriting},
		{"context", s.context},
		{"reopen", s.reopen},
		{"other version", s.otherVersion},
		{"bulk", s.bulk},
		{"bulk unfinished", s.bulkUnfinished},
		{"closed", s.closed},
		{"digest", s.digest},
	} {
		if !s.volatile || !again[c.name] {
			t.Run(c.name, func(t *testing.T) { t.Parallel(); c.run(t) })
		}
	}
}

type suite struct {
	open     Open
	volatile bool // a closed store is gone
}

func (s suite) setup(t testing.TB) projections.Store { return s.openIn(t, t.TempDir(), false) }

func (s suite) openIn(t testing.TB, dir string, bulk bool) projections.Store {
	t.Helper()
	store, err := s.open(t.Context(), dir, spec(), bulk)
	must(t, err)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return store
}

// failer is the part of testing.TB that rapid.T has too.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func must(t failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func wantError(t failer, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error is %v, want %v", err, want)
	}
}

func wantRows(t failer, what string, got, want []projections.Row) {
	t.Helper()
	if g, w := write(got), write(want); g != w {
		t.Fatalf("%s:\ngot\n%swant\n%s", what, g, w)
	}
}

// checkpoint returns one that names its position in every field.
func checkpoint(p events.Position) projections.Checkpoint {
	return projections.Checkpoint{
		Position: p, Hash: events.Hash{byte(p % 256), byte(p / 256 % 256), 15: 1},
		RecordedAt: time.Date(2026, 11, 21, 9, 0, 0, int(p%1000), time.UTC),
	}
}

func put(p events.Position, t *projections.Table, rows ...projections.Row) projections.Changes {
	return projections.Changes{Checkpoint: checkpoint(p), Tables: []projections.TableChanges{{Table: t, Put: rows}}}
}

func withView(ctx context.Context, t failer, s projections.Store, do func(projections.View)) {
	t.Helper()
	v, err := s.View(ctx)
	must(t, err)
	defer v.Close()
	do(v)
}

func scan(ctx context.Context, t failer, r projections.Reader, tab *projections.Table, rng projections.Range) []projections.Row {
	t.Helper()
	var rows []projections.Row
	must(t, r.Scan(ctx, tab, rng, func(row projections.Row) (bool, error) {
		rows = append(rows, row)
		return true, nil
	}))
	return rows
}

func get(ctx context.Context, t failer, r projections.Reader, tab *projections.Table, keys ...[]any) []projections.Row {
	t.Helper()
	var rows []projections.Row
	must(t, r.Get(ctx, tab, keys, func(row projections.Row) error {
		rows = append(rows, row)
		return nil
	}))
	return rows
}
