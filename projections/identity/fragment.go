package identity

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// proof is the event that first said something: the least by (time, source, id), whenever it arrived.
type proof struct {
	time       int64 // Unix microseconds
	source, id string
	set        bool
}

func proofOf(t *projections.Touch) proof {
	return proof{time: t.Time.UnixMicro(), source: t.Source, id: t.ID, set: true}
}

func (p *proof) compare(q *proof) int {
	if c := cmp.Compare(p.time, q.time); c != 0 {
		return c
	}
	if c := cmp.Compare(p.source, q.source); c != 0 {
		return c
	}
	return cmp.Compare(p.id, q.id)
}

func (p *proof) at() time.Time { return time.UnixMicro(p.time).UTC() }

// known is one identifier of a fragment, with the first proof of each grade it was seen at.
type known struct {
	name
	proofs [3]proof // by grade, claimed first
}

func slot(g events.Grade) int { return int(max(g, events.Claimed) - events.Claimed) }

// grade is the best grade it was seen at.
func (k *known) grade() events.Grade {
	for g := events.Verified; g >= events.Claimed; g-- {
		if k.proofs[slot(g)].set {
			return g
		}
	}
	return 0
}

func (k *known) identifier() events.Identifier {
	return events.Identifier{Kind: k.kind, Value: k.value, Grade: k.grade()}
}

func (k *known) links() bool { return k.grade() != 0 && k.identifier().Links() }

// says reports whether p adds nothing.
func (k *known) says(g events.Grade, p *proof) bool {
	had := &k.proofs[slot(g)]
	return had.set && had.compare(p) <= 0
}

// first returns the earliest proof of any grade.
func (k *known) first() proof {
	var least proof
	for _, p := range k.proofs {
		if p.set && (!least.set || p.compare(&least) < 0) {
			least = p
		}
	}
	return least
}

// maxInline is how many identifiers a fragment's own row holds, the least by name; the others are in identity_more.
const maxInline = 32

// fragment is the state of a row of identity_fragments.
type fragment struct {
	customer  uuid.UUID
	known     []known    // sorted by name
	ties      []tie      // sorted by name
	shared    uint64     // identifiers that link and that another fragment has too; only grows
	left      int        // how many of the weakest kinds are left out, see Rules.MaxGather
	decisions []decision // sorted by other

	// of this batch
	fresh  []name // identifiers that began to link
	raised []name // identifiers that were proved better
	torn   bool   // a decision changed
	before uint64 // shared, before it
}

// tie is an identifier that ties the fragment to others, at its best grade here.
type tie struct {
	name
	grade events.Grade
}

// decision is the latest decision about the fragment and another.
type decision struct {
	other         uuid.UUID
	linked        bool
	proof         proof
	reason, actor string
}

func byName(a, b name) int {
	if c := cmp.Compare(a.kind, b.kind); c != 0 {
		return c
	}
	return cmp.Compare(a.value, b.value)
}

func (s *fragment) search(n name) (int, bool) {
	return slices.BinarySearchFunc(s.known, n, func(k known, n name) int { return byName(k.name, n) })
}

func (s *fragment) searchTie(n name) (int, bool) {
	return slices.BinarySearchFunc(s.ties, n, func(t tie, n name) int { return byName(t.name, n) })
}

// setTie adds a tie or its better grade, and reports whether that changed anything.
func (s *fragment) setTie(n name, g events.Grade) bool {
	i, found := s.searchTie(n)
	if found {
		changed := s.ties[i].grade != g
		s.ties[i].grade = g
		return changed
	}
	s.ties = slices.Insert(s.ties, i, tie{n, g})
	return true
}

func (s *fragment) dropTie(n name) {
	if i, found := s.searchTie(n); found {
		s.ties = slices.Delete(s.ties, i, i+1)
	}
}

// decide takes a decision in if it is the latest about the pair, and reports whether it changed what holds.
func (s *fragment) decide(d decision) bool {
	i, found := slices.BinarySearchFunc(s.decisions, d.other, func(x decision, id uuid.UUID) int { return compareIDs(x.other, id) })
	if !found {
		s.decisions = slices.Insert(s.decisions, i, d)
		return true
	}
	had := &s.decisions[i]
	if d.proof.compare(&had.proof) <= 0 {
		return false
	}
	changed := had.linked != d.linked
	*had = d
	return changed
}

func compareIDs(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }
