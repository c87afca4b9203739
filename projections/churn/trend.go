package churn

import (
	"time"

	"github.com/c360hq/c360/projections/history"
)

// Step is how far apart the points of a trend are.
type Step uint8

// The steps.
const (
	Weekly Step = 1 + iota
	Monthly
)

// MaxTrend bounds the points of a trend.
const MaxTrend = 60

// Point is the risk at one time.
type Point struct {
	// At is the last microsecond of a week (Sunday) or a month in history.Zone, Unix microseconds.
	At     int64
	Points int
	In     bool
}

// Trend returns the risk at the last n ends of weeks or months up to a time, the earliest first: what Score says, or would
// have said, then.
func (p *Program) Trend(h *history.History, at int64, step Step, n int) []Point {
	n = min(max(n, 0), MaxTrend)
	list := make([]Point, n)
	begin := beginning(at, step)
	for i := n - 1; i >= 0; i-- {
		end := begin.UnixMicro() - 1
		in, _ := p.At(h, end)
		list[i] = Point{end, p.Points(h, end), in}
		begin = before(begin, step)
	}
	return list
}

// beginning returns when the week or month began that the microsecond after a time is in: a time that is an end itself counts.
func beginning(at int64, step Step) time.Time {
	y, m, d := time.UnixMicro(at + 1).In(history.Zone).Date()
	if step == Monthly {
		return time.Date(y, m, 1, 0, 0, 0, 0, history.Zone)
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, history.Zone)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

func before(t time.Time, step Step) time.Time {
	if step == Monthly {
		return t.AddDate(0, -1, 0)
	}
	return t.AddDate(0, 0, -7)
}
