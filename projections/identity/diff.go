package identity

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

var _ projections.Concerner = (*Room)(nil)

// Concerns says whom the difference between two rows of identity_identifiers is about: the fragments that only one of
// them names. The other tables have a column that says so, or are about nobody in particular.
func (r *Room) Concerns(t *projections.Table, before, after projections.Row) ([]uuid.UUID, bool) {
	if t != membersTable {
		return nil, false
	}
	times := map[uuid.UUID]int{}
	for _, row := range [...]projections.Row{before, after} {
		if row == nil {
			continue
		}
		_, m, err := decodeMembers(row)
		if err != nil {
			continue // a damaged row names nobody; whose it is shows in their own rows
		}
		for _, f := range m.ids {
			times[f]++
		}
	}
	var one []uuid.UUID
	for f, n := range times {
		if n == 1 {
			one = append(one, f)
		}
	}
	return one, true
}

// Count returns how many customers and fragments there are. It reads them all.
func (r *Room) Count(ctx context.Context, from projections.Reader) (customers, all int, err error) {
	err = from.Scan(ctx, fragmentsTable, projections.Range{}, func(row projections.Row) (bool, error) {
		all++
		if idOf(row[0]) == idOf(row[1]) {
			customers++
		}
		return true, nil
	})
	return customers, all, err
}
