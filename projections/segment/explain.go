package segment

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// MaxEvidence is how many touchpoints one condition shows as evidence: the latest.
const MaxEvidence = 20

// Explanation says why a customer is, or is not, in a segment as of a time.
type Explanation struct {
	In bool
	// At is the time it is about, Due when the answer may change next if nothing happens; Unix microseconds.
	At, Due int64
	Root    Condition
	// Pivotal are the touchpoints each of which, had it alone not happened, would have turned the answer over; newest first.
	// There need not be one: what five touchpoints say, no single one decides.
	Pivotal []history.Ref
}

// Condition is one condition of a rule and how it came out.
type Condition struct {
	// Pointer is the JSON pointer of the condition; Segment names the segment whose rule it leads into, "" for the rule itself.
	Pointer, Segment string
	// Words say what is wanted.
	Words  events.Text
	Passed bool
	// Observed is what there was, Wanted what the rule asks for, both as data: "3" and "≥ 5". Empty for conditions that hold
	// others.
	Observed, Wanted string
	// Evidence are the touchpoints that the answer rests on, newest first, at most MaxEvidence of Total.
	Evidence []history.Ref
	Total    int
	Parts    []Condition
}

// sight is what a condition sees.
type sight struct {
	observed, wanted string
	refs             []history.Ref
}

func (s *sight) add(t *history.Touchpoint) {
	if t != nil {
		s.refs = append(s.refs, t.Ref())
	}
}

// Explain says why the customer is, or is not, in the segment as of a time.
func (p *Program) Explain(h *history.History, at int64) Explanation {
	e := Explanation{At: at, Root: explain(p.root, h, at, "", "")}
	e.In, e.Due = p.At(h, at)
	e.Pivotal = p.pivotal(h, at, e.In)
	return e
}

func explain(c condition, h *history.History, at int64, pointer, segment string) Condition {
	x := Condition{Pointer: pointer, Segment: segment, Words: c.words()}
	x.Passed, _ = c.at(h, at)
	var s sight
	c.see(h, at, &s)
	x.Observed, x.Wanted = s.observed, s.wanted
	slices.SortFunc(s.refs, newer)
	s.refs = slices.Compact(s.refs)
	x.Total, x.Evidence = len(s.refs), s.refs[:min(len(s.refs), MaxEvidence)]
	switch c := c.(type) {
	case *group:
		for i, part := range c.parts {
			x.Parts = append(x.Parts, explain(part, h, at, pointer+c.key(i), segment))
		}
	case *negation:
		x.Parts = []Condition{explain(c.part, h, at, pointer+"/not", segment)}
	case *member:
		x.Parts = []Condition{explain(c.part, h, at, "", c.name)}
	}
	return x
}

// newer sorts the newest first.
func newer(a, b history.Ref) int {
	return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.Key, a.Key), slices.Compare(b.Fragment[:], a.Fragment[:]))
}

// pivotal tries every touchpoint that may matter: it judges the customer without it. So that this stays cheap for customers
// with thousands of touchpoints, only those that the rule reads at all are looked at.
func (p *Program) pivotal(h *history.History, at int64, in bool) []history.Ref {
	read := p.reads(h, at)
	var tried, found []history.Ref
	p.root.suspects(read, at, func(t *history.Touchpoint) { tried = append(tried, t.Ref()) })
	slices.SortFunc(tried, newer)
	for _, r := range slices.Compact(tried) {
		if without, _ := p.root.at(read.Without(r), at); without != in {
			found = append(found, r)
		}
	}
	return found
}

// reads returns the history without what the rule does not read or what had not happened.
func (p *Program) reads(h *history.History, at int64) *history.History {
	f := &history.Fragment{ID: h.Customer, Older: h.Older, Kinds: h.Kinds}
	for i := range h.Touchpoints[:h.Until(at)] {
		if t := &h.Touchpoints[i]; p.Touched(t) {
			f.Touchpoints = append(f.Touchpoints, *t)
		}
	}
	return history.Merge(f)
}
