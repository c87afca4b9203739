package value_test

import (
	"math"
	"testing"

	"github.com/c360hq/c360/projections/value"
)

// A spread of customers: just come, never back, often, long silent, T = 0.
var customers = []value.Summary{
	{},
	{T: 0.5},
	{T: 38.86},
	{X: 1, Tx: 0.14, T: 0.14},
	{X: 2, Tx: 30.43, T: 38.86},
	{X: 26, Tx: 30.86, T: 31},
	{X: 7, Tx: 3, T: 300},
	{X: 221, Tx: 103.42857, T: 103.57143}, // a known trap: NaN in early CLVTools
	{X: 161, Tx: 94.71429, T: 98},
	{X: 900, Tx: 519, T: 520},
}

// Parameters of each model: published ones, ones where the closed forms have poles, ones at the limits of a fit.
var laws = map[value.Model][][]float64{
	value.BGNBD:     {{0.243, 4.414, 0.793, 2.426}, {0.5, 3, 1, 2}, {0.5, 3, 0.4, 0.6}, {1, 10, 1e-4, 1e5}, {20, 300, 5, 0.01}},
	value.MBGNBD:    {{0.525, 6.183, 0.891, 1.614}, {0.5, 3, 1, 2}, {0.5, 3, 0.4, 0.6}, {1, 10, 1e-4, 1e5}, {20, 300, 5, 0.01}},
	value.ParetoNBD: {{0.553, 10.578, 0.606, 11.669}, {0.5, 3, 1, 30}, {2, 50, 0.3, 2}, {1, 10, 1e-4, 1e6}, {0.5143, 2.8845, 0.2856, 14.1087}, {1, 1e5, 3, 0.01}},
}

// each calls do for every law.
func each(t *testing.T, do func(t *testing.T, l *value.Law, p []float64)) {
	t.Helper()
	for _, model := range value.Models() {
		for _, p := range laws[model] {
			l, err := value.NewLaw(model, p...)
			if err != nil {
				t.Fatal(err)
			}
			do(t, l, p)
		}
	}
}

func TestLawsAreFinite(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *value.Law, p []float64) {
		for _, s := range customers {
			ll, alive, ahead := l.LogLikelihood(s), l.Alive(s), l.Expected(s, 52)
			if math.IsNaN(ll) || math.IsInf(ll, 0) || !(alive >= 0 && alive <= 1) || !(ahead >= 0 && ahead < 1e6) {
				t.Errorf("%v %+v: log-likelihood %v, alive %v, ahead %v", p, s, ll, alive, ahead)
			}
		}
	})
}

// The number expected is the sum of the probabilities of n or more: two derivations, one answer.
func TestExpectedIsTheSumOfItsTails(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *value.Law, p []float64) {
		for _, s := range customers[:7] {
			total := 0.0
			for n, tail := 1, 1.0; tail > 1e-12 && n < 3000; n++ {
				tail = l.AtLeast(s, 20, n)
				total += tail
			}
			if want := l.Expected(s, 20); math.Abs(total-want) > 1e-6*(1+want) {
				t.Errorf("%v %+v: %v expected, the tails add up to %v", p, s, want, total)
			}
		}
	})
}

func TestIntervalHoldsTheMiddle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *value.Law, p []float64) {
		for _, s := range customers[:7] {
			low, high := l.Interval(s, 20, 0.9)
			above, below := l.AtLeast(s, 20, high+1), 1-l.AtLeast(s, 20, low)
			if low > high || above > 0.05+1e-9 || below > 0.05+1e-9 {
				t.Errorf("%v %+v: %d to %d leaves %v below and %v above", p, s, low, high, below, above)
			}
		}
	})
}

// Fader, Hardie & Lee (2005), equation 10, as printed, where it has no pole.
func TestBGNBDClosedForm(t *testing.T) {
	t.Parallel()
	r, alpha, a, b := 0.243, 4.414, 0.793, 2.426
	l, err := value.NewLaw(value.BGNBD, r, alpha, a, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range customers[:7] {
		x, ahead := float64(s.X), 39.0
		f := math.Exp(logHyp(r+x, b+x, a+b+x-1, ahead/(alpha+s.T+ahead)))
		want := (a + b + x - 1) / (a - 1) * (1 - math.Pow((alpha+s.T)/(alpha+s.T+ahead), r+x)*f)
		if s.X > 0 {
			want /= 1 + a/(b+x-1)*math.Pow((alpha+s.T)/(alpha+s.Tx), r+x)
		}
		near(t, "E[Y(39)]", l.Expected(s, ahead), want, 1e-9*want+1e-15)
	}
}

// The likelihood of Pareto/NBD with its two 2F1 (Fader & Hardie 2005, A Note on Deriving the Pareto/NBD Model), in
// logarithms, for α < β and α >= β.
func TestParetoNBDClosedForm(t *testing.T) {
	t.Parallel()
	for _, p := range [][]float64{{0.553, 10.578, 0.606, 11.669}, {1.3, 12, 0.7, 3}} {
		l, err := value.NewLaw(value.ParetoNBD, p...)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range customers[:7] {
			want := closedPareto(p[0], p[1], p[2], p[3], s)
			near(t, "log-likelihood", l.LogLikelihood(s), want, 1e-9*math.Abs(want)+1e-12)
		}
	}
}

func closedPareto(r, alpha, s, beta float64, c value.Summary) float64 {
	x := float64(c.X)
	top, other, b := max(alpha, beta), min(alpha, beta), s+1
	if alpha < beta {
		b = r + x
	}
	a := r + s + x
	part := func(t float64) float64 {
		return math.Exp(logHyp(a, b, a+1, (top-other)/(top+t)) - a*math.Log(top+t))
	}
	stays := math.Exp(-(r+x)*math.Log(alpha+c.T) - s*math.Log(beta+c.T))
	both := math.Log(stays + s/a*(part(c.Tx)-part(c.T)))
	return value.LogRising(r, x) + r*math.Log(alpha) + s*math.Log(beta) + both
}

// Where nobody drops out all three models are the NBD, whose expectation is (r+x)/(α+T)·t.
func TestWithoutDropoutAllAreTheNBD(t *testing.T) {
	t.Parallel()
	for model, p := range map[value.Model][]float64{
		value.BGNBD: {0.8, 6, 1e-9, 1e3}, value.MBGNBD: {0.8, 6, 1e-9, 1e3}, value.ParetoNBD: {0.8, 6, 1e-9, 1e3},
	} {
		l, err := value.NewLaw(model, p...)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range customers[1:6] {
			want := (0.8 + float64(s.X)) / (6 + s.T) * 26
			near(t, string(model), l.Expected(s, 26), want, 1e-4*want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func() (*value.Law, error){
		"model":  func() (*value.Law, error) { return value.NewLaw("crystal_ball", 1) },
		"count":  func() (*value.Law, error) { return value.NewLaw(value.BGNBD, 1, 2, 3) },
		"zero":   func() (*value.Law, error) { return value.NewLaw(value.BGNBD, 1, 2, 3, 0) },
		"NaN":    func() (*value.Law, error) { return value.NewLaw(value.BGNBD, 1, 2, 3, math.NaN()) },
		"number": func() (*value.Law, error) { return value.NewLaw(value.BGNBD, 1, 2, math.Inf(1), 3) },
	} {
		if _, err := make(); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// logHyp returns the logarithm of Gauss's hypergeometric function 2F1(a, b; c; z) for a, b, c > 0 and 0 <= z < 1: a series
// without a negative term, scaled as it grows.
func logHyp(a, b, c, z float64) float64 {
	scale, sum, term := 0.0, 1.0, 1.0
	for n := 0.0; n < 1<<20; n++ {
		ratio := (a + n) * (b + n) / ((c + n) * (n + 1)) * z
		term *= ratio
		sum += term
		if worst := max(ratio, z); worst < 1 && term*worst < sum*(1-worst)*1e-16 {
			break
		}
		if sum > 1e200 {
			scale, term, sum = scale+math.Log(sum), term/sum, 1
		}
	}
	return scale + math.Log(sum)
}
