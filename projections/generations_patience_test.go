package projections_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/c360hq/c360/projections"
)

// toiling is a factory with which a build fails a few times when all is folded, each time after an hour of work.
type toiling struct {
	projections.Factory
	ahead atomic.Int64
	left  int
}

func (f *toiling) Describe(ctx context.Context, g projections.Generation) error {
	if g.Kind == projections.KindRebuild && f.left > 0 {
		f.left--
		f.ahead.Add(int64(time.Hour))
		return errFactory
	}
	return f.Factory.Describe(ctx, g)
}

// TestABuildThatGetsOn: what builds indexes for an hour and is interrupted then does not wait: it gets on, although it folds
// nothing.
func TestABuildThatGetsOn(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	h.add(t, many(30, 3)...)
	f := &toiling{Factory: h.factory(t), left: 3}
	h.opts.Now = func() time.Time { return time.Now().Add(time.Duration(f.ahead.Load())) }
	g := h.beside(t, func(o *projections.GenerationsOptions) { o.Factory = f })
	x, err := g.Rebuild(t.Context(), nil)
	if err != nil || f.left > 0 {
		t.Errorf("it made %+v, %v, %d failures are left", x, err, f.left)
	}
}
