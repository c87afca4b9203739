package logtest

import (
	"sync"
	"sync/atomic"

	"github.com/c360hq/c360/events"
)

var versionCases = []testCase{
	{"Version/EmptyStream", caseVersionEmpty},
	{"Version/WrongIsConflict", caseVersionWrong},
	{"Version/RightIsAppended", caseVersionRight},
	{"Version/OtherStreamsDoNotCount", caseVersionOther},
	{"Version/WithinOneAppend", caseVersionWithin},
	{"Version/NeighboursStay", caseVersionNeighbours},
	{"Version/NotCaring", caseVersionAny},
	{"Version/RepeatBeatsConflict", caseVersionRepeat},
	{"Version/OneOfManyWins", caseVersionRace},
	{"Version/AfterReopen", caseVersionReopen},
}

// decision returns an entry of stream "identity" that expects a version.
func decision(id int, version events.Position) events.Entry {
	e := event(id)
	e.Type, e.Identifiers = "identity.linked", nil
	return events.Entry{Stream: "identity", Expected: events.Version(version), Event: e}
}

func caseVersionEmpty(s *suite) {
	s.append(touchpoints(0, 2)...)
	s.want(s.append(decision(10, 0))[0], events.Result{Outcome: events.Appended, Position: 3})
}

func caseVersionWrong(s *suite) {
	s.want(s.append(decision(1, 7))[0], events.Result{Outcome: events.Conflict, Position: 0})
	s.append(decision(2, 0))
	s.want(s.append(decision(3, 0))[0], events.Result{Outcome: events.Conflict, Position: 1})
	s.want(s.append(decision(4, 2))[0], events.Result{Outcome: events.Conflict, Position: 1})
	s.dense(1)
}

func caseVersionRight(s *suite) {
	version := events.Position(0)
	for i := range 10 {
		s.append(events.Touchpoint(event(100 + i)))
		r := s.append(decision(i, version))[0]
		s.want(r, events.Result{Outcome: events.Appended, Position: events.Position(2*i + 2)})
		version = r.Position
	}
}

func caseVersionOther(s *suite) {
	s.append(decision(1, 0))
	other := decision(2, 0)
	other.Stream = "identity2"
	s.want(s.append(other)[0], events.Result{Outcome: events.Appended, Position: 2})
	s.want(s.append(decision(3, 1))[0], events.Result{Outcome: events.Appended, Position: 3})
}

func caseVersionWithin(s *suite) {
	loose := decision(3, 0)
	loose.Expected = events.Expected{}
	results := s.append(decision(1, 0), decision(2, 0), loose, decision(4, 2), decision(5, 1))
	s.want(results[0], events.Result{Outcome: events.Appended, Position: 1})
	s.want(results[1], events.Result{Outcome: events.Conflict, Position: 1})
	s.want(results[2], events.Result{Outcome: events.Appended, Position: 2})
	s.want(results[3], events.Result{Outcome: events.Appended, Position: 3})
	s.want(results[4], events.Result{Outcome: events.Conflict, Position: 3})
	s.dense(3)
}

func caseVersionNeighbours(s *suite) {
	s.append(decision(1, 0))
	results := s.append(events.Touchpoint(event(10)), decision(2, 0), events.Touchpoint(event(11)))
	s.want(results[0], events.Result{Outcome: events.Appended, Position: 2})
	s.want(results[1], events.Result{Outcome: events.Conflict, Position: 1})
	s.want(results[2], events.Result{Outcome: events.Appended, Position: 3})
	s.dense(3)
	s.want(s.append(decision(2, 1))[0], events.Result{Outcome: events.Appended, Position: 4})
}

func caseVersionAny(s *suite) {
	for i := range 5 {
		e := decision(i, 0)
		e.Expected = events.Expected{}
		s.want(s.append(e)[0], events.Result{Outcome: events.Appended, Position: events.Position(i + 1)})
	}
}

// caseVersionRepeat: who repeats an append whose answer got lost is told that it went through.
func caseVersionRepeat(s *suite) {
	s.append(decision(1, 0))
	s.append(decision(2, 1))
	r := s.append(decision(2, 1))[0]
	if s.MayStoreRepeats && r.Outcome == events.Conflict {
		return
	}
	s.want(r, events.Result{Outcome: events.Duplicate, Position: 2})
}

func caseVersionRace(s *suite) {
	version := events.Position(0)
	for round := range 20 {
		var won atomic.Int64
		var wg sync.WaitGroup
		for w := range 16 {
			wg.Go(func() {
				results, err := s.Log.Append(s.Context(), decision(round*100+w, version))
				switch {
				case err != nil:
					s.Errorf("Append: %v", err)
				case results[0].Outcome == events.Appended:
					won.Add(1)
				case results[0].Outcome != events.Conflict:
					s.Errorf("outcome %v", results[0].Outcome)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			s.Fatalf("%d of 16 racing writers won, want 1", won.Load())
		}
		version++
	}
	s.dense(20)
}

func caseVersionReopen(s *suite) {
	s.append(decision(1, 0), decision(2, 1))
	if !s.reopen() {
		return
	}
	s.want(s.append(decision(3, 1))[0], events.Result{Outcome: events.Conflict, Position: 2})
	s.want(s.append(decision(4, 2))[0], events.Result{Outcome: events.Appended, Position: 3})
}
