package lookalike

import (
	"errors"
	"math"
)

// ridge is what the sum of the squared weights counts, halved, against the log-likelihood: a prior belief that features matter
// little (Hoerl & Kennard 1970; le Cessie & van Houwelingen 1992). Numbers are standardised, so one ridge fits all.
const ridge = 1.0

// errSingular cannot happen with a ridge, unless a feature is not finite.
var errSingular = errors.New("lookalike: the features are not finite; leave out the one that is not")

// example is a customer as the fit sees them.
type example struct {
	cells []cell
	seed  bool
}

// weights are those of the columns, the intercept last.
type weights []float64

// sum is the log odds of an example.
func (w weights) sum(cells []cell) float64 {
	z := w[len(w)-1]
	for _, c := range cells {
		z += w[c.column] * c.value
	}
	return z
}

// fitLogistic maximises the penalised likelihood by Newton's method (iteratively reweighted least squares, Nelder & Wedderburn
// 1972), halving a step that makes it worse. It is convex: there is one answer.
func fitLogistic(examples []example, columns int) (weights, error) {
	w := make(weights, columns+1)
	now := loss(examples, w)
	for range 50 {
		step, err := newton(examples, w)
		if err != nil {
			return nil, err
		}
		next, after := descend(examples, w, step, now)
		if now-after < 1e-9*math.Abs(now) {
			return next, nil
		}
		w, now = next, after
	}
	return w, nil
}

// descend takes the step, or the part of it that makes the loss smaller.
func descend(examples []example, w weights, step []float64, now float64) (weights, float64) {
	for part := 1.0; part > 1e-6; part /= 2 {
		next := make(weights, len(w))
		for i := range w {
			next[i] = w[i] + part*step[i]
		}
		if after := loss(examples, next); after <= now {
			return next, after
		}
	}
	return w, now
}

// loss is the negative log-likelihood and the penalty.
func loss(examples []example, w weights) float64 {
	sum := 0.0
	for _, v := range w[:len(w)-1] {
		sum += ridge / 2 * v * v
	}
	for i := range examples {
		z := w.sum(examples[i].cells)
		if examples[i].seed {
			z = -z
		}
		sum += softplus(z)
	}
	return sum
}

// softplus is ln(1 + e^z) without overflow.
func softplus(z float64) float64 { return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

// logistic is the probability of log odds.
func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// newton is the step from w: the gradient through the curvature.
func newton(examples []example, w weights) ([]float64, error) {
	n := len(w)
	curve, slope := make([]float64, n*n), make([]float64, n)
	for i, v := range w[:n-1] {
		curve[i*n+i], slope[i] = ridge, -ridge*v
	}
	curve[n*n-1] = 1e-9 // the intercept is free, but never without curvature
	var cells []cell
	for i := range examples {
		p := logistic(w.sum(examples[i].cells))
		off, bend := -p, p*(1-p)
		if examples[i].seed {
			off = 1 - p
		}
		cells = append(append(cells[:0], examples[i].cells...), cell{n - 1, 1})
		for j, a := range cells {
			slope[a.column] += off * a.value
			for _, b := range cells[j:] {
				curve[b.column*n+a.column] += bend * a.value * b.value
			}
		}
	}
	return solve(curve, slope, n)
}

// solve solves curve·x = slope by Cholesky's method. The lower half of curve is read and overwritten.
func solve(curve, slope []float64, n int) ([]float64, error) {
	for j := range n {
		for k := range j {
			curve[j*n+j] -= curve[j*n+k] * curve[j*n+k]
		}
		if !(curve[j*n+j] > 0) {
			return nil, errSingular
		}
		root := math.Sqrt(curve[j*n+j])
		curve[j*n+j] = root
		for i := j + 1; i < n; i++ {
			for k := range j {
				curve[i*n+j] -= curve[i*n+k] * curve[j*n+k]
			}
			curve[i*n+j] /= root
		}
	}
	x := append([]float64(nil), slope...)
	for i := range n {
		for k := range i {
			x[i] -= curve[i*n+k] * x[k]
		}
		x[i] /= curve[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= curve[k*n+i] * x[k]
		}
		x[i] /= curve[i*n+i]
	}
	return x, nil
}
