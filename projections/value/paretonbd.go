package value

import "math"

// timed is Pareto/NBD: purchases at a rate λ from Gamma(r, α) until a drop-out at a rate μ from Gamma(s, β).
type timed struct{ r, alpha, s, beta float64 }

var pareto = family{
	names: []string{"r", "alpha", "s", "beta"},
	law:   func(p []float64) law { return &timed{p[0], p[1], p[2], p[3]} },
	starts: func(gap, span float64) [][]float64 {
		return [][]float64{{0.5, gap / 2, 0.5, span / 3}, {1, gap, 1, span}, {0.5, gap, 0.3, span / 10}}
	},
	// The mean drop-out rate is s/β.
	leaving: func([]float64) []float64 { return []float64{0, 0, 1, -1} },
}

// norm is (r)ₓ.
func (p *timed) norm(x float64) float64 { return logRising(p.r, x) }

// curve fills in alive(T) = (1+T/α)^−r (α+T)^−x (1+T/β)^−s, and dead(τ), the mass of drop-outs from τ to the last of the
// times:
//
//	∫ (1+v/α)^−r (α+v)^−x (1+v/β)^−s s/(β+v) dv
//
// which is the integral in Fader & Hardie (2005), A Note on Deriving the Pareto/NBD Model, whose closed form is the
// difference of two 2F1 (their A₀). Summing it from time to time keeps what that difference loses when a customer has just
// bought, and costs the same at the limits of the parameters, where the series of 2F1 hardly converges.
func (p *timed) curve(x float64, times, alive, dead []float64) {
	for i := len(times) - 1; i >= 0; i-- {
		alive[i] = p.stays(x, times[i])
		dead[i] = math.Inf(-1)
		if i+1 < len(times) {
			dead[i] = logSum(dead[i+1], p.leaves(x, times[i], times[i+1]))
		}
	}
}

func (p *timed) stays(x, t float64) float64 {
	return -p.r*math.Log1p(t/p.alpha) - x*math.Log(p.alpha+t) - p.s*math.Log1p(t/p.beta)
}

// leaves returns the logarithm of the mass of drop-outs between two times, integrated over y = log(m+v), m = min(α, β).
func (p *timed) leaves(x, from, to float64) float64 {
	if from >= to {
		return math.Inf(-1)
	}
	m := min(p.alpha, p.beta)
	start, end := math.Log(m+from), math.Log(m+to)
	top := p.stays(x, from) - math.Log(p.beta+from) + start
	logAlpha, logBeta := math.Log(p.alpha), math.Log(p.beta)
	change := end - start + (p.r+x)*math.Log((p.alpha+to)/(p.alpha+from)) + (p.s+1)*math.Log((p.beta+to)/(p.beta+from))
	known := p.r*logAlpha + p.s*logBeta - top
	density := func(y float64) float64 {
		v := math.Exp(y) - m
		return math.Exp(known - (p.r+x)*math.Log(p.alpha+v) - (p.s+1)*math.Log(p.beta+v) + y)
	}
	mass := integrateDown(density, start, end, change)
	return math.Log(p.s) + top + math.Log(mass)
}

func (p *timed) whenever() bool { return true }

// ahead is (r+x)(β+T)/((α+T)(s−1)) · (1 − ((β+T)/(β+T+t))^(s−1)), equation 41 of the same note without the factor for
// being alive; at s = 1 it is the logarithm that this tends to.
func (p *timed) ahead(x, age float64, times, purchases []float64) {
	for i, t := range times {
		l, order := math.Log1p(t/(p.beta+age)), p.s-1
		grown := l
		if order != 0 {
			grown = -math.Expm1(-order*l) / order
		}
		purchases[i] = (p.r + x) * (p.beta + age) / (p.alpha + age) * grown
	}
}

// atLeast: the n-th purchase falls at some time within t weeks, and the customer is still there then.
func (p *timed) atLeast(x, age, t, n float64) float64 {
	return atLeast(p.r+x, p.alpha+age, t, n, func(v float64) float64 { return -p.s * math.Log1p(v/(p.beta+age)) })
}

func (p *timed) tails(x, age, t float64) func() float64 {
	n := 0.0
	return func() float64 {
		n++
		return p.atLeast(x, age, t, n)
	}
}
