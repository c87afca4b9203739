package value

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/c360hq/c360/events"
)

// Spend is the Gamma-Gamma model of what a customer spends in one purchase (Fader & Hardie 2013, The Gamma-Gamma Model of
// Monetary Value): each purchase is Gamma(p, ν), ν differs from customer to customer by Gamma(q, γ), and how often one
// buys has nothing to do with it. Amounts are in units of one currency.
type Spend struct{ P, Q, Gamma float64 }

// LogLikelihood returns that of a customer's mean repeat purchase, equation 1a of the paper; 0 if there is none that cost
// anything.
func (g Spend) LogLikelihood(s Summary) float64 {
	if s.X == 0 || s.Mean <= 0 {
		return 0
	}
	x := float64(s.X)
	return g.norm(x) + g.rest(x, s.Mean, math.Log(s.Mean))
}

func (g Spend) norm(x float64) float64 {
	return logGamma(g.P*x+g.Q) - logGamma(g.P*x) - logGamma(g.Q) + g.Q*math.Log(g.Gamma) + g.P*x*math.Log(x)
}

func (g Spend) rest(x, mean, log float64) float64 {
	return (g.P*x-1)*log - (g.P*x+g.Q)*math.Log(g.Gamma+x*mean)
}

// Expected returns what the customer's next purchase is expected to cost, equation 5 of the paper: between their own mean
// and that of all, the nearer to their own the more they bought. It is +Inf where there is no such mean, p·x + q <= 1.
func (g Spend) Expected(s Summary) float64 {
	x := float64(s.X)
	if g.P*x+g.Q <= 1 {
		return math.Inf(1)
	}
	return g.P * (g.Gamma + x*s.Mean) / (g.P*x + g.Q - 1)
}

// FittedSpend is a fitted Gamma-Gamma model.
type FittedSpend struct {
	// Params are p, q and gamma.
	Params        []Param `json:"params"`
	LogLikelihood float64 `json:"log_likelihood"`
	// Customers have repeat purchases that cost something; Mean is the mean of their means.
	Customers int64   `json:"customers"`
	Mean      float64 `json:"mean"`
	// Correlation is that of the number of purchases with their mean, which the model takes to be 0.
	Correlation  float64 `json:"correlation"`
	Identifiable Verdict `json:"identifiable"`
}

// Expected returns what the customer's next purchase is expected to cost. Where the model has no finite answer it is what
// the customer, or if they never bought again all customers spent on average.
func (f *FittedSpend) Expected(s Summary) float64 {
	e := Spend{f.Params[0].Value, f.Params[1].Value, f.Params[2].Value}.Expected(s)
	switch {
	case !math.IsInf(e, 0):
		return e
	case s.X > 0:
		return s.Mean
	}
	return f.Mean
}

// FitSpend fits the Gamma-Gamma model to the customers of a sample who bought again. The error is a [TooLittleError].
func FitSpend(s *Sample) (*FittedSpend, error) {
	t := newTill(s)
	if t.customers < NeedRepeaters {
		return nil, &TooLittleError{s.Customers, t.customers}
	}
	best, err := t.fit()
	if err != nil {
		return nil, err
	}
	best.theta[2] += math.Log(t.mean) // γ and the density of an amount are in its unit
	best.value -= float64(t.customers) * math.Log(t.mean)
	return &FittedSpend{
		Params: paramsOf([]string{"p", "q", "gamma"}, best), LogLikelihood: best.value, Customers: t.customers,
		Mean: t.mean, Correlation: t.correlation(), Identifiable: spendVerdict(best),
	}, nil
}

// fit finds the peak on some of the rows, if there are many, and from there that of all.
func (t *till) fit() (peak, error) {
	some := &till{}
	for i := 0; i < len(t.rows); i += max(len(t.rows)/coarse, 1) {
		some.rows = append(some.rows, t.rows[i])
	}
	on := func(t *till) likelihood {
		return func(theta []float64) float64 {
			e := exps(theta)
			return t.logLikelihood(Spend{e[0], e[1], e[2]})
		}
	}
	return maximise(on(some), on(t), [][]float64{{2, 3, 1}, {6, 4, 0.5}, {1, 2, 1}})
}

func spendVerdict(p peak) Verdict {
	switch q := math.Exp(p.theta[1]); {
	case p.cov == nil:
		return Verdict{false, events.Text{
			Ko: "구매 금액의 모수를 구분할 수 없습니다. 고객마다 평균 금액을 쓰십시오.",
			En: "the spending parameters are not identifiable: the likelihood is flat; take each customer's own mean",
		}}
	case q <= 1:
		return Verdict{false, events.Text{
			Ko: fmt.Sprintf("구매 금액의 꼬리가 너무 두꺼워(q = %.2f) 평균이 정해지지 않습니다.", q),
			En: fmt.Sprintf("spending has too heavy a tail (q = %.2f) to have a mean", q),
		}}
	}
	return Verdict{true, events.Text{Ko: "구매 금액의 모수를 구분할 수 있습니다.", En: "the spending parameters are identifiable"}}
}

// till is the spending of a sample laid out for the model, in units of mean, the mean of all customers' means: so it does
// not matter what a currency is worth.
type till struct {
	rows      []tillRow
	customers int64
	mean      float64
}

type tillRow struct{ x, mean, log, n float64 }

func newTill(s *Sample) *till {
	t := &till{}
	var total sum
	for c, n := range s.spends {
		if c.spend > 0 {
			t.rows = append(t.rows, tillRow{x: float64(c.x), mean: units(c.spend) / float64(c.x), n: float64(n)})
			t.customers += n
		}
	}
	slices.SortFunc(t.rows, func(a, b tillRow) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.mean, b.mean)) })
	for _, r := range t.rows {
		total.add(r.n * r.mean)
	}
	t.mean = total.value() / float64(max(t.customers, 1))
	for i := range t.rows {
		r := &t.rows[i]
		r.mean /= t.mean
		r.log = math.Log(r.mean)
	}
	return t
}

func (t *till) logLikelihood(g Spend) float64 {
	var total sum
	x, norm := 0.0, 0.0
	for _, r := range t.rows {
		if r.x != x {
			x, norm = r.x, g.norm(r.x)
		}
		total.add(r.n * (norm + g.rest(r.x, r.mean, r.log)))
	}
	return total.value()
}

// correlation returns Pearson's, of the number of repeat purchases with their mean.
func (t *till) correlation() float64 {
	var n, mx, my, sxx, syy, sxy float64
	for _, r := range t.rows {
		n, mx, my = n+r.n, mx+r.n*r.x, my+r.n*r.mean
	}
	mx, my = mx/n, my/n
	for _, r := range t.rows {
		dx, dy := r.x-mx, r.mean-my
		sxx, syy, sxy = sxx+r.n*dx*dx, syy+r.n*dy*dy, sxy+r.n*dx*dy
	}
	if sxx == 0 || syy == 0 {
		return 0
	}
	return sxy / math.Sqrt(sxx*syy)
}
