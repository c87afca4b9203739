package identity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// graph is the work of one Settle.
type graph struct {
	rules *compiled
	b     *projections.Batch
	// cut are fragments that lost a tie, grown are those that won one. Both lists may name one fragment often.
	cut, grown []uuid.UUID
	moves      []move // fragments that changed hands, in that order
}

// see returns the state of a fragment for reading.
func (g *graph) see(f uuid.UUID) *fragment {
	s, _ := fragments.See(g.b, f)
	return s
}

// hub reports whether so many identifiers tie the fragment that it stands alone.
func (g *graph) hub(shared uint64) bool {
	return shared > uint64(g.rules.MaxTies) // #nosec G115 -- above 0
}

// enter adds the fragments of the batch to the identifiers that began to link them.
func (g *graph) enter() {
	for _, f := range slices.Clone(fragments.Changed(g.b)) {
		s := g.see(f)
		for _, n := range s.fresh {
			m, stored := members.See(g.b, n)
			if !stored {
				putDigits(g.b, n, provenDigits)
			}
			if len(m.ids) == maxMembers && compareIDs(m.ids[maxMembers-1], f) < 0 {
				fragments.Change(g.b, f).shared++ // not among the smallest: nothing changes but for f itself
				continue
			}
			members.Change(g.b, n).add(f)
		}
		if s.torn {
			g.cut, g.grown = append(g.cut, f), append(g.grown, f)
		}
	}
}

// tie makes and breaks the ties that follow from the identifiers that changed.
func (g *graph) tie() {
	changed := slices.Clone(members.Changed(g.b))
	g.wantMembers(changed)
	for _, n := range changed {
		g.share(n)
	}
	g.breakHubs()
	for _, n := range changed {
		g.retie(n)
	}
	for _, f := range slices.Clone(fragments.Changed(g.b)) {
		g.raise(f)
	}
}

// wantMembers loads the fragments whose ties may change. Those of an identifier that is inert already do not.
func (g *graph) wantMembers(names []name) {
	for _, n := range names {
		m, _ := members.See(g.b, n)
		if len(m.old) > 1 && !g.rules.ties(n.kind, n.value, len(m.old)) {
			continue
		}
		for _, f := range m.old {
			fragments.Want(g.b, f)
		}
	}
}

// share counts the identifier for each fragment that from now on shares it.
func (g *graph) share(n name) {
	m, _ := members.See(g.b, n)
	if len(m.ids) < 2 {
		return
	}
	sharing := m.added
	if len(m.old) == 1 {
		sharing = append(slices.Clone(m.old), m.added...)
	}
	for _, f := range sharing {
		fragments.Change(g.b, f).shared++
	}
}

// breakHubs unties the fragments that became hubs.
func (g *graph) breakHubs() {
	for _, f := range slices.Clone(fragments.Changed(g.b)) {
		s := g.see(f)
		if !g.hub(s.shared) || g.hub(s.before) {
			continue
		}
		for _, t := range s.ties {
			m, _ := members.See(g.b, t.name)
			g.cut = append(g.cut, m.ids...)
		}
		s.ties = nil
		g.cut = append(g.cut, f)
	}
}

// retie ties the fragments of an identifier, or unties them when there are too many.
func (g *graph) retie(n name) {
	m, _ := members.See(g.b, n)
	before, now := g.rules.ties(n.kind, n.value, len(m.old)), g.rules.ties(n.kind, n.value, len(m.ids))
	switch {
	case now && before:
		g.addTies(n, m.added)
		g.grown = append(g.grown, m.ids...) // those that were there may not know yet that they are too many
	case now:
		g.addTies(n, m.ids)
	case before:
		for _, f := range m.old {
			fragments.Change(g.b, f).dropTie(n)
		}
		g.cut = append(g.cut, m.old...)
	}
}

func (g *graph) addTies(n name, to []uuid.UUID) {
	for _, f := range to {
		s := g.see(f)
		if g.hub(s.shared) {
			continue
		}
		if k := s.find(g.b, f, n); k != nil && fragments.Change(g.b, f).setTie(n, k.grade()) {
			g.grown = append(g.grown, f)
		}
	}
}

// raise notes better grades in the ties, which changes the order in which ties are made.
func (g *graph) raise(f uuid.UUID) {
	s := g.see(f)
	for _, n := range s.raised {
		if _, tied := s.searchTie(n); tied {
			g.addTies(n, []uuid.UUID{f})
		}
	}
}

// forget clears what the states noted for this batch only: the engine may keep them for the next one.
func (g *graph) forget() {
	for _, f := range fragments.Changed(g.b) {
		s := fragments.Change(g.b, f)
		s.fresh, s.raised, s.torn, s.before = nil, nil, false, s.shared
	}
	for _, n := range members.Changed(g.b) {
		m := members.Change(g.b, n)
		m.old, m.added = slices.Clone(m.ids), nil
	}
}
