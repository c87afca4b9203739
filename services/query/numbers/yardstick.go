package numbers

import (
	"errors"
	"math"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/value"
)

const (
	day = int64(24 * 60 * 60 * 1e6) // microseconds
	// Window is in how many days revenue is counted for a VIP.
	Window = 365
	// trialShare is which part of the time that there is data of a hold-out takes, the last; it takes longestTrial at most, and
	// none is tried on less than shortestTrial.
	trialShare    = 4
	longestTrial  = 26 * 7 * day
	shortestTrial = 14 * day
)

// Whole returns the last moment of the last day, in history.Zone, that is over at an instant (Unix microseconds). What is
// fitted is fitted to whole days.
func Whole(at int64) int64 {
	t := time.UnixMicro(at + 1).In(history.Zone)
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, history.Zone).UnixMicro() - 1
}

// First is the first look at customers who buy in one currency: fifths, the rhythm they buy in, and since when.
type First struct {
	Fifths *value.RFM
	Rhythm *value.Rhythm
	from   int64 // the first purchase, Unix microseconds
	at     int64
	of     string
}

// NewFirst returns a look without a customer, as of an instant.
func NewFirst(at int64, currency string) *First {
	return &First{value.NewRFM(0, at, currency), value.NewRhythm(at, currency, Window), math.MaxInt64, at, currency}
}

// Add takes a customer in.
func (f *First) Add(h *history.History) {
	f.Fifths.Add(h)
	f.Rhythm.Add(h)
	if list := value.Bought(h, f.at, f.of); len(list) > 0 {
		f.from = min(f.from, int64(list[0].Day)*day-9*60*60*1e6)
	}
}

// Merge takes in other customers.
func (f *First) Merge(o *First) {
	f.Fifths.Merge(o.Fifths)
	f.Rhythm.Merge(o.Rhythm)
	f.from = min(f.from, o.from)
}

// Second is the second look, when it is known since when there is data: what a model is fitted to, and what it is tried on.
type Second struct {
	all   *value.Calibration
	trial *value.Holdout // nil if there is too little time
}

// Second returns the second look, without a customer.
func (f *First) Second() *Second {
	from := min(f.from, f.at)
	s := &Second{all: value.NewCalibration(from, f.at, f.of)}
	if long := min((f.at-from)/trialShare, longestTrial); long >= shortestTrial {
		s.trial = value.NewHoldout(from, f.at-long, f.at, f.of)
	}
	return s
}

// Add takes a customer in.
func (s *Second) Add(h *history.History) {
	s.all.Add(h)
	if s.trial != nil {
		s.trial.Add(h)
	}
}

// Merge takes in other customers.
func (s *Second) Merge(o *Second) {
	s.all.Merge(o.all)
	if s.trial != nil {
		s.trial.Merge(o.trial)
	}
}

// Fit fits a model to all there is, with the report on a model that was fitted before the hold-out. The error is a
// [value.TooLittleError] if there is too little.
func (s *Second) Fit(m value.Model) (*value.Fitted, error) {
	f, err := s.all.Fit(m)
	if err != nil || s.trial == nil {
		return f, err
	}
	tried, err := s.trial.Fit(m)
	if errors.Is(err, value.ErrTooLittle) {
		return f, nil
	}
	if err == nil {
		f.Holdout = tried.Holdout
	}
	return f, err
}

// Yardstick is what customers are measured by: found from all of them, as of the end of a day. It must not be changed.
type Yardstick struct {
	Basis    Basis
	Currency string
	// Fifths and Thresholds are those of RFM and of the classes of life; Thresholds and Fitted are nil if there is too little
	// data, which Why says.
	Fifths     *value.Quintiles
	Thresholds *value.Thresholds
	Fitted     *value.Fitted
	Why        *events.Text
}

// NewYardstick makes one of both looks.
func NewYardstick(b Basis, currency string, first *First, second *Second, m value.Model) (*Yardstick, error) {
	y := &Yardstick{Basis: b, Currency: currency, Fifths: first.Fifths.Result()}
	var err error
	if y.Thresholds, err = first.Rhythm.Result(); err != nil {
		y.Thresholds = nil
		if err = y.lacks(err); err != nil {
			return nil, err
		}
	}
	if y.Fitted, err = second.Fit(m); err != nil {
		y.Fitted = nil
		err = y.lacks(err)
	}
	return y, err
}

// lacks notes that there is too little data; any other error stays one.
func (y *Yardstick) lacks(err error) error {
	var little *value.TooLittleError
	if !errors.As(err, &little) {
		return err
	}
	why := little.Text()
	y.Why = &why
	return nil
}

// ModelAnswer is the model of value: when customers buy again, and how that was found out.
type ModelAnswer struct {
	Basis
	Currency   string            `json:"currency" doc:"the one most customers buy in, unless one was asked for"`
	Buyers     int64             `json:"buyers" doc:"customers who bought in it"`
	Fitted     *value.Fitted     `json:"fitted" doc:"parameters with standard errors (weeks), whether drop-out is identifiable, spending, and the hold-out error beside going on at the same rate and nobody buying again; null if there is too little data"`
	Thresholds *value.Thresholds `json:"thresholds" doc:"the limits of the classes of life; null if there is too little data"`
}

// Model puts a yardstick into an answer.
func Model(y *Yardstick) *ModelAnswer {
	a := &ModelAnswer{Basis: y.Basis, Currency: y.Currency, Buyers: y.Fifths.Customers, Fitted: y.Fitted, Thresholds: y.Thresholds}
	a.Enough, a.Why = y.Fitted != nil && y.Thresholds != nil, y.Why
	return a
}
