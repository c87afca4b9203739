package ingest

import (
	"time"
)

// slack is how far ahead of our own clock a sender may honestly be.
const slack = 5 * time.Second

// earliest is the oldest time that is believed; before it lie clocks that were never set.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// clock is what a sender said about the time of one event. Zero times were not said, or not readable.
type clock struct {
	received time.Time
	sent     time.Time
	original time.Time
	// stated is a time the sender set by hand beside its original one; it is no clock reading and is kept.
	stated time.Time
	// historical events keep their time: how long ago they were sent says nothing about the sender's clock.
	historical bool
}

// occurred is the skew rule. The sender's clock is wrong by received - sent, if the message came at once, so
// original is moved by that: received - (sent - original). SDKs that repeat a body with its first sent time make
// the delay look like skew, so the result is bounded: never after received (a touchpoint has happened when it
// comes), never before 1990; what lies outside becomes received. The sender's own times stay in the event.
func (c clock) occurred() time.Time {
	at := c.received
	switch {
	case !c.stated.IsZero():
		at = c.stated
	case c.original.IsZero():
	case c.historical || c.sent.IsZero():
		at = c.original
	default:
		at = c.received.Add(-c.sent.Sub(c.original))
	}
	return bounded(at, c.received)
}

func bounded(at, received time.Time) time.Time {
	if at.Before(earliest) || at.After(received.Add(slack)) {
		return received
	}
	return at.UTC()
}

// readTime reads RFC 3339 with any fraction and offset; the zero time is "not readable".
func readTime(text string) time.Time {
	if text == "" || len(text) > 64 {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return storable(t)
}

// timeFault says why a time was not taken: it has none of the forms, or it has and lies too far away.
func timeFault(text, forms string) *fault {
	for _, form := range append(fileTimes[:], time.RFC3339Nano) {
		if t, err := time.Parse(form, text); err == nil && storable(t).IsZero() {
			return wrongf(reasonField, "/time", "time lies outside the years %d to %d, which c360 can keep; mend it, or leave it out",
				firstYear, lastYear)
		}
	}
	return wrong(reasonField, "/time", "time is not "+forms)
}

// fileTimes are the forms found in files beside RFC 3339; without an offset they are UTC.
var fileTimes = [...]string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04", "2006-01-02"}

// readFileTime is readTime for imports, where a time without an offset is usual.
func readFileTime(text string) time.Time {
	if t := readTime(text); !t.IsZero() {
		return t
	}
	for _, form := range fileTimes {
		if t, err := time.Parse(form, text); err == nil {
			return storable(t)
		}
	}
	return time.Time{}
}

// firstYear and lastYear bound what nanoseconds since 1970 can hold.
const (
	firstYear = 1700
	lastYear  = 2250
)

// storable is t in UTC, or zero if it lies so far away that nanoseconds since 1970 cannot hold it.
func storable(t time.Time) time.Time {
	if y := t.Year(); y < firstYear || y > lastYear {
		return time.Time{}
	}
	return t.UTC()
}
