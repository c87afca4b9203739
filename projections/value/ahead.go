package value

import "math"

// What BG/NBD and MBG/NBD expect of a customer who is alive: a rate λ ~ Gamma(k, h), k = r+x and h = α+T, and a drop-out
// after each purchase with p ~ Beta(a, b). If they never dropped out they would make N purchases within t weeks, and N is
// negative binomial: N = n has the chance
//
//	(k)ₙ/n! · zⁿ (1−z)ᵏ,  z = t/(h+t)
//
// Of n such purchases they make 1 + m₁ + … + mₙ₋₁, where mⱼ = (b)ⱼ/(a+b)ⱼ is the chance that j drop-outs did not come. The
// purchases expected are the mean of that over N: a sum without a negative term. It is equation 10 of Fader, Hardie & Lee
// (2005) without its factor for being alive, whose closed form with 2F1 has removable poles at a = 1 and a+b = 1.

// dearest is up to how many terms the sum is cheaper than the integral.
const dearest = 8192

// countable reports whether the sum is cheap, and its first term not too small to start from; u = t/h.
func countable(k, u float64) bool { return k*u+40*(1+u) < dearest && k*math.Log1p(u) < 600 }

func (g *geometric) ahead(x, age float64, times, purchases []float64) {
	k, b, h, few := g.r+x, g.b+g.survived(x), g.alpha+age, 0
	for few < len(times) && countable(k, times[few]/h) {
		few++
	}
	terms := make([]term, 0, few)
	for _, t := range times[:few] {
		terms = append(terms, firstTerm(k, t/h))
	}
	addUp(terms, k, g.a, b)
	for i := range times {
		if i < few {
			purchases[i] = terms[i].sum
		} else {
			purchases[i] = meanAhead(k, g.a, b, times[i]/h)
		}
	}
}

// term is where the sum for one time has come to.
type term struct{ z, chance, sum float64 }

// firstTerm is where it starts: no purchase.
func firstTerm(k, u float64) term { return term{z: u / (1 + u), chance: math.Exp(-k * math.Log1p(u))} }

// addUp finishes the sums, of ascending times: those that come to an end first are the first.
func addUp(open []term, k, a, b float64) {
	made, stays := 0.0, 1.0
	for n := 0.0; len(open) > 0; n++ {
		made += stays
		stays *= (b + n) / (a + b + n)
		grows := (k + n) / (n + 1)
		for i := range open {
			t := &open[i]
			t.chance *= t.z * grows
			t.sum += t.chance * made
		}
		for len(open) > 0 && open[0].over(made, max(grows, 1)*(n+2)/(n+1)) {
			open = open[1:]
		}
	}
}

// over reports whether what follows is nothing; each term is at most z·grows times the one before.
func (t *term) over(made, grows float64) bool {
	worst := t.z * grows
	return worst < 1 && t.chance*made*worst <= t.sum*(1-worst)*1e-16
}

// meanAhead is the same as an integral, E[(1 − (1+pu)^−k)/p] over p.
func meanAhead(k, a, b, u float64) float64 {
	return meanBeta(a, b, 1e-11/(1+u*(k+1)+b), func(p float64) float64 {
		return -math.Expm1(-k*math.Log1p(p*u)) / p
	})
}

func (g *geometric) tails(x, age, t float64) func() float64 {
	b, reached := g.b+g.survived(x), 0.0
	stays, would := 1.0, wouldMake(g.r+x, g.alpha+age, t)
	return func() float64 {
		tail := stays * would()
		stays *= (b + reached) / (g.a + b + reached)
		reached++
		return tail
	}
}

// wouldMake returns the chances that somebody with a rate from Gamma(k, h) who does not drop out makes 1 purchase or more
// within t weeks, then 2 or more, and so on.
func wouldMake(k, h, t float64) func() float64 {
	n := 0.0
	if !countable(k, t/h) {
		return func() float64 {
			n++
			return atLeast(k, h, t, n, func(float64) float64 { return 0 })
		}
	}
	next, fewer := firstTerm(k, t/h), 0.0
	return func() float64 {
		fewer += next.chance
		next.chance *= next.z * (k + n) / (n + 1)
		n++
		return max(0, 1-fewer)
	}
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
