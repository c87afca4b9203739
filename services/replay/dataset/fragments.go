package dataset

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
)

// part is a row of fragments.
type part struct {
	fragment, customer uuid.UUID
	profile.Part
}

// fragments is the source identities that customers are made of.
func fragments() *Dataset {
	return define("fragments", "One row for every fragment: a source identity, to which an event belongs for ever.", []field[part]{
		as(Column{Name: "fragment", Type: Text, Index: true, Doc: "Fragment id."},
			func(p *part) Value { return id(p.fragment) }),
		as(Column{Name: "customer", Type: Text, Index: true, Doc: "The customer it belongs to."},
			func(p *part) Value { return id(p.customer) }),
		as(Column{Name: "events", Type: Int, Unit: "events", Doc: "How many events it has."},
			func(p *part) Value { return count(p.Events) }),
		as(Column{Name: "first_seen", Type: Timestamp, Nullable: true, Doc: "When its earliest event happened; null if it has none."},
			func(p *part) Value { return moment(p.FirstSeen) }),
		as(Column{Name: "last_seen", Type: Timestamp, Nullable: true, Doc: "When its latest event happened; null if it has none."},
			func(p *part) Value { return moment(p.LastSeen) }),
		as(Column{Name: "channels", Type: Text, Few: true, Nullable: true, Doc: "The channels it came through, with commas between them."},
			func(p *part) Value { return maybe(join(p.Channels)) }),
		as(Column{Name: "sources", Type: Text, Few: true, Nullable: true, Doc: "The sources that tell of it, with commas between them."},
			func(p *part) Value { return maybe(strings.Join(p.Sources, ",")) }),
	}, eachPart)
}

func join(channels []events.Channel) string {
	names := make([]string, len(channels))
	for i, c := range channels {
		names[i] = string(c)
	}
	return strings.Join(names, ",")
}

func eachPart(ctx context.Context, s *Source, _ Query, emit func([]part) error) error {
	complete := func(rows []part) error {
		ids := make([]uuid.UUID, len(rows))
		for i := range rows {
			ids[i] = rows[i].fragment
		}
		parts, err := s.Profile.Parts(ctx, s.View, ids)
		if err != nil {
			return err
		}
		for i := range rows {
			rows[i].Part = parts[rows[i].fragment]
		}
		return emit(rows)
	}
	g := gather[part]{emit: complete}
	err := s.Identity.EachFragment(ctx, s.View, func(f, customer uuid.UUID) error {
		return g.add(part{fragment: f, customer: customer})
	})
	if err != nil {
		return err
	}
	return g.flush()
}

// identifiers is what fragments are known by.
func identifiers() *Dataset {
	return define("identifiers", "One row for every identifier of every fragment.", []field[identity.Owned]{
		as(Column{Name: "fragment", Type: Text, Index: true, Doc: "The fragment that is known by it."},
			func(o *identity.Owned) Value { return id(o.Fragment) }),
		as(Column{Name: "customer", Type: Text, Index: true, Doc: "The customer it belongs to."},
			func(o *identity.Owned) Value { return id(o.Customer) }),
		as(Column{Name: "kind", Type: Text, Few: true, Doc: "user_id, loyalty_id, card, email, phone, device, anonymous_id, or a kind of the source's own."},
			func(o *identity.Owned) Value { return text(o.Kind) }),
		as(Column{Name: "value", Type: Text, Index: true, Doc: "Its value, normalised: phones are E.164."},
			func(o *identity.Owned) Value { return text(o.Value) }),
		as(Column{Name: "grade", Type: Text, Few: true, Doc: "How far it can be believed: claimed, asserted or verified."},
			func(o *identity.Owned) Value { return text(o.Grade.String()) }),
		as(Column{Name: "first_seen", Type: Timestamp, Nullable: true, Doc: "When the first event that gave it happened."},
			func(o *identity.Owned) Value { return moment(o.FirstSeen) }),
		as(Column{Name: "inert", Type: Bool, Doc: "True if too many fragments share it, or it is blocked, so that it ties nobody."},
			func(o *identity.Owned) Value { return flag(o.Inert) }),
	}, func(ctx context.Context, s *Source, _ Query, emit func([]identity.Owned) error) error {
		return s.Identity.EachIdentifier(ctx, s.View, emit)
	})
}

// link is a row of links.
type link struct {
	customer uuid.UUID
	identity.Link
}

// links is the evidence for who is one customer.
func links() *Dataset {
	return define("links", "One row for every reason why two fragments are one customer.", []field[link]{
		as(Column{Name: "customer", Type: Text, Index: true, Doc: "The customer that both belong to."},
			func(l *link) Value { return id(l.customer) }),
		as(Column{Name: "a", Type: Text, Doc: "One fragment."},
			func(l *link) Value { return id(l.A) }),
		as(Column{Name: "b", Type: Text, Doc: "The other fragment."},
			func(l *link) Value { return id(l.B) }),
		as(Column{Name: "because", Type: Text, Doc: "The identifier that they share, kind:value, or decision."},
			func(l *link) Value { return text(l.Because) }),
		as(Column{Name: "grade", Type: Text, Few: true, Doc: "How far it can be believed: claimed, asserted or verified."},
			func(l *link) Value { return text(l.Grade.String()) }),
		as(Column{Name: "since", Type: Timestamp, Nullable: true, Doc: "When the later of the two events that made it happened."},
			func(l *link) Value { return moment(l.Time) }),
		as(Column{Name: "source", Type: Text, Few: true, Nullable: true, Doc: "Who told us of that event."},
			func(l *link) Value { return maybe(l.Source) }),
		as(Column{Name: "event_id", Type: Text, Nullable: true, Doc: "That event's id at its source."},
			func(l *link) Value { return maybe(l.EventID) }),
	}, perCustomer(func(ctx context.Context, s *Source, customer uuid.UUID, of []uuid.UUID) ([]link, error) {
		if len(of) < 2 {
			return nil, nil
		}
		all, err := s.Identity.Links(ctx, s.View, of)
		rows := make([]link, len(all))
		for i := range all {
			rows[i] = link{customer, all[i]}
		}
		return rows, err
	}))
}

// perCustomer makes the rows of a dataset customer by customer.
func perCustomer[T any](
	rows func(ctx context.Context, s *Source, customer uuid.UUID, of []uuid.UUID) ([]T, error),
) func(context.Context, *Source, Query, func([]T) error) error {
	return func(ctx context.Context, s *Source, _ Query, emit func([]T) error) error {
		g := gather[T]{emit: emit}
		err := s.Identity.EachCustomer(ctx, s.View, func(customer uuid.UUID, of []uuid.UUID) error {
			some, err := rows(ctx, s, customer, of)
			if err != nil {
				return err
			}
			return g.add(some...)
		})
		if err != nil {
			return err
		}
		return g.flush()
	}
}

// object is a JSON object as text; null if it is empty.
func object[V any](members map[string]V) Value {
	if len(members) == 0 {
		return Value{}
	}
	b, err := json.Marshal(members) // with sorted names
	if err != nil {
		return Value{}
	}
	return maybe(b)
}
