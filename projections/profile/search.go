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

// Named is a fragment that goes by a name.
type Named struct {
	Fragment uuid.UUID
	// Proven is false if only somebody whom anybody can be gave the name.
	Proven bool
}

// ByName returns fragments whose name has a search term beginning with prefix, which events.NameQuery makes of what
// was typed: up to limit whose name is proven, then up to limit whose name is only claimed. Both come in the order of
// the terms, so that the shorter names come first.
func (r *Room) ByName(ctx context.Context, from projections.Reader, prefix string, limit int) ([]Named, error) {
	if prefix == "" {
		return nil, nil
	}
	var all []Named
	for _, proven := range [...]int64{isProven, onlyClaimed} {
		found, err := scanNames(ctx, from, prefix, proven, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// scanNames returns up to limit fragments with a name of one proof.
func scanNames(ctx context.Context, from projections.Reader, prefix string, proven int64, limit int) ([]Named, error) {
	var found []Named
	in := projections.Range{Prefix: []any{proven}, From: []any{prefix}, To: []any{prefix + lastRune}}
	err := from.Scan(ctx, namesTable, in, func(row projections.Row) (bool, error) {
		if n := (Named{idOf(row[2]), proven == isProven}); !slices.Contains(found, n) {
			found = append(found, n)
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
