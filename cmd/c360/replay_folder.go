package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/replay/pace"
)

// ofFolder tells the events of a folder that no c360 runs on.
func (f *replayFlags) ofFolder(ctx context.Context, t *teller) (err error) {
	h, err := openHouse(ctx, &f.config, silentLogger())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	o, err := f.bounded(ctx, h)
	if err != nil {
		return err
	}
	o.Idle = t.flush
	tell := t.tell
	if f.mask {
		if tell, err = masked(f.region, tell); err != nil {
			return err
		}
	}
	_, err = pace.Run(ctx, h.log, o, tell)
	return err
}

// bounded adds to the options what only the log knows.
func (f *replayFlags) bounded(ctx context.Context, h *house) (pace.Options, error) {
	o, err := f.options()
	if err != nil {
		return o, err
	}
	loc, err := f.location()
	if err != nil {
		return o, err
	}
	if o.From, err = pace.ParseFrom(ctx, h.log, f.from, loc); err != nil {
		return o, flagError("from", err)
	}
	if o.To, err = pace.ParseTo(ctx, h.log, f.to, loc); err != nil {
		return o, flagError("to", err)
	}
	if f.customer+f.segment != "" {
		err = f.about(ctx, h, &o.Filter)
	}
	return o, err
}

// about narrows a filter to the customer that --customer names and to those in --segment, as the read store knows them,
// which is brought up to the end of the log first.
func (f *replayFlags) about(ctx context.Context, h *house, to *pace.Filter) error {
	if err := h.generations.Start(ctx); err != nil {
		return err
	}
	head, err := h.log.Head(ctx)
	if err != nil {
		return err
	}
	if err := h.generations.Live().Await(ctx, head.Position); err != nil {
		return err
	}
	v, err := h.generations.Live().View(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	if f.segment != "" {
		if to.Members, err = h.rooms.membersOf(ctx, v, f.segment); err != nil {
			return flagError("segment", err)
		}
	}
	if f.customer == "" {
		return nil
	}
	to.Fragments, err = h.rooms.named(ctx, v, f.customer, events.Normaliser{Region: f.region})
	if err == nil && len(to.Fragments) == 0 {
		return fmt.Errorf("--customer: nothing is known of %.60q", f.customer)
	}
	return err
}

// membersOf returns the fragments of everybody who is in a segment.
func (r rooms) membersOf(ctx context.Context, v projections.Reader, segment string) (map[uuid.UUID]bool, error) {
	rules, err := r.segment.Rules(ctx, v)
	if err != nil {
		return nil, err
	}
	if rules.Schedule(segment) == nil {
		return nil, pace.ErrNoSegment
	}
	groups, err := r.identity.Groups(ctx, v)
	if err != nil {
		return nil, err
	}
	all := map[uuid.UUID]bool{}
	err = r.segment.EachMember(ctx, v, segment, uuid.UUID{}, func(m standing.Member) (bool, error) {
		all[m.Customer] = true
		for _, f := range groups[m.Customer] {
			all[f] = true
		}
		return true, nil
	})
	return all, err
}

// named returns the fragments of the customer whom an id or an identifier names.
func (r rooms) named(ctx context.Context, v projections.Reader, who string, n events.Normaliser) ([]uuid.UUID, error) {
	if id, err := uuid.Parse(who); err == nil {
		return r.fragmentsOf(ctx, v, id)
	}
	given, err := events.ParseIdentifier(who)
	if err == nil {
		given.Value, err = n.Identifier(given.Kind, given.Value)
	}
	if err != nil {
		return nil, usageError{errors.New("--customer: give an id of 36 characters, or an identifier like phone:010-0482-7730 or user_id:u-7")}
	}
	found, err := r.identity.ByIdentifier(ctx, v, given.Kind, given.Value, mostNamed)
	if err != nil {
		return nil, err
	}
	var customers []uuid.UUID
	for _, m := range found {
		if !slices.Contains(customers, m.Customer) && (m.Proven || !found[0].Proven) { // as findCustomer does
			customers = append(customers, m.Customer)
		}
	}
	if err := onlyOne(customers); err != nil || len(customers) == 0 {
		return nil, err
	}
	return r.identity.Fragments(ctx, v, customers[0])
}

// mostNamed is how many fragments known by one identifier are looked at.
const mostNamed = 50

// fragmentsOf returns the fragments of the customer that a fragment belongs to; none if nothing is known of it.
func (r rooms) fragmentsOf(ctx context.Context, v projections.Reader, id uuid.UUID) ([]uuid.UUID, error) {
	customer, known, err := r.identity.Resolve(ctx, v, id)
	if err != nil || !known {
		return nil, err
	}
	return r.identity.Fragments(ctx, v, customer)
}
