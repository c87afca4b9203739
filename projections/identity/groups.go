package identity

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// GroupsOf is Groups for the customers of some fragments only.
func (r *Room) GroupsOf(ctx context.Context, from projections.Reader, of []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	whose, err := r.Customers(ctx, from, of)
	if err != nil {
		return nil, err
	}
	seen, owners := make(map[uuid.UUID]bool, len(whose)), make([]uuid.UUID, 0, len(whose))
	for _, customer := range whose {
		if !seen[customer] {
			seen[customer] = true
			owners = append(owners, customer)
		}
	}
	groups := map[uuid.UUID][]uuid.UUID{}
	err = from.Get(ctx, customersTable, fragmentKeys(owners), func(row projections.Row) error {
		t := decodeIDs(blobOf(row[1]))
		for _, f := range t {
			groups[f] = t
		}
		return nil
	})
	return groups, err
}
