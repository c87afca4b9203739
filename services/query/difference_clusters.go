package query

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// maxCluster bounds the customers that are told of as one difference.
const maxCluster = 1_000

// cluster is a smallest set of fragments that both sides agree holds whole customers: one and the same customer, or
// those that were merged or split.
type cluster struct {
	ids       [2][]uuid.UUID // the customers of each side, by id
	fragments map[uuid.UUID]bool
}

// clusterOf returns the cluster of a fragment. It goes back and forth between the sides until nobody is new.
func (s *Service) clusterOf(ctx context.Context, sides *[2]scene, f uuid.UUID) (*cluster, error) {
	c := &cluster{fragments: map[uuid.UUID]bool{f: true}}
	fresh := []uuid.UUID{f}
	for len(fresh) > 0 {
		var next []uuid.UUID
		for i := range sides {
			found, err := s.members(ctx, &sides[i], &c.ids[i], fresh)
			if err != nil {
				return nil, err
			}
			next = append(next, found...)
		}
		fresh = fresh[:0]
		for _, x := range next {
			if !c.fragments[x] && len(c.ids[0])+len(c.ids[1]) < maxCluster {
				c.fragments[x] = true
				fresh = append(fresh, x)
			}
		}
	}
	return c, nil
}

// members adds the customers that some fragments belong to on one side, and returns the fragments of those that are new.
func (s *Service) members(ctx context.Context, on *scene, ids *[]uuid.UUID, of []uuid.UUID) ([]uuid.UUID, error) {
	customers, err := s.identities.Customers(ctx, on, of)
	if err != nil {
		return nil, err
	}
	var all []uuid.UUID
	for _, id := range customers {
		place, known := slices.BinarySearchFunc(*ids, id, compareIDs)
		if known {
			continue
		}
		*ids = slices.Insert(*ids, place, id)
		fragments, err := s.identities.Fragments(ctx, on, id)
		if err != nil {
			return nil, err
		}
		all = append(all, fragments...)
	}
	return all, nil
}

func compareIDs(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }

// kind says how the two sides of a cluster differ, if they hold other fragments.
func (c *cluster) kind() string {
	before, after := len(c.ids[0]), len(c.ids[1])
	switch {
	case after == 0:
		return diffOnlyA
	case before == 0:
		return diffOnlyB
	case after < before:
		return diffMerged
	case after > before:
		return diffSplit
	case before > 1:
		return diffRegrouped
	}
	return diffChanged
}

// tables returns the tables whose rows about the fragments of a cluster differ.
func (c *cluster) tables(d *projections.Difference) []string {
	var mask uint64
	for f := range c.fragments {
		if i, ok := place(d.Concerned, f); ok {
			mask |= d.Concerned[i].Tables
		}
	}
	names := []string{}
	for i := range d.Tables {
		if mask&(1<<i) != 0 {
			names = append(names, d.Tables[i].Table)
		}
	}
	return names
}

// place finds a fragment among those concerned.
func place(all []projections.Concerned, f uuid.UUID) (int, bool) {
	return slices.BinarySearchFunc(all, f, func(c projections.Concerned, f uuid.UUID) int { return compareIDs(c.Fragment, f) })
}
