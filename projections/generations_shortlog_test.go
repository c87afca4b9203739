package projections_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/c360hq/c360/projections"
)

// standsByCutOff returns a process that stands by, is to take over, and whose log ends before the store does. Its clock is
// ahead by what is in ahead.
func standsByCutOff(t *testing.T, h *house, ahead *atomic.Int64) (*projections.Generations, *lagging) {
	t.Helper()
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(20, 4)...)))
	late := &lagging{Log: h.log, shows: 20, moved: make(chan struct{})}
	second := h.beside(t, func(o *projections.GenerationsOptions) {
		o.Engine.Log, o.Engine.Patience = late, time.Millisecond
		o.Engine.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	must(t, second.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(30, 4)[20:]...)))
	must(t, h.gens.Stop())
	becomes(t, second, func(p projections.Post) bool { return errors.Is(p.Trouble, projections.ErrDiverged) })
	return second, late
}

// TestCutOffFromItsLog: a process that is to take over and has not heard of all that is folded takes that for trouble, and
// takes over when it has.
func TestCutOffFromItsLog(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	second, late := standsByCutOff(t, h, &atomic.Int64{})
	late.show(30)
	becomes(t, second, writing)
	if p := second.Post(); p.Trouble != nil {
		t.Errorf("it says %v", p.Trouble)
	}
	late.show(h.add(t, event(901, "anna", "page.viewed")))
	must(t, second.Live().Await(t.Context(), 31))
	select {
	case err := <-second.Failed():
		t.Errorf("it failed with %v", err)
	default:
	}
}

// TestCutOffForTooLong: a log that stays too short is another one.
func TestCutOffForTooLong(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	var ahead atomic.Int64
	second, _ := standsByCutOff(t, h, &ahead)
	ahead.Store(int64(time.Hour))
	if err := <-second.Failed(); !errors.Is(err, projections.ErrDiverged) {
		t.Errorf("it failed with %v", err)
	}
}

// TestTwoAreCutOff: that another process tries to take over meanwhile makes a log that stays too short no younger.
func TestTwoAreCutOff(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	var ahead atomic.Int64
	second, _ := standsByCutOff(t, h, &ahead)
	third := h.factory(t).(projections.Shared)
	c, err := third.Claim(t.Context())
	for errors.Is(err, projections.ErrHeld) { // the second is just trying
		c, err = third.Claim(t.Context())
	}
	must(t, err)
	becomes(t, second, func(p projections.Post) bool { return p.Trouble == nil })
	ahead.Store(int64(time.Hour))
	must(t, c.Release())
	select {
	case err := <-second.Failed():
		if !errors.Is(err, projections.ErrDiverged) {
			t.Errorf("it failed with %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("it goes on waiting")
	}
}
