package segment

import (
	"math"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
)

// span is a range of whole numbers, both ends in it. What they count is the business of whoever holds it.
type span struct{ lo, hi int64 }

// everything is the span that holds all numbers.
var everything = span{math.MinInt64, math.MaxInt64}

func (s span) has(v int64) bool { return s.lo <= v && v <= s.hi }

// narrow takes in one comparison.
func (s *span) narrow(op string, v int64) {
	switch op {
	case "is":
		s.lo, s.hi = max(s.lo, v), min(s.hi, v)
	case ">=":
		s.lo = max(s.lo, v)
	case ">":
		s.lo = max(s.lo, v+1)
	case "<=":
		s.hi = min(s.hi, v)
	case "<":
		s.hi = min(s.hi, v-1)
	}
}

// measure is how the numbers of a span are written: each by text, and as the end of an open span where that is the rounder
// number, "< 5" for "<= 4.9999".
type measure struct {
	unit int64 // what a round number is a multiple of
	text func(b []byte, v int64) []byte
}

// The measures. A number of a touchpoint or trait is counted in 1/10000, a length of time in microseconds.
var (
	wholes  = measure{1, func(b []byte, v int64) []byte { return strconv.AppendInt(b, v, 10) }}
	numbers = measure{10, func(b []byte, v int64) []byte { return events.Money(v).Append(b) }}
	lengths = measure{minute, func(b []byte, v int64) []byte { return strconv.AppendQuote(b, lengthText(v)) }}
)

// ends returns the comparisons that make the span, least first; at most two.
func (s span) ends(unit int64) (list [2]end, n int) {
	if s.lo == s.hi {
		list[0] = end{"is", s.lo}
		return list, 1
	}
	if s.hi != math.MaxInt64 {
		list[n] = end{"<=", s.hi}
		if s.hi%unit != 0 && (s.hi+1)%unit == 0 {
			list[n] = end{"<", s.hi + 1}
		}
		n++
	}
	if s.lo != math.MinInt64 {
		list[n] = end{">=", s.lo}
		if s.lo%unit != 0 && (s.lo-1)%unit == 0 {
			list[n] = end{">", s.lo - 1}
		}
		n++
	}
	return list, n
}

// end is one comparison.
type end struct {
	op string
	v  int64
}

// write writes the span as members of a JSON object, without braces.
func (s span) write(b []byte, m measure) []byte {
	list, n := s.ends(m.unit)
	for i, e := range list[:n] {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, e.op), ':')
		b = m.text(b, e.v)
	}
	return b
}

// signs are the comparisons as people write them.
var signs = map[string]string{"is": "= ", "<": "< ", "<=": "≤ ", ">": "> ", ">=": "≥ "}

// words says the span as people write it: "≥ 5", "≥ 3, < 7".
func (s span) words(unit int64, text func(v int64) string) string {
	list, n := s.ends(unit)
	words := ""
	for i := n - 1; i >= 0; i-- {
		if words != "" {
			words += ", "
		}
		words += signs[list[i].op] + text(list[i].v)
	}
	return words
}

// The lengths of time, in microseconds.
const (
	minute = int64(time.Minute / time.Microsecond)
	hour   = 60 * minute
	day    = 24 * hour
	year   = 365 * day
)

// maxWindow is the longest length of time a rule may name.
const maxWindow = 5 * year

// parseLength reads a length of time: a whole number and m, h, d, w or y. A day has 24 hours, a week 7 days and a year 365.
func parseLength(s string) (micros int64, ok bool) {
	if len(s) < 2 || len(s) > 12 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 31)
	if err != nil {
		return 0, false
	}
	unit := map[byte]int64{'m': minute, 'h': hour, 'd': day, 'w': 7 * day, 'y': year}[s[len(s)-1]]
	if unit == 0 || int64(n) > maxWindow/unit {
		return 0, false
	}
	return int64(n) * unit, true
}

// lengthText writes a length of time in the largest of days, hours and minutes that it is a whole number of.
func lengthText(v int64) string {
	switch {
	case v%day == 0:
		return strconv.FormatInt(v/day, 10) + "d"
	case v%hour == 0:
		return strconv.FormatInt(v/hour, 10) + "h"
	}
	return strconv.FormatInt(v/minute, 10) + "m"
}

// lengthWords says a length of time in words.
func lengthWords(v int64) events.Text {
	n, ko, en := v/minute, "분", " minute"
	switch {
	case v%day == 0:
		n, ko, en = v/day, "일", " day"
	case v%hour == 0:
		n, ko, en = v/hour, "시간", " hour"
	}
	if n != 1 {
		en += "s"
	}
	text := strconv.FormatInt(n, 10)
	return events.Text{Ko: text + ko, En: text + en}
}
