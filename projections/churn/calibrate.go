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

// Goal says what to calibrate for. Its zero value but Now is sensible.
type Goal struct {
	// Now is what is known up to, Unix microseconds.
	Now int64
	// Counts is what counts; the zero value is visits.
	Counts Counts
	// HorizonDays and Label are what flags are to foretell; the zero values are Survey.Horizon and that nothing that counts happens.
	HorizonDays int
	Label       Label
	// Budget is the largest share of the customers that may be flagged; 0 is .3.
	Budget float64
	// Precision is what is wanted at least; 0 is anything.
	Precision float64
	// More are policies to try beside the usual ones.
	More []Policy
}

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

// judgedTimes is how many times within the horizon those who are judged would come at their usual gap: whoever comes at
// random stays away for so long with a probability of e^-3, 5 %.
const judgedTimes = 3

// pickDates is how many dates it picks on, pickApart how many days they are apart.
const (
	pickDates = 3
	pickApart = 30
)

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

// whole fills in what is missing.
func (g Goal) whole(s *Survey) Goal {
	if g.Counts.Of == "" {
		g.Counts.Of = Visits
	}
	if g.HorizonDays == 0 {
		g.HorizonDays = s.Horizon()
	}
	if g.Label == 0 && g.Counts.Of == Visits {
		g.Label = NoVisit
	} else if g.Label == 0 {
		g.Label = NoPurchase
	}
	if g.Budget == 0 {
		g.Budget = .3
	}
	return g
}

func (g *Goal) trial() Trial {
	t := Trial{HorizonDays: g.HorizonDays, Label: g.Label, Now: g.Now, MinVisits: RegularVisits, ActiveDays: 365, MinTimes: judgedTimes}
	measured := g.Now - int64(g.HorizonDays)*dayMicros
	picked := measured - int64(g.HorizonDays)*dayMicros
	for i := pickDates - 1; i >= 0; i-- {
		t.Cutoffs = append(t.Cutoffs, picked-int64(i*pickApart)*dayMicros)
	}
	t.Cutoffs = append(t.Cutoffs, measured)
	return t
}

// Candidates returns the usual candidates but the model, for data with this median gap in days: the own rhythm by median and by mean, the own
// rhythm drawn towards that of everybody, plain recency, and decline; the first again with bad news weighing in.
func Candidates(c Counts, gap int) []Policy {
	typical := float64(max(gap, 1))
	base := defaultRhythm
	base.MinVisits, base.FloorDays, base.CeilingDays = RegularVisits, 7, 180
	mean, drawn, plain, fall := base, base, base, defaultDecline
	mean.Gap = Mean
	drawn.Gap, drawn.PriorDays, drawn.PriorGaps = Mean, typical, 6
	plain.FloorDays, plain.CeilingDays = max(2*typical, 1), max(2*typical, 1)
	var list []Policy
	for _, r := range []*Rhythm{&base, &mean, &drawn, &plain} {
		list = append(list, Policy{Version: Version, Counts: c, Rhythm: r, UntilDays: 365, Signals: defaultSignals})
	}
	list = append(list, Policy{Version: Version, Counts: c, Decline: &fall, UntilDays: 365, Signals: defaultSignals})
	news := list[0]
	news.Signals = Signals{Days: 90, Complaint: .5, Refund: .25, Unsubscribe: .5, Trouble: .25}
	return append(list, news)
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
