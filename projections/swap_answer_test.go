package projections_test

import (
	"context"
	"errors"
	"testing"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// forgetful is a factory that names the live generation, and then the answer is lost.
type forgetful struct{ *sqlitestore.Factory }

var errLost = errors.New("the answer is lost")

func (f forgetful) SetLive(ctx context.Context, id string) error {
	return errors.Join(f.Factory.SetLive(ctx, id), errLost)
}

// TestTheAnswerIsLost: a generation that was named live although nobody heard so is the one that this process folds, since
// it is the one that all others read.
func TestTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(30, 3)...)))
	must(t, h.gens.Stop())
	f, ok := h.factory(t).(*sqlitestore.Factory)
	if !ok {
		t.Fatal("another factory")
	}
	g := projections.NewGenerations(projections.GenerationsOptions{Engine: h.opts, Factory: forgetful{f}})
	t.Cleanup(func() { must(t, g.Stop()) })
	must(t, g.Start(t.Context()))
	x, err := g.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, g.Swap(t.Context(), x.ID, nil))
	if now, err := g.Live().Generation(); err != nil || now.ID != x.ID {
		t.Errorf("live is %+v, %v", now, err)
	}
	must(t, g.Live().Await(t.Context(), h.add(t, event(901, "anna", "page.viewed"))))
}
