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

// atLeast: the customer survives n−1 purchases, and n fall into t weeks, which the law takes to be independent.
func (g *geometric) atLeast(x, age, t, n float64) float64 {
	b := g.b + g.survived(x)
	stays := logRising(b, n-1) - logRising(g.a+b, n-1)
	return math.Exp(stays) * atLeast(g.r+x, g.alpha+age, t, n, func(float64) float64 { return 0 })
}
