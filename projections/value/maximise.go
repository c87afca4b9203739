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

// maximise finds the peak of a log-likelihood by the logarithms of its parameters: all starts take a few steps of Nelder
// & Mead (1965), the best goes on until it converges, and Newton steps end it. Nothing about it is left to chance.
func maximise(f func(theta []float64) float64, starts [][]float64) (peak, error) {
	down := func(theta []float64) float64 {
		for _, t := range theta {
			if t < lowest || t > highest {
				return math.Inf(1)
			}
		}
		if v := f(theta); !math.IsNaN(v) {
			return -v
		}
		return math.Inf(1)
	}
	best, low := []float64(nil), math.Inf(1)
	for _, s := range starts {
		if x, v := descend(down, logs(s), 60); v < low {
			best, low = x, v
		}
	}
	if best == nil {
		return peak{}, errNoPeak
	}
	best, _ = descend(down, best, 2000)
	return polish(down, best), nil
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

// polish ends a descent by Newton steps with one information matrix, as long as they lead on.
func polish(down func([]float64) float64, x []float64) peak {
	value := down(x)
	for range 4 {
		cov := covariance(down, x)
		if cov == nil {
			return peak{x, -value, nil}
		}
		next := newton(down, x, cov)
		v := down(next)
		if !(v < value) {
			return peak{x, -value, cov}
		}
		gain := value - v
		if x, value = next, v; gain < 1e-9 {
			break
		}
	}
	return peak{x, -value, covariance(down, x)}
}

// newton returns x − cov·gradient.
func newton(down func([]float64) float64, x []float64, cov *mat.SymDense) []float64 {
	gradient := fd.Gradient(nil, down, x, &fd.Settings{Formula: fd.Central, Step: 1e-4})
	var step mat.VecDense
	step.MulVec(cov, mat.NewVecDense(len(x), gradient))
	next := make([]float64, len(x))
	for i := range x {
		next[i] = x[i] - step.AtVec(i)
	}
	return next
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
