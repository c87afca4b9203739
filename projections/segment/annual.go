package segment

import (
	"time"

	"github.com/c360hq/c360/events/lunar"
	"github.com/c360hq/c360/projections/history"
)

// The traits that say when somebody's day is.
const (
	traitAge   = "age"
	birthDate  = "birth_date"
	birthLunar = "birth_lunar" // true: birth_date is in the lunar calendar
	birthLeap  = "birth_leap"  // true: its month is a leap month
	timeZone   = "time_zone"   // IANA name
)

// annual is a day that is kept every year.
type annual struct {
	y     int
	month int
	d     int
	// lunar: it is a day of the lunar calendar; leap: of a leap month.
	lunar, leap bool
}

// in returns the day on which it is kept in a year of its own calendar, counted from 1970-01-01. A day that the month of
// that year does not have is kept on the month's last: 29 February on the 28th, a lunar 30th on the 29th. A day of a leap
// month is kept in the leap month if the year has that one, else in the ordinary month of its number.
func (a annual) in(y int) (day int, ok bool) {
	if !a.lunar {
		last := time.Date(y, time.Month(a.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return dayOf(y, time.Month(a.month), min(a.d, last)), true
	}
	n, leap := 0, false
	if a.leap {
		n, leap = lunar.Days(y, a.month, true)
	}
	if !leap {
		if n, ok = lunar.Days(y, a.month, false); !ok {
			return 0, false
		}
	}
	sy, sm, sd, ok := lunar.Date{Year: y, Month: a.month, Day: min(a.d, n), Leap: leap}.Solar()
	return dayOf(sy, sm, sd), ok
}

// next returns the first day from a day on, on which it is kept: at the earliest a year after it was first.
func (a annual) next(from int) (day int, ok bool) {
	y, _, _ := dateOf(from)
	y = max(y-1, a.y+1) // a lunar year ends in the next solar one
	for range 3 {
		if k, ok := a.in(y); ok && k >= from {
			return k, true
		}
		y++
	}
	return 0, false
}

// years returns how often it has been kept by a day; -1 and false before the first day itself.
func (a annual) years(today int) (int64, bool) {
	y, _, _ := dateOf(today)
	for n := y; n >= max(y-2, a.y); n-- {
		if k, ok := a.in(n); ok && k <= today {
			return int64(n - a.y), true
		}
	}
	return -1, false
}

// dayOf counts days from 1970-01-01 on.
func dayOf(y int, m time.Month, d int) int {
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

func dateOf(day int) (y int, m time.Month, d int) {
	return time.Unix(int64(day)*24*60*60, 0).UTC().Date()
}

// bornOn returns the customer's birthday as it was known at a time.
func bornOn(h *history.History, at int64) (annual, bool) {
	a, ok := annualOf(h, birthDate, at)
	if !ok {
		return a, false
	}
	moon, _ := h.Trait(birthLunar, at)
	if a.lunar = moon == "true"; a.lunar {
		leap, _ := h.Trait(birthLeap, at)
		a.leap = leap == "true"
	}
	return a, true
}

func annualOf(h *history.History, name string, at int64) (annual, bool) {
	value, _ := h.Trait(name, at)
	y, m, d, ok := dayParts(plain(value))
	return annual{y: y, month: int(m), d: d}, ok
}
