package lunar

import "time"

// The lunar years that the table holds. The first begins on 31 January 1900, the last ends on 10 February 2051.
const (
	FirstYear = 1900
	LastYear  = FirstYear + len(years) - 1
)

// Date is a day of the lunisolar calendar.
type Date struct {
	Year, Month, Day int
	// Leap says that Month is the leap month after the ordinary one of that number.
	Leap bool
}

// FromSolar says which lunisolar day a solar day is; false if its lunar year is not in the table.
func FromSolar(y int, m time.Month, d int) (Date, bool) {
	days := dayOf(y, m, d)
	i := y - FirstYear
	if i == len(years) {
		i-- // the last lunar year ends in the next solar one
	}
	if i < 0 || i >= len(years) {
		return Date{}, false
	}
	if days < years[i].first() {
		i--
	}
	if i < 0 {
		return Date{}, false
	}
	return years[i].at(days - years[i].first())
}

// Solar says which solar day it is; false if there is no such day, or the table does not have its year.
func (l Date) Solar() (y int, m time.Month, d int, ok bool) {
	if l.Year < FirstYear || l.Year > LastYear {
		return 0, 0, 0, false
	}
	of := &years[l.Year-FirstYear]
	before, length, ok := of.place(l.Month, l.Leap)
	if !ok || l.Day < 1 || l.Day > length {
		return 0, 0, 0, false
	}
	y, m, d = time.Unix(int64(of.first()+before+l.Day-1)*secondsPerDay, 0).UTC().Date()
	return y, m, d, true
}

// Days returns how many days a month has, 29 or 30; false if there is no such month in the table.
func Days(y, month int, leap bool) (int, bool) {
	if y < FirstYear || y > LastYear {
		return 0, false
	}
	_, length, ok := years[y-FirstYear].place(month, leap)
	return length, ok
}

const secondsPerDay = 24 * 60 * 60

// dayOf counts days from 1970-01-01 on.
func dayOf(y int, m time.Month, d int) int {
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

func (y *year) first() int { return dayOf(y.year, time.Month(y.month), y.day) }

// at returns the day that is so many days after the year's first.
func (y *year) at(days int) (Date, bool) {
	month, leap := 1, false
	for i := range len(y.months) {
		n := y.length(i)
		if days < n {
			return Date{y.year, month, days + 1, leap}, true
		}
		days -= n
		if leap = month == y.leap && !leap; !leap {
			month++
		}
	}
	return Date{}, false
}

// place finds a month: how many days of the year are before it, and how many it has.
func (y *year) place(month int, leap bool) (before, length int, ok bool) {
	if month < 1 || month > 12 || leap && month != y.leap {
		return 0, 0, false
	}
	n := month - 1 // its index among the months
	if leap || y.leap > 0 && month > y.leap {
		n++
	}
	for i := range n {
		before += y.length(i)
	}
	return before, y.length(n), true
}

func (y *year) length(month int) int {
	if y.months[month] == 'L' {
		return 30
	}
	return 29
}
