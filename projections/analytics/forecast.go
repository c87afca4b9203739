package analytics

import (
	"math"

	"github.com/c360hq/c360/events"
)

// Forecast is what a weekly series may do next, and how well the same way would have told the weeks that were held out.
type Forecast struct {
	// Method is naive, unless another of Methods erred 5 % less on the weeks held out.
	Method string `json:"method"`
	// Ahead are the next weeks; Low and High hold four of five weeks, if errors stay what they were in the hold-out.
	Ahead []ForecastWeek `json:"ahead"`
	// HeldOut is how many weeks were held out: each method saw only what was before them.
	HeldOut int `json:"held_out"`
	// Methods are the errors of all, the plain ones among them.
	Methods []MethodError `json:"methods"`
	// Enough says whether there was enough to go by; Why says why not.
	Enough bool         `json:"enough"`
	Why    *events.Text `json:"why,omitempty"`
}

// ForecastWeek is one week to come; Week counts from 1.
type ForecastWeek struct {
	Week  int     `json:"week"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// MethodError is the mean absolute error of a method on the weeks held out.
type MethodError struct {
	Method string  `json:"method"`
	MAE    float64 `json:"mae"`
}

// The methods.
const (
	// Naive says that every week will be like the last.
	Naive = "naive"
	// SeasonalNaive says that a week will be like the same one a season before.
	SeasonalNaive = "seasonal_naive"
	// DampedTrend is Holt's trend, damped (Gardner & McKenzie 1985), its parameters by least one-step squared error.
	DampedTrend = "damped_trend"
)

// leastWeeks is the shortest series that is forecast by more than its last value.
const leastWeeks = 16

// plainness is how much less another method must err than a plainer one to be believed.
const plainness = .95

// maxAhead bounds the weeks ahead.
const maxAhead = 52

// Predict forecasts a weekly series, the earliest first, of whole weeks. season is the length of a season in weeks (52), 0 for
// none; it counts only if the series has two of them before the hold-out. It depends on nothing but its arguments.
func Predict(series []float64, season, ahead int) Forecast {
	ahead = min(max(ahead, 1), maxAhead)
	f := Forecast{Method: Naive, Ahead: []ForecastWeek{}, Methods: []MethodError{}}
	if len(series) < leastWeeks {
		f.Why = &events.Text{Ko: "예측하려면 최소 16주가 필요합니다", En: "a forecast takes 16 weeks at least"}
		return f
	}
	f.Enough, f.HeldOut = true, min(13, len(series)/4)
	known, truth := series[:len(series)-f.HeldOut], series[len(series)-f.HeldOut:]
	methods := []string{Naive, DampedTrend}
	if season > 0 && len(known) >= 2*season {
		methods = append(methods, SeasonalNaive)
	}
	best := math.Inf(1)
	for _, m := range methods {
		mae := errorOf(tell(m, known, season, f.HeldOut), truth)
		f.Methods = append(f.Methods, MethodError{m, mae})
		if mae < plainness*best {
			f.Method, best = m, mae
		}
	}
	f.fill(series, season, ahead, deviations(tell(f.Method, known, season, f.HeldOut), truth))
	return f
}

// fill forecasts with the method that was chosen, in a band as wide as its errors in the hold-out.
func (f *Forecast) fill(series []float64, season, ahead int, errors []int64) {
	low, _ := quantile(errors, .1)
	high, _ := quantile(errors, .9)
	for i, v := range tell(f.Method, series, season, ahead) {
		f.Ahead = append(f.Ahead, ForecastWeek{i + 1, v, v + min(0, scaled(low, 1e-4)), v + max(0, scaled(high, 1e-4))})
	}
}

// deviations are how far the truth was from what was told, in 1/10000.
func deviations(told, truth []float64) []int64 {
	list := make([]int64, len(truth))
	for i := range truth {
		list[i] = int64(math.Round((truth[i] - told[i]) * 1e4))
	}
	return list
}

func errorOf(told, truth []float64) float64 {
	sum := 0.0
	for i := range truth {
		sum += math.Abs(truth[i] - told[i])
	}
	return sum / float64(len(truth))
}

// tell forecasts so many weeks with a method.
func tell(method string, series []float64, season, ahead int) []float64 {
	told := make([]float64, ahead)
	n := len(series)
	switch method {
	case SeasonalNaive:
		for i := range told {
			told[i] = series[n-season+i%season]
		}
	case DampedTrend:
		return damped(series, ahead)
	default:
		for i := range told {
			told[i] = series[n-1]
		}
	}
	return told
}
