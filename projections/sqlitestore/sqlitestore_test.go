package sqlitestore_test

import (
	"context"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/projections/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(ctx context.Context, dir string, spec projections.Spec, bulk bool) (projections.Store, error) {
		return sqlitestore.Open(ctx, sqlitestore.Options{Path: filepath.Join(dir, "views.db"), Spec: spec, Bulk: bulk})
	})
}
