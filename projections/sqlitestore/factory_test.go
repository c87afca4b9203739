package sqlitestore_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

func factoryIn(t *testing.T, dir string) *sqlitestore.Factory {
	t.Helper()
	f, err := sqlitestore.NewFactory(dir, sqlitestore.Options{})
	must(t, err)
	return f
}

// TestList: a generation that is dropped while they are listed is left out, and the folder may have any name.
func TestList(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "views [1]")
	f := factoryIn(t, dir)
	must(t, f.Describe(t.Context(), projections.Generation{ID: "000001"}))
	must(t, os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "000002.json"))) // seen, but not there when it is read
	all, err := f.List(t.Context())
	must(t, err)
	if len(all) != 1 || all[0].ID != "000001" {
		t.Errorf("listed are %+v", all)
	}
}

// TestDropOrder: the journal of a store does not go before the store.
func TestDropOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := factoryIn(t, dir)
	must(t, f.Describe(t.Context(), projections.Generation{ID: "000001"}))
	db := filepath.Join(dir, "000001.db")
	must(t, os.WriteFile(db, nil, 0o600))
	must(t, os.MkdirAll(filepath.Join(db+"-journal", "cannot be removed"), 0o750))
	if err := f.Drop(t.Context(), "000001"); err == nil {
		t.Fatal("it was dropped")
	}
	if _, err := os.Stat(db); !os.IsNotExist(err) {
		t.Errorf("the store is still there: %v", err)
	}
}

// TestFinishFails: a bulk load that cannot be finished can be closed.
func TestFinishFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "views.db")
	s, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Path: path, Spec: projections.NewSpec(), Bulk: true})
	must(t, err)
	must(t, s.Commit(t.Context(), projections.Changes{Checkpoint: projections.Checkpoint{Position: 1}}))
	must(t, os.Remove(path))
	if err := s.Finish(t.Context()); err == nil {
		t.Fatal("it was finished")
	}
	if _, err := s.View(t.Context()); err == nil {
		t.Error("it can be read")
	}
	must(t, s.Close())
}
