package projections_test

import (
	"context"
	"errors"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

var errCrash = errors.New("the machine is off")

// crashing is a store whose machine goes off at a commit.
type crashing struct {
	projections.Store
	left int // commits until then
}

func (c *crashing) Commit(ctx context.Context, x projections.Changes) error {
	if c.left--; c.left < 0 {
		return errCrash
	}
	return c.Store.Commit(ctx, x)
}

// TestSkipCrash: wherever an engine ends while it takes events out of long queues, the next one goes on, and a rebuild is
// what it comes to.
func TestSkipCrash(t *testing.T) {
	t.Parallel()
	crashes := 0
	for survived := false; !survived; crashes++ {
		b := setup(t)
		b.opts.BatchEvents = 3
		all := poisoned()
		for i := range 20 {
			all = append(all, event(500+i, "anna", "page.viewed"))
		}
		must(t, b.engine(t).RunTo(t.Context(), b.add(t, all...)))
		for _, p := range []events.Position{21, 11, 31, 33} {
			b.decide(t, p)
		}
		sound := b.opts
		b.opts.Store = &crashing{b.store, crashes}
		err := b.engine(t).RunTo(t.Context(), b.head(t))
		if survived = err == nil; !survived && !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
		b.opts = sound
		e := b.engine(t)
		must(t, e.RunTo(t.Context(), b.head(t)))
		if got, want := whole(t, b.store, b.opts.Rooms, true), fresh(t, b.opts, b.head(t), true); got != want {
			t.Errorf("after a crash at commit %d it has\n%swant\n%s", crashes, got, want)
		}
		if got := parkedText(t, e); got != "[]" {
			t.Errorf("after a crash at commit %d, parked are %s", crashes, got)
		}
	}
	if crashes < 8 {
		t.Errorf("it crashed at %d commits only", crashes-1)
	}
}
