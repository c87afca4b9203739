package standing

import (
	"github.com/c360hq/c360/projections/history"
)

// Version is what a rule was from a moment on, until the next version.
type Version struct {
	// Number counts the versions of a rule from 1 on.
	Number int
	// From is the moment, Unix microseconds.
	From int64
	// Judge is the rule; nil if it was removed, or cannot be compiled, which Fault says. Then nobody stands under it.
	Judge Judge
	Fault error
}

// Schedule is a rule through all its versions, and is a Judge itself: at every time that of the version which held then.
// A new version begins at its From; those whom it judges otherwise enter or leave at that moment, marked Begin, and
// everybody else stays as they are.
type Schedule struct {
	Name string
	// Versions are in the order of From, which no two share. There is at least one.
	Versions []Version
}

var _ Toucher = (*Schedule)(nil)

// First is when the first version begins to hold, Unix microseconds.
func (s *Schedule) First() int64 { return s.Versions[0].From }

// In returns the version that holds at a time; the zero Version before the first.
func (s *Schedule) In(at int64) Version {
	if i := s.place(at); i >= 0 {
		return s.Versions[i]
	}
	return Version{}
}

// place is the place of the version that holds at a time, -1 before the first.
func (s *Schedule) place(at int64) int {
	i := len(s.Versions) - 1
	for i >= 0 && s.Versions[i].From > at {
		i--
	}
	return i
}

// begins reports whether a version begins at that very moment.
func (s *Schedule) begins(at int64) bool {
	i := s.place(at)
	return i >= 0 && s.Versions[i].From == at
}

// At answers by the version that holds at the time. The answer may change when the next one begins.
func (s *Schedule) At(h *history.History, at int64) (in bool, due int64) {
	i := s.place(at)
	due = Never
	if i >= 0 && s.Versions[i].Judge != nil {
		in, due = s.Versions[i].Judge.At(h, at)
	}
	if i+1 < len(s.Versions) {
		due = min(due, s.Versions[i+1].From)
	}
	return in, due
}

// Concerns reports whether a touchpoint of this type may change the answer of any version.
func (s *Schedule) Concerns(kind string) bool {
	for i := range s.Versions {
		if j := s.Versions[i].Judge; j != nil && j.Concerns(kind) {
			return true
		}
	}
	return false
}

// Touched reports whether a touchpoint may change the answer of any version.
func (s *Schedule) Touched(t *history.Touchpoint) bool {
	for i := range s.Versions {
		if j := s.Versions[i].Judge; j != nil && touched(j, t) {
			return true
		}
	}
	return false
}

// Changes replays a customer's history under all versions, up to and including a time; see Changes.
func (s *Schedule) Changes(h *history.History, to int64) []Change {
	return Changes(s, h, s.First(), to)
}
