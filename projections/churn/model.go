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

// What a parameter may be. Beyond these nothing changes any more: where drop-out cannot be told from the data, s and a go to 0, β and
// b to infinity.
const (
	leastParameter = 1e-9
	mostParameter  = 1e9
)

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
		{"/model/min_days", float64(m.MinDays), 1, 1000},
	}
	for _, name := range names {
		list = append(list, bound{"/model/parameters/" + name, m.Parameters[name], leastParameter, mostParameter})
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
	if len(days) < m.MinDays {
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

// raiseModel finds the first day on which the ratio is above 1. It never falls while nothing happens, so between a day on which
// it is not above and one on which it is lies just one such day.
//
// Where it lies is guessed from both ends, by the logarithms of the ratio and of α+T, in which it is nearly a straight line; an
// end that stays is taken for half as far off the next time (the Illinois rule), and after maxGuesses what is left is halved.
func (p *Program) raiseModel(days []day, boost float64) day {
	height := func(d day) float64 { return math.Log(p.ratioModel(days, d) * boost) }
	low, high := days[0], days[0]+horizon
	below, above := height(low), height(high)
	switch {
	case below > 0:
		return low
	case !(above > 0):
		return noDay
	}
	for look := 0; high-low > 1; look++ {
		mid := low + (high-low)/2
		if look < maxGuesses && !math.IsInf(below, -1) {
			mid = p.guess(days, low, high, below/(below-above))
		}
		if h := height(mid); h > 0 {
			high, above, below = mid, h, below/2
		} else {
			low, below, above = mid, h, above/2
		}
	}
	return high
}

// maxGuesses bounds the guesses.
const maxGuesses = 12

// guess returns the first day, between two others, that is beyond a share of the way from one to the other by the logarithm of α+T.
func (p *Program) guess(days []day, low, high day, share float64) day {
	alpha, first := p.policy.Model.Parameters["alpha"], days[len(days)-1]
	from, to := math.Log(alpha+weeks(low-first)), math.Log(alpha+weeks(high-first))
	at := 7 * (math.Exp(from+share*(to-from)) - alpha)
	return min(max(first+day(math.Ceil(at)), low+1), high-1)
}
