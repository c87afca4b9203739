package identity

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Evidence is the event that first showed an identifier in a fragment at a grade.
type Evidence struct {
	Fragment        uuid.UUID
	Grade           events.Grade
	Source, EventID string
	Time            time.Time
}

// Known is an identifier of a customer, at the best grade it was seen at.
type Known struct {
	events.Identifier
	// Fragments have it, in the order of their ids.
	Fragments []uuid.UUID
	FirstSeen time.Time
	// Inert: too many fragments share it, or it is blocked, so it ties nobody.
	Inert bool
	// Evidence is in the order of fragments, then of grades.
	Evidence []Evidence
}

// Link is a reason why two fragments are one customer. The event is the later of the two that made it.
type Link struct {
	A, B uuid.UUID
	// Because is "kind:value" or "decision".
	Because         string
	Grade           events.Grade
	Source, EventID string
	Time            time.Time
}

// Decision is the latest decision about a pair of fragments; A is the smaller id.
type Decision struct {
	A, B            uuid.UUID
	Linked          bool
	Reason, Actor   string
	Source, EventID string
	Time            time.Time
}

// Suggestion is a customer who may be the same person, because of something only claimed.
type Suggestion struct {
	Customer uuid.UUID
	// Because is "claimed kind:value".
	Because string
}

// Explanation is all there is to say about who a customer is.
type Explanation struct {
	Fragments   []uuid.UUID
	Identifiers []Known
	Links       []Link
	Decisions   []Decision
	Suggestions []Suggestion
}

// moreShown is how many identifiers of one fragment are shown beyond those in its row.
const moreShown = 200

// suggestionsShown bounds the suggestions and the claims looked at for one identifier.
const suggestionsShown = 50

// Identifiers returns the identifiers of these fragments, strongest kinds first, with their evidence. Of a fragment
// known by very many it shows the first 232.
func (r *Room) Identifiers(ctx context.Context, from projections.Reader, of []uuid.UUID) ([]Known, error) {
	x, err := r.read(ctx, from, of)
	if err != nil {
		return nil, err
	}
	return x.identifiers(), nil
}

// Explain returns why these fragments, which are those of a customer, are one.
func (r *Room) Explain(ctx context.Context, from projections.Reader, of []uuid.UUID) (Explanation, error) {
	x, err := r.read(ctx, from, of)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{Fragments: x.ids, Identifiers: x.identifiers(), Decisions: x.decisions()}
	e.Links = x.links(e.Identifiers, e.Decisions)
	e.Suggestions, err = x.suggest(ctx, from, e.Identifiers)
	return e, err
}

// reading is what was read to explain some fragments.
type reading struct {
	rules   *compiled
	ids     []uuid.UUID
	states  map[uuid.UUID]*fragment
	members map[name][]uuid.UUID
}

func (r *Room) read(ctx context.Context, from projections.Reader, of []uuid.UUID) (*reading, error) {
	x := &reading{rules: &r.rules, ids: slices.Clone(of), states: map[uuid.UUID]*fragment{}}
	slices.SortFunc(x.ids, compareIDs)
	err := from.Get(ctx, fragmentsTable, fragmentKeys(x.ids), func(row projections.Row) error {
		f, s, err := decodeFragment(row)
		x.states[f] = &s
		return err
	})
	if err != nil {
		return nil, err
	}
	seen := map[name]bool{}
	var names []name
	for _, f := range x.ids {
		s := x.state(f)
		if err := s.readMore(ctx, from, f); err != nil {
			return nil, err
		}
		for i := range s.known {
			if n := s.known[i].name; !seen[n] {
				seen[n] = true
				names = append(names, n)
			}
		}
	}
	x.members, err = readMembers(ctx, from, names)
	return x, err
}

func (x *reading) state(f uuid.UUID) *fragment {
	if s, ok := x.states[f]; ok {
		return s
	}
	return &fragment{}
}

// readMore adds identifiers that did not fit the row.
func (s *fragment) readMore(ctx context.Context, from projections.Reader, f uuid.UUID) error {
	if len(s.known) < maxInline {
		return nil
	}
	in := projections.Range{Prefix: []any{f[:]}, Limit: moreShown}
	return from.Scan(ctx, moreTable, in, func(row projections.Row) (bool, error) {
		_, k, err := more.Decode(row)
		s.known = append(s.known, k)
		return true, err
	})
}

func (x *reading) identifiers() []Known {
	place := map[name]int{}
	var all []Known
	for _, f := range x.ids {
		s := x.state(f)
		for i := range s.known {
			k := &s.known[i]
			at, ok := place[k.name]
			if !ok {
				at = len(all)
				place[k.name] = at
				all = append(all, Known{
					Identifier: k.identifier(), FirstSeen: k.proofTime(),
					Inert: x.rules.inert(k.kind, k.value, len(x.members[k.name])),
				})
			}
			all[at].add(f, k)
		}
	}
	slices.SortFunc(all, func(a, b Known) int {
		return cmp.Or(cmp.Compare(x.rules.rank(a.Kind), x.rules.rank(b.Kind)), cmp.Compare(b.Grade, a.Grade),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	})
	return all
}

func (k *known) proofTime() time.Time { p := k.first(); return p.at() }

func (k *Known) add(f uuid.UUID, in *known) {
	k.Fragments = append(k.Fragments, f)
	k.Grade = max(k.Grade, in.grade())
	if t := in.proofTime(); t.Before(k.FirstSeen) {
		k.FirstSeen = t
	}
	for i, p := range in.proofs {
		if p.set {
			g := events.Claimed + events.Grade(i) // #nosec G115 -- one of three
			k.Evidence = append(k.Evidence, Evidence{f, g, p.source, p.id, p.at()})
		}
	}
}

func (x *reading) decisions() []Decision {
	var all []Decision
	for _, f := range x.ids {
		for _, d := range x.state(f).decisions {
			a, b := f, d.other
			if compareIDs(b, a) < 0 {
				if _, both := x.states[b]; both {
					continue // told by the other one
				}
				a, b = b, a
			}
			all = append(all, Decision{a, b, d.linked, d.reason, d.actor, d.proof.source, d.proof.id, d.proof.at()})
		}
	}
	return all
}

// links returns, for every identifier that ties fragments of this customer, the first of them with each other one, and
// the decisions that link two of them.
func (x *reading) links(identifiers []Known, decisions []Decision) []Link {
	var all []Link
	for _, d := range decisions {
		if x.states[d.A] != nil && x.states[d.B] != nil && d.Linked {
			all = append(all, Link{d.A, d.B, "decision", events.Verified, d.Source, d.EventID, d.Time})
		}
	}
	for i := range identifiers {
		id := &identifiers[i]
		n := name{id.Kind, id.Value}
		var first *tied
		for _, f := range id.Fragments {
			t, ok := x.tie(f, n)
			switch {
			case !ok:
			case first == nil:
				first = &t
			default:
				all = append(all, first.link(&t, id.String()))
			}
		}
	}
	return all
}

// tied is one fragment's side of a tie.
type tied struct {
	fragment uuid.UUID
	grade    events.Grade
	proof    proof
}

func (x *reading) tie(f uuid.UUID, n name) (tied, bool) {
	s := x.state(f)
	i, found := s.searchTie(n)
	if !found {
		return tied{}, false
	}
	at := slices.IndexFunc(s.known, func(k known) bool { return k.name == n })
	if at < 0 {
		return tied{fragment: f, grade: s.ties[i].grade}, true
	}
	return tied{f, s.ties[i].grade, s.known[at].proofs[slot(s.ties[i].grade)]}, true
}

func (a *tied) link(b *tied, because string) Link {
	later := b.proof
	if a.proof.compare(&later) > 0 {
		later = a.proof
	}
	return Link{a.fragment, b.fragment, because, min(a.grade, b.grade), later.source, later.id, later.at()}
}

// suggest looks, for what these fragments only claim, at those who have it, and for what they have, at those who claim it.
func (x *reading) suggest(ctx context.Context, from projections.Reader, identifiers []Known) ([]Suggestion, error) {
	var all []Suggestion
	for i := range identifiers {
		id := &identifiers[i]
		if id.Kind == events.KindAnonymousID || id.Kind == events.KindDevice || id.Inert || len(all) >= suggestionsShown {
			continue
		}
		others, err := x.counterparts(ctx, from, id)
		if err != nil {
			return nil, err
		}
		for _, customer := range others {
			all = append(all, Suggestion{customer, "claimed " + id.String()})
		}
	}
	return all[:min(len(all), suggestionsShown)], nil
}

func (x *reading) counterparts(ctx context.Context, from projections.Reader, id *Known) ([]uuid.UUID, error) {
	n := name{id.Kind, id.Value}
	found := x.members[n]
	if id.Links() {
		var err error
		if found, err = readClaims(ctx, from, n, suggestionsShown); err != nil {
			return nil, err
		}
	}
	matches := make([]Match, 0, len(found))
	for _, f := range found[:min(len(found), suggestionsShown)] {
		if x.states[f] == nil {
			matches = append(matches, Match{Fragment: f})
		}
	}
	if err := resolveMatches(ctx, from, matches); err != nil {
		return nil, err
	}
	var customers []uuid.UUID
	for _, m := range matches {
		if !slices.Contains(customers, m.Customer) {
			customers = append(customers, m.Customer)
		}
	}
	return customers, nil
}
