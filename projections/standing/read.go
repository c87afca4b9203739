package standing

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// Rules returns the rules as a view knows them, compiled; an empty Set if there are none.
func (r *Room) Rules(ctx context.Context, from projections.Reader) (*Set, error) {
	all, err := r.Definitions(ctx, from)
	return NewSet(all, r.c.Parse), err
}

// Definitions returns every version of every rule, in the order of (name, from).
func (r *Room) Definitions(ctx context.Context, from projections.Reader) ([]Definition, error) {
	var all []Definition
	err := from.Get(ctx, r.t.rules.Table, [][]any{{onlyRow}}, func(row projections.Row) error {
		d, err := decodeDirectory(blobOf(row[1]))
		all = d.all
		return err
	})
	return all, err
}

// Member is somebody who stands under a rule.
type Member struct {
	Customer uuid.UUID
	// Since is when they entered, Unix microseconds.
	Since int64
}

// Members returns up to limit members of a rule after a customer, in the order of their ids; the zero id is the beginning.
// It looks at every customer on the way: a small rule's members take a look at all.
func (r *Room) Members(ctx context.Context, from projections.Reader, rule string, after uuid.UUID, limit int) ([]Member, error) {
	var all []Member
	err := r.EachMember(ctx, from, rule, after, func(m Member) (bool, error) {
		all = append(all, m)
		return len(all) < limit, nil
	})
	return all, err
}

// EachMember calls found with the members of a rule after a customer, in the order of their ids, while it returns true.
func (r *Room) EachMember(ctx context.Context, from projections.Reader, rule string, after uuid.UUID, found func(Member) (bool, error)) error {
	stretch := projections.Range{}
	if after != (uuid.UUID{}) {
		stretch.From = []any{append(after[:], 0)}
	}
	wanted := number(rule)
	return from.Scan(ctx, r.t.customers.Table, stretch, func(row projections.Row) (bool, error) {
		id, c, err := decodeCustomer(row)
		if s := c.last(wanted); err == nil && s.in {
			return found(Member{id, s.at})
		}
		return err == nil, err
	})
}

// Latest returns up to limit members of a rule, those who entered last first; before is the last one of the page before,
// nil for the first page. It looks at every customer.
func (r *Room) Latest(ctx context.Context, from projections.Reader, rule string, before *Member, limit int) ([]Member, error) {
	var all []Member
	err := r.EachMember(ctx, from, rule, uuid.UUID{}, func(m Member) (bool, error) {
		if before == nil || later(*before, m) < 0 {
			all = append(all, m)
		}
		if len(all) >= 4*max(limit, 256) {
			slices.SortFunc(all, later)
			all = all[:limit]
		}
		return true, nil
	})
	slices.SortFunc(all, later)
	return all[:min(limit, len(all))], err
}

// later is the order of who entered last first.
func later(a, b Member) int {
	return cmp.Or(cmp.Compare(b.Since, a.Since), bytes.Compare(b.Customer[:], a.Customer[:]))
}

// Count returns how many stand under a rule.
func (r *Room) Count(ctx context.Context, from projections.Reader, rule string) (n int64, err error) {
	err = from.Get(ctx, r.t.counts.Table, [][]any{{rule}}, func(row projections.Row) error {
		n = intOf(row[1])
		return nil
	})
	return n, err
}

// NextDue returns the time at which the answer for somebody may change next, Unix microseconds; Never if for nobody.
func (r *Room) NextDue(ctx context.Context, from projections.Reader) (int64, error) {
	next := int64(Never)
	err := from.Scan(ctx, r.t.customers.Table, projections.Range{Index: "due", Limit: 1}, func(row projections.Row) (bool, error) {
		next = intOf(row[2])
		return false, nil
	})
	return next, err
}

// Clock returns how far the log's clock has come, Unix microseconds; 0 if it never ticked.
func (r *Room) Clock(ctx context.Context, from projections.Reader) (at int64, err error) {
	err = from.Get(ctx, r.t.clock.Table, [][]any{{onlyRow}}, func(row projections.Row) error {
		at = intOf(row[1])
		return nil
	})
	return at, err
}

// Left is how far a sweep is that is going on.
type Left struct {
	// Done is how many fragments have been looked at.
	Done int64
	// Fresh: the rule is new, so whoever has not been looked at is not counted yet.
	Fresh bool
}

// Left returns how far judging everybody under a rule is, and false if everybody has been.
func (r *Room) Left(ctx context.Context, from projections.Reader, rule string) (left Left, going bool, err error) {
	err = from.Get(ctx, r.t.sweeps.Table, [][]any{{rule}}, func(row projections.Row) error {
		left, going = Left{Done: intOf(row[4]), Fresh: intOf(row[3]) == 1}, true
		return nil
	})
	return left, going, err
}
