package analytics

import (
	"time"

	"github.com/c360hq/c360/projections/history"
)

// Forecast predicts a measure from its weekly series: the weeks that were over and that the data reaches back to, from the last
// one without a value on. currency is that of money, "" for what is none. It is false if there is no such tile. Weeks that the
// KPI has none of cannot be predicted from: give KPIOptions.Weeks of two years for a season of one.
func (k *KPIs) Forecast(m Measure, currency string, season, ahead int) (Forecast, bool) {
	for i := range k.Tiles {
		if t := &k.Tiles[i]; t.Measure == m && t.Currency == currency {
			return Predict(t.series(k.Since), season, ahead), true
		}
	}
	return Forecast{}, false
}

// series are the values of whole weeks since the data begins.
func (t *Tile) series(since *time.Time) []float64 {
	var list []float64
	for i := range t.Weeks {
		w := &t.Weeks[i]
		monday, err := time.ParseInLocation(time.DateOnly, w.Week, history.Zone)
		switch {
		case w.InProgress:
			return list
		case err != nil || since == nil || monday.Before(*since) || w.Value == nil:
			list = nil
		default:
			list = append(list, *w.Value)
		}
	}
	return list
}
