package query

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// compare compares two generations and writes down every customer that differs.
func (s *Service) compare(ctx context.Context, x *compared) error {
	pair, err := s.generations.Pair(ctx, x.of.before, x.of.after, func(p projections.Progress) {
		x.tell(DifferenceProgress{Phase: p.Phase, Done: uint64(p.Position), Of: uint64(p.Head)})
	})
	if err != nil {
		return fmt.Errorf("open two generations side by side: %w", err)
	}
	defer pair.Close()
	d, err := pair.Diff(ctx, projections.DiffOptions{Report: func(p projections.DiffProgress) {
		x.tell(DifferenceProgress{Phase: p.Phase, Table: p.Table, Done: uint64(p.Rows)}) //nolint:gosec // a count
	}})
	if err != nil {
		return err
	}
	sides, err := s.sidesOf(pair)
	if err != nil {
		return err
	}
	x.answer = answerDifference(&d)
	for i, a := range []*GenerationSide{&x.answer.A, &x.answer.B} {
		if a.Customers, a.Fragments, err = s.identities.Count(ctx, &sides[i]); err != nil {
			return fmt.Errorf("count the customers: %w", err)
		}
	}
	return s.compareCustomers(ctx, x, &d, sides)
}

// sidesOf are the two sides, each read by the rules it was folded under, and both at one moment of the clock.
func (s *Service) sidesOf(pair *projections.Pair) (*[2]scene, error) {
	now := s.now()
	sides := [2]scene{{View: pair.A, today: now}, {View: pair.B, today: now}}
	for i, ref := range []*projections.GenerationRef{&pair.Before, &pair.After} {
		people, err := s.peopleOf(&projections.Generation{Rules: ref.Rules, RuleSet: ref.RuleSet})
		if err != nil {
			return nil, fmt.Errorf("generation %s: %w", ref.ID, err)
		}
		sides[i].people = people
	}
	return &sides, nil
}

// compareCustomers looks at everybody whom rows that differ are about.
func (s *Service) compareCustomers(ctx context.Context, x *compared, d *projections.Difference, sides *[2]scene) error {
	tally := tally{answer: &x.answer, fields: map[string]int{}}
	seen := make([]bool, len(d.Concerned))
	for i := range d.Concerned {
		if seen[i] {
			continue
		}
		if i%64 == 0 {
			x.tell(DifferenceProgress{Phase: "customers", Done: uint64(i), Of: uint64(len(d.Concerned))})
		}
		c, err := s.clusterOf(ctx, sides, d.Concerned[i].Fragment)
		if err != nil {
			return fmt.Errorf("find the customers of a fragment: %w", err)
		}
		for f := range c.fragments {
			if j, ok := place(d.Concerned, f); ok {
				seen[j] = true
			}
		}
		if len(c.ids[0])+len(c.ids[1]) == 0 {
			continue // it is nobody's on either side
		}
		one, err := s.compareCluster(ctx, sides, c)
		if err != nil {
			return err
		}
		one.Tables = c.tables(d)
		if err := x.lines.write(one); errors.Is(err, errFull) {
			x.answer.Complete = false
			break
		} else if err != nil {
			return err
		}
		tally.add(one)
	}
	tally.finish()
	return x.lines.flush()
}

// compareCluster compares what the page says of the customer that keeps its id.
func (s *Service) compareCluster(ctx context.Context, sides *[2]scene, c *cluster) (*CustomerDifference, error) {
	one := &CustomerDifference{
		Kind: c.kind(), IDsBefore: append([]uuid.UUID{}, c.ids[0]...), IDsAfter: append([]uuid.UUID{}, c.ids[1]...), Changes: []FieldChange{},
	}
	var pages [2]*CustomerAnswer
	for i := range sides {
		if len(c.ids[i]) == 0 {
			continue
		}
		a, err := s.customerAt(ctx, &sides[i], c.ids[i][0])
		if err != nil {
			return nil, err
		}
		pages[i], one.ID, one.Name = a, a.ID, cmp.Or(a.Name, one.Name)
	}
	if pages[0] == nil || pages[1] == nil {
		return one, nil
	}
	var err error
	one.Changes, one.Further, err = customerChanges(pages[0], pages[1])
	if one.Kind == diffChanged && len(one.Changes) == 0 {
		one.Kind = diffUnseen
	}
	return one, err
}

// customerAt answers what GET /v1/customers/{id} does, of one side.
func (s *Service) customerAt(ctx context.Context, on *scene, customer uuid.UUID) (*CustomerAnswer, error) {
	fragments, err := s.identities.Fragments(ctx, on, customer)
	if err != nil {
		return nil, fmt.Errorf("list the fragments of a customer: %w", err)
	}
	return s.customerIn(ctx, on, customer, fragments)
}

// tally counts customers by how they differ.
type tally struct {
	answer *DifferenceAnswer
	fields map[string]int
}

func (t *tally) add(c *CustomerDifference) {
	t.answer.CustomersTotal++
	sum := &t.answer.Summary
	*map[string]*int{
		diffChanged: &sum.Changed, diffMerged: &sum.Merged, diffSplit: &sum.Split, diffRegrouped: &sum.Regrouped,
		diffOnlyA: &sum.OnlyA, diffOnlyB: &sum.OnlyB, diffUnseen: &sum.Unseen,
	}[c.Kind]++
	parts := map[string]bool{}
	for i := range c.Changes {
		parts[part(c.Changes[i].Field)] = true
	}
	for p := range parts {
		t.fields[p]++
	}
}

func (t *tally) finish() {
	fields := []FieldCount{}
	for field, n := range t.fields {
		fields = append(fields, FieldCount{field, n})
	}
	slices.SortFunc(fields, func(a, b FieldCount) int {
		return cmp.Or(cmp.Compare(b.Customers, a.Customers), cmp.Compare(a.Field, b.Field))
	})
	t.answer.Summary.Fields = fields
}

func answerDifference(d *projections.Difference) DifferenceAnswer {
	a := emptyDifference()
	a.State, a.Complete, a.A, a.B = stateCompared, !d.More, answerSide(&d.Before), answerSide(&d.After)
	if a.A.Position == a.B.Position {
		a.Position = a.A.Position
	}
	for i := range d.Tables {
		t := &d.Tables[i]
		a.Tables = append(a.Tables, TableDifference{
			Table: t.Table, RowsA: t.Before, RowsB: t.After, Same: t.Same, Identical: t.Identical, Buckets: t.Buckets,
			Changed: t.Changed, Gone: t.Gone, Come: t.Come,
		})
	}
	return a
}

func answerSide(g *projections.GenerationRef) GenerationSide {
	return GenerationSide{ID: g.ID, Kind: g.Kind, Position: g.Position, Rules: g.Rules, Code: g.Code}
}
