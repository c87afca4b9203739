package value

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Parameters are searched for by their logarithms, from lowest to highest: beyond, all likelihoods are flat.
const (
	lowest  = -12
	highest = 14
)

// peak is where a log-likelihood is highest.
type peak struct {
	theta []float64 // logarithms of the parameters
	value float64
	// cov is the inverse of the observed information, by theta; nil if the likelihood is flat there in some direction.
	cov *mat.SymDense
}

var errNoPeak = errors.New("the likelihood has no value at any start")

// likelihood is a log-likelihood by the logarithms of its parameters.
type likelihood func(theta []float64) float64

// maximise finds the peak of a log-likelihood, led there by one of fewer customers that costs less: on that all starts
// take a few steps of Nelder & Mead (1965) and the best goes on until it converges. Newton steps on the whole end it; if
// they do not, it is climbed like the other one first. Nothing about it is left to chance.
func maximise(some, all likelihood, starts [][]float64) (peak, error) {
	best, low := []float64(nil), math.Inf(1)
	for _, s := range starts {
		if x, v := descend(some.down, logs(s), 60); v < low {
			best, low = x, v
		}
	}
	if best == nil {
		return peak{}, errNoPeak
	}
	best, _ = descend(some.down, best, 2000)
	p, done := polish(all.down, best)
	if !done {
		best, _ = descend(all.down, p.theta, 2000)
		p, _ = polish(all.down, best)
	}
	return p, nil
}

// down returns the likelihood upside down, and a wall around where it is searched.
func (l likelihood) down(theta []float64) float64 {
	for _, t := range theta {
		if t < lowest || t > highest {
			return math.Inf(1)
		}
	}
	if v := l(theta); !math.IsNaN(v) {
		return -v
	}
	return math.Inf(1)
}

// descend takes at most so many steps from a place that it knows.
func descend(down func([]float64) float64, from []float64, steps int) (at []float64, value float64) {
	result, err := optimize.Minimize(optimize.Problem{Func: down}, from, &optimize.Settings{
		MajorIterations: steps, Converger: &optimize.FunctionConverge{Absolute: 1e-8, Iterations: 40},
	}, &optimize.NelderMead{SimplexSize: 0.3})
	if result == nil || (err != nil && result.X == nil) {
		return from, math.Inf(1)
	}
	return result.X, result.F
}

// reached is how much higher a peak may be than where the search ends: far less than chance makes it.
const reached = 1e-5

// polish ends a descent by Newton steps, as long as they lead on, and reports whether they led to the peak.
func polish(down func([]float64) float64, x []float64) (p peak, done bool) {
	value := down(x)
	for range 5 {
		cov := covariance(down, x)
		if cov == nil {
			return peak{x, -value, nil}, false
		}
		next, ahead := newton(down, x, cov)
		if ahead < reached/100 {
			return peak{x, -value, cov}, true
		}
		v := down(next)
		if !(v < value) {
			return peak{x, -value, cov}, ahead < reached
		}
		x, value = next, v
	}
	return peak{x, -value, covariance(down, x)}, false
}

// newton returns x − cov·gradient, and how much lower that should be.
func newton(down func([]float64) float64, x []float64, cov *mat.SymDense) (next []float64, ahead float64) {
	gradient := mat.NewVecDense(len(x), fd.Gradient(nil, down, x, &fd.Settings{Formula: fd.Central, Step: 1e-4}))
	var step mat.VecDense
	step.MulVec(cov, gradient)
	next = make([]float64, len(x))
	for i := range x {
		next[i] = x[i] - step.AtVec(i)
	}
	return next, mat.Dot(&step, gradient) / 2
}

// covariance returns the inverse of the Hessian, found by central differences; nil if that is not positive definite.
func covariance(down func([]float64) float64, x []float64) *mat.SymDense {
	n := len(x)
	h := mat.NewSymDense(n, nil)
	fd.Hessian(h, down, x, &fd.Settings{Formula: fd.Central, Step: 1e-3})
	for i := range n {
		for j := range n {
			if v := h.At(i, j); math.IsNaN(v) || math.IsInf(v, 0) {
				return nil
			}
		}
	}
	var c mat.Cholesky
	inverse := mat.NewSymDense(n, nil)
	if !c.Factorize(h) || c.InverseTo(inverse) != nil {
		return nil
	}
	return inverse
}

func logs(v []float64) []float64 {
	l := make([]float64, len(v))
	for i := range v {
		l[i] = math.Log(v[i])
	}
	return l
}

func exps(v []float64) []float64 {
	e := make([]float64, len(v))
	for i := range v {
		e[i] = math.Exp(v[i])
	}
	return e
}
