package history

import "time"

const (
	microsPerDay = 24 * 60 * 60 * 1_000_000
	zoneMicros   = 9 * 60 * 60 * 1_000_000
)

// Day is a day in Zone, counted from 1970-01-01.
type Day int64

// DayOf returns the day of a time in Unix microseconds.
func DayOf(micros int64) Day {
	local := micros + zoneMicros
	d := local / microsPerDay
	if local%microsPerDay < 0 {
		d--
	}
	return Day(d)
}

// Start returns the beginning of the day.
func (d Day) Start() time.Time {
	return time.UnixMicro(int64(d)*microsPerDay - zoneMicros).In(Zone)
}

// Monday returns the Monday of the day's week. 1970-01-01 was a Thursday.
func (d Day) Monday() Day {
	n := (int64(d) + 3) % 7
	if n < 0 {
		n += 7
	}
	return d - Day(n)
}
