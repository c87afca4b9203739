package query

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

type searchParams struct {
	Identifier string `query:"identifier" maxlen:"300" doc:"exact look-up: kind:value, for example phone:+821012345678 (write + as %2B, a space is understood)"`
	Q          string `query:"q" maxlen:"200" doc:"what somebody typed: phone, e-mail, name, loyalty, order, inquiry or case number, or parts of them. As of an instant, of the first 50 customers that are found today those who were to be found so then"`
	Limit      int    `query:"limit" min:"1" max:"50" default:"20" doc:"customers in the answer"`
	Cursor     string `query:"cursor" maxlen:"32" doc:"next of the answer before"`
	moment
}

const (
	// maxFound bounds how many customers one search finds, over all its pages: who types so little that more match
	// has to type on.
	maxFound = 200
	// maxPerLookup bounds the matches that one look-up reads.
	maxPerLookup = 100
	// maxPhones bounds the phone numbers that the digits of one search are tried as.
	maxPhones = 60
)

// search answers who matches, exact matches first, proven before claimed.
func (s *Service) search(ctx context.Context, p *searchParams) (*SearchAnswer, error) {
	lookups, err := s.lookups(p)
	if err != nil {
		return nil, err
	}
	from, err := parsePlace(p.Cursor)
	if err != nil {
		return nil, err
	}
	a := &SearchAnswer{Customers: []Hit{}}
	err = s.look(ctx, &p.moment, s.candidates(p), func(v *scene) error {
		a.Position, a.Moment = v.Checkpoint().Position, v.moment
		found, err := find(ctx, v, lookups, &findings{want: min(from+p.Limit+1, maxFound), tells: v.tells})
		if err != nil {
			return err
		}
		page, next := found.page(from, p.Limit)
		a.Next = next
		return s.describe(ctx, v, page, a)
	})
	return a, err
}

// find looks in one way after the other until enough are found.
func find(ctx context.Context, v projections.View, lookups []lookup, found *findings) (*findings, error) {
	found.seen = map[uuid.UUID]bool{}
	for _, look := range lookups {
		if err := look(ctx, v, found); err != nil {
			return nil, err
		}
		if found.enough() {
			break
		}
	}
	return found, nil
}

// lookup is one way to find customers.
type lookup func(ctx context.Context, v projections.View, found *findings) error

// lookups says in which ways to look, the surest first.
func (s *Service) lookups(p *searchParams) ([]lookup, error) {
	switch {
	case p.Identifier != "" && p.Q != "":
		return nil, wrongParam("q", "identifier and q exclude each other; give one of them")
	case p.Identifier != "":
		kind, value, err := s.identifier(p.Identifier)
		if err != nil {
			return nil, err
		}
		return []lookup{s.byIdentifier(kind, value)}, nil
	case strings.TrimSpace(p.Q) != "":
		return s.classify(p.Q), nil
	}
	return []lookup{s.recent}, nil
}

// recentRows is how far back in the log customers who were active lately are looked for.
const recentRows = 500

// recent finds those whose touchpoints came in last: what to show somebody who has not typed anything yet.
func (s *Service) recent(ctx context.Context, v projections.View, found *findings) error {
	rows, err := s.timelines.Latest(ctx, v, recentRows)
	if err != nil {
		return fmt.Errorf("read the end of the timeline: %w", err)
	}
	var fragments []uuid.UUID
	for i := range rows {
		fragments = append(fragments, rows[i].Fragment)
	}
	fragments = distinct(fragments)
	customers, err := s.identities.Customers(ctx, v, fragments)
	if err != nil {
		return fmt.Errorf("find the customers of the last touchpoints: %w", err)
	}
	for _, f := range fragments {
		found.add(customers[f], Matched{Kind: "recent", Proven: true})
	}
	return nil
}

// identifier reads kind:value and brings it into the form that is stored.
func (s *Service) identifier(text string) (kind, value string, err error) {
	id, err := events.ParseIdentifier(text)
	if err != nil {
		return "", "", wrongParam("identifier", "identifier is not kind:value, for example phone:%2B821012345678")
	}
	raw := id.Value
	if id.Kind == events.KindPhone {
		raw = unescapedPlus(raw)
	}
	value, err = s.normaliser.Identifier(id.Kind, raw)
	if err != nil {
		return "", "", wrongParam("identifier", "identifier cannot be looked up: "+err.Error())
	}
	return id.Kind, value, nil
}

// classify says in which ways a text may be meant. Exact ways come first, because whoever types a whole number or
// address means just that; parts of numbers and names follow.
func (s *Service) classify(q string) []lookup {
	var ways []lookup
	if kind, value, err := s.identifier(strings.TrimSpace(q)); err == nil {
		ways = append(ways, s.byIdentifier(kind, value))
	}
	phone := unescapedPlus(q)
	ways = append(ways, s.exactly(phone)...)
	number, partOfNumber := s.byNumber(q)
	ways = append(ways, number)
	if digits, ok := events.PhoneQuery(phone); ok {
		ways = append(ways, s.byDigits(digits))
	}
	ways = append(ways, partOfNumber)
	if events.NameQuery(q) != "" {
		ways = append(ways, s.byName(q))
	}
	return ways
}

// exactly says as which whole identifiers a text may be meant. Loyalty and card numbers are tried in upper case too:
// nobody holds the shift key for them.
func (s *Service) exactly(q string) []lookup {
	var ways []lookup
	for _, kind := range [...]string{events.KindPhone, events.KindEmail, events.KindLoyaltyID, events.KindUserID, events.KindCard} {
		value, err := s.normaliser.Identifier(kind, q)
		if err != nil {
			continue
		}
		ways = append(ways, s.byIdentifier(kind, value))
		upper := strings.ToUpper(value)
		if upper != value && (kind == events.KindLoyaltyID || kind == events.KindCard) {
			ways = append(ways, s.byIdentifier(kind, upper))
		}
	}
	return ways
}

// unescapedPlus gives a phone number its + back where a URL turned it into a space: " 82 10…".
func unescapedPlus(q string) string {
	if rest := strings.TrimPrefix(q, " "); rest != q && rest != "" && rest[0] >= '1' && rest[0] <= '9' {
		return "+" + rest
	}
	return q
}

// byIdentifier finds those who have exactly this identifier, or claim it.
func (s *Service) byIdentifier(kind, value string) lookup {
	return func(ctx context.Context, v projections.View, found *findings) error {
		matches, err := s.identities.ByIdentifier(ctx, v, kind, value, maxPerLookup)
		if err != nil {
			return fmt.Errorf("look up an identifier: %w", err)
		}
		for _, m := range matches {
			found.add(m.Customer, Matched{Kind: kind, Value: value, Proven: m.Proven})
		}
		return nil
	}
}

// byDigits finds those with a phone number that these digits are part of.
func (s *Service) byDigits(digits string) lookup {
	return func(ctx context.Context, v projections.View, found *findings) error {
		phones, err := s.identities.ByDigits(ctx, v, digits, maxPhones)
		if err != nil {
			return fmt.Errorf("look up digits: %w", err)
		}
		for _, phone := range phones {
			if found.enough() {
				return nil
			}
			if err := s.byIdentifier(events.KindPhone, phone)(ctx, v, found); err != nil {
				return err
			}
		}
		return nil
	}
}

func distinct(ids []uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(ids))
	kept := ids[:0:0]
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}
