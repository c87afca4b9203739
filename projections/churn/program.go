package churn

import (
	"fmt"
	"slices"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// Program is a compiled policy. It never changes and may be used by many at once, each with a History of its own.
type Program struct {
	policy  Policy
	counter counter
	reach   reach
	alive   Alive // of a model policy
	news    []*news
}

var _ standing.Judge = (*Program)(nil)

// Compile makes a policy ready to be asked. Its error is a *PolicyError.
func Compile(p Policy) (*Program, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	g := &Program{policy: p, counter: newCounter(&p.Counts), reach: p.reach()}
	if p.Model != nil {
		alive, err := newAlive(p.Model)
		if err != nil {
			return nil, &PolicyError{"/model/parameters", fmt.Sprintf("are not those of a model: %v", err)}
		}
		g.alive = alive
	}
	g.news = newsOf(&p.Signals)
	return g, nil
}

// maxGaps bounds the gaps of a rhythm; inStack is how many days a look takes without asking for memory.
const (
	maxGaps = 128
	inStack = 64
)

// reach returns how far back the policy looks. A model looks at every purchase.
func (p *Policy) reach() reach {
	switch {
	case p.Rhythm != nil:
		return reach{p.Rhythm.Gaps + 1, everything}
	case p.Decline != nil:
		return reach{-1, day(p.Decline.WindowDays * (p.Decline.Windows + 1))}
	}
	return reach{-1, everything}
}

// Policy returns what was compiled.
func (p *Program) Policy() Policy { return p.policy }

// At says whether the customer is flagged as slipping at a time, Unix microseconds, and when that may change next if nothing
// happens: see standing.Judge.
func (p *Program) At(h *history.History, at int64) (in bool, due int64) {
	var space [inStack]day
	days := p.counter.days(h, at, p.reach, space[:0])
	if len(days) == 0 {
		return false, standing.Never
	}
	return p.judge(days, p.boost(h, at, days[0]), dayOf(at))
}

// judge answers for somebody who has been there.
func (p *Program) judge(days []day, boost float64, today day) (in bool, due int64) {
	raise, drop := p.raise(days, boost), p.drop(days)
	switch {
	case today >= drop || raise >= drop:
		return false, standing.Never
	case today < raise:
		return false, raise.start()
	case drop == noDay:
		return true, standing.Never
	}
	return true, drop.start()
}

// flagged says what judge does, without looking for the day of a change, which takes a model most of the time.
func (p *Program) flagged(days []day, boost float64, today day) bool {
	if p.policy.Model != nil {
		return today < p.drop(days) && p.ratioModel(days, today)*boost > 1
	}
	in, _ := p.judge(days, boost, today)
	return in
}

// raise returns the first day, from that of the last visit on, on which the condition holds if nothing more happens; noDay
// if it never will. Days are the latest first; there is one at least.
func (p *Program) raise(days []day, boost float64) day {
	switch {
	case p.policy.Rhythm != nil:
		return p.policy.Rhythm.raise(days, boost)
	case p.policy.Decline != nil:
		return p.policy.Decline.raise(days, boost)
	}
	return p.raiseModel(days, boost)
}

// ratio returns how far it has come on a day: 1 is the threshold. It never falls as long as nothing happens.
func (p *Program) ratio(days []day, boost float64, today day) float64 {
	switch {
	case p.policy.Rhythm != nil:
		return p.policy.Rhythm.ratio(days, today) * boost
	case p.policy.Decline != nil:
		return p.policy.Decline.ratio(days, today) * boost
	}
	return p.ratioModel(days, today) * boost
}

// drop returns the day from which on the customer counts as gone.
func (p *Program) drop(days []day) day {
	if p.policy.UntilDays == 0 {
		return noDay
	}
	return days[0] + day(p.policy.UntilDays) + 1
}

// Concerns reports whether a touchpoint of this type may change the answer.
func (p *Program) Concerns(kind string) bool {
	if p.counter.purchases && slices.Contains(orderTypes, kind) || !p.counter.purchases && p.counter.types[kind] {
		return true
	}
	for _, n := range p.news {
		if slices.Contains(n.types, kind) {
			return true
		}
	}
	return false
}
