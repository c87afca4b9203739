package memstore_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/memstore"
	"github.com/c360hq/c360/projections/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.RunVolatile(t, func(_ context.Context, _ string, spec projections.Spec, _ bool) (projections.Store, error) {
		return memstore.New(spec)
	})
}

// TestOldViews: a view shows what it was opened on, whichever tables change in whichever commits after it.
func TestOldViews(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tables := []*projections.Table{}
	for _, name := range []string{"one", "two"} {
		tables = append(tables, &projections.Table{
			Name: name, Doc: "d", Columns: []projections.Column{{Name: "key", Kind: projections.Int, Doc: "d"}}, KeyLen: 1,
		})
	}
	s, err := memstore.New(projections.Spec{Tables: tables})
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.View(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for i, table := range tables {
		err := s.Commit(ctx, projections.Changes{
			Tables:     []projections.TableChanges{{Table: table, Put: []projections.Row{{int64(1)}}}},
			Checkpoint: projections.Checkpoint{Position: events.Position(i + 1)},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range tables {
		err := v.Scan(ctx, table, projections.Range{}, func(projections.Row) (bool, error) {
			t.Errorf("a view of the empty store shows a row of table %s", table.Name)
			return true, nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
