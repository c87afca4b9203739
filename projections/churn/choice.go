package churn

import (
	"errors"

	"github.com/c360hq/c360/events"
)

// Choice is one threshold and what it would have meant.
type Choice struct {
	// Points is the threshold on the scale of Score; Ratio is what to give to Policy.Scaled for it.
	Points, Ratio  float64
	Flagged, Right int64
	// Precision and Recall are 0 if they cannot be computed.
	Precision, Recall float64
	// The same for as many flags by days since the last visit alone.
	RecencyPrecision, RecencyRecall float64
	// Net is Right × Saved − Flagged × Contact.
	Net events.Money
}

// curve are the choices at every fifth point of the scale, and at the policy's own threshold, which is 50.
func (b *Backtest) curve(all *cut) []Choice {
	var curve []Choice
	for p := 95; p >= 5; p -= 5 {
		curve = append(curve, b.choice(all, p*scale/100))
	}
	return curve
}

func (b *Backtest) net(right, wrong int64) events.Money {
	return events.Money(right)*b.trial.Saved - events.Money(right+wrong)*b.trial.Contact
}

func (b *Backtest) choice(all *cut, step int) Choice {
	right, wrong := all.score.totals(step)
	slipped, _ := all.score.totals(0)
	c := Choice{Points: float64(step) * 100 / scale, Ratio: ratioOf(step), Flagged: right + wrong, Right: right, Net: b.net(right, wrong)}
	c.Precision, c.Recall, _ = rates(float64(right), c.Flagged, slipped)
	c.RecencyPrecision, c.RecencyRecall, _ = rates(all.recency.top(c.Flagged), c.Flagged, slipped)
	return c
}

// ratioOf returns the ratio that everybody from a step on is above: a little below where the step begins.
func ratioOf(step int) float64 {
	s := (float64(min(step, scale-1)) - 2*slack) / scale
	return s / (1 - s)
}

// errNoThreshold is when no threshold does what was asked for.
var errNoThreshold = errors.New("churn backtest: no threshold does that; allow more flags, or ask for less precision")

// ByBudget returns the threshold that flags as many as possible, but at most n customers on average of the cut-off dates.
func (b *Backtest) ByBudget(n int64) (Choice, error) {
	most := n * int64(len(b.cuts))
	return b.by(1, func(right, wrong int64) (float64, bool) { return float64(right + wrong), right+wrong <= most })
}

// leastFlags is how many flags there must have been for their precision to be believed.
const leastFlags = 30

// ByPrecision returns the threshold that finds as many as possible with at least this precision, of 30 flags at least.
func (b *Backtest) ByPrecision(precision float64) (Choice, error) {
	return b.by(leastFlags, func(right, wrong int64) (float64, bool) {
		return float64(right), float64(right) >= precision*float64(right+wrong)
	})
}

func (b *Backtest) by(least int64, worth func(right, wrong int64) (float64, bool)) (Choice, error) {
	all := together(b.cuts)
	step, found := all.score.best(1, least, worth)
	if !found {
		return Choice{}, errNoThreshold
	}
	return b.choice(all, step), nil
}
