package numbers

import (
	"math"
	"time"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/projections/value"
)

// Terms say how what is to come is discounted.
type Terms struct {
	Years    int
	Discount float64
}

// DefaultTerms look three years ahead at 10 % a year.
var DefaultTerms = Terms{3, 0.1}

// Measure says what a customer is worth at an instant (Unix microseconds), looking at nothing that happened later. tiers may
// be nil.
func (y *Yardstick) Measure(h *history.History, at int64, tiers *value.Tiers, terms Terms) (*Worth, error) {
	w := &Worth{Currency: y.Currency, Forecasts: []Ahead{}, Tier: tierOf(h, at, tiers), Life: y.lifeOf(h, at), Model: y.note()}
	list := value.Bought(h, at, y.Currency)
	row, ok := value.RowOf(list)
	if !ok {
		return w, nil
	}
	w.Purchases, w.Spent, w.FirstDay, w.LastDay = row.Frequency, row.Money, dateOf(list[0].Day), dateOf(row.Day)
	rank := y.Fifths.Rank(row)
	w.RFM = &Fifths{rank, rank.Class(), rank.Class().Name()}
	if y.Fitted == nil {
		return w, nil
	}
	s, _ := value.Summarize(list, math.MinInt32, value.DayOf(at))
	return w, y.foretell(w, s, terms)
}

// foretell fills in what is expected of a customer.
func (y *Yardstick) foretell(w *Worth, s value.Summary, terms Terms) error {
	for _, days := range [...]int{90, 365} {
		f, err := y.Fitted.Forecast(s, float64(days)/7, level)
		if err != nil {
			return err
		}
		if y.Fitted.Identifiable.OK {
			w.Alive = &f.Alive
		}
		w.Forecasts = append(w.Forecasts, Ahead{days, f.Purchases, f.Low, f.High, finite(f.Spend), finite(f.Value)})
	}
	if y.Fitted.Spend == nil {
		return nil
	}
	law, err := y.Fitted.Law()
	if err == nil {
		w.CLV = &CLV{finite(discounted(law, s, terms) * y.Fitted.Spend.Expected(s)), terms.Years, terms.Discount}
	}
	return err
}

// discounted is the number of purchases to come, each worth what it is at the middle of its step, from now on.
func discounted(l *value.Law, s value.Summary, terms Terms) float64 {
	ends := make([]float64, terms.Years*stepsAYear)
	for i := range ends {
		ends[i] = float64(i+1) * weeksAYear / stepsAYear
	}
	sum, before := 0.0, 0.0
	for i, upTo := range l.ExpectedWithin(s, ends...) {
		sum += (upTo - before) / math.Pow(1+terms.Discount, (float64(i)+.5)/stepsAYear)
		before = upTo
	}
	return sum
}

// finite is a number that JSON can hold.
func finite(v float64) float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	return v
}

func (y *Yardstick) note() *ModelNote {
	if y.Fitted == nil {
		return nil
	}
	return &ModelNote{
		Model: y.Fitted.Model, Position: y.Basis.Position, FittedTo: y.Fitted.CalibratedTo, Customers: y.Fitted.Customers,
		Identifiable: y.Fitted.Identifiable, Holdout: y.Fitted.Holdout,
	}
}

func (y *Yardstick) lifeOf(h *history.History, at int64) *LifeOf {
	if y.Thresholds == nil {
		return nil
	}
	class, due := y.Thresholds.At(h, at)
	l := &LifeOf{Class: classID(class), Name: class.Name(), Due: until(due), History: []LifeChange{}}
	if len(h.Touchpoints) == 0 {
		return l
	}
	for _, t := range y.Thresholds.Transitions(h, h.Touchpoints[0].At-1, at) {
		c := LifeChange{At: moment(t.At), From: classID(value.Class(t.From)), To: classID(value.Class(t.To)), Cause: "clock"}
		if t.Cause != (history.Ref{}) {
			c.Cause, c.EventAt = t.Cause.Type, until(t.Cause.At)
		}
		l.History = append(l.History, c)
	}
	return l
}

func tierOf(h *history.History, at int64, tiers *value.Tiers) *TierOf {
	if tiers == nil {
		return nil
	}
	p := tiers.At(h, at)
	return &TierOf{
		Tier: p.Tier, Revenue: p.Revenue, Orders: p.Orders, Holds: until(p.Holds), Next: p.Next,
		MissingRevenue: p.MissingRevenue, MissingOrders: p.MissingOrders, Until: until(p.Until),
	}
}

// until is a moment, nil for never.
func until(at int64) *time.Time {
	if at == standing.Never {
		return nil
	}
	t := moment(at)
	return &t
}

func moment(at int64) time.Time { return time.UnixMicro(at).UTC() }

// dateOf writes a day that is counted from 1970-01-01.
func dateOf(d int32) string { return time.Unix(int64(d)*24*60*60, 0).UTC().Format(time.DateOnly) }
