package sqlitestore_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/projections/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(ctx context.Context, dir string, spec projections.Spec, bulk bool) (projections.Store, error) {
		return sqlitestore.Open(ctx, sqlitestore.Options{Path: filepath.Join(dir, "views.db"), Spec: spec, Bulk: bulk})
	})
}
