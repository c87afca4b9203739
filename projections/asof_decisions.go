package projections

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// verdicts are the decisions about pairs of fragments that the instant holds, in log order.
type verdicts struct {
	all   []events.Recorded
	pairs [][2]uuid.UUID
	of    map[uuid.UUID][]int
}

// followDecisions queues the fragments that were decided about with this one, whatever was decided: what holds in the
// end is the fold's to say.
func (w *island) followDecisions(ctx context.Context, f uuid.UUID) error {
	decided, err := w.past.opts.Neighbours.Decided(ctx, w.live, f)
	if err != nil || !decided {
		return err
	}
	if w.verdict == nil {
		if w.verdict, err = w.readVerdicts(ctx); err != nil {
			return err
		}
	}
	for _, i := range w.verdict.of[f] {
		w.enqueue(w.verdict.pairs[i][:])
	}
	return nil
}

func (w *island) readVerdicts(ctx context.Context) (*verdicts, error) {
	v := &verdicts{of: map[uuid.UUID][]int{}}
	stream := w.past.opts.Neighbours.Decisions()
	for after := events.Position(0); ; {
		page, err := w.past.opts.Log.ReadStream(ctx, stream, after, trailPage)
		if err != nil {
			return nil, fmt.Errorf("read the decisions about identity: %w", err)
		}
		for i := range page {
			if after = page[i].Position; after > w.at.Known {
				return v, nil
			}
			v.take(w, &page[i])
		}
		if err := w.spend(ctx, len(page)); err != nil || len(page) < trailPage {
			return v, err
		}
	}
}

func (v *verdicts) take(w *island, r *events.Recorded) {
	a, b, ok := w.past.opts.Neighbours.Pair(r)
	if !ok || !w.at.Holds(r) {
		return
	}
	v.of[a], v.of[b] = append(v.of[a], len(v.all)), append(v.of[b], len(v.all))
	v.all, v.pairs = append(v.all, *r), append(v.pairs, [2]uuid.UUID{a, b})
}

// about returns the decisions about fragments that are whole.
func (v *verdicts) about(whole map[uuid.UUID]bool) []events.Recorded {
	var some []events.Recorded
	for i, pair := range v.pairs {
		if whole[pair[0]] || whole[pair[1]] {
			some = append(some, v.all[i])
		}
	}
	return some
}
