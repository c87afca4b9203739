package standing

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// EachLast calls found with the last entry or exit of every customer under each of some rules, one customer after the
// other: place is that of the rule among them, at when it was, Unix microseconds. It looks at every customer once.
func (r *Room) EachLast(ctx context.Context, from projections.Reader, rules []string, found func(place int, customer uuid.UUID, in bool, at int64)) error {
	places := make(map[uint32]int, len(rules))
	for i, name := range rules {
		places[number(name)] = i
	}
	return from.Scan(ctx, r.t.customers.Table, projections.Range{}, func(row projections.Row) (bool, error) {
		id, c, err := decodeCustomer(row)
		for _, s := range c.stands {
			if i, ok := places[s.rule]; ok {
				found(i, id, s.in, s.at)
			}
		}
		return err == nil, err
	})
}
