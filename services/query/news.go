package query

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/web"
)

// news is what happened between two beats of the hub, read at most once for all subscribers.
type news struct {
	s         *Service
	view      projections.View
	after, at events.Position // the beat covers (after, at]
	status    *StatusMessage
	rows      []timeline.Row
	read      bool
	sets      map[uuid.UUID]map[uuid.UUID]bool // fragments by what a subscriber asked for
}

// share works out what a subscriber is told, and moves it on.
func (n *news) share(ctx context.Context, sub *subscriber) (batch, error) {
	b := batch{position: n.at, customer: sub.customer}
	if !sub.timeline || n.at <= sub.after {
		return b, nil
	}
	changed, err := n.refresh(ctx, sub)
	if err != nil {
		return b, err
	}
	switch {
	case n.at-sub.after > maxBehind:
		b.reset = "too far behind"
	case changed:
		b.reset = "the fragments of the customer have changed"
	default:
		if err := n.pick(ctx, sub, &b); err != nil {
			return b, err
		}
	}
	sub.after = n.at
	return b, nil
}

// refresh looks up whose rows the subscriber gets and reports whether they are others than before.
func (n *news) refresh(ctx context.Context, sub *subscriber) (changed bool, err error) {
	if sub.customer == (uuid.UUID{}) {
		return false, nil
	}
	now, ok := n.sets[sub.customer]
	if !ok {
		var gone *web.Problem // in this generation there is no such customer
		if now, err = n.s.fragmentSet(ctx, n.view, sub.customer); err != nil && !errors.As(err, &gone) {
			return false, err
		}
		n.sets[sub.customer] = now
	}
	changed = !sameSet(sub.fragments, now)
	sub.fragments = now
	return changed, nil
}

func sameSet(a, b map[uuid.UUID]bool) bool {
	for id := range a {
		if !b[id] {
			return false
		}
	}
	return len(a) == len(b)
}

// pick takes the subscriber's rows, the newest maxBatch of them.
func (n *news) pick(ctx context.Context, sub *subscriber, b *batch) error {
	rows, err := n.since(ctx, sub.after)
	if err != nil {
		return err
	}
	var mine []*timeline.Row
	for i := range rows {
		if r := &rows[i]; r.Position > sub.after && (sub.fragments == nil || sub.fragments[r.Fragment]) {
			mine = append(mine, r)
		}
	}
	b.skipped = max(0, len(mine)-maxBatch)
	for _, r := range mine[b.skipped:] {
		b.rows = append(b.rows, n.s.answerRow(r))
	}
	return nil
}

// since returns everybody's rows after a position. A subscriber that is behind the beat gets a read of its own.
func (n *news) since(ctx context.Context, after events.Position) ([]timeline.Row, error) {
	shared := after >= n.after && n.at-n.after <= maxBehind
	if shared {
		after = n.after
	}
	if shared && n.read {
		return n.rows, nil
	}
	rows, err := n.s.timelines.Since(ctx, n.view, after, maxBehind)
	if err != nil {
		return nil, fmt.Errorf("read what is new: %w", err)
	}
	if shared {
		n.rows, n.read = rows, true
	}
	return rows, nil
}
