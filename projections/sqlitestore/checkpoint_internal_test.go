package sqlitestore

import (
	"path/filepath"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// TestSlowReader: the writer is not held for what a reader keeps from being copied, however long that is; once the reader has
// gone, next to nothing is left to hold it for.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	table := &projections.Table{
		Name: "blobs", Doc: "For tests.", KeyLen: 1,
		Columns: []projections.Column{{Name: "id", Kind: projections.Int}, {Name: "blob", Kind: projections.Blob}},
	}
	s, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "views.db"), Spec: projections.Spec{Tables: []*projections.Table{table}}})
	fatal(t, err)
	defer func() { fatal(t, s.Close()) }()
	c, err := s.connect(s.livePragmas())
	fatal(t, err)
	defer func() { fatal(t, c.close()) }()
	write := func(p events.Position) {
		rows := projections.TableChanges{Table: table}
		for i := range int64(1000) {
			rows.Put = append(rows.Put, projections.Row{int64(p)*1000 + i, make([]byte, pageSize)})
		}
		fatal(t, s.Commit(t.Context(), projections.Changes{Checkpoint: projections.Checkpoint{Position: p}, Tables: []projections.TableChanges{rows}}))
	}
	write(1)
	slow, err := s.View(t.Context())
	fatal(t, err)
	for p := range events.Position(4) {
		write(2 + p)
	}
	if c.almost(0) {
		t.Error("it would be held for what a reader keeps back")
	}
	slow.Close()
	if !c.almost(0) {
		t.Error("it would not be held though no reader keeps anything back")
	}
	if log, err := c.copyBack("PASSIVE"); err != nil || log.pages < 4*1000 || log.left != 0 {
		t.Errorf("%d pages in the log, %d not copied, %v", log.pages, log.left, err)
	}
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
