package segment

import (
	"bytes"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// maxExamples bounds the examples of a preview.
const maxExamples = 10

// Preview counts who would be in a segment as of a time. It is fed by a scan of all customers or of a fair sample of them;
// whoever feeds it a sample scales the numbers and says so. Parts of a scan can be counted apart and merged.
type Preview struct {
	// At is the time, Unix microseconds.
	At      int64
	program *Program
	lines   []condition
	result  PreviewResult
}

// PreviewResult is what a preview counted.
type PreviewResult struct {
	// Customers were looked at, Members of them are in.
	Customers, Members int64
	// Lines are the conditions at the top: those of an "all", else the rule as its only one.
	Lines []Line
	// Examples are members, Near are customers who are not because of one line only: of each the smallest ids, at most 10.
	Examples, Near []uuid.UUID
}

// Line is what one condition at the top does.
type Line struct {
	Pointer string
	Words   events.Text
	// Fails counts the customers who do not pass it, Loses those of them who pass every other line: with the line taken out
	// they would be members.
	Fails, Loses int64
}

// NewPreview returns a preview of a program as of a time, Unix microseconds.
func NewPreview(p *Program, at int64) *Preview {
	v := &Preview{At: at, program: p, lines: []condition{p.root}}
	pointer := func(int) string { return "" }
	if g, ok := p.root.(*group); ok && g.all {
		v.lines, pointer = g.parts, g.key
	}
	for i, c := range v.lines {
		v.result.Lines = append(v.result.Lines, Line{Pointer: pointer(i), Words: c.words()})
	}
	return v
}

// Add looks at a customer.
func (v *Preview) Add(h *history.History) {
	failed, line := 0, 0
	for i, c := range v.lines {
		if in, _ := c.at(h, v.At); !in {
			v.result.Lines[i].Fails++
			failed, line = failed+1, i
		}
	}
	r := &v.result
	r.Customers++
	switch failed {
	case 0:
		r.Members++
		r.Examples = example(r.Examples, h.Customer)
	case 1:
		r.Lines[line].Loses++
		r.Near = example(r.Near, h.Customer)
	}
}

// example keeps the smallest ids, sorted.
func example(list []uuid.UUID, id uuid.UUID) []uuid.UUID {
	i, found := slices.BinarySearchFunc(list, id, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	if found || i == maxExamples {
		return list
	}
	return slices.Insert(list, i, id)[:min(len(list)+1, maxExamples)]
}

// Merge adds what another preview of the same program and time counted of other customers.
func (v *Preview) Merge(other *Preview) {
	r, o := &v.result, &other.result
	r.Customers, r.Members = r.Customers+o.Customers, r.Members+o.Members
	for i := range r.Lines {
		r.Lines[i].Fails += o.Lines[i].Fails
		r.Lines[i].Loses += o.Lines[i].Loses
	}
	for _, id := range o.Examples {
		r.Examples = example(r.Examples, id)
	}
	for _, id := range o.Near {
		r.Near = example(r.Near, id)
	}
}

// Result returns what was counted.
func (v *Preview) Result() PreviewResult {
	r := v.result
	r.Lines, r.Examples, r.Near = slices.Clone(r.Lines), slices.Clone(r.Examples), slices.Clone(r.Near)
	return r
}
