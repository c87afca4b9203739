package logtest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
)

// refuseCases restore what does not fit, and look that nothing of it is stored.
var refuseCases = []testCase{
	{"Restore/RefusesAGapBefore", caseRefuseGapBefore},
	{"Restore/RefusesWhatIsThere", caseRefuseRepeat},
	{"Restore/RefusesAGapInside", caseRefuseGapInside},
	{"Restore/RefusesAWrongHash", caseRefuseHash},
	{"Restore/RefusesAChangedEvent", caseRefuseChanged},
	{"Restore/RefusesAnotherHistory", caseRefuseHistory},
	{"Restore/RefusesATimeBefore", caseRefuseTime},
	{"Restore/RefusesTheSameIDTwice", caseRefuseTwice},
	{"Restore/RefusesOversize", caseRefuseOversize},
	{"Restore/RefusesTooMany", caseRefuseTooMany},
	{"Restore/RefusesAnIncompleteEvent", caseRefuseIncomplete},
}

// refuses checks that a Restore is refused at p for a reason that says word, and leaves the log as it is.
func (s *suite) refuses(p events.Position, word string, recorded ...events.Recorded) {
	s.Helper()
	before := s.head()
	err := s.restore(recorded...)
	var refused *events.RestoreError
	if !errors.As(err, &refused) {
		s.Fatalf("Restore gave %v, want a *RestoreError at %d", err, p)
	}
	if refused.Position != p || !strings.Contains(err.Error(), word) || refused.Remedy == "" {
		s.Errorf("Restore was refused with %q (position %d), want position %d and %q", err, refused.Position, p, word)
	}
	if after := s.head(); after != before {
		s.Errorf("a refused Restore moved the head from %v to %v", before, after)
	}
}

func caseRefuseGapBefore(s *suite) {
	all := s.source(10)
	s.refuses(2, "position 0", all[1:]...)
	s.restored(all[:3]...)
	s.refuses(5, "position 3", all[4:]...)
	s.restored(all[3:]...)
	s.holdsRecorded(all)
}

func caseRefuseRepeat(s *suite) {
	all := s.source(10)
	s.restored(all[:5]...)
	s.refuses(1, "position 5", all[0])
	s.refuses(5, "position 5", all[4:]...)
	s.restored(all[5:]...)
	s.holdsRecorded(all)
}

func caseRefuseGapInside(s *suite) {
	all := s.source(10)
	s.refuses(7, "position 5", slices.Concat(all[:5], all[6:])...)
	s.restored(all...)
	s.holdsRecorded(all)
}

func caseRefuseHash(s *suite) {
	all := s.source(10)
	for i := range all {
		wrong := slices.Clone(all)
		wrong[i].Hash[3] ^= 1
		s.refuses(events.Position(i+1), "hash", wrong[:i+1]...)
	}
	s.restored(all...)
	s.holdsRecorded(all)
}

func caseRefuseChanged(s *suite) {
	all := s.source(10)
	for _, change := range []func(r *events.Recorded){
		func(r *events.Recorded) { r.Data = []byte(`{"n":-1}`) },
		func(r *events.Recorded) { r.Stream = "elsewhere" },
		func(r *events.Recorded) { r.Time = r.Time.Add(1) },
		func(r *events.Recorded) { r.RecordedAt = r.RecordedAt.Add(1) },
		func(r *events.Recorded) { r.Source = "other" },
	} {
		wrong := slices.Clone(all)
		change(&wrong[9])
		s.refuses(10, "hash", wrong...)
	}
	s.dense(0)
}

func caseRefuseHistory(s *suite) {
	s.append(touchpoints(500, 1)...)
	s.refuses(2, "different histories", s.source(3)[1:]...)
	s.dense(1)
}

func caseRefuseTime(s *suite) {
	all := s.source(6)
	all[4].RecordedAt = all[3].RecordedAt.Add(-time.Nanosecond)
	all = chain(all)
	s.refuses(5, "recorded", all...)
	s.restored(all[:4]...)
	s.refuses(5, "recorded", all[4:]...)
	s.dense(4)
}

func caseRefuseTwice(s *suite) {
	all := s.source(6)
	all[4].ID, all[4].Source = all[1].ID, all[1].Source
	all = chain(all)
	s.refuses(5, "position 2", all...)
	s.restored(all[:4]...)
	s.refuses(5, "position 2", all[4:]...)
	s.dense(4)
}

func caseRefuseOversize(s *suite) {
	all := s.source(3)
	all[1].Data = make([]byte, events.MaxRecord)
	s.refuses(2, "bytes", chain(all)...)
	s.dense(0)
}

func caseRefuseTooMany(s *suite) {
	all := s.source(events.MaxAppend + 1)
	s.refuses(events.MaxAppend+1, "the most is", all...)
	s.dense(0)
}

func caseRefuseIncomplete(s *suite) {
	for _, empty := range []func(r *events.Recorded){
		func(r *events.Recorded) { r.Stream = "" },
		func(r *events.Recorded) { r.ID = "" },
		func(r *events.Recorded) { r.Source = "" },
		func(r *events.Recorded) { r.Type = "" },
	} {
		all := s.source(3)
		empty(&all[2])
		s.refuses(3, "has no", chain(all)...)
	}
	s.dense(0)
}
