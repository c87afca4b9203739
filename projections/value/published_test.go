package value_test

import (
	"math"
	"testing"

	"github.com/c360hq/c360/projections/value"
)

// near fails if got is further from want than tolerance.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v; published is %v, within %v", what, got, want, tolerance)
	}
}

// The published fits to CDNOW, calibrated 1997-01-01 to 1997-09-30: Fader, Hardie & Lee (2005), table 2, for BG/NBD and
// Pareto/NBD; Batislam, Denizel & Filiztekin (2007) for MBG/NBD, with the likelihood that BTYDplus reports.
var published = map[value.Model]struct {
	params []float64
	ll     float64
}{
	value.BGNBD:     {[]float64{0.243, 4.414, 0.793, 2.426}, -9582.4},
	value.ParetoNBD: {[]float64{0.553, 10.578, 0.606, 11.669}, -9595.0},
	value.MBGNBD:    {[]float64{0.525, 6.183, 0.891, 1.614}, -9582.13},
}

func TestPublishedFits(t *testing.T) {
	t.Parallel()
	lines, ok := cdnow(t)
	if !ok {
		return
	}
	sample := calibrate(t, lines).Sample()
	for model, want := range published {
		f, err := value.Fit(model, sample)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %+v, log-likelihood %.4f, without drop-out %.2f", model, f.Params, f.LogLikelihood, f.NoDropout)
		near(t, string(model)+" log-likelihood", f.LogLikelihood, want.ll, 0.1)
		for i, p := range f.Params {
			near(t, string(model)+" "+p.Name, p.Value, want.params[i], want.params[i]/100)
		}
		if !f.Identifiable.OK || f.Customers != 2357 {
			t.Errorf("%s: %v, of %d customers", model, f.Identifiable, f.Customers)
		}
	}
}

// The standard errors that CLVTools' own tests demand of its Pareto/NBD on the same calibration.
func TestPublishedStandardErrors(t *testing.T) {
	t.Parallel()
	lines, ok := cdnow(t)
	if !ok {
		return
	}
	f, err := value.Fit(value.ParetoNBD, calibrate(t, lines).Sample())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.0476264, 0.8427222, 0.1872594, 6.2105448} {
		p := f.Params[i]
		near(t, "standard error of "+p.Name, p.StdErr, want, want/50)
		if p.Low >= p.Value || p.High <= p.Value || p.Low <= 0 {
			t.Errorf("the interval of %s is %v to %v around %v", p.Name, p.Low, p.High, p.Value)
		}
	}
}

// Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value, section 5.
func TestPublishedSpending(t *testing.T) {
	t.Parallel()
	lines, ok := cdnow(t)
	if !ok {
		return
	}
	f, err := value.FitSpend(calibrate(t, lines).Sample())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("gamma-gamma: %+v", f)
	for i, want := range []float64{6.25, 3.74, 15.44} {
		near(t, f.Params[i].Name, f.Params[i].Value, want, want/100)
	}
	near(t, "log-likelihood", f.LogLikelihood, -4055.92, 0.1)
	if f.Customers != 946 || !f.Identifiable.OK {
		t.Errorf("%d customers, %v", f.Customers, f.Identifiable)
	}
	everybody := f.Params[0].Value * f.Params[2].Value / (f.Params[1].Value - 1)
	near(t, "spend of one who never bought again", f.Expected(value.Summary{}), everybody, 1e-9)
}

// Fader, Hardie & Lee (2005), A Note on Implementing the BG/NBD in Excel; and the walkthrough of BTYD for Pareto/NBD.
func TestPublishedForecasts(t *testing.T) {
	t.Parallel()
	bg, err := value.NewLaw(value.BGNBD, 0.243, 4.414, 0.793, 2.426)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "E[Y(39)]", bg.Expected(value.Summary{X: 2, Tx: 30.43, T: 38.86}, 39), 1.226, 0.001)
	p, err := value.NewLaw(value.ParetoNBD, 0.553, 10.578, 0.606, 11.669)
	if err != nil {
		t.Fatal(err)
	}
	s := value.Summary{X: 26, Tx: 30.86, T: 31}
	near(t, "E[Y(52)]", p.Expected(s, 52), 25.46, 0.01)
	near(t, "P(alive)", p.Alive(s), 0.9979, 0.0001)
	if alive := bg.Alive(value.Summary{T: 100}); alive != 1 {
		t.Errorf("BG/NBD holds one who never bought again alive with %v; it must be certain", alive)
	}
}

// What both models foretell to 1998-06-30, beside the plain forecasts.
func TestPublishedHoldout(t *testing.T) {
	t.Parallel()
	lines, ok := cdnow(t)
	if !ok {
		return
	}
	o := holdout(t, lines, "1997-01-01", "1997-09-30", "1998-06-30")
	for model, want := range map[value.Model]struct{ total, mae float64 }{
		value.BGNBD: {1653.4, 0.786}, value.ParetoNBD: {1665.5, 0.755},
	} {
		f, err := o.Fit(model)
		if err != nil {
			t.Fatal(err)
		}
		r := f.Holdout
		t.Logf("%s: %+v", model, *r)
		if r.Actual != 1882 || r.Customers != 2357 || r.Weeks != 39 {
			t.Errorf("%d purchases of %d customers in %v weeks", r.Actual, r.Customers, r.Weeks)
		}
		near(t, string(model)+" total", r.Model.Total, want.total, want.total/200)
		near(t, string(model)+" MAE", r.Model.MAE, want.mae, 0.005)
		near(t, "naive MAE", r.Naive.MAE, 1.024, 0.005)
		near(t, "all-zero MAE", r.Zero.MAE, 0.799, 0.005)
	}
}
