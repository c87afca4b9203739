package identity

import (
	"github.com/google/uuid"
)

// settle derives the customers around the fragments that lost or won ties.
//
// A component with more than MaxGather fragments is taken apart by leaving out its weakest kinds of ties.
// fragment.left says how many kinds are left out, the fewest that make the component of a fragment small enough. It is
// the same for all of a component, and a function of the graph, which is why two things are looked at: where ties were
// lost, components may have become small enough again, whatever left says; where ties were won, one that was small
// enough may be no more.
func (g *graph) settle() {
	g.prefetch()
	for left := 0; len(g.cut)+len(g.grown) > 0; left++ {
		g.settleAt(left)
	}
}

// prefetch loads the neighbourhood of all that is to be settled in a few reads.
func (g *graph) prefetch() {
	seeds := append(append([]uuid.UUID(nil), g.cut...), g.grown...)
	for _, f := range seeds {
		for _, t := range g.see(f).ties {
			members.Want(g.b, t.name)
		}
	}
	for _, f := range seeds {
		for _, t := range g.see(f).ties {
			m, _ := members.See(g.b, t.name)
			for _, other := range m.ids {
				fragments.Want(g.b, other)
			}
		}
	}
}

// settleAt derives the components that are small enough with so many kinds left out, and leaves the rest in g.cut and g.grown.
func (g *graph) settleAt(left int) {
	cut, grown := g.cut, g.grown
	g.cut, g.grown = nil, nil
	settled, large := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, f := range cut {
		if settled[f] {
			continue
		}
		if !large[f] {
			part, whole := g.reach(f, left, true)
			if whole {
				g.derive(part, left)
			}
			mark(part, settled, large, whole)
		}
		if large[f] {
			g.cut = append(g.cut, f)
		}
	}
	for _, f := range grown {
		if settled[f] {
			continue
		}
		if g.see(f).left > left {
			g.grown = append(g.grown, f)
			continue
		}
		part, whole := g.reach(f, left, false)
		mark(part, settled, settled, whole)
		if whole {
			g.derive(part, left)
			continue
		}
		for _, other := range part {
			fragments.Change(g.b, other).left = left + 1
		}
		g.grown = append(g.grown, part...)
	}
}

func mark(part []uuid.UUID, whole, rest map[uuid.UUID]bool, isWhole bool) {
	for _, f := range part {
		if isWhole {
			whole[f] = true
		} else {
			rest[f] = true
		}
	}
}

// reach walks the graph from a fragment, with so many kinds left out, and returns the fragments it came to and whether
// they are a whole component of no more than MaxGather.
//
// Afresh, it stops when there are too many. Otherwise it does not go into fragments that are known to be in too large a
// component: it returns those that were not known to be.
func (g *graph) reach(from uuid.UUID, left int, afresh bool) (part []uuid.UUID, whole bool) {
	part, whole = []uuid.UUID{from}, true
	seen := map[uuid.UUID]bool{from: true}
	for next := 0; next < len(part); {
		edge := part[next:]
		next = len(part)
		for _, f := range g.neighbours(edge, left) {
			if seen[f] {
				continue
			}
			seen[f] = true
			if !afresh && g.see(f).left > left {
				whole = false
				continue
			}
			part = append(part, f)
		}
		if afresh && len(part) > g.rules.MaxGather {
			return part, false
		}
	}
	return part, whole && len(part) <= g.rules.MaxGather
}

// neighbours returns the fragments one step from any of those given, some of them more than once.
func (g *graph) neighbours(of []uuid.UUID, left int) []uuid.UUID {
	var names []name
	var found []uuid.UUID
	seen := map[name]bool{}
	for _, f := range of {
		for _, t := range g.see(f).ties {
			if g.uses(t.kind, left) && !seen[t.name] {
				seen[t.name] = true
				members.Want(g.b, t.name)
				names = append(names, t.name)
			}
		}
		found = append(found, g.decided(f, left)...)
	}
	tied := g.tiedBy(names)
	for _, f := range found {
		fragments.Want(g.b, f)
	}
	return append(found, tied...)
}

// tiedBy returns the fragments of identifiers but for the hubs, which no identifier ties.
func (g *graph) tiedBy(names []name) []uuid.UUID {
	var all, tied []uuid.UUID
	for _, n := range names {
		m, _ := members.See(g.b, n)
		for _, f := range m.ids {
			fragments.Want(g.b, f)
			all = append(all, f)
		}
	}
	for _, f := range all {
		if !g.hub(g.see(f).shared) {
			tied = append(tied, f)
		}
	}
	return tied
}

// decided returns the fragments that a decision links to f.
func (g *graph) decided(f uuid.UUID, left int) []uuid.UUID {
	var found []uuid.UUID
	if left > len(g.rules.Strength) {
		return nil
	}
	for _, d := range g.see(f).decisions {
		if d.linked {
			found = append(found, d.other)
		}
	}
	return found
}

// uses reports whether ties of a kind are looked at when so many kinds are left out.
func (g *graph) uses(kind string, left int) bool {
	return g.rules.rank(kind) <= len(g.rules.Strength)-left
}
