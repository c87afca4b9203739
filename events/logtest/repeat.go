package logtest

import (
	"sync"

	"github.com/c360hq/c360/events"
)

var repeatCases = []testCase{
	{"Repeat/InOneAppend", caseRepeatInOne},
	{"Repeat/InLaterAppend", caseRepeatLater},
	{"Repeat/WithOtherData", caseRepeatOtherData},
	{"Repeat/InOtherStream", caseRepeatOtherStream},
	{"Repeat/OtherSourceIsNew", caseOtherSource},
	{"Repeat/SourceAndIDAreApart", caseSourceBoundary},
	{"Repeat/AmongNewOnes", caseRepeatAmongNew},
	{"Repeat/OfThousands", caseRepeatThousands},
	{"Repeat/FromManyWriters", caseRepeatWriters},
	{"Repeat/AfterReopen", caseRepeatReopen},
}

// repeated checks the answer to a repeat of the event at p.
func (s *suite) repeated(r events.Result, p events.Position) {
	s.Helper()
	if s.MayStoreRepeats && r.Outcome == events.Appended {
		return
	}
	s.want(r, events.Result{Outcome: events.Duplicate, Position: p})
}

func caseRepeatInOne(s *suite) {
	e := events.Touchpoint(event(1))
	results := s.append(e, events.Touchpoint(event(2)), e, e)
	s.want(results[0], events.Result{Outcome: events.Appended, Position: 1})
	s.want(results[1], events.Result{Outcome: events.Appended, Position: 2})
	s.repeated(results[2], 1)
	s.repeated(results[3], 1)
}

func caseRepeatLater(s *suite) {
	s.append(touchpoints(0, 5)...)
	for range 3 {
		s.repeated(s.append(touchpoints(3, 1)...)[0], 4)
	}
}

func caseRepeatOtherData(s *suite) {
	e := event(1)
	s.append(events.Touchpoint(e))
	e.Data, e.Type = []byte(`{"other":true}`), "order.completed"
	s.repeated(s.append(events.Touchpoint(e))[0], 1)
	if got := s.at(1)[0]; got.Type != "page.viewed" || string(got.Data) != `{"n":1}` {
		s.Errorf("a repeat changed the event to %s %s", got.Type, got.Data)
	}
}

func caseRepeatOtherStream(s *suite) {
	s.append(events.Entry{Stream: "a", Event: event(1)})
	s.repeated(s.append(events.Entry{Stream: "b", Event: event(1)})[0], 1)
}

func caseOtherSource(s *suite) {
	e := event(1)
	s.append(events.Touchpoint(e))
	e.Source = "app"
	s.want(s.append(events.Touchpoint(e))[0], events.Result{Outcome: events.Appended, Position: 2})
}

func caseSourceBoundary(s *suite) {
	for i, pair := range [][2]string{{"a", "bc"}, {"ab", "c"}, {"a\x00", "c"}, {"a", "\x00c"}} {
		e := event(i)
		e.Source, e.ID = pair[0], pair[1]
		r := s.append(events.Touchpoint(e))[0]
		s.want(r, events.Result{Outcome: events.Appended, Position: events.Position(i + 1)})
	}
}

func caseRepeatAmongNew(s *suite) {
	s.append(touchpoints(0, 3)...)
	results := s.append(events.Touchpoint(event(10)), events.Touchpoint(event(1)), events.Touchpoint(event(11)))
	s.want(results[0], events.Result{Outcome: events.Appended, Position: 4})
	s.repeated(results[1], 2)
	if s.MayStoreRepeats {
		return
	}
	s.want(results[2], events.Result{Outcome: events.Appended, Position: 5})
	s.dense(5)
}

func caseRepeatThousands(s *suite) {
	if s.MayStoreRepeats {
		return
	}
	for from := 0; from < 6000; from += 500 {
		s.append(touchpoints(from, 500)...)
	}
	for i, r := range s.append(touchpoints(0, 6000)...) {
		s.want(r, events.Result{Outcome: events.Duplicate, Position: events.Position(i + 1)})
	}
	s.dense(6000)
}

// caseRepeatWriters has 16 writers append the same 200 events: each is stored once, and all are told the same place.
func caseRepeatWriters(s *suite) {
	const writers, n = 16, 200
	var told [writers][]events.Result
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for from := 0; from < n; from += 10 {
				results, err := s.Log.Append(s.Context(), touchpoints(from, 10)...)
				if err != nil {
					s.Errorf("Append: %v", err)
					return
				}
				told[w] = append(told[w], results...)
			}
		})
	}
	wg.Wait()
	if s.MayStoreRepeats || s.Failed() {
		return
	}
	s.agree(told[:], s.dense(n))
}

// agree checks that every event was appended once, and that every answer names its place.
func (s *suite) agree(told [][]events.Result, all []events.Recorded) {
	s.Helper()
	place := map[string]events.Position{}
	for _, r := range all {
		place[r.ID] = r.Position
	}
	for i := range all {
		appended := 0
		for _, results := range told {
			if results[i].Position != place[event(i).ID] {
				s.Errorf("%s is at %d, a writer was told %d", event(i).ID, place[event(i).ID], results[i].Position)
			}
			if results[i].Outcome == events.Appended {
				appended++
			}
		}
		if appended != 1 {
			s.Errorf("%d writers were told they appended %s", appended, event(i).ID)
		}
	}
}

func caseRepeatReopen(s *suite) {
	s.append(touchpoints(0, 20)...)
	for range 2 {
		if !s.reopen() || s.MayStoreRepeats {
			return
		}
		for i, r := range s.append(touchpoints(0, 20)...) {
			s.repeated(r, events.Position(i+1))
		}
	}
	s.want(s.append(touchpoints(20, 1)...)[0], events.Result{Outcome: events.Appended, Position: 21})
}
