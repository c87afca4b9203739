package churn

import (
	"fmt"
	"math"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// What data must have at least to calibrate a policy.
const (
	// NeededRegulars is how many customers must have been there on RegularVisits days.
	NeededRegulars = 200
	// NeededEach is how many of those judged at the date of measuring must have slipped, and how many must have stayed.
	NeededEach = 30
)

// Calibration tries policies on past days and picks one by this rule. What counts is Youden's J: the share flagged of those who
// slipped less the share flagged of those who stayed; for a given number of flags it is what is right beyond chance. Of all candidates it
// takes the one with the highest J that flagging any share of the customers up to Budget, the same at each date and those ranked
// highest, would have had; a later candidate must be better by .01 than an earlier one, own rhythm first, the fitted model last. Of its
// thresholds that flag at most Budget of the customers, with the wanted precision, it takes the one with the highest J.
//
// It picks on cut-off dates whose horizons end before the date that it is measured on, so what is measured had no part in picking.
// It is fed by a scan over all customers, in any order, or over a fair sample.
type Calibration struct {
	goal    Goal
	survey  *Survey
	counter counter
	tests   []*Backtest // of each candidate; the last cut-off date is the one to measure on
}

// NewCalibration begins a calibration on data that was surveyed before.
func NewCalibration(g Goal, s *Survey) (*Calibration, error) {
	g = g.whole(s)
	c := &Calibration{goal: g, survey: s, counter: newCounter(&g.Counts)}
	list := Candidates(g.Counts, s.Gap())
	if model, fitted := s.Model(g.Counts, g.HorizonDays); fitted {
		list = append(list, model)
	}
	for _, p := range append(list, g.More...) {
		program, err := Compile(p)
		if err != nil {
			return nil, err
		}
		test, err := NewBacktest(program, g.trial())
		if err != nil {
			return nil, err
		}
		c.tests = append(c.tests, test)
	}
	return c, nil
}

// Add takes in a customer.
func (c *Calibration) Add(h *history.History) {
	for i, cutoff := range c.tests[0].trial.Cutoffs {
		o, there := c.tests[0].trial.look(&c.counter, h, cutoff)
		if !there {
			continue
		}
		for _, t := range c.tests {
			t.cuts[i].add(t.program, h, o)
		}
	}
}

// Merge takes in what was counted of other customers. Both must have begun alike.
func (c *Calibration) Merge(o *Calibration) {
	for i := range c.tests {
		c.tests[i].Merge(o.tests[i])
	}
}

// Calibrated is a policy for the data at hand.
type Calibrated struct {
	// Policy is the one picked, with what it was measured to be worth; Default if there is not enough data.
	Policy Policy
	// Enough says whether there was enough data; Words say what was measured, or what is missing.
	Enough bool
	Words  events.Text
	// Tried are the candidates with the threshold picked for each, in the order of Candidates and Goal.More.
	Tried []Tried
}

// Tried is one candidate.
type Tried struct {
	// Policy has the threshold that was picked. Found is false if none does what was asked for.
	Policy Policy
	Found  bool
	// Top is the J that candidates are compared by, J that of the threshold.
	Top, J float64
	// Measured is what it was worth at the date that is held back; zero if nothing was found.
	Measured Measured
}

// Result picks.
func (c *Calibration) Result() Calibrated {
	r := Calibrated{Policy: Default(), Words: c.missing()}
	r.Policy.Counts = c.goal.Counts
	best := -1
	for i, t := range c.tests {
		tried := c.try(t)
		r.Tried = append(r.Tried, tried)
		if tried.Found && (best < 0 || tried.Top > r.Tried[best].Top+.01) {
			best = i
		}
	}
	if r.Words.En == "" && best < 0 {
		r.Words = noCandidate
	}
	if r.Enough = r.Words.En == ""; r.Enough {
		m := r.Tried[best].Measured
		r.Policy, r.Policy.Measured, r.Words = r.Tried[best].Policy, &m, m.Words()
	} else {
		r.Policy.Note = &r.Words
	}
	return r
}

// try picks the threshold of one candidate and measures it. How many may be flagged is also kept to at the date to measure on, for which
// nothing needs to be known of what then happened.
func (c *Calibration) try(t *Backtest) Tried {
	last := len(t.cuts) - 1
	picked, held := together(t.cuts[:last]), &t.cuts[last]
	step, found := picked.score.best(max(c.lowest(picked), c.lowest(held)), 1, c.j(picked))
	if !found {
		return Tried{Policy: t.program.policy}
	}
	ratio := math.Ceil(100*ratioOf(step)) / 100 // a policy that people can read
	p, err := t.program.policy.Scaled(ratio)
	if err != nil {
		return Tried{Policy: t.program.policy} // no policy can have that threshold
	}
	above := int(scale*share(ratio)+slack) + 1
	j, _ := c.j(picked)(picked.score.totals(above))
	return Tried{Policy: p, Found: true, Top: c.top(t.cuts[:last]), J: j, Measured: held.measured(&t.trial, above)}
}

// lowest returns the lowest step that keeps to the budget.
func (c *Calibration) lowest(all *cut) int {
	return all.score.lowest(c.goal.Budget * float64(all.score.everybody()))
}

// top returns the highest J of flagging any whole percent of the customers at each date, those ranked highest.
func (c *Calibration) top(cuts []cut) float64 {
	all := together(cuts)
	slipped, stayed := all.score.totals(0)
	best := 0.0
	for share := .01; share < c.goal.Budget+.001; share += .01 {
		var right, wrong float64
		for i := range cuts {
			t := &cuts[i].score
			a, b := t.highest(int64(share*float64(t.everybody())), t.unjudged)
			right, wrong = right+a, wrong+b
		}
		best = max(best, over(right, slipped)-over(wrong, stayed))
	}
	return best
}

// j returns Youden's J of flags, and whether they have the wanted precision.
func (c *Calibration) j(all *cut) func(right, wrong int64) (float64, bool) {
	slipped, stayed := all.score.totals(0)
	return func(right, wrong int64) (float64, bool) {
		return over(float64(right), slipped) - over(float64(wrong), stayed), float64(right) >= c.goal.Precision*float64(right+wrong)
	}
}

// measured tells what flags from a step on were worth at one date.
func (c *cut) measured(t *Trial, step int) Measured {
	m := c.metrics()
	m.Right, _ = c.score.totals(step)
	_, wrong := c.score.totals(step)
	m.Flagged, m.UnjudgedFlagged = m.Right+wrong, c.score.above(step)
	m.rate(&c.recency)
	return m.measured(t, true, c.at)
}

// Calibrate finds the policy of a fresh install. It calls scan twice: to see what data there is, and to try candidates.
func Calibrate(g Goal, scan func(each func(*history.History)) error) (Calibrated, error) {
	s := NewSurvey(g)
	if err := scan(s.Add); err != nil {
		return Calibrated{}, fmt.Errorf("churn calibration: looking at the data: %w", err)
	}
	c, err := NewCalibration(g, s)
	if err != nil {
		return Calibrated{}, err
	}
	if err := scan(c.Add); err != nil {
		return Calibrated{}, fmt.Errorf("churn calibration: trying candidates: %w", err)
	}
	return c.Result(), nil
}
