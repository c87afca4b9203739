package query

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// The kinds of matches that are no identifiers and no numbers.
const (
	matchName     = "name"
	matchInitials = "initials"
)

// byName finds those whose name, or the 초성 of it, begins with what was typed.
func (s *Service) byName(q string) lookup {
	kind := matchName
	if onlyInitials(q) {
		kind = matchInitials
	}
	return func(ctx context.Context, v projections.View, found *findings) error {
		named, err := s.profiles.ByName(ctx, v, events.NameQuery(q), maxFound)
		if err != nil {
			return fmt.Errorf("look up a name: %w", err)
		}
		fragments := make([]uuid.UUID, len(named))
		for i := range named {
			fragments[i] = named[i].Fragment
		}
		customers, err := s.identities.Customers(ctx, v, fragments)
		if err != nil {
			return fmt.Errorf("resolve fragments: %w", err)
		}
		for _, n := range named {
			found.add(customers[n.Fragment], Matched{Kind: kind, Proven: n.Proven})
		}
		return nil
	}
}

// onlyInitials reports whether q is nothing but loose Hangul consonants.
func onlyInitials(q string) bool {
	q = strings.TrimSpace(q)
	return q != "" && strings.IndexFunc(q, func(r rune) bool { return r < 'ㄱ' || r > 'ㅎ' }) < 0
}

// describe fills in who was found.
func (s *Service) describe(ctx context.Context, v *scene, page []finding, a *SearchAnswer) error {
	for _, x := range page {
		hit, err := s.hit(ctx, v, x)
		if err != nil {
			return err
		}
		a.Customers = append(a.Customers, *hit)
	}
	return nil
}

func (s *Service) hit(ctx context.Context, v *scene, x finding) (*Hit, error) {
	fragments, err := s.identities.Fragments(ctx, v, x.customer)
	if err != nil {
		return nil, fmt.Errorf("list the fragments of a customer: %w", err)
	}
	p, err := s.profiles.Load(ctx, v, fragments)
	if err != nil {
		return nil, fmt.Errorf("read the profile of a customer: %w", err)
	}
	known, err := v.people.Identifiers(ctx, v, fragments)
	if err != nil {
		return nil, fmt.Errorf("read the identifiers of a customer: %w", err)
	}
	h := &Hit{
		ID: x.customer, Name: p.Name, Tier: p.Tier(), Phone: contact(known, events.KindPhone), Email: contact(known, events.KindEmail),
		City: p.Text("city"), LastSeen: when(p.LastSeen), LastChannel: string(p.LastChannel), Events: p.Events, Orders: p.Orders,
		Matched: x.matched,
	}
	if kind := x.matched.Kind; kind == matchName || kind == matchInitials {
		h.Matched.Value = p.Name
	}
	return h, nil
}
