package churn

import "github.com/c360hq/c360/projections/history"

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
