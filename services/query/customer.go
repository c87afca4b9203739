package query

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/query/brief"
)

const (
	// briefRows is how many of the newest events the brief looks at.
	briefRows = 120
	// briefKeeps is how long what a customer did may be the reason of a call. An open case may be for longer.
	briefKeeps = 14 * 24 * time.Hour
)

// customer answers with everything about one customer, from one view.
func (s *Service) customer(ctx context.Context, p *customerParams) (*CustomerAnswer, error) {
	var a *CustomerAnswer
	err := s.look(ctx, &p.moment, one(p.ID), func(v *scene) error {
		id, fragments, err := s.whoIs(ctx, v, p.ID)
		if err == nil {
			a, err = s.customerIn(ctx, v, id, fragments)
		}
		return err
	})
	return a, err
}

// customerIn reads a customer, of these fragments, in a scene.
func (s *Service) customerIn(ctx context.Context, v *scene, id uuid.UUID, fragments []uuid.UUID) (*CustomerAnswer, error) {
	known, err := v.people.Identifiers(ctx, v, fragments)
	if err != nil {
		return nil, fmt.Errorf("read the identifiers of a customer: %w", err)
	}
	like, err := s.profiles.Load(ctx, v, fragments)
	if err != nil {
		return nil, fmt.Errorf("read the profile of a customer: %w", err)
	}
	newest, err := s.timelines.Page(ctx, v, fragments, timeline.Query{Limit: briefRows})
	if err != nil {
		return nil, fmt.Errorf("read the newest events of a customer: %w", err)
	}
	a := answerCustomer(id, fragments, known, like, v.today)
	a.Brief = brief.Write(touches(newest.Rows, v.today.Add(-briefKeeps)), briefCases(like.Cases), s.book)
	a.Position, a.Moment = v.Checkpoint().Position, v.moment
	if a.Segments, err = s.segmentsOf(ctx, v, fragments); err != nil {
		return nil, err
	}
	if a.Churn, err = s.churnBrief(ctx, v, fragments); err != nil {
		return nil, err
	}
	if a.Value, err = s.glance(ctx, v, fragments); err != nil {
		return nil, err
	}
	if err := s.offersFor(ctx, v, fragments, a); err != nil {
		return nil, err
	}
	return a, nil
}

func answerCustomer(id uuid.UUID, fragments []uuid.UUID, known []identity.Known, p *profile.Profile, now time.Time) *CustomerAnswer {
	a := &CustomerAnswer{
		ID: id, Name: p.Name, Initials: initials(p.Name, p.GivenName),
		Fragments: answerFragments(fragments, p.Fragments), Identifiers: make([]IdentifierAnswer, 0, len(known)),
		Traits: make(map[string]Trait, len(p.Traits)), Totals: answerTotals(p),
		FirstSeen: when(p.FirstSeen), LastSeen: when(p.LastSeen), LastChannel: string(p.LastChannel),
		Consents: answerConsents(p.Consents), Cases: answerCases(p.Cases), Notes: answerNotes(p.Notes),
		Ribbon: answerRibbon(p.Ribbon(now)), Rhythm: answerRhythm(p.Rhythm(now)),
	}
	for i := range known {
		a.Identifiers = append(a.Identifiers, answerIdentifier(&known[i]))
	}
	for name, t := range p.Traits {
		a.Traits[name] = Trait{Value: json.RawMessage(t.Value), Grade: t.Grade.String(), Source: t.Source, Time: when(t.Time)}
	}
	return a
}

// answerFragments lists every fragment, with what its events brought if it has any.
func answerFragments(ids []uuid.UUID, parts []profile.Part) []FragmentAnswer {
	byID := make(map[uuid.UUID]*profile.Part, len(parts))
	for i := range parts {
		byID[parts[i].ID] = &parts[i]
	}
	all := make([]FragmentAnswer, len(ids))
	for i, id := range ids {
		all[i] = FragmentAnswer{ID: id, Channels: []string{}, Sources: []string{}}
		part, ok := byID[id]
		if !ok {
			continue
		}
		all[i].FirstSeen, all[i].LastSeen, all[i].Events = when(part.FirstSeen), when(part.LastSeen), part.Events
		all[i].Sources = append(all[i].Sources, part.Sources...)
		for _, c := range part.Channels {
			all[i].Channels = append(all[i].Channels, string(c))
		}
	}
	return all
}

func answerIdentifier(k *identity.Known) IdentifierAnswer {
	return IdentifierAnswer{
		Kind: k.Kind, Value: k.Value, Grade: k.Grade.String(), Fragments: k.Fragments, FirstSeen: when(k.FirstSeen), Inert: k.Inert,
	}
}

func answerTotals(p *profile.Profile) Totals {
	t := Totals{
		Events: p.Events, ByChannel: make(map[string]int64, len(p.ByChannel)), ByType: p.ByType,
		Orders: p.Orders, Cancelled: p.Cancelled, Revenue: answerAmounts(p.Revenue), Refunded: answerAmounts(p.Refunded),
		FirstOrderAt: when(p.FirstOrderAt), LastOrderAt: when(p.LastOrderAt), ByQuarter: make([]QuarterAmount, len(p.ByQuarter)),
	}
	for c, n := range p.ByChannel {
		t.ByChannel[string(c)] = n
	}
	for i, q := range p.ByQuarter {
		t.ByQuarter[i] = QuarterAmount{Quarter: q.Quarter, Currency: q.Currency, Amount: q.Amount.Amount}
	}
	return t
}

func answerAmounts(amounts []profile.Amount) []Amount {
	all := make([]Amount, len(amounts))
	for i, a := range amounts {
		all[i] = Amount{Currency: a.Currency, Amount: a.Amount}
	}
	return all
}

func answerConsents(consents []profile.Consent) []Consent {
	all := make([]Consent, len(consents))
	for i := range consents {
		c := &consents[i]
		all[i] = Consent{Purpose: c.Purpose, Medium: c.Medium, Given: c.Given, Time: when(c.Time), Source: c.Source}
	}
	return all
}

func answerCases(cases []profile.Case) []CaseAnswer {
	all := make([]CaseAnswer, len(cases))
	for i := range cases {
		c := &cases[i]
		all[i] = CaseAnswer{
			ID: c.ID, Subject: c.Subject, Category: c.Category, Complaint: c.Complaint, State: string(c.State),
			OpenedAt: when(c.OpenedAt), AnsweredAt: when(c.AnsweredAt), ClosedAt: when(c.ClosedAt),
			Channel: string(c.Channel), OrderID: c.OrderID, Agent: c.Agent,
		}
	}
	return all
}

func answerNotes(notes []profile.Note) []Note {
	all := make([]Note, len(notes))
	for i := range notes {
		n := &notes[i]
		all[i] = Note{ID: n.ID, Text: n.Text, Author: n.Author, Store: n.Store, Pinned: n.Pinned, Time: when(n.Time)}
	}
	return all
}

func answerRibbon(r profile.Ribbon) Ribbon {
	a := Ribbon{Start: r.Start.Format(time.DateOnly), Weeks: r.Weeks, Channels: make(map[string][]int64, len(r.Channels))}
	for c, weeks := range r.Channels {
		a.Channels[string(c)] = weeks
	}
	return a
}

func answerRhythm(r profile.Rhythm) Rhythm {
	var a Rhythm
	if r.UsualGapDays > 0 {
		a.UsualGapDays = &r.UsualGapDays
	}
	if r.SilentDays >= 0 {
		a.SilentDays = &r.SilentDays
	}
	return a
}

// maxInitials is how many letters an avatar has room for.
const maxInitials = 3

// initials returns what an avatar shows: a short given name as it is, else first letters.
func initials(name, given string) string {
	if runes := []rune(given); len(runes) > 0 && len(runes) <= maxInitials && unicode.Is(unicode.Hangul, runes[0]) {
		return given
	}
	var letters []rune
	for word := range strings.FieldsSeq(name) {
		if len(letters) < 2 {
			letters = append(letters, unicode.ToUpper([]rune(word)[0]))
		}
	}
	return string(letters)
}

// touches are the rows since a moment, newest first, as the brief reads them.
func touches(rows []timeline.Row, since time.Time) []brief.Touch {
	all := make([]brief.Touch, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		if r.Time.Before(since) {
			break
		}
		all = append(all, brief.Touch{Time: r.Time, Type: r.Type, Channel: r.Channel, Position: r.Position, Facts: rowFacts(r)})
	}
	return all
}

func briefCases(cases []profile.Case) []brief.Case {
	all := make([]brief.Case, len(cases))
	for i := range cases {
		c := &cases[i]
		all[i] = brief.Case{
			InquiryID: c.ID, State: string(c.State), OpenedAt: c.OpenedAt, Subject: c.Subject, Category: c.Category, OrderID: c.OrderID,
		}
	}
	return all
}

// contact returns the best proven value of a kind: what anybody may have typed is no way to reach a customer.
func contact(known []identity.Known, kind string) string {
	for i := range known {
		if known[i].Kind == kind && known[i].Grade >= events.Asserted && !known[i].Inert {
			return known[i].Value
		}
	}
	return ""
}
