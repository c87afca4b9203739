package churn

import (
	"fmt"
	"math"

	"github.com/c360hq/c360/projections/value"
)

// The models that a policy may have.
const (
	ParetoNBD = string(value.ParetoNBD)
	MBGNBD    = string(value.MBGNBD)
)

// Alive is a fitted model of customers who buy at random until they drop out: x repeat purchases, the last of them tx weeks after
// the first purchase, which was T weeks ago.
type Alive interface {
	// Alive returns the probability of still being a customer. It does not rise with T.
	Alive(x int, tx, T float64) float64
	// Expected returns how many purchases to expect in the coming weeks. It does not rise with T either.
	Expected(weeks float64, x int, tx, T float64) float64
}

// parameters are the names of a model's parameters, in the order of the papers.
var parameters = map[string][]string{
	ParetoNBD: {"r", "alpha", "s", "beta"},
	MBGNBD:    {"r", "alpha", "a", "b"},
}

func (m *Model) check() error {
	names, known := parameters[m.Name]
	switch {
	case !known:
		return &PolicyError{"/model/name", fmt.Sprintf("give %q or %q", ParetoNBD, MBGNBD)}
	case len(m.Parameters) != len(names):
		return &PolicyError{"/model/parameters", fmt.Sprintf("has %d parameters; give %v", len(m.Parameters), names)}
	}
	most := 1 - 1e-6
	if m.WithinWeeks > 0 {
		most = 1000
	}
	list := []bound{
		{"/model/within_weeks", m.WithinWeeks, 0, maxDays / 7},
		{"/model/threshold", m.Threshold, 1e-6, most},
		{"/model/min_purchases", float64(m.MinPurchases), 1, 1000},
	}
	for _, name := range names {
		list = append(list, bound{"/model/parameters/" + name, m.Parameters[name], 1e-6, 1e9})
	}
	return within(list...)
}

// law is a model of projections/value.
type law struct{ *value.Law }

func (l law) Alive(x int, tx, t float64) float64 {
	return l.Law.Alive(value.Summary{X: x, Tx: tx, T: t})
}

// Expected does not rise with T: given that a customer is still one, how often they buy and how soon they drop out are
// independent, and whoever buys more often is expected to buy more, so what is expected falls with silence at least as fast as the
// likelihood of that silence does.
func (l law) Expected(weeks float64, x int, tx, t float64) float64 {
	return l.Law.Expected(value.Summary{X: x, Tx: tx, T: t}, weeks)
}

func newAlive(m *Model) (Alive, error) {
	var list []float64
	for _, name := range parameters[m.Name] {
		list = append(list, m.Parameters[name])
	}
	l, err := value.NewLaw(value.Model(m.Name), list...)
	return law{l}, err
}

// buyer returns what a model asks for, as of a day. Days of purchases are the latest first.
func buyer(days []day, today day) (x int, tx, t float64) {
	first := days[len(days)-1]
	return len(days) - 1, weeks(days[0] - first), weeks(max(today, days[0]) - first)
}

// odds returns the odds of p.
func odds(p float64) float64 { return p / max(1-p, math.SmallestNonzeroFloat64) }

// ratioModel returns the odds of having gone against those at the threshold, or the purchases at the threshold against those
// expected.
func (p *Program) ratioModel(days []day, today day) float64 {
	m := p.policy.Model
	if len(days) < m.MinPurchases {
		return 0
	}
	x, tx, t := buyer(days, today)
	if m.WithinWeeks > 0 {
		return min(m.Threshold/p.alive.Expected(m.WithinWeeks, x, tx, t), maxRatio)
	}
	return min(odds(1-p.alive.Alive(x, tx, t))/odds(1-m.Threshold), maxRatio)
}

// maxRatio is more than any ratio that is told from the one above.
const maxRatio = 1e9

// horizon is how many days ahead is looked for the day on which a customer counts as gone.
const horizon = 20 * 366

// raiseModel finds the first day on which the ratio is above 1. It never falls while nothing happens, so halving finds it.
func (p *Program) raiseModel(days []day, boost float64) day {
	over := func(d day) bool { return p.ratioModel(days, d)*boost > 1 }
	low, high := days[0], days[0]+horizon
	switch {
	case over(low):
		return low
	case !over(high):
		return noDay
	}
	for high-low > 1 {
		if mid := low + (high-low)/2; over(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
