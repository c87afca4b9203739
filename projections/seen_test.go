package projections_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/c360hq/c360/events"
)

// repeating is a log that stores repeats, as engines without an index of (source, id) do.
type repeating struct {
	events.Log
	all []events.Recorded
}

func (l *repeating) Read(_ context.Context, after events.Position, limit int) ([]events.Recorded, error) {
	rest := l.all[after:]
	return append([]events.Recorded(nil), rest[:min(limit, len(rest))]...), nil
}

func (l *repeating) At(_ context.Context, positions ...events.Position) ([]events.Recorded, error) {
	var found []events.Recorded
	for _, p := range positions {
		found = append(found, l.all[p-1])
	}
	return found, nil
}

// TestDedupe: a repeat is folded once, in the same batch, a later one, or after a restart, and also if it was parked.
func TestDedupe(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 4, 5000} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.opts.BatchEvents, b.opts.Dedupe = size, true
			b.add(t, poisoned()...)
			once, err := b.log.Read(t.Context(), 0, 1000)
			must(t, err)
			log := &repeating{Log: b.log}
			for _, r := range append(append(append([]events.Recorded(nil), once[:30]...), once[5:25]...), once...) {
				r.Position = events.Position(len(log.all) + 1)
				log.all = append(log.all, r)
			}
			b.opts.Log = log
			must(t, b.engine(t).RunTo(t.Context(), 40))
			e := b.engine(t)
			must(t, e.RunTo(t.Context(), events.Position(len(log.all))))
			if got, want := b.digest(t, false), without(t, poisoned(), 11, 21, 22, 23, 31, 33, 34); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			parked, err := e.Parked(t.Context())
			must(t, err)
			if len(parked) != 7 {
				t.Errorf("%d parked, want 7: %+v", len(parked), parked)
			}
		})
	}
}
