package churn

import "math"

// Result is what a backtest found.
type Result struct {
	Trial Trial
	// All adds up the cut-off dates; a customer counts once at each.
	All Metrics
	// Cutoffs are those of each date, the earliest first.
	Cutoffs []Metrics
	// Calibration tells, for tenths of the scale of Points, what share slipped.
	Calibration []Bin
	// Curve tells what thresholds from high to low would have flagged and cost.
	Curve []Choice
	// Best is the choice on the whole scale that is worth most money; Flagged 0 if none is worth anything.
	Best Choice
}

// Metrics are what flags were worth as of one cut-off date, or of several together.
type Metrics struct {
	// Cutoff is the date, Unix microseconds; 0 for several together.
	Cutoff int64
	// Customers were judged, Slipped of them did what the label says, Flagged had a flag, Right are both.
	Customers, Slipped, Flagged, Right int64
	// BaseRate is Slipped/Customers, Lift is Precision/BaseRate. What cannot be computed is 0.
	BaseRate, Precision, Recall, F1, Lift float64
	// UnjudgedFlagged had a flag, and the horizon can tell nothing of them (Trial.MinTimes); they are in no other number.
	UnjudgedFlagged int64
	// AUC is how well the score ranks: ½ is chance.
	AUC float64
	// Recency is plain recency beside it: as many flags, for whom the last visit is longest ago.
	Recency Plain
}

// Plain is what ranking by days since the last visit is worth, at the same number of flags.
type Plain struct {
	// Right is how many of them were right; where days are equal, as many as are to be expected.
	Right                      float64
	Precision, Recall, F1, AUC float64
}

// Bin is one tenth of the scale.
type Bin struct {
	// From and To are Points, To not included but in the last.
	From, To           int
	Customers, Slipped int64
	// Mean is the mean of the points, Rate what share slipped, with the interval of Wilson (1927) at 95 %.
	Mean, Rate, Low, High float64
}

// Result returns what was found so far.
func (b *Backtest) Result() Result {
	all := together(b.cuts)
	r := Result{Trial: b.trial, All: all.metrics(), Calibration: all.bins(), Curve: b.curve(all)}
	for i := range b.cuts {
		r.Cutoffs = append(r.Cutoffs, b.cuts[i].metrics())
	}
	net := func(right, wrong int64) (float64, bool) { n := b.net(right, wrong); return float64(n), n > 0 }
	if step, found := all.score.best(1, 1, net); found {
		r.Best = b.choice(all, step)
	}
	return r
}

func (c *cut) metrics() Metrics {
	slipped, stayed := c.score.totals(0)
	m := Metrics{
		Cutoff: c.at, Customers: slipped + stayed, Slipped: slipped, Flagged: c.flagged, Right: c.right, UnjudgedFlagged: c.unjudgedFlagged,
		BaseRate: over(float64(slipped), slipped+stayed), AUC: c.score.auc(),
	}
	m.Recency.AUC = c.recency.auc()
	m.rate(&c.recency)
	return m
}

// rate works out the rates of the flags, and those of as many by recency.
func (m *Metrics) rate(recency *tally) {
	m.Precision, m.Recall, m.F1 = rates(float64(m.Right), m.Flagged, m.Slipped)
	if m.BaseRate > 0 {
		m.Lift = m.Precision / m.BaseRate
	}
	r := &m.Recency
	r.Right = recency.top(m.Flagged)
	r.Precision, r.Recall, r.F1 = rates(r.Right, m.Flagged, m.Slipped)
}

// Measured is what to write into a policy.
func (r *Result) Measured() Measured { return r.All.measured(&r.Trial, false, r.Trial.Cutoffs...) }

func (m *Metrics) measured(t *Trial, heldBack bool, cutoffs ...int64) Measured {
	w := Measured{
		HeldBack: heldBack, HorizonDays: t.HorizonDays, Label: t.Label.String(), MinTimes: t.MinTimes,
		Customers: m.Customers, Slipped: m.Slipped, Flagged: m.Flagged, Right: m.Right, Unjudged: m.UnjudgedFlagged,
		BaseRate: m.BaseRate, Precision: m.Precision, Recall: m.Recall, AUC: m.AUC,
		RecencyPrecision: m.Recency.Precision, RecencyRecall: m.Recency.Recall, RecencyAUC: m.Recency.AUC,
	}
	for _, at := range cutoffs {
		w.Cutoffs = append(w.Cutoffs, date(at))
	}
	return w
}

func rates(right float64, flagged, slipped int64) (precision, recall, f1 float64) {
	return over(right, flagged), over(right, slipped), over(2*right, flagged+slipped)
}

// over divides, and gives 0 for a part of nothing.
func over(a float64, b int64) float64 {
	if b == 0 {
		return 0
	}
	return a / float64(b)
}

func (c *cut) bins() []Bin {
	bins := make([]Bin, 10)
	for i := range bins {
		bins[i] = Bin{From: 10 * i, To: 10 * (i + 1)}
	}
	for step := range c.score.slipped {
		b := &bins[min(step*10/scale, 9)]
		n := c.score.slipped[step] + c.score.stayed[step]
		b.Customers += n
		b.Slipped += c.score.slipped[step]
		b.Mean += float64(n) * float64(step) * 100 / scale
	}
	for i := range bins {
		b := &bins[i]
		b.Mean, b.Rate = over(b.Mean, b.Customers), over(float64(b.Slipped), b.Customers)
		b.Low, b.High = wilson(b.Rate, b.Customers)
	}
	return bins
}

// wilson returns the interval of a share at 95 % (Wilson 1927, Journal of the American Statistical Association 22, p. 209–212).
func wilson(rate float64, of int64) (low, high float64) {
	if of == 0 {
		return 0, 1
	}
	const z = 1.959964
	n := float64(of)
	middle, spread := (rate+z*z/(2*n))/(1+z*z/n), z/(1+z*z/n)*math.Sqrt(rate*(1-rate)/n+z*z/(4*n*n))
	return max(middle-spread, 0), min(middle+spread, 1)
}
