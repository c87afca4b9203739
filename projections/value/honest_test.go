package value_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/value"
)

// Online Retail has no identifiable drop-out: fits run to the model in which nobody leaves. They must stay finite and say
// so; the plain forecasts stand beside them.
func TestOnlineRetailIsNotIdentifiable(t *testing.T) {
	t.Parallel()
	lines, ok := retail(t)
	if !ok {
		return
	}
	o := holdout(t, lines, "2010-12-01", "2011-05-31", "2011-09-30")
	for _, model := range value.Models() {
		f, err := o.Fit(model)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %+v, log-likelihood %.2f, without drop-out %.2f: %s", model, f.Params, f.LogLikelihood, f.NoDropout, f.Identifiable.Why.En)
		t.Logf("%s: %+v", model, *f.Holdout)
		if f.Identifiable.OK || !strings.Contains(f.Identifiable.Why.En, "not identifiable") || f.Identifiable.Why.Ko == "" {
			t.Errorf("%s: %+v", model, f.Identifiable)
		}
		if _, err := f.JSON(); err != nil {
			t.Errorf("%s: %v", model, err) // no number that is none
		}
		finite(t, f)
	}
}

// finite forecasts for customers of all sorts.
func finite(t *testing.T, f *value.Fitted) {
	t.Helper()
	for _, s := range customers {
		c, err := f.Forecast(s, 26, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []float64{c.Alive, c.Purchases, c.Spend, c.Value} {
			if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
				t.Errorf("%s %+v: %+v", f.Model, s, c)
			}
		}
	}
}

// apparelTrans is simulated with drop-out. CLVTools prints figures for other versions of this set only, so what is checked
// is that the fits make sense and how they do on what they have not seen.
func TestApparel(t *testing.T) {
	t.Parallel()
	lines, ok := apparel(t)
	if !ok {
		return
	}
	o := holdout(t, lines, "2005-01-01", "2006-12-31", "2010-12-20")
	for _, model := range value.Models() {
		f, err := o.Fit(model)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %+v, log-likelihood %.2f, without drop-out %.2f: %s", model, f.Params, f.LogLikelihood, f.NoDropout, f.Identifiable.Why.En)
		t.Logf("%s: %+v; spend %+v", model, *f.Holdout, f.Spend)
		finite(t, f)
		if r := f.Holdout; r.Customers != 600 || math.Abs(r.Model.ErrorPercent) >= math.Abs(r.Naive.ErrorPercent) || r.Model.MAE >= r.Naive.MAE {
			t.Errorf("%s does no better than going on as before: %+v", model, *r)
		}
	}
}

// Of customers held out, as many must fall into their intervals as these promise, counted on CDNOW.
func TestIntervalsHold(t *testing.T) {
	t.Parallel()
	lines, ok := cdnow(t)
	if !ok {
		return
	}
	f, err := value.Fit(value.ParetoNBD, calibrate(t, lines).Sample())
	if err != nil {
		t.Fatal(err)
	}
	l, err := f.Law()
	if err != nil {
		t.Fatal(err)
	}
	cut, in, all := value.DayOf(noon(t, "1997-09-30")), 0, 0
	for _, list := range value.Collect(lines) {
		s, _ := value.Summarize(list, 0, cut)
		later := 0
		for _, p := range list {
			if p.Day > cut {
				later++
			}
		}
		if low, high := l.Interval(s, 39, 0.9); low <= later && later <= high {
			in++
		}
		all++
	}
	t.Logf("%d of %d customers (%.1f %%) bought as often as their 90 %% interval says", in, all, 100*float64(in)/float64(all))
	if share := float64(in) / float64(all); share < 0.88 {
		t.Errorf("only %.3f are in the interval of 0.9", share)
	}
}

func TestTooLittle(t *testing.T) {
	t.Parallel()
	s := value.NewSample()
	for range 20 {
		s.Add(value.Summary{T: 10})
	}
	var short *value.TooLittleError
	_, err := value.Fit(value.MBGNBD, s)
	if !errors.Is(err, value.ErrTooLittle) || !errors.As(err, &short) {
		t.Fatalf("%v", err)
	}
	if short.Customers != 20 || short.Repeaters != 0 || !strings.Contains(err.Error(), "100") || short.Text().Ko == "" {
		t.Errorf("%+v: %v", short, err)
	}
	if _, err := value.FitSpend(s); !errors.Is(err, value.ErrTooLittle) {
		t.Errorf("spending: %v", err)
	}
	if _, err := value.NewRhythm(0, "KRW", 365).Result(); !errors.Is(err, value.ErrTooLittle) {
		t.Errorf("rhythm: %v", err)
	}
}

func TestFitRefusesImpossibleCustomers(t *testing.T) {
	t.Parallel()
	s := value.NewSample()
	for range 200 {
		s.Add(value.Summary{X: 1, Tx: 5, T: 4})
	}
	if _, err := value.Fit(value.BGNBD, s); err == nil {
		t.Error("somebody bought after the end")
	}
}

// Shops of all sorts, odd ones among them: a fit never fails, and never says a number that is none.
func TestFitsStayFinite(t *testing.T) {
	t.Parallel()
	const seed = 11
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	shops := map[string]func(i int) value.Summary{
		"all the same":        func(int) value.Summary { return spending(3, 10, 20, 30) },
		"like clockwork":      func(i int) value.Summary { return spending(i%20, float64(i%20), float64(i%20), 5) },
		"all in one day":      func(i int) value.Summary { return spending(i%2, 0, float64(i%2)/7, 0) },
		"gone after two":      func(i int) value.Summary { return spending(1, 1, 50+float64(i%9), float64(1+i%3)) },
		"nobody leaves":       func(i int) value.Summary { return spending(1+i%7, 49.5, 50, float64(1+i)) },
		"one in three again":  func(i int) value.Summary { return spending((i%3)/2, float64((i%3)/2), 8, 1e6) },
		"a few buy very much": func(i int) value.Summary { return spending(i*i/40, float64(min(i, 1)), 100, math.Exp(float64(i%30))) },
	}
	for i := range 5 {
		shops["drawn "+strconv.Itoa(i)] = func(int) value.Summary { return drawn(dice) }
	}
	for name, make := range shops {
		s := value.NewSample()
		for i := range 200 {
			s.Add(make(i))
		}
		for _, model := range value.Models() {
			f, err := value.Fit(model, s)
			if err != nil {
				t.Errorf("%s, %s: %v", name, model, err)
				continue
			}
			if f.Spend, err = value.FitSpend(s); err != nil && !errors.Is(err, value.ErrTooLittle) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := f.JSON(); err != nil {
				t.Errorf("%s, %s: %v", name, model, err)
			}
			finite(t, f)
			t.Logf("%s, %s: %v %s", name, model, f.LogLikelihood, f.Identifiable.Why.En)
		}
	}
}

func spending(x int, tx, age, mean float64) value.Summary {
	s := value.Summary{X: x, Tx: tx, T: age, Mean: mean, Spend: events.Money(mean * float64(x) * 10000)}
	if x == 0 {
		s.Tx, s.Mean, s.Spend = 0, 0, 0
	}
	return s
}
