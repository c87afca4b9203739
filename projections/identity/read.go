package identity

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// lastRune sorts after everything that begins with what it is appended to.
const lastRune = "\U0010ffff"

// Resolve returns the customer that a fragment belongs to, and false if there is no such fragment.
func (r *Room) Resolve(ctx context.Context, from projections.Reader, fragment uuid.UUID) (uuid.UUID, bool, error) {
	found, err := r.Customers(ctx, from, []uuid.UUID{fragment})
	customer, ok := found[fragment]
	return customer, ok, err
}

// Customers is Resolve for many fragments; those that do not exist are left out.
func (r *Room) Customers(ctx context.Context, from projections.Reader, of []uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	found := make(map[uuid.UUID]uuid.UUID, len(of))
	err := from.Get(ctx, fragmentsTable, fragmentKeys(of), func(row projections.Row) error {
		found[idOf(row[0])] = idOf(row[1])
		return nil
	})
	return found, err
}

// Fragments returns the fragments of a customer in the order of their ids; none if id is not a customer's.
func (r *Room) Fragments(ctx context.Context, from projections.Reader, customer uuid.UUID) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	in := projections.Range{Index: "customer", Prefix: []any{customer[:]}}
	err := from.Scan(ctx, fragmentsTable, in, func(row projections.Row) (bool, error) {
		ids = append(ids, idOf(row[0]))
		return true, nil
	})
	return ids, err
}

// Match is a fragment that a look-up found.
type Match struct {
	Fragment, Customer uuid.UUID
	// Proven is false for a fragment that only claims the identifier: say so, and never treat it as the owner's.
	Proven bool
}

// ByIdentifier returns up to limit fragments known by an identifier, proven ones first, then in the order of their ids.
// The value must be normalised. An inert identifier finds its first 256 fragments.
func (r *Room) ByIdentifier(ctx context.Context, from projections.Reader, kind, value string, limit int) ([]Match, error) {
	n := name{kind, value}
	proven, err := readMembers(ctx, from, []name{n})
	if err != nil {
		return nil, err
	}
	ids := proven[n]
	claimed, err := readClaims(ctx, from, n, limit+len(ids))
	if err != nil {
		return nil, err
	}
	var all []Match
	for _, f := range ids {
		all = append(all, Match{Fragment: f, Proven: true})
	}
	for _, f := range claimed {
		if _, both := slices.BinarySearchFunc(ids, f, compareIDs); !both {
			all = append(all, Match{Fragment: f})
		}
	}
	all = all[:min(limit, len(all))]
	return all, resolveMatches(ctx, from, all)
}

func resolveMatches(ctx context.Context, from projections.Reader, all []Match) error {
	place := map[uuid.UUID]int{}
	keys := make([][]any, len(all))
	for i := range all {
		place[all[i].Fragment] = i
		keys[i] = []any{all[i].Fragment[:]}
	}
	return from.Get(ctx, fragmentsTable, keys, func(row projections.Row) error {
		all[place[idOf(row[0])]].Customer = idOf(row[1])
		return nil
	})
}

// ByDigits returns phone numbers, E.164, that have a search term beginning with these digits; give what
// [events.PhoneQuery] makes of what somebody typed. Up to limit numbers that somebody has come first, then up to
// limit that somebody claims.
func (r *Room) ByDigits(ctx context.Context, from projections.Reader, digits string, limit int) ([]string, error) {
	var phones []string
	for _, proven := range []int64{provenDigits, claimedDigits} {
		before := len(phones)
		in := projections.Range{Prefix: []any{proven}, From: []any{digits}, To: []any{digits + lastRune}}
		err := from.Scan(ctx, digitsTable, in, func(row projections.Row) (bool, error) {
			if phone := textOf(row[2]); !slices.Contains(phones, phone) {
				phones = append(phones, phone)
			}
			return len(phones)-before < limit, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return phones, nil
}

func fragmentKeys(of []uuid.UUID) [][]any {
	keys := make([][]any, len(of))
	for i := range of {
		keys[i] = []any{of[i][:]}
	}
	return keys
}

func readMembers(ctx context.Context, from projections.Reader, of []name) (map[name][]uuid.UUID, error) {
	found := make(map[name][]uuid.UUID, len(of))
	keys := make([][]any, len(of))
	for i, n := range of {
		keys[i] = []any{n.kind, n.value}
	}
	err := from.Get(ctx, membersTable, keys, func(row projections.Row) error {
		n, m, err := decodeMembers(row)
		found[n] = m.ids
		return err
	})
	return found, err
}

func readClaims(ctx context.Context, from projections.Reader, n name, limit int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	in := projections.Range{Prefix: []any{n.kind, n.value}, Limit: limit}
	err := from.Scan(ctx, claimsTable, in, func(row projections.Row) (bool, error) {
		ids = append(ids, idOf(row[2]))
		return true, nil
	})
	return ids, err
}
