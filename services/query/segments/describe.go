package segments

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/c360hq/c360/projections/standing"
)

// Segment describes a segment at a time, without its members; false if there never was one of that name.
func (b *Book) Segment(name string, at int64) (Segment, bool) {
	s := b.set.Schedule(name)
	if s == nil {
		return Segment{}, false
	}
	v := s.In(at)
	if v.Number == 0 {
		v = s.Versions[0] // it begins later
	}
	a := Segment{
		Name: name, Title: b.Title(name, at), Version: v.Number, From: Time(v.From), DefinedAt: Time(s.First()),
		Removed: !b.There(name, max(at, v.From)), Fault: faultOf(v.Fault), Rule: b.ruleOf(name, v.From),
	}
	return a, true
}

// ruleOf returns the text of a rule that holds at a time, null if none does.
func (b *Book) ruleOf(name string, at int64) json.RawMessage {
	if s := b.in(name, at); s != nil && !s.Removed && len(s.written.Rule) > 0 {
		return json.RawMessage(s.written.Rule)
	}
	return json.RawMessage("null")
}

// Page describes a segment at a time with all its versions, without its members; false if there never was one.
func (b *Book) Page(name string, at int64) (SegmentPage, bool) {
	one, ok := b.Segment(name, at)
	if !ok {
		return SegmentPage{}, false
	}
	return SegmentPage{Segment: one, Versions: b.versions(b.set.Schedule(name)), Needs: b.needs(name, at), NeededBy: b.NeededBy(name, at)}, true
}

func (b *Book) versions(s *standing.Schedule) []SegmentVersion {
	all := make([]SegmentVersion, len(s.Versions))
	for i := range s.Versions {
		all[i] = b.version(s.Name, &s.Versions[i])
		if i+1 < len(s.Versions) {
			until := Time(s.Versions[i+1].From)
			all[i].Until = &until
		}
	}
	slices.Reverse(all)
	return all
}

func (b *Book) version(name string, v *standing.Version) SegmentVersion {
	a := SegmentVersion{
		Number: v.Number, From: Time(v.From), Title: b.Title(name, v.From), Rule: b.ruleOf(name, v.From),
		Removed: !b.There(name, v.From), Fault: faultOf(v.Fault),
	}
	if s := b.in(name, v.From); s != nil {
		a.Own, a.Actor = s.From == v.From, s.written.Actor
	}
	return a
}

// Time is a time of a history, Unix microseconds, as answers say it.
func Time(at int64) time.Time { return time.UnixMicro(at).UTC() }

// farAway is later than every calendar: a due time of standing.Never.
const farAway = 1 << 60

// timeOrNever is null for never.
func timeOrNever(at int64) *time.Time {
	if at >= farAway {
		return nil
	}
	t := Time(at)
	return &t
}

// CountFlow counts a last entry or exit at a time in each stretch that began before it, Unix microseconds.
func CountFlow(f *[2]SegmentFlow, since [2]int64, in bool, at int64) {
	for i := range f {
		switch {
		case at < since[i]:
		case in:
			f[i].Entered++
		default:
			f[i].Left++
		}
	}
}
