package value

import (
	"fmt"
	"math"
)

// Model names a model of when customers buy and when they stop.
type Model string

// The models. Parameters are in weeks.
const (
	// BGNBD: customers drop out right after a repeat purchase (Fader, Hardie & Lee 2005). Whoever bought once only is alive
	// for certain, so it must not rank who is leaving.
	BGNBD Model = "bg_nbd"
	// MBGNBD: customers drop out right after any purchase, the first one included (Batislam, Denizel & Filiztekin 2007).
	MBGNBD Model = "mbg_nbd"
	// ParetoNBD: customers drop out at any moment (Schmittlein, Morrison & Colombo 1987).
	ParetoNBD Model = "pareto_nbd"
)

// Models lists the models.
func Models() []Model { return []Model{BGNBD, MBGNBD, ParetoNBD} }

// law is a model with parameters. The likelihood of x repeat purchases, the last at tx, watched until T, is
//
//	e^norm(x) · (e^alive(x,T) + e^dead(x,tx) − e^dead(x,T))
//
// in all of them: either the customer is alive at T, or they dropped out between tx and T. Where they can only drop out at
// a purchase the last term is not there. That form lets a fit compute each (x, time) once.
type law interface {
	// norm returns what alive and dead have in common.
	norm(x float64) float64
	// curve fills in alive and dead for ascending times.
	curve(x float64, times, alive, dead []float64)
	// whenever reports whether customers drop out at any moment, so that dead at T is taken off.
	whenever() bool
	// ahead fills in the purchases expected within each of ascending times, weeks, of a customer who is alive at age T.
	ahead(x, age float64, times, purchases []float64)
	// atLeast returns the probability of n purchases or more, n >= 1, within t weeks of a customer who is alive at age T.
	atLeast(x, age, t, n float64) float64
	// tails returns what returns that probability for 1 purchase, then for 2, and so on.
	tails(x, age, t float64) func() float64
}

// family is what the fit knows of a model.
type family struct {
	names []string
	law   func(p []float64) law
	// starts are where fits begin, given the average gap between purchases and the average age.
	starts func(gap, span float64) [][]float64
	// leaving is the gradient, by the logarithms of the parameters, of the logarithm of the mean drop-out rate.
	leaving func(p []float64) []float64
}

func (m Model) family() (family, error) {
	switch m {
	case BGNBD, MBGNBD:
		return betaGeometric(m == MBGNBD), nil
	case ParetoNBD:
		return pareto, nil
	}
	return family{}, fmt.Errorf("there is no value model %q; take %s, %s or %s", m, BGNBD, MBGNBD, ParetoNBD)
}

// Law is a model with its parameters. It is a pure function and may be used by many at once.
type Law struct {
	model  Model
	params []float64
	law    law
}

// NewLaw returns the model with parameters in the order of the papers: r, α, a, b for BG/NBD and MBG/NBD; r, α, s, β for
// Pareto/NBD. All must be positive.
func NewLaw(m Model, params ...float64) (*Law, error) {
	f, err := m.family()
	if err != nil {
		return nil, err
	}
	if len(params) != len(f.names) {
		return nil, fmt.Errorf("%s has the parameters %v; there are %d", m, f.names, len(params))
	}
	for i, p := range params {
		if !(p > 0) || math.IsInf(p, 1) {
			return nil, fmt.Errorf("parameter %s of %s is %v; it must be a positive number", f.names[i], m, p)
		}
	}
	return &Law{m, params, f.law(params)}, nil
}

// LogLikelihood returns the logarithm of the likelihood of one customer.
func (l *Law) LogLikelihood(s Summary) float64 {
	_, total := l.both(s)
	return l.law.norm(float64(s.X)) + total
}

// Alive returns the probability that a customer had not dropped out by the end of their summary.
func (l *Law) Alive(s Summary) float64 {
	alive, total := l.both(s)
	return min(math.Exp(alive-total), 1)
}

// Expected returns the purchases expected of a customer in the weeks after their summary.
func (l *Law) Expected(s Summary, weeks float64) float64 {
	return l.ExpectedWithin(s, weeks)[0]
}

// ExpectedWithin is Expected for several times, weeks in ascending order. All of them together cost little more than the
// last one.
func (l *Law) ExpectedWithin(s Summary, weeks ...float64) []float64 {
	all := make([]float64, len(weeks))
	past := 0
	for past < len(weeks) && weeks[past] <= 0 {
		past++
	}
	l.law.ahead(float64(s.X), s.T, weeks[past:], all[past:])
	alive := l.Alive(s)
	for i := range all {
		all[i] *= alive
	}
	return all
}

// Unconditional returns the repeat purchases expected of a customer of whom nothing is known within weeks of their first.
func (l *Law) Unconditional(weeks float64) float64 { return l.Expected(Summary{}, weeks) }

// both returns alive and alive-or-dead of one customer.
func (l *Law) both(s Summary) (alive, total float64) {
	x, times := float64(s.X), []float64{s.Tx, s.T}
	var a, d [2]float64
	l.law.curve(x, times, a[:], d[:])
	over := math.Inf(-1)
	if l.law.whenever() {
		over = d[1]
	}
	return a[1], either(a[1], d[0], over)
}

// either returns log(e^alive + e^dead − e^over).
func either(alive, dead, over float64) float64 {
	top := max(alive, dead)
	rest := math.Exp(min(alive, dead) - top)
	if !math.IsInf(over, -1) {
		rest -= math.Exp(over - top)
	}
	return top + math.Log(1+rest)
}
