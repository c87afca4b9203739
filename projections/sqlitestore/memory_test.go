package sqlitestore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// TestMain has all stores of this package's tests share a few reserved pages, far fewer than they want. Those of other packages'
// tests reserve none.
func TestMain(m *testing.M) {
	if err := sqlitestore.Reserve(1 << 20); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// TestReserveComesFirst: once a store was open it is too late, and that is said.
func TestReserveComesFirst(t *testing.T) {
	t.Parallel()
	s, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Path: filepath.Join(t.TempDir(), "views.db"), Spec: projections.Spec{Tables: []*projections.Table{blobs}}})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	if err := sqlitestore.Reserve(1 << 20); err == nil {
		t.Error("pages were reserved beside a store that is open")
	}
}
