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

// TestDroppedWhileFollowed: whoever follows a store that another process drops makes no empty file in its place.
func TestDroppedWhileFollowed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := factoryIn(t, dir)
	spec := projections.NewSpec()
	s, err := f.Create(t.Context(), projections.Generation{ID: "000001"}, spec, false)
	must(t, err)
	must(t, s.Close())
	reader, err := factoryIn(t, dir).Follow(t.Context(), "000001", spec)
	must(t, err)
	must(t, f.Drop(t.Context(), "000001"))
	if v, err := reader.View(t.Context()); err == nil { // it needs a connection that is not open yet
		v.Close()
		t.Error("what was dropped is shown")
	}
	must(t, reader.Close())
	if left, err := filepath.Glob(filepath.Join(dir, "000001*")); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}
