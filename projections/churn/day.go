package churn

import (
	"fmt"
	"math"
	"time"

	"github.com/c360hq/c360/projections/history"
)

const (
	dayMicros = 24 * 60 * 60 * 1_000_000
	// zoneMicros is the offset of history.Zone.
	zoneMicros = 9 * 60 * 60 * 1_000_000
)

// day is a day of history.Zone, counted from 1970-01-01.
type day int64

// noDay is a day that does not come.
const noDay day = math.MaxInt64

// everything is longer than any history.
const everything day = 1 << 40

// dayOf returns the day of a time, Unix microseconds.
func dayOf(at int64) day {
	local := at + zoneMicros
	d := local / dayMicros
	if local < 0 && local%dayMicros != 0 {
		d--
	}
	return day(d)
}

// start returns when the day begins, Unix microseconds.
func (d day) start() int64 { return int64(d)*dayMicros - zoneMicros }

// weeks returns weeks for days: the models count in weeks.
func weeks(days day) float64 { return float64(days) / 7 }

// monthOf returns the month of a time as year*12 + 0…11.
func monthOf(at int64) int {
	t := time.UnixMicro(at).In(history.Zone)
	return t.Year()*12 + int(t.Month()) - 1
}

func monthName(month int) string { return fmt.Sprintf("%04d-%02d", month/12, month%12+1) }

// date writes the day of a time.
func date(at int64) string { return time.UnixMicro(at).In(history.Zone).Format(time.DateOnly) }
