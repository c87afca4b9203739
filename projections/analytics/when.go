package analytics

import (
	"errors"
	"strconv"
	"time"

	"github.com/c360hq/c360/projections/history"
)

// Spans in microseconds, as instants are.
const (
	Second = int64(1_000_000)
	Hour   = 3600 * Second
	Day    = 24 * Hour
	Week   = 7 * Day
)

// zoneMicros is how far history.Zone is ahead of UTC; it has no summer time.
const zoneMicros = 9 * Hour

// Period is a stretch of time: From <= t < To, Unix microseconds.
type Period struct{ From, To int64 }

var errEmptyPeriod = errors.New("analytics: the period is empty; give one that begins before its end")

// has reports whether an instant lies in the period.
func (p Period) has(at int64) bool { return p.From <= at && at < p.To }

// before is the period of the same length that ends where p begins.
func (p Period) before() Period { return Period{p.From - (p.To - p.From), p.From} }

// Span is a period in results.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

func (p Period) span() Span { return Span{instant(p.From), instant(p.To)} }

func instant(at int64) time.Time { return time.UnixMicro(at).In(history.Zone) }

// dayOf is the day of an instant, counted from 1970-01-01.
func dayOf(at int64) int64 {
	local := at + zoneMicros
	if local < 0 {
		return (local+1)/Day - 1
	}
	return local / Day
}

func dayStart(day int64) int64 { return day*Day - zoneMicros }

// weekStart is the Monday 00:00 on or before an instant. 1970-01-01 was a Thursday.
func weekStart(at int64) int64 {
	day := dayOf(at)
	return dayStart(day - ((day+3)%7+7)%7)
}

// dateOf writes the day of an instant: "2026-11-22".
func dateOf(at int64) string { return instant(at).Format(time.DateOnly) }

// month counts months: year*12 + 0…11.
type month int

func monthOf(at int64) month {
	y, m, _ := instant(at).Date()
	return month(y*12 + int(m) - 1)
}

func (m month) start() int64 {
	return time.Date(int(m)/12, time.Month(int(m)%12+1), 1, 0, 0, 0, 0, history.Zone).UnixMicro()
}

// String writes the month: "2010-12".
func (m month) String() string {
	n := int(m)%12 + 1
	text := strconv.Itoa(int(m)/12) + "-"
	if n < 10 {
		text += "0"
	}
	return text + strconv.Itoa(n)
}
