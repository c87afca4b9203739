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
	run, leave, err := k.s.places.take(ctx, "countProducts", k.s.now())
	if err != nil {
		return err
	}
	defer leave()
	x, err := k.s.openScan(ctx, &everybody{}, projections.Instant{})
	if err != nil {
		return err
	}
	defer x.close()
	if k.s.serving() != generation {
		return nil // the next look will see which it is
	}
	x.run, x.at = run, offers.Forever
	k.tells(run)
	defer k.tells(nil)
	return k.open(ctx, x, generation)
}

// tells has notYet tell how far a count is.
func (k *shopkeeper) tells(run *running) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.counting = run
}

// open counts the customers of a scan, and has the shop go by that.
func (k *shopkeeper) open(ctx context.Context, x *scan, generation string) error {
	all, err := fold(ctx, x, func() (*offers.Counting, error) { return offers.NewCounting(offers.CountedAtMost), nil })
	if err != nil {
		return fmt.Errorf("count what is bought: %w", err)
	}
	position := x.Checkpoint().Position
	names := naming{s: k.s, names: map[string]string{}}
	if err := k.s.rowsAfter(ctx, x, position-min(position, namesFrom), names.see); err != nil {
		return err
	}
	if err := names.readOrders(ctx); err != nil {
		return err
	}
	parked, err := parkedIn(ctx, x)
	if err != nil {
		return err
	}
	k.groups, k.parked, k.torn = x.groups, parked, false
	k.shop.Open(all, names.names, generation, position)
	return nil
}

// rowsAtOnce is how many rows are read at a time.
const rowsAtOnce = 5_000

// rowsAfter calls each with everybody's events after a position, in log order.
func (s *Service) rowsAfter(ctx context.Context, v projections.Reader, after events.Position, each func(*timeline.Row)) error {
	for {
		rows, err := s.timelines.Since(ctx, v, after, rowsAtOnce)
		if err != nil {
			return fmt.Errorf("read what is new: %w", err)
		}
		for i := range rows {
			each(&rows[i])
		}
		if len(rows) < rowsAtOnce {
			return nil
		}
		after = rows[len(rows)-1].Position
	}
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
