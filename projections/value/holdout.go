package value

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/c360hq/c360/projections/history"
)

// Holdout tries a model on the past: fitted to what was known at the end of a day, how well does it foretell the purchases
// of the days after? It stands beside two forecasts that need no model.
type Holdout struct {
	calibration *Calibration
	to          int64
	trials      map[trial]int64
}

// trial is a cell and how often its customers bought afterwards.
type trial struct {
	cell
	bought int
}

// Report says how well a model and the plain forecasts did.
type Report struct {
	// Cut is the last moment that was known, To the last that was foretold, Weeks what lies between.
	Cut   time.Time `json:"cut"`
	To    time.Time `json:"to"`
	Weeks float64   `json:"weeks"`
	// Customers had bought by Cut; they made Actual purchases afterwards.
	Customers int64 `json:"customers"`
	Actual    int64 `json:"actual"`
	// Model is what the model foretold; Naive has everybody go on at the rate of their repeat purchases so far; Zero has
	// nobody buy again.
	Model Score `json:"model"`
	Naive Score `json:"naive"`
	Zero  Score `json:"zero"`
}

// Score says how good a forecast was.
type Score struct {
	// Total is the number of purchases foretold. ErrorPercent is how far that is from the actual number (above it if
	// positive), in percent of it, or of 1 if there were none.
	Total        float64 `json:"total"`
	ErrorPercent float64 `json:"error_percent"`
	// MAE is the mean over customers of how far the forecast was off.
	MAE float64 `json:"mae"`
}

// NewHoldout begins a trial over purchases in a currency: from a moment on, cut at the end of a day, to the end of a later
// one (Unix microseconds).
func NewHoldout(from, cut, to int64, currency string) *Holdout {
	return &Holdout{NewCalibration(from, cut, currency), dayEnd(to), map[trial]int64{}}
}

// Add takes a customer in: calibrated to what was known at the cut, judged by what is known at the end.
func (o *Holdout) Add(h *history.History) {
	o.AddBought(Bought(h, o.calibration.to, o.calibration.currency), Bought(h, o.to, o.calibration.currency))
}

// AddBought takes a customer in by what they were known to have bought at the cut, and at the end.
func (o *Holdout) AddBought(known, all []Purchase) {
	cut := DayOf(o.calibration.to)
	s, ok := Summarize(known, DayOf(o.calibration.from), cut)
	if !ok {
		return
	}
	o.calibration.sample.Add(s)
	o.trials[trial{cell{s.X, s.Tx, s.T}, len(between(all, cut+1, DayOf(o.to)))}]++
}

// Merge takes in a trial over the same time of other customers.
func (o *Holdout) Merge(p *Holdout) {
	o.calibration.Merge(p.calibration)
	for t, n := range p.trials {
		o.trials[t] += n
	}
}

// Fit fits a model to the time before the cut and reports in its Holdout how it did after. The error is that of
// [Calibration.Fit].
func (o *Holdout) Fit(m Model) (*Fitted, error) {
	f, err := o.calibration.Fit(m)
	if err != nil {
		return nil, err
	}
	f.Holdout, err = o.Report(f)
	return f, err
}

// Report says how a fitted model does.
func (o *Holdout) Report(f *Fitted) (*Report, error) {
	l, err := f.Law()
	if err != nil {
		return nil, err
	}
	r := &Report{Cut: moment(o.calibration.to), To: moment(o.to), Weeks: weeks(DayOf(o.to) - DayOf(o.calibration.to))}
	var model, naive, zero tally
	ahead := aheadOf(l, r.Weeks)
	for _, t := range o.sorted() {
		n := o.trials[t]
		r.Customers += n
		r.Actual += n * int64(t.bought)
		model.add(ahead(t.cell), t.bought, n)
		naive.add(sameRate(t.cell, r.Weeks), t.bought, n)
		zero.add(0, t.bought, n)
	}
	r.Model, r.Naive, r.Zero = model.score(r), naive.score(r), zero.score(r)
	return r, nil
}

// sorted returns the trials in order, so sums over them come out the same however they were added.
func (o *Holdout) sorted() []trial {
	return slices.SortedFunc(maps.Keys(o.trials), func(a, b trial) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.t, b.t), cmp.Compare(a.tx, b.tx), cmp.Compare(a.bought, b.bought))
	})
}

// aheadOf returns what a law expects of a cell. What those expect who are alive depends on (x, T) alone, so for cells in
// order it is computed once for each.
func aheadOf(l *Law, weeks float64) func(cell) float64 {
	var of cell
	known, times, value := false, []float64{weeks}, []float64{0}
	return func(c cell) float64 {
		if !known || c.x != of.x || c.t != of.t {
			of, known = c, true
			l.law.ahead(float64(c.x), c.t, times, value)
		}
		return value[0] * l.Alive(Summary{X: c.x, Tx: c.tx, T: c.t})
	}
}

// sameRate is the plain forecast: as many a week as before. Who became a customer on the last day has no rate yet.
func sameRate(c cell, weeks float64) float64 {
	if c.t == 0 {
		return 0
	}
	return float64(c.x) / c.t * weeks
}

// tally adds up a forecast.
type tally struct{ total, off sum }

func (t *tally) add(foretold float64, bought int, customers int64) {
	t.total.add(foretold * float64(customers))
	t.off.add(math.Abs(foretold-float64(bought)) * float64(customers))
}

func (t *tally) score(r *Report) Score {
	actual := float64(r.Actual)
	return Score{
		Total: t.total.value(), ErrorPercent: 100 * (t.total.value() - actual) / max(actual, 1),
		MAE: t.off.value() / float64(max(r.Customers, 1)),
	}
}
