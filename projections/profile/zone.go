package profile

import "time"

// Zone is the zone of customers' days, weeks and quarters: Asia/Seoul, which has had no summer time since 1988. It is
// a fixed offset, so that a fold depends on no time zone database.
var Zone = time.FixedZone("KST", 9*60*60)

const (
	microsPerDay = 24 * 60 * 60 * 1_000_000
	zoneMicros   = 9 * 60 * 60 * 1_000_000
)

// day is a day in Zone, counted from 1970-01-01.
type day int64

func dayOf(micros int64) day {
	local := micros + zoneMicros
	d := local / microsPerDay
	if local%microsPerDay < 0 {
		d--
	}
	return day(d)
}

// start returns the beginning of the day.
func (d day) start() time.Time {
	return time.UnixMicro(int64(d)*microsPerDay - zoneMicros).In(Zone)
}

// monday returns the Monday of the day's week. 1970-01-01 was a Thursday.
func (d day) monday() day {
	n := (int64(d) + 3) % 7
	if n < 0 {
		n += 7
	}
	return d - day(n)
}

// quarter returns the quarter of a time, as year*4 + 0…3.
func quarter(micros int64) int64 {
	t := time.UnixMicro(micros).In(Zone)
	return int64(t.Year())*4 + int64(t.Month()-1)/3
}
