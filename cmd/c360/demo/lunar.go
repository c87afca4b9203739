package demo

import (
	"time"

	korean "github.com/c360hq/c360/events/lunar"
)

// The lunar years in which people here have birthdays.
const (
	firstLunarYear = korean.FirstYear
	lastLunarYear  = korean.LastYear
)

// lunarDay is a day of the lunisolar calendar (음력).
type lunarDay struct {
	month, day int
	leap       bool
}

// lunar says which lunisolar day a solar day is in Korea, and false outside the years above.
func lunar(at time.Time) (lunarDay, bool) {
	l, ok := korean.FromSolar(at.In(korea).Date())
	return lunarDay{l.Month, l.Day, l.Leap}, ok
}
