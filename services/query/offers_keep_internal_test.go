package query

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// late is an engine that is behind until a time.
type late struct {
	Live
	until time.Time
}

func (l *late) Status(context.Context) (projections.Status, error) {
	return projections.Status{LagSeconds: max(0, time.Until(l.until).Seconds())}, nil
}

// TestTheShopkeeperRests as long as its work was dear, and on while the engine is behind.
func TestTheShopkeeperRests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ worked, behind, want time.Duration }{
		{0, 0, time.Second},
		{2 * time.Minute, 0, 10 * time.Minute},
		{8 * time.Second, 0, 40 * time.Second},
		{8 * time.Second, 43 * time.Second, 40 * time.Second}, // as good as up to date
		{8 * time.Second, 60 * time.Second, 55 * time.Second},
		{0, 30 * time.Second, 26 * time.Second},
		{0, time.Hour, 10 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			k := newShopkeeper(&Service{live: &late{until: time.Now().Add(c.behind)}})
			began := time.Now()
			k.rest(t.Context(), c.worked)
			if rested := time.Since(began); rested != c.want {
				t.Errorf("after %s of work, the engine %s behind, it rests %s, want %s", c.worked, c.behind, rested, c.want)
			}
		})
	}
}

// TestSomebodyWaits: who waits for a position ends the rest, however far the engine is behind.
func TestSomebodyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := newShopkeeper(&Service{live: &late{until: time.Now().Add(time.Hour)}})
		began := time.Now()
		time.AfterFunc(20*time.Second, func() { k.nudged <- struct{}{} })
		k.rest(t.Context(), 0)
		if rested := time.Since(began); rested != 20*time.Second {
			t.Errorf("it rests %s", rested)
		}
	})
}

func TestWhenEverybodyIsCountedAnew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		told      events.Position
		customers int
		want      bool
	}{{999, 10, false}, {1001, 10, true}, {90_000, 100_000, false}, {100_001, 100_000, true}} {
		if got := far(c.told, c.customers); got != c.want {
			t.Errorf("%d events since, %d customers: %v", c.told, c.customers, got)
		}
	}
	for _, c := range []struct {
		again, customers int
		want             bool
	}{{900, 900, false}, {1001, 8007, true}, {1001, 8008, false}, {75_000, 99_000, true}, {0, 100_001, true}} {
		if got := anew(c.again, c.customers); got != c.want {
			t.Errorf("%d of %d: %v", c.again, c.customers, got)
		}
	}
}
