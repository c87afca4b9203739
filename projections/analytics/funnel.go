package analytics

import (
	"fmt"

	"github.com/c360hq/c360/projections/history"
)

// The bounds of a funnel.
const (
	MaxSteps = 8
	// MaxSample is how many ids of those who dropped off at a step are told.
	MaxSample = 100
)

// FunnelOptions describe a funnel.
type FunnelOptions struct {
	// At is the instant as of which it is told, Unix microseconds.
	At int64
	// Period is when the first step happened. The others may come after it.
	Period Period
	// Steps are 2 to MaxSteps, in the order in which they must happen; others may lie between them.
	Steps []Step
	// Within is how long after the first step the last may come, microseconds; 0 stands for 30 days.
	Within int64
}

// Funnel counts how far customers come. It is for one goroutine; several can be merged.
//
// A customer counts once, by the attempt that came furthest; of those the one that did so first. An attempt is carried on
// from the latest first step that still leads there, so the times between steps are the shortest (as windowFunnel of
// ClickHouse has it).
type Funnel struct {
	o      FunnelOptions
	levels []level
}

// level is what is known of those who came to a step.
type level struct {
	customers int64   // came this far at least
	lost      int64   // and no further, and the time is over
	open      int64   // and no further yet
	took      []int64 // from the step before, microseconds
	sample    sample  // of the lost
}

// NewFunnel returns a funnel without a customer.
func NewFunnel(o FunnelOptions) (*Funnel, error) {
	if len(o.Steps) < 2 || len(o.Steps) > MaxSteps {
		return nil, fmt.Errorf("analytics: a funnel of %d steps; give 2 to %d", len(o.Steps), MaxSteps)
	}
	for i := range o.Steps {
		if err := o.Steps[i].check(); err != nil {
			return nil, fmt.Errorf("analytics: step %d of the funnel: %w", i+1, err)
		}
	}
	if o.Period.From >= o.Period.To {
		return nil, errEmptyPeriod
	}
	if o.Within <= 0 {
		o.Within = 30 * Day
	}
	f := &Funnel{o: o, levels: make([]level, len(o.Steps))}
	for i := range f.levels {
		f.levels[i].sample.limit = MaxSample
	}
	return f, nil
}

// attempt is the times of the steps so far.
type attempt [MaxSteps]int64

// Add takes a customer in.
func (f *Funnel) Add(h *history.History) {
	best, reached, last := f.walk(h)
	if reached == 0 {
		return
	}
	for i, before := range best[:reached-1] {
		l := &f.levels[i+1]
		l.took = append(l.took, best[i+1]-before)
	}
	for i := range reached {
		f.levels[i].customers++
	}
	if reached == len(f.levels) {
		return
	}
	l := &f.levels[reached-1]
	if last+f.o.Within >= f.o.At {
		l.open++
		return
	}
	l.lost++
	l.sample.add(h.Customer)
}

// walk returns the attempt that came furthest, how many steps it has, and when the latest attempt began.
func (f *Funnel) walk(h *history.History) (best attempt, reached int, last int64) {
	var tries [MaxSteps]attempt // by their last step
	var alive [MaxSteps]bool
	for i := range h.Touchpoints[:h.Until(f.o.At)] {
		t := &h.Touchpoints[i]
		for s := len(f.o.Steps) - 1; s >= 0; s-- {
			if !f.o.Steps[s].fits(t) || !f.leads(&tries, &alive, s, t.At) {
				continue
			}
			if s == 0 {
				last = t.At
			} else {
				tries[s] = tries[s-1]
			}
			tries[s][s], alive[s] = t.At, true
			if s >= reached {
				best, reached = tries[s], s+1
			}
		}
	}
	return best, reached, last
}

// leads reports whether a touchpoint can be step s of an attempt.
func (f *Funnel) leads(tries *[MaxSteps]attempt, alive *[MaxSteps]bool, s int, at int64) bool {
	if s == 0 {
		return f.o.Period.has(at)
	}
	return alive[s-1] && at-tries[s-1][0] <= f.o.Within
}

// Merge takes in what another Funnel of the same options has seen.
func (f *Funnel) Merge(o *Funnel) {
	for i := range o.levels {
		mine, other := &f.levels[i], &o.levels[i]
		mine.customers += other.customers
		mine.lost += other.lost
		mine.open += other.open
		mine.took = append(mine.took, other.took...)
		mine.sample.merge(&other.sample)
	}
}
