package profile

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// lastRune sorts after everything that begins with what it is appended to.
const lastRune = "\U0010ffff"

// ByName returns up to limit fragments whose name has a search term beginning with prefix, which events.NameQuery
// makes of what was typed. They come in the order of the terms, so that the shorter names come first.
func (r *Room) ByName(ctx context.Context, from projections.Reader, prefix string, limit int) ([]uuid.UUID, error) {
	if prefix == "" {
		return nil, nil
	}
	var found []uuid.UUID
	in := projections.Range{From: []any{prefix}, To: []any{prefix + lastRune}}
	err := from.Scan(ctx, namesTable, in, func(row projections.Row) (bool, error) {
		if f := idOf(row[1]); !slices.Contains(found, f) {
			found = append(found, f)
		}
		return len(found) < limit, nil
	})
	return found, err
}

// LastSeen returns the time of the latest event of each of these fragments.
func (r *Room) LastSeen(ctx context.Context, from projections.Reader, of []uuid.UUID) (map[uuid.UUID]time.Time, error) {
	keys := make([][]any, len(of))
	for i := range of {
		keys[i] = []any{of[i][:]}
	}
	last := make(map[uuid.UUID]time.Time, len(of))
	err := from.Get(ctx, fragmentsTable, keys, func(row projections.Row) error {
		last[idOf(row[0])] = timeOf(intOf(row[2]))
		return nil
	})
	return last, err
}
