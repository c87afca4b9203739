package analytics

import "math"

// damping are the parameters of a damped trend: how fast level and trend follow, and how the trend fades.
type damping struct{ alpha, beta, phi float64 }

// run goes through a series and returns the last level and trend, and the sum of the squared one-step errors.
func (d damping) run(series []float64) (level, trend, sse float64) {
	level, trend = series[0], slope(series[:min(len(series), 8)])
	for _, x := range series[1:] {
		e := x - (level + d.phi*trend)
		sse += e * e
		level, trend = level+d.phi*trend+d.alpha*e, d.phi*trend+d.alpha*d.beta*e
	}
	return level, trend, sse
}

// slope is the mean step of the beginning of a series.
func slope(series []float64) float64 {
	return (series[len(series)-1] - series[0]) / float64(max(len(series)-1, 1))
}

// damped forecasts with the parameters of a grid that would have told the series best, week by week.
func damped(series []float64, ahead int) []float64 {
	best, least := damping{}, math.Inf(1)
	for a := 1; a <= 19; a++ {
		for b := 0; b <= 10; b++ {
			for _, phi := range [...]float64{.8, .9, .98} {
				d := damping{float64(a) / 20, float64(b) / 20, phi}
				if _, _, sse := d.run(series); sse < least {
					best, least = d, sse
				}
			}
		}
	}
	level, trend, _ := best.run(series)
	told, step := make([]float64, ahead), 0.0
	for i := range told {
		step += math.Pow(best.phi, float64(i+1))
		told[i] = level + step*trend
	}
	return told
}
