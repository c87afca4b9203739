package identity

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// derive divides a component into customers and writes down which fragment belongs to which.
//
// Ties are made from the strongest to the weakest: decisions, then by grade, then by kind; a tie that would bring
// two fragments together which were decided apart, or make a customer too large, is not made. Every choice
// is by grade, kind, value and fragment id, never by what came first.
func (g *graph) derive(component []uuid.UUID, left int) {
	slices.SortFunc(component, compareIDs)
	u := newUnion(component, g.rules.MaxComponent)
	if left <= len(g.rules.Strength) {
		g.applyDecisions(u)
	}
	for _, group := range groups(g.bonds(u, left)) {
		u.joinAll(group)
	}
	for i, f := range component {
		customer := component[u.find(i)]
		if s := g.see(f); s.customer != customer || s.left != left {
			s = fragments.Change(g.b, f)
			if s.customer != customer {
				g.moves = append(g.moves, move{f, s.customer, customer})
			}
			s.customer, s.left = customer, left
		}
	}
}

// applyDecisions keeps apart, then links, what was decided so. Pairs are taken in the order of their ids.
func (g *graph) applyDecisions(u *union) {
	var links [][2]int
	for i, f := range u.ids {
		for _, d := range g.see(f).decisions {
			j, here := u.index(d.other)
			switch {
			case !here || j < i:
			case d.linked:
				links = append(links, [2]int{i, j})
			default:
				u.forbid(i, j)
			}
		}
	}
	for _, l := range links {
		u.join(l[0], l[1])
	}
}

// bond is a fragment's part in a tie, at one grade.
type bond struct {
	name
	grade    events.Grade
	rank     int
	fragment int
}

// bonds returns the bonds of a component, the strongest first. A bond of a good grade counts at the lower ones too,
// so that a verified phone and an asserted one meet.
func (g *graph) bonds(u *union, left int) []bond {
	var all []bond
	for i, f := range u.ids {
		for _, t := range g.see(f).ties {
			if !g.uses(t.kind, left) {
				continue
			}
			for grade := t.grade; grade >= events.Claimed; grade-- {
				all = append(all, bond{t.name, grade, g.rules.rank(t.kind), i})
			}
		}
	}
	slices.SortFunc(all, func(a, b bond) int {
		return cmp.Or(cmp.Compare(b.grade, a.grade), cmp.Compare(a.rank, b.rank), byName(a.name, b.name),
			cmp.Compare(a.fragment, b.fragment))
	})
	return all
}

// groups splits sorted bonds into the fragments that one identifier holds together at one grade.
func groups(sorted []bond) [][]int {
	var all [][]int
	for i := range sorted {
		if i == 0 || sorted[i].grade != sorted[i-1].grade || sorted[i].name != sorted[i-1].name {
			all = append(all, nil)
		}
		last := &all[len(all)-1]
		*last = append(*last, sorted[i].fragment)
	}
	return all
}

// union is a union-find over fragments in the order of their ids; the root of a set is its smallest.
type union struct {
	ids    []uuid.UUID
	parent []int
	size   []int
	foes   [][]int // of a root: fragments that must not join its set
	limit  int
}

func newUnion(ids []uuid.UUID, limit int) *union {
	u := &union{ids: ids, parent: make([]int, len(ids)), size: make([]int, len(ids)), foes: make([][]int, len(ids)), limit: limit}
	for i := range ids {
		u.parent[i], u.size[i] = i, 1
	}
	return u
}

func (u *union) index(id uuid.UUID) (int, bool) {
	return slices.BinarySearchFunc(u.ids, id, compareIDs)
}

func (u *union) find(i int) int {
	for u.parent[i] != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = u.parent[i]
	}
	return i
}

func (u *union) forbid(i, j int) {
	u.foes[i] = append(u.foes[i], j)
	u.foes[j] = append(u.foes[j], i)
}

// join makes one set of two if it may, and reports whether they are one now.
func (u *union) join(i, j int) bool {
	i, j = u.find(i), u.find(j)
	if i == j {
		return true
	}
	if u.size[i]+u.size[j] > u.limit || u.apart(i, j) {
		return false
	}
	if j < i {
		i, j = j, i
	}
	u.parent[j] = i
	u.size[i] += u.size[j]
	u.foes[i] = append(u.foes[i], u.foes[j]...)
	return true
}

func (u *union) apart(i, j int) bool {
	if len(u.foes[j]) < len(u.foes[i]) {
		i, j = j, i
	}
	for _, foe := range u.foes[i] {
		if u.find(foe) == j {
			return true
		}
	}
	return false
}

// joinAll joins each fragment to the first of those before it that it may be with.
func (u *union) joinAll(group []int) {
	var heads []int
	for _, f := range group {
		if !slices.ContainsFunc(heads, func(head int) bool { return u.join(head, f) }) {
			heads = append(heads, f)
		}
	}
}
