package profile

import (
	"cmp"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// saying is the event that said something, for choosing among several that said it differently.
type saying struct {
	grade      events.Grade
	time       int64 // Unix microseconds; the zero saying was never said
	source, id string
}

func sayingOf(t *projections.Touch) saying {
	s := saying{grade: events.Claimed, time: t.Time.UnixMicro(), source: t.Source, id: t.ID}
	for _, id := range t.Identifiers {
		s.grade = max(s.grade, id.Grade)
	}
	return s
}

func (s *saying) said() bool { return s.grade != 0 }

// compare orders by (time, source, id).
func (s *saying) compare(o *saying) int {
	if c := cmp.Compare(s.time, o.time); c != 0 {
		return c
	}
	if c := cmp.Compare(s.source, o.source); c != 0 {
		return c
	}
	return cmp.Compare(s.id, o.id)
}

// beats reports whether what s says holds against o: it has the better grade or is later.
func (s *saying) beats(o *saying) bool {
	return cmp.Or(cmp.Compare(s.grade, o.grade), s.compare(o)) > 0
}

// founds reports whether what s says stands first against o: it has the better grade or is earlier.
func (s *saying) founds(o *saying) bool {
	return cmp.Or(cmp.Compare(s.grade, o.grade), o.compare(s)) > 0
}

// later reports whether s comes after o, whatever the grades.
func (s *saying) later(o *saying) bool { return !o.said() || s.compare(o) > 0 }

// earlier reports whether s comes before o, whatever the grades.
func (s *saying) earlier(o *saying) bool { return !o.said() || s.compare(o) < 0 }

func (s *saying) at() time.Time {
	if !s.said() {
		return time.Time{}
	}
	return time.UnixMicro(s.time).UTC()
}

func (s *saying) encode(e *projections.Encoder) {
	e.Uint(uint64(s.grade))
	if s.said() {
		e.Int(s.time)
		e.Text(s.source)
		e.Text(s.id)
	}
}

func decodeSaying(d *projections.Decoder) saying {
	s := saying{grade: events.Grade(d.Uint())} // #nosec G115 -- one of four
	if s.said() {
		s.time, s.source, s.id = d.Int(), d.Text(), d.Text()
	}
	return s
}

// encodeAfter writes a saying in one byte if it is the same as the one before.
func (s *saying) encodeAfter(e *projections.Encoder, last *saying) {
	e.Bool(*s != *last)
	if *s != *last {
		s.encode(e)
		*last = *s
	}
}

func decodeAfter(d *projections.Decoder, last *saying) saying {
	if d.Bool() {
		*last = decodeSaying(d)
	}
	return *last
}
