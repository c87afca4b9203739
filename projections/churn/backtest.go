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
	// MinTimes leaves out those of whom the horizon can tell nothing: who would not come so many times within it at their usual
	// gap. They may be as faithful as anybody and yet not be seen. 0 judges everybody, which makes those who come rarely by nature
	// look like leaving, and any rule that flags them look right.
	MinTimes float64
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
// happened. It is fed by a scan over all customers, in any order; its memory does not grow with them (some 300 KB a cut-off
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
	// unjudgedFlagged had a flag, and the horizon can tell nothing of them.
	unjudgedFlagged int64
}

func newCut(at int64) cut {
	return cut{at: at, score: newTally(scale + 1), recency: newTally(mostDays)}
}

// NewBacktest begins a backtest.
func NewBacktest(p *Program, t Trial) (*Backtest, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	b := &Backtest{program: p, trial: t}
	for _, at := range t.Cutoffs {
		b.cuts = append(b.cuts, newCut(at))
	}
	return b, nil
}

// Add takes in a customer.
func (b *Backtest) Add(h *history.History) {
	for i := range b.cuts {
		if o, there := b.trial.look(&b.program.counter, h, b.cuts[i].at); there {
			b.cuts[i].add(b.program, h, o)
		}
	}
}

// outcome is what is to be known of a customer at a cut-off date, whatever the policy.
type outcome struct {
	silence         day // since the last day that counts
	judged, slipped bool
}

// look says what became of a customer; false if they are not among those to look at.
func (t *Trial) look(k *counter, h *history.History, cutoff int64) (o outcome, there bool) {
	var space [inStack]day
	days := k.days(h, cutoff, reach{max(t.MinVisits, defaultRhythm.Gaps+1), everything}, space[:0])
	if len(days) < max(t.MinVisits, 1) {
		return o, false
	}
	o.silence = dayOf(cutoff) - days[0]
	if t.ActiveDays > 0 && o.silence > day(t.ActiveDays) {
		return o, false
	}
	gap, gaps := defaultRhythm.own(days)
	o.judged = t.MinTimes == 0 || gaps > 0 && float64(t.HorizonDays) >= t.MinTimes*gap
	if end := t.end(cutoff); !o.judged {
		return o, true
	} else if t.Label == NoPurchase {
		_, did := bought(h, cutoff, end, end)
		o.slipped = !did
	} else {
		_, did := k.returned(h, cutoff, end)
		o.slipped = !did
	}
	return o, true
}

// add counts what a policy says of a customer.
func (c *cut) add(p *Program, h *history.History, o outcome) {
	step, in := p.stand(h, c.at)
	c.score.add(step, o)
	c.recency.add(int(o.silence), o)
	c.flagged += count(in && o.judged)
	c.right += count(in && o.slipped)
	c.unjudgedFlagged += count(in && !o.judged)
}

func count(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// stand returns where on the scale a customer is, and whether they are flagged.
func (p *Program) stand(h *history.History, at int64) (step int, in bool) {
	var space [inStack]day
	days := p.counter.days(h, at, p.reach, space[:0])
	if len(days) == 0 {
		return 0, false
	}
	boost, today := p.boost(h, at, days[0]), dayOf(at)
	return p.step(days, boost, today), p.flagged(days, boost, today)
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

// Merge takes in what was counted of other customers. Both must have begun alike.
func (b *Backtest) Merge(o *Backtest) {
	for i := range b.cuts {
		b.cuts[i].merge(&o.cuts[i])
	}
}

func (c *cut) merge(o *cut) {
	c.score.merge(&o.score)
	c.recency.merge(&o.recency)
	c.flagged, c.right, c.unjudgedFlagged = c.flagged+o.flagged, c.right+o.right, c.unjudgedFlagged+o.unjudgedFlagged
}

// together adds up cut-off dates.
func together(cuts []cut) *cut {
	all := newCut(0)
	for i := range cuts {
		all.merge(&cuts[i])
	}
	return &all
}
