package logtest

import (
	"fmt"
	"reflect"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
)

// restoreCases fill the log with what another log recorded.
var restoreCases = []testCase{
	{"Restore/Nothing", caseRestoreNothing},
	{"Restore/SameLog", caseRestoreSame},
	{"Restore/BehindAppends", caseRestoreBehindAppends},
	{"Restore/ManyEvents", caseRestoreMany},
	{"Restore/BigEvents", caseRestoreBig},
	{"Restore/GoesOnWithAppend", caseRestoreThenAppend},
	{"Restore/RepeatsAreKnown", caseRestoreRepeats},
	{"Restore/VersionsAreKnown", caseRestoreVersions},
	{"Restore/AfterReopen", caseRestoreReopen},
	{"Restore/GoesOnAfterInterruption", caseRestoreInterrupted},
	{"Restore/WakesReaders", caseRestoreWakes},
	{"Restore/TwoAtOnce", caseRestoreRace},
	{"Restore/Cancelled", caseRestoreCancelled},
	{"Restore/Closed", caseRestoreClosed},
}

// source returns n events as a log recorded them whose clock stood still and jumped.
func (s *suite) source(n int) []events.Recorded {
	at := s.clock.Now().Add(-1000 * time.Hour)
	recorded := make([]events.Recorded, n)
	for i := range recorded {
		entry := various(i)
		recorded[i] = events.Recorded{Event: entry.Event, Stream: entry.Stream, RecordedAt: at}
		at = at.Add([]time.Duration{0, time.Nanosecond, time.Minute}[i%3])
	}
	return chain(recorded)
}

// chain gives recorded events the positions and hashes they have in a log of their own.
func chain(recorded []events.Recorded) []events.Recorded {
	var hash events.Hash
	for i := range recorded {
		r := &recorded[i]
		r.Position = events.Position(i + 1)
		hash = hash.Next(events.AppendRecord(nil, r))
		r.Hash = hash
	}
	return recorded
}

// various returns entries of several kinds of streams and of all fields.
func various(i int) events.Entry {
	e := event(i)
	entry := events.Touchpoint(e)
	switch i % 6 {
	case 1:
		e.Identifiers, e.Schema, e.Subject = nil, 2, "SKU 17"
		entry = events.Touchpoint(e)
	case 2:
		e.Type, e.Data, e.Sent, e.TraceParent = "identity.linked", nil, e.Time.Add(time.Second), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
		entry = events.Entry{Stream: "identity", Event: e}
	case 3:
		e.Channel, e.Received = "kiosk", e.Time.Add(time.Minute)
		entry = events.Entry{Stream: "등급/vip " + e.ID, Event: e}
	}
	return entry
}

func (s *suite) restorer() events.Restorer {
	s.Helper()
	r, ok := s.Log.(events.Restorer)
	if !ok {
		s.Fatalf("%T cannot restore what another log recorded", s.Log)
	}
	return r
}

func (s *suite) restore(recorded ...events.Recorded) error {
	s.Helper()
	return s.restorer().Restore(s.Context(), recorded...)
}

func (s *suite) restored(recorded ...events.Recorded) {
	s.Helper()
	if err := s.restore(recorded...); err != nil {
		s.Fatalf("Restore of %d events: %v", len(recorded), err)
	}
}

// holdsRecorded checks that the log is exactly what was recorded, by every way to read it.
func (s *suite) holdsRecorded(want []events.Recorded) {
	s.Helper()
	s.equal(want, s.dense(len(want)))
	streams := map[string][]events.Recorded{}
	for _, r := range want {
		streams[r.Stream] = append(streams[r.Stream], r)
	}
	for name, events := range streams {
		s.equal(events, s.stream(name, 0, len(want)))
	}
	last := want[len(want)-1]
	s.equal([]events.Recorded{last}, s.at(last.Position))
	if head := s.head(); head != (events.Head{Position: last.Position, Hash: last.Hash}) {
		s.Errorf("the head is %v, recorded was %d with %x", head, last.Position, last.Hash)
	}
	s.verify()
}

// equal stops the case at the first event that is not what was recorded.
func (s *suite) equal(want, got []events.Recorded) {
	s.Helper()
	if len(got) != len(want) {
		s.Fatalf("%d events were read, %d recorded", len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(want[i], got[i]) {
			s.Fatalf("position %d, stream %s differs from what was recorded (-want +got):\n%s",
				want[i].Position, want[i].Stream, cmp.Diff(want[i], got[i]))
		}
	}
}

func caseRestoreNothing(s *suite) {
	s.restored()
	s.dense(0)
	s.append(touchpoints(0, 1)...)
	s.restored()
	s.dense(1)
}

func caseRestoreSame(s *suite) {
	want := s.source(300)
	for from, n := 0, 1; from < len(want); n *= 3 {
		to := min(from+n, len(want))
		s.restored(want[from:to]...)
		from = to
	}
	s.holdsRecorded(want)
}

// caseRestoreBehindAppends appends the first events itself, when the other log did, and restores the rest.
func caseRestoreBehindAppends(s *suite) {
	if s.OwnTime {
		return
	}
	want := s.source(30)
	for i := range 10 {
		s.clock.Move(want[i].RecordedAt.Sub(s.clock.Now()))
		s.append(events.Entry{Stream: want[i].Stream, Event: want[i].Event})
	}
	s.restored(want[10:]...)
	s.holdsRecorded(want)
}

func caseRestoreMany(s *suite) {
	want := s.source(events.MaxAppend)
	s.restored(want...)
	s.holdsRecorded(want)
}

func caseRestoreBig(s *suite) {
	recorded := make([]events.Recorded, 4)
	for i := range recorded {
		e := event(i)
		e.Data = fmt.Appendf(nil, `{"n":"%0*d"}`, 700<<10, i)
		recorded[i] = events.Recorded{Event: e, Stream: e.Stream(), RecordedAt: s.clock.Now()}
	}
	want := chain(recorded)
	s.restored(want...)
	s.holdsRecorded(want)
}

// caseRestoreThenAppend appends behind what was recorded later than the log's clock shows.
func caseRestoreThenAppend(s *suite) {
	recorded := s.source(20)
	for i := range recorded {
		recorded[i].RecordedAt = recorded[i].RecordedAt.AddDate(1, 0, 0)
	}
	recorded = chain(recorded)
	s.restored(recorded...)
	s.want(s.append(touchpoints(1000, 1)...)[0], events.Result{Outcome: events.Appended, Position: 21})
	all := s.dense(21)
	last := all[20]
	if last.RecordedAt.Before(recorded[19].RecordedAt) {
		s.Errorf("recorded at %v, behind an event of %v", last.RecordedAt, recorded[19].RecordedAt)
	}
	if want := recorded[19].Hash.Next(events.AppendRecord(nil, &last)); last.Hash != want {
		s.Errorf("the hash behind what was restored is %x, the chain goes on with %x", last.Hash, want)
	}
	s.verify()
}

func caseRestoreRepeats(s *suite) {
	s.restored(s.source(60)...)
	for _, i := range []int{0, 1, 17, 59} {
		s.repeated(s.append(various(i))[0], events.Position(i+1)) //nolint:gosec // small
	}
	if s.reopen() {
		s.repeated(s.append(various(30))[0], 31)
	}
}

func caseRestoreVersions(s *suite) {
	all := s.source(30)
	s.restored(all...)
	version := events.Position(0)
	for _, r := range all {
		if r.Stream == "identity" {
			version = r.Position
		}
	}
	s.want(s.append(decision(100, version-1))[0], events.Result{Outcome: events.Conflict, Position: version})
	s.want(s.append(decision(101, version))[0], events.Result{Outcome: events.Appended, Position: 31})
}

func caseRestoreReopen(s *suite) {
	want := s.source(250)
	for from := 0; from < len(want); from += 50 {
		s.restored(want[from : from+50]...)
		if !s.reopen() {
			continue
		}
		s.holdsRecorded(want[:from+50])
	}
	s.holdsRecorded(want)
}
