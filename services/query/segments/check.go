package segments

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
)

// MaxSegments is how many segments there may be.
const MaxSegments = 1000

var validName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// ValidName reports whether a segment may be called so: 1 to 64 lower-case letters, digits and hyphens.
func ValidName(name string) bool { return validName.MatchString(name) }

// Compile makes a program of a rule beside the segments that are in force at a time. name is the segment that the rule is
// to be of, "" if it is of none: a rule that leads back to it is refused. Errors are *segment.RuleError.
func (b *Book) Compile(rule *segment.Rule, name string, at int64) (*segment.Program, error) {
	return segment.Compile(rule, func(other string) (*segment.Rule, bool) {
		if other == name {
			return rule, true
		}
		return b.Rule(other, at)
	})
}

// Check reports what would be wrong if a definition were added: with its own versions from then on, or with those of other
// segments that could be used before. Errors are *segment.RuleError; that of another segment points at the rule as a whole.
func (b *Book) Check(x standing.Definition) error {
	after := NewBook(append(b.definitions(), x), b.catalogue)
	for _, s := range after.set.Schedules {
		for i := range s.Versions {
			v := &s.Versions[i]
			if v.From < x.From || v.Fault == nil {
				continue
			}
			if s.Name == x.Name {
				return after.ownFault(s, v)
			}
			if before := b.set.Schedule(s.Name); before != nil && before.In(v.From).Fault == nil {
				return &segment.RuleError{Message: fmt.Sprintf("the segment %s, which speaks of this one, could not be used any more: %s", s.Name, faultOf(v.Fault).Detail)}
			}
		}
	}
	return nil
}

// ownFault says what is wrong with a version, and whether that is because it begins so early.
func (b *Book) ownFault(s *standing.Schedule, v *standing.Version) error {
	f := faultOf(v.Fault)
	if last := s.Versions[len(s.Versions)-1]; last.Fault == nil {
		f.Detail = "at the time since which it is to hold " + f.Detail + "; give a later since"
	}
	return &segment.RuleError{Pointer: f.Pointer, Message: f.Detail}
}

func (b *Book) definitions() []standing.Definition {
	all := make([]standing.Definition, len(b.said), len(b.said)+1)
	for i := range b.said {
		all[i] = b.said[i].Definition
	}
	return all
}

// faultOf says what is wrong with a rule, nil if nothing is.
func faultOf(err error) *SegmentFault {
	var wrong *segment.RuleError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		return &SegmentFault{Pointer: wrong.Pointer, Detail: wrong.Message}
	}
	return &SegmentFault{Detail: err.Error()}
}

// Same reports whether a definition of a segment would say at a time what the one that holds says already.
func (b *Book) Same(name string, w *standing.Written, rule *segment.Rule, at int64) bool {
	s := b.in(name, at)
	if s == nil || s.Removed || s.written.Title != w.Title || !w.Since.IsZero() && w.Since.UnixMicro() != s.From {
		return false
	}
	had, err := segment.ParseDefinition(s.Body)
	old, ok := had.(*segment.Rule)
	return err == nil && ok && old.Hash() == rule.Hash()
}

// Event names the event that said what holds of a segment at a time; empty if none did.
func (b *Book) Event(name string, at int64) (source, id string) {
	if s := b.in(name, at); s != nil {
		return s.Source, s.ID
	}
	return "", ""
}

// Last is when the last definition of a segment begins, Unix microseconds, and false if there is none.
func (b *Book) Last(name string) (int64, bool) {
	i := slices.IndexFunc(b.said, func(s said) bool { return s.Name == name })
	if i < 0 {
		return 0, false
	}
	last := b.said[i].From
	for ; i < len(b.said) && b.said[i].Name == name; i++ {
		last = b.said[i].From
	}
	return last, true
}
