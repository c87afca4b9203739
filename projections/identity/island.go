package identity

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

var _ projections.Neighbours = (*Room)(nil)

// Holders returns, for each identifier, the smallest 256 fragments known by it that it may link.
func (r *Room) Holders(ctx context.Context, from projections.Reader, of []events.Identifier) (map[events.Identifier]projections.Holders, error) {
	names := make([]name, len(of))
	for i, id := range of {
		names[i] = name{id.Kind, id.Value}
	}
	found, err := readMembers(ctx, from, names)
	all := make(map[events.Identifier]projections.Holders, len(found))
	for n, ids := range found {
		all[events.Identifier{Kind: n.kind, Value: n.value}] = projections.Holders{Fragments: ids, Cut: len(ids) == maxMembers}
	}
	return all, err
}

// Claimants returns up to limit fragments after a fragment that only claim an identifier.
func (r *Room) Claimants(ctx context.Context, from projections.Reader, of events.Identifier, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	in := projections.Range{Prefix: []any{of.Kind, of.Value}, From: []any{after[:]}, Limit: limit + 1}
	err := from.Scan(ctx, claimsTable, in, func(row projections.Row) (bool, error) {
		if f := idOf(row[2]); f != after {
			ids = append(ids, f)
		}
		return len(ids) < limit, nil
	})
	return ids, err
}

// Decided reports whether anybody ever decided about the fragment and another.
func (r *Room) Decided(ctx context.Context, from projections.Reader, fragment uuid.UUID) (bool, error) {
	decided := false
	err := from.Get(ctx, fragmentsTable, fragmentKeys([]uuid.UUID{fragment}), func(row projections.Row) error {
		decided = len(blobOf(row[4])) > 0
		return nil
	})
	return decided, err
}

// Decisions returns the stream that decisions count in.
func (r *Room) Decisions() string { return stream }

// Pair returns the two fragments that a decision is about.
func (r *Room) Pair(e *events.Recorded) (a, b uuid.UUID, ok bool) {
	t := projections.NewTouch(e)
	return pair(&t)
}

// Limit returns how many fragments an identifier may tie; 0 if it is blocked.
func (r *Room) Limit(of events.Identifier) int {
	if r.rules.inert(of.Kind, of.Value, 0) {
		return 0
	}
	if n, ok := r.rules.Limits[of.Kind]; ok {
		return n
	}
	return r.rules.OtherLimit
}

// Crowd returns how many identifiers a fragment may share before it is a hub.
func (r *Room) Crowd() int { return r.rules.MaxTies }

// Suggests reports whether a claim of such an identifier makes a suggestion: nobody claims a browser's own token.
func (r *Room) Suggests(of events.Identifier) bool {
	return of.Kind != events.KindAnonymousID && of.Kind != events.KindDevice
}
