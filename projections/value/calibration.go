package value

import (
	"errors"
	"time"

	"github.com/c360hq/c360/projections/history"
)

// Calibration collects the customers that a model is fitted to.
type Calibration struct {
	from, to int64
	currency string
	sample   *Sample
}

// NewCalibration begins one over purchases in a currency, from a moment on and by another (Unix microseconds). Both days
// count whole.
func NewCalibration(from, to int64, currency string) *Calibration {
	return &Calibration{from, dayEnd(to), currency, NewSample()}
}

// Add takes a customer in. Whoever bought nothing is left out.
func (c *Calibration) Add(h *history.History) { c.AddBought(Bought(h, c.to, c.currency)) }

// AddBought takes a customer in by what they bought.
func (c *Calibration) AddBought(list []Purchase) {
	if s, ok := Summarize(list, DayOf(c.from), DayOf(c.to)); ok {
		c.sample.Add(s)
	}
}

// Merge takes in a calibration over the same time of other customers.
func (c *Calibration) Merge(o *Calibration) { c.sample.Merge(o.sample) }

// Sample returns the customers so far.
func (c *Calibration) Sample() *Sample { return c.sample }

// Fit fits a model, and what one purchase costs if enough customers bought again at a price. The error is a [TooLittleError] or
// says that there is no such model.
func (c *Calibration) Fit(m Model) (*Fitted, error) {
	f, err := Fit(m, c.sample)
	if err != nil {
		return nil, err
	}
	f.CalibratedFrom, f.CalibratedTo = moment(c.from), moment(c.to)
	f.Currency = c.currency
	if f.Spend, err = FitSpend(c.sample); err != nil && !errors.Is(err, ErrTooLittle) {
		return nil, err
	}
	return f, nil
}

func moment(at int64) time.Time { return time.UnixMicro(at).UTC() }
