package query

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/query/offers"
)

// count counts everybody in the generation that serves. The counts there are go on to be asked meanwhile.
func (k *shopkeeper) count(ctx context.Context, generation string) error {
	return k.s.gently(ctx, "countProducts", func(ctx context.Context, x *scan) error {
		if k.s.serving() != generation {
			return nil // the next look will see which it is
		}
		x.at = offers.Forever
		k.tells(x.run)
		defer k.tells(nil)
		return k.open(ctx, x, generation)
	})
}

// tells has notYet tell how far a count is.
func (k *shopkeeper) tells(run *running) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.counting = run
}

// open counts the customers of a scan, and has the shop go by that. What is read later than the position it says is
// counted again with the next turn, like all that was told after it.
func (k *shopkeeper) open(ctx context.Context, x *scan, generation string) error {
	position := x.Checkpoint().Position
	parked, err := parkedIn(ctx, x)
	if err != nil {
		return err
	}
	all, err := fold(ctx, x, func() (*offers.Counting, error) { return offers.NewCounting(offers.CountedAtMost), nil })
	if err != nil {
		return fmt.Errorf("count what is bought: %w", err)
	}
	names, err := k.latestNames(ctx, x, position-min(position, namesFrom))
	if err != nil {
		return err
	}
	k.groups, k.parked, k.torn = x.groups, parked, false
	k.shop.Open(all, names, generation, position)
	return nil
}

// latestNames reads what products are called in the events after a position, gently.
func (k *shopkeeper) latestNames(ctx context.Context, x *scan, after events.Position) (map[string]string, error) {
	names := naming{s: k.s, names: map[string]string{}}
	for more := true; more; x.pace.rest(ctx) {
		v, err := x.again(ctx)
		if err != nil {
			return nil, err
		}
		after, more, err = k.s.rowsAfter(ctx, v, after, names.see)
		v.Close()
		if err != nil {
			return nil, err
		}
	}
	return names.names, names.readOrders(ctx)
}

// rowsAtOnce is how many rows are read at a time.
const rowsAtOnce = 1000

// allRowsAfter calls each with everybody's events after a position, in log order, gently.
func (s *Service) allRowsAfter(ctx context.Context, v projections.Reader, after events.Position, each func(*timeline.Row)) (err error) {
	p := newPace(s.now)
	for more := true; more && err == nil; p.rest(ctx) {
		after, more, err = s.rowsAfter(ctx, v, after, each)
	}
	return err
}

// rowsAfter calls each with some of everybody's events after a position, in log order. It returns the last of them, and whether
// there may be more.
func (s *Service) rowsAfter(ctx context.Context, v projections.Reader, after events.Position, each func(*timeline.Row)) (events.Position, bool, error) {
	rows, err := s.timelines.Since(ctx, v, after, rowsAtOnce)
	if err != nil {
		return after, false, fmt.Errorf("read what is new: %w", err)
	}
	for i := range rows {
		each(&rows[i])
		after = rows[i].Position
	}
	return after, len(rows) == rowsAtOnce, nil
}

// parkedIn lists the events that wait to be folded, by fragment.
func parkedIn(ctx context.Context, v projections.Reader) (map[uuid.UUID][]events.Position, error) {
	waiting, err := projections.ReadParked(ctx, v, projections.ParkedPlace{}, 0)
	if err != nil {
		return nil, fmt.Errorf("read what waits to be folded: %w", err)
	}
	parked := make(map[uuid.UUID][]events.Position)
	for i := range waiting {
		w := &waiting[i]
		parked[w.Fragment] = append(parked[w.Fragment], w.Position)
	}
	return parked, nil
}
