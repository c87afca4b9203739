package churn

import (
	"errors"
	"fmt"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Label is what a flag foretells.
type Label uint8

// The labels: nothing of the sort happens within the horizon.
const (
	NoPurchase Label = 1 + iota
	NoVisit
)

// String returns "no_purchase" or "no_visit".
func (l Label) String() string {
	if l == NoVisit {
		return "no_visit"
	}
	return "no_purchase"
}

func parseLabel(name string) (Label, bool) {
	for _, l := range [...]Label{NoPurchase, NoVisit} {
		if l.String() == name {
			return l, true
		}
	}
	return 0, false
}

// MaxCutoffs bounds the cut-off dates of a backtest.
const MaxCutoffs = 36

// Trial says how policies are put to the test.
type Trial struct {
	// Cutoffs are the times, Unix microseconds, ascending, as of which flags are looked at.
	Cutoffs []int64
	// HorizonDays is how many days after a cut-off are looked at for what then happened.
	HorizonDays int
	Label       Label
	// Now is what is known up to: no horizon may end after it.
	Now int64
	// MinVisits and ActiveDays say who is judged at a cut-off: who had been there on so many days that count (1 at least), the last
	// of them at most so many days ago (0: no matter when).
	MinVisits, ActiveDays int
	// Contact is what contacting one flagged customer costs, Saved what a right flag is worth on average, given how many of
	// them can be kept. Both may be 0.
	Contact, Saved events.Money
}

func (t *Trial) check() error {
	switch {
	case len(t.Cutoffs) == 0 || len(t.Cutoffs) > MaxCutoffs:
		return fmt.Errorf("churn backtest: there are %d cut-off dates; give 1 to %d", len(t.Cutoffs), MaxCutoffs)
	case !slices.IsSorted(t.Cutoffs):
		return errors.New("churn backtest: the cut-off dates are not in order; give the earliest first")
	case t.HorizonDays < 1 || t.HorizonDays > maxDays:
		return fmt.Errorf("churn backtest: the horizon is %d days; give 1 to %d", t.HorizonDays, maxDays)
	case t.Label != NoPurchase && t.Label != NoVisit:
		return errors.New("churn backtest: what a flag foretells is missing; give no_purchase or no_visit")
	}
	if end := t.end(t.Cutoffs[len(t.Cutoffs)-1]); end > t.Now {
		return fmt.Errorf("churn backtest: %d days after %s are not over yet; give an earlier cut-off date or a shorter horizon",
			t.HorizonDays, date(t.Cutoffs[len(t.Cutoffs)-1]))
	}
	return nil
}

func (t *Trial) end(cutoff int64) int64 { return cutoff + int64(t.HorizonDays)*dayMicros }

// Backtest puts a policy to the test on past days: it counts, for each of several cut-off dates, flags as of that date against what then
// happened. It is fed by a scan over all customers, in any order; its memory does not grow with them (some 220 KB a cut-off
// date). It is not for several goroutines; use one each and Merge.
type Backtest struct {
	program *Program
	trial   Trial
	cuts    []cut
}

// cut is what was counted at one cut-off date.
type cut struct {
	at             int64
	score, recency tally
	flagged, right int64
}

// NewBacktest begins a backtest.
func NewBacktest(p *Program, t Trial) (*Backtest, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	b := &Backtest{program: p, trial: t}
	for _, at := range t.Cutoffs {
		b.cuts = append(b.cuts, cut{at: at, score: newTally(scale + 1), recency: newTally(mostDays)})
	}
	return b, nil
}

// Add takes in a customer.
func (b *Backtest) Add(h *history.History) {
	for i := range b.cuts {
		b.cuts[i].add(b.program, &b.trial, h)
	}
}

func (c *cut) add(p *Program, t *Trial, h *history.History) {
	far := reach{max(p.reach.days, t.MinVisits), p.reach.span}
	if p.reach.days < 0 {
		far.days = -1
	}
	var space [inStack]day
	days := p.counter.days(h, c.at, far, space[:0])
	today := dayOf(c.at)
	if len(days) < max(t.MinVisits, 1) || t.ActiveDays > 0 && today-days[0] > day(t.ActiveDays) {
		return
	}
	slipped, boost := p.slipped(t, h, c.at), p.boost(h, c.at, days[0])
	if p.flagged(days, boost, today) {
		c.flagged++
		if slipped {
			c.right++
		}
	}
	c.score.add(p.step(days, boost, today), slipped)
	c.recency.add(int(today-days[0]), slipped)
}

// slack keeps a ratio that is where a step begins from being rounded below it.
const slack = 1e-6

// step returns where on the scale a customer is. Somebody gone is at its end: they are not flagged.
func (p *Program) step(days []day, boost float64, today day) int {
	if today >= p.drop(days) {
		return 0
	}
	return int(scale*share(p.ratio(days, boost, today)) + slack)
}

// slipped reports whether what the label says came true.
func (p *Program) slipped(t *Trial, h *history.History, cutoff int64) bool {
	end := t.end(cutoff)
	if t.Label == NoPurchase {
		_, did := bought(h, cutoff, end, end)
		return !did
	}
	_, did := p.returned(h, cutoff, end)
	return !did
}

// Merge takes in what was counted of other customers. Both must have begun alike.
func (b *Backtest) Merge(o *Backtest) {
	for i := range b.cuts {
		b.cuts[i].merge(&o.cuts[i])
	}
}

func (c *cut) merge(o *cut) {
	c.score.merge(&o.score)
	c.recency.merge(&o.recency)
	c.flagged, c.right = c.flagged+o.flagged, c.right+o.right
}

// together adds up cut-off dates.
func together(cuts []cut) *cut {
	all := &cut{score: newTally(scale + 1), recency: newTally(mostDays)}
	for i := range cuts {
		all.merge(&cuts[i])
	}
	return all
}
