package value

import "math"

// geometric is BG/NBD and MBG/NBD: purchases at a rate from Gamma(r, α), and after each a drop-out with a probability from
// Beta(a, b).
type geometric struct {
	r, alpha, a, b float64
	// first says that customers may drop out after their first purchase, too: MBG/NBD.
	first bool
}

func betaGeometric(first bool) family {
	return family{
		names: []string{"r", "alpha", "a", "b"},
		law:   func(p []float64) law { return &geometric{p[0], p[1], p[2], p[3], first} },
		starts: func(gap, _ float64) [][]float64 {
			return [][]float64{{0.5, gap / 2, 0.8, 2.5}, {1, gap, 1, 5}, {0.25, gap / 2, 0.3, 0.6}}
		},
		// The mean probability of dropping out is a/(a+b).
		leaving: func(p []float64) []float64 {
			stay := p[3] / (p[2] + p[3])
			return []float64{0, 0, stay, -stay}
		},
	}
}

// survived returns how often a customer of x repeat purchases who is alive has not dropped out.
func (g *geometric) survived(x float64) float64 {
	if g.first {
		return x + 1
	}
	return x
}

// norm is (r)ₓ (b)ₙ/(a+b)ₙ, n = survived(x): equation 6 of Fader, Hardie & Lee (2005), equation 6 of Batislam, Denizel &
// Filiztekin (2007), with Γ written as rising factorials.
func (g *geometric) norm(x float64) float64 {
	n := g.survived(x)
	return logRising(g.r, x) + logRising(g.b, n) - logRising(g.a+g.b, n)
}

func (g *geometric) curve(x float64, times, alive, dead []float64) {
	n := g.survived(x)
	left := math.Inf(-1) // nobody drops out who had no chance to
	if n > 0 {
		left = math.Log(g.a) - math.Log(g.b+n-1)
	}
	for i, t := range times {
		alive[i] = -g.r*math.Log1p(t/g.alpha) - x*math.Log(g.alpha+t)
		dead[i] = left + alive[i]
	}
}

func (g *geometric) whenever() bool { return false }

// ahead is E[(1 − e^{−λpt})/p] over λ ~ Gamma(k, α+T) and p ~ Beta(a, b+n), k = r+x: equation 10 of Fader, Hardie & Lee
// (2005) without its factor for being alive. Over λ that is (1 − (1+pu)^−k)/p, u = t/(α+T); over p it is integrated. The
// closed form with 2F1 has removable poles at a = 1 and a+b = 1, and a series that hardly converges for a large u.
func (g *geometric) ahead(x, age, t float64) float64 {
	k, b, u := g.r+x, g.b+g.survived(x), t/(g.alpha+age)
	return meanBeta(g.a, b, 1e-11/(1+u*(k+1)+b), func(p float64) float64 {
		return -math.Expm1(-k*math.Log1p(p*u)) / p
	})
}

// atLeast: the customer survives n−1 purchases, and n fall into t weeks, which the law takes to be independent.
func (g *geometric) atLeast(x, age, t, n float64) float64 {
	b := g.b + g.survived(x)
	stays := logRising(b, n-1) - logRising(g.a+b, n-1)
	return math.Exp(stays) * atLeast(g.r+x, g.alpha+age, t, n, func(float64) float64 { return 0 })
}

// atLeast returns the probability that a customer with a rate from Gamma(k, h) makes n purchases or more within t weeks,
// each at a time v weighted with e^keep(v). The time of the n-th is beta-prime, so u = v/(h+v) ~ Beta(n, k).
func atLeast(k, h, t, n float64, keep func(v float64) float64) float64 {
	top := t / (h + t)
	norm := logGamma(n+k) - logGamma(n) - logGamma(k)
	density := func(u float64) float64 {
		return math.Exp(norm + (n-1)*math.Log(u) + (k-1)*math.Log1p(-u) + keep(h*u/(1-u)))
	}
	return integrate(density, 0, top, 16)
}
