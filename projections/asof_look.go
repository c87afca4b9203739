package projections

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

const (
	// lookedUp is how many fragments an identifier of a question stands for.
	lookedUp = 100
	// suggested is how many fragments each identifier makes suggestions of.
	suggested = 50
	// claimantsPage is how many claims are read at once.
	claimantsPage = 256
)

// lookUp queues the fragments that had some identifiers, and those that claimed them.
func (w *island) lookUp(ctx context.Context, ids []events.Identifier) error {
	ids = slices.Clone(ids)
	for i := range ids {
		ids[i].Grade = 0
		w.enough[ids[i]] = lookedUp
	}
	if err := w.resolveAll(ctx, ids); err != nil {
		return err
	}
	for _, id := range ids {
		held := w.holders[id]
		held = held[:min(len(held), lookedUp)]
		w.enqueue(held)
		if err := w.enqueueClaimants(ctx, id, lookedUp-len(held), held); err != nil {
			return err
		}
	}
	return nil
}

// suggest queues those who claimed what the customers of the island had, and who had what these claimed.
func (w *island) suggest(ctx context.Context) error {
	for id, linked := range w.ofTheWhole() {
		if !w.past.opts.Neighbours.Suggests(id) {
			continue
		}
		held := w.holders[id]
		w.enqueue(held[:min(len(held), suggested)])
		if !linked {
			continue
		}
		if err := w.enqueueClaimants(ctx, id, suggested, nil); err != nil {
			return err
		}
	}
	return nil
}

// ofTheWhole returns the identifiers of all that is whole by now, and whether they link anybody there.
func (w *island) ofTheWhole() map[events.Identifier]bool {
	all := map[events.Identifier]bool{}
	for f := range w.whole {
		t := w.trails[f]
		for id := range t.claims {
			_, links := t.links[id]
			all[id] = all[id] || links
		}
		for id := range t.links {
			all[id] = true
		}
	}
	return all
}

func (w *island) enqueue(all []uuid.UUID) {
	for _, f := range all {
		w.queue = append(w.queue, step{f, true})
	}
}

// enqueueClaimants queues the first so many fragments that claimed an identifier then, not counting some of them.
func (w *island) enqueueClaimants(ctx context.Context, id events.Identifier, want int, but []uuid.UUID) error {
	w.enqueue(w.hidden[id])
	var after uuid.UUID
	for want > 0 {
		page, err := w.past.opts.Neighbours.Claimants(ctx, w.live, id, after, claimantsPage)
		if err != nil {
			return fmt.Errorf("look up who claims an identifier now: %w", err)
		}
		claimed, err := w.claimedBy(ctx, id, page, want, but)
		w.enqueue(claimed)
		if err != nil || len(page) < claimantsPage {
			return err
		}
		want, after = want-len(claimed), page[len(page)-1]
	}
	return nil
}

// claimedBy returns the first so many of some fragments that claimed an identifier then, leaving some out.
func (w *island) claimedBy(ctx context.Context, id events.Identifier, of []uuid.UUID, want int, but []uuid.UUID) ([]uuid.UUID, error) {
	var all []uuid.UUID
	for _, f := range of {
		if len(all) == want {
			break
		}
		if slices.Contains(but, f) {
			continue
		}
		t, err := w.trail(f)
		if err != nil {
			return nil, err
		}
		claimed, err := t.claimed(ctx, id)
		if err != nil {
			return nil, err
		}
		if claimed {
			all = append(all, f)
		}
	}
	return all, nil
}
