package memstore_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

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
