package analytics_test

import (
	"math"
	"testing"

	"github.com/c360hq/c360/projections/analytics"
)

func mae(t *testing.T, f analytics.Forecast, method string) float64 {
	t.Helper()
	for _, m := range f.Methods {
		if m.Method == method {
			return m.MAE
		}
	}
	t.Fatalf("%s was not tried", method)
	return 0
}

func TestForecastOfATrend(t *testing.T) {
	t.Parallel()
	series, r := make([]float64, 60), splitmix(3)
	for i := range series {
		series[i] = 100 + 5*float64(i) + float64(r.next()%21) - 10
	}
	f := analytics.Predict(series, 0, 4)
	if f.Method != analytics.DampedTrend || mae(t, f, analytics.DampedTrend) >= mae(t, f, analytics.Naive)/2 || !f.Enough {
		t.Errorf("seed 3: %s, %+v", f.Method, f.Methods)
	}
	for i, w := range f.Ahead {
		truth := 100 + 5*float64(60+i)
		if math.Abs(w.Value-truth) > 15 || w.Low > w.Value || w.High < w.Value {
			t.Errorf("seed 3: week %d: %+v, the trend says %v", w.Week, w, truth)
		}
	}
}

func TestForecastOfASeason(t *testing.T) {
	t.Parallel()
	series := make([]float64, 60)
	for i := range series {
		series[i] = 100 + 50*math.Sin(2*math.Pi*float64(i)/12)
	}
	f := analytics.Predict(series, 12, 12)
	if f.Method != analytics.SeasonalNaive || mae(t, f, analytics.SeasonalNaive) > 1e-9 {
		t.Errorf("%s, %+v", f.Method, f.Methods)
	}
	for i, w := range f.Ahead {
		if truth := series[i]; math.Abs(w.Value-truth) > 1e-9 { // 60 weeks are five seasons
			t.Errorf("week %d: %v, want %v", w.Week, w.Value, truth)
		}
	}
}

// TestNaiveIsShownBeside: on a random walk the last value is all there is to know.
func TestNaiveIsShownBeside(t *testing.T) {
	t.Parallel()
	series, r, x := make([]float64, 104), splitmix(9), 1000.0
	for i := range series {
		x += float64(r.next()%41) - 20
		series[i] = x
	}
	f := analytics.Predict(series, 52, 4)
	best := mae(t, f, f.Method)
	if len(f.Methods) != 2 || best > mae(t, f, analytics.Naive) || f.HeldOut != 13 {
		t.Errorf("seed 9: %s, %+v", f.Method, f)
	}
}

func TestForecastOfTooLittle(t *testing.T) {
	t.Parallel()
	f := analytics.Predict([]float64{1, 2, 3}, 52, 4)
	if f.Enough || f.Why == nil || len(f.Ahead) != 0 {
		t.Errorf("three weeks are enough: %+v", f)
	}
	flat := analytics.Predict(make([]float64, 30), 0, 2)
	if !flat.Enough || flat.Ahead[1].Value != 0 || flat.Ahead[1].High != 0 {
		t.Errorf("nothing comes of nothing: %+v", flat)
	}
}
