package demo

import "time"

// lunarYear is one year of the Korean lunisolar calendar (음력): the solar day it begins on, which month is
// followed by a leap month (0: none), and the months in order, L for 30 days and s for 29.
type lunarYear struct {
	year, month, day, leap int
	months                 string
}

const (
	firstLunarYear = 2023
	lastLunarYear  = 2050
)

// lunarYears was printed from ICU's dangi calendar.
var lunarYears = []lunarYear{
	{2023, 1, 22, 2, "sLsLsLsLLsLsL"},
	{2024, 2, 10, 0, "sLssLsLLsLLs"},
	{2025, 1, 29, 6, "LsLssLsLsLLLs"},
	{2026, 2, 17, 0, "LsLssLsLsLLL"},
	{2027, 2, 7, 0, "sLsLssLssLLL"},
	{2028, 1, 27, 5, "sLLsLssLssLLs"},
	{2029, 2, 13, 0, "LLsLLssLssLL"},
	{2030, 2, 3, 0, "sLsLLsLsLsLs"},
	{2031, 1, 23, 3, "LsLsLsLLsLsLs"},
	{2032, 2, 11, 0, "LssLsLLsLLsL"},
	{2033, 1, 31, 11, "sLssLsLsLLLsL"},
	{2034, 2, 19, 0, "sLssLsLsLLLs"},
	{2035, 2, 8, 0, "LsLssLssLLsL"},
	{2036, 1, 28, 6, "LLsLssLssLLsL"},
	{2037, 2, 15, 0, "LLsLssLssLsL"},
	{2038, 2, 4, 0, "LLsLsLsLssLs"},
	{2039, 1, 24, 5, "LLsLLsLsLsLss"},
	{2040, 2, 12, 0, "LsLLsLLsLsLs"},
	{2041, 2, 1, 0, "LssLsLLsLLsL"},
	{2042, 1, 22, 2, "sLssLsLsLLsLL"},
	{2043, 2, 10, 0, "sLssLssLLsLL"},
	{2044, 1, 30, 7, "LsLssLssLsLLL"},
	{2045, 2, 17, 0, "LsLssLssLsLL"},
	{2046, 2, 6, 0, "LsLLssLssLsL"},
	{2047, 1, 26, 5, "LsLLsLsLssLsL"},
	{2048, 2, 14, 0, "sLLsLLsLsLss"},
	{2049, 2, 2, 0, "LsLsLLsLLsLs"},
	{2050, 1, 23, 3, "LssLsLsLLsLLs"},
}

// lunarDay is a day of the lunisolar calendar.
type lunarDay struct {
	month, day int
	leap       bool
}

// lunar says which lunisolar day a solar day is, and false outside the years above.
func lunar(at time.Time) (lunarDay, bool) {
	at = at.In(korea)
	date := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	for i := len(lunarYears) - 1; i >= 0; i-- {
		y := lunarYears[i]
		first := time.Date(y.year, time.Month(y.month), y.day, 0, 0, 0, 0, time.UTC)
		if !date.Before(first) {
			return y.at(int(date.Sub(first) / day))
		}
	}
	return lunarDay{}, false
}

// at returns the day that many days after the year's first.
func (y lunarYear) at(days int) (lunarDay, bool) {
	month, leap := 1, false
	for _, length := range y.months {
		n := 29
		if length == 'L' {
			n = 30
		}
		if days < n {
			return lunarDay{month, days + 1, leap}, true
		}
		days -= n
		if leap = month == y.leap && !leap; !leap {
			month++
		}
	}
	return lunarDay{}, false
}
