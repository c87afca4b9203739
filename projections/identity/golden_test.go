package identity_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
)

var update = roomtest.UpdateFlag()

func TestGolden(t *testing.T) {
	t.Parallel()
	room := newRoom(t, nil)
	roomtest.Golden(t, update, room, func(ctx context.Context, r projections.Reader, log []events.Recorded) (any, error) {
		var shown []identity.Explanation
		seen := map[uuid.UUID]bool{}
		for i := range log {
			f, ok := log[i].Fragment()
			if !ok {
				continue
			}
			customer, found, err := room.Resolve(ctx, r, f)
			if err != nil || !found || seen[customer] {
				continue
			}
			seen[customer] = true
			of, err := room.Fragments(ctx, r, customer)
			if err != nil {
				return nil, err
			}
			e, err := room.Explain(ctx, r, of)
			if err != nil {
				return nil, err
			}
			shown = append(shown, e)
		}
		return shown, nil
	})
}
