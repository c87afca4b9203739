package logtest

import (
	"errors"
	"math"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
)

var readCases = []testCase{
	{"Read/EmptyLog", caseReadEmpty},
	{"Read/PagesOfAnySize", caseReadPages},
	{"Read/Limits", caseReadLimits},
	{"Read/BeyondHead", caseReadBeyond},
	{"Read/SharesNoMemory", caseReadMemory},
	{"Read/Stream", caseReadStream},
	{"Read/StreamPages", caseReadStreamPages},
	{"Read/StreamsAreApart", caseStreamsApart},
	{"Read/At", caseAt},
	{"Read/AtMissing", caseAtMissing},
	{"Read/EveryWayTheSame", caseEveryWay},
	{"Read/HeadIsTheLast", caseHead},
}

func caseReadEmpty(s *suite) {
	if head := s.head(); head != (events.Head{}) {
		s.Errorf("head of an empty log is %v", head)
	}
	if n := len(s.read(0, 10)) + len(s.stream("clock", 0, 10)) + len(s.at()); n != 0 {
		s.Errorf("an empty log has %d events", n)
	}
	s.verify()
}

func caseReadPages(s *suite) {
	s.append(touchpoints(0, 100)...)
	all := s.dense(100)
	for _, size := range []int{1, 2, 3, 7, 64, 99, 100, 101} {
		var got []events.Recorded
		for {
			page := s.read(events.Position(len(got)), size)
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
		}
		if diff := cmp.Diff(all, got); diff != "" {
			s.Errorf("pages of %d read something else:\n%s", size, diff)
		}
	}
}

func caseReadLimits(s *suite) {
	s.append(touchpoints(0, 10)...)
	for limit, want := range map[int]int{math.MinInt: 0, -1: 0, 0: 0, 1: 1, 9: 9, 10: 10, 11: 10, math.MaxInt: 10} {
		if got := len(s.read(0, limit)); got != want {
			s.Errorf("Read with limit %d gave %d events, want %d", limit, got, want)
		}
		if got := len(s.stream(streamOf(1), 0, limit)); got != min(want, 2) {
			s.Errorf("ReadStream with limit %d gave %d events, want %d", limit, got, min(want, 2))
		}
	}
}

func caseReadBeyond(s *suite) {
	s.append(touchpoints(0, 5)...)
	for _, after := range []events.Position{5, 6, 1000, maxPosition - 1, maxPosition} {
		if n := len(s.read(after, 10)) + len(s.stream(streamOf(0), after, 10)); n != 0 {
			s.Errorf("%d events after position %d of a log of 5", n, after)
		}
	}
}

func caseReadMemory(s *suite) {
	s.append(touchpoints(0, 3)...)
	for range 2 {
		for _, page := range [][]events.Recorded{s.read(0, 3), s.at(1, 2, 3), s.stream(streamOf(1), 0, 3)} {
			for i := range page {
				if page[i].Data[0] != '{' || page[i].Identifiers[0].Kind != events.KindUserID {
					s.Error("a reader changed what the log holds")
				}
				page[i].Data[0], page[i].Identifiers[0].Kind = 'X', "x"
				page[i].Data = append(page[i].Data, "overrun"...)
			}
		}
	}
}

func caseReadStream(s *suite) {
	s.append(touchpoints(0, 50)...)
	for person := range 5 {
		page := s.stream(streamOf(person), 0, 100)
		if len(page) != 10 {
			s.Fatalf("person %d has %d events, want 10", person, len(page))
		}
		for i, r := range page {
			if want := event(person + 5*i); r.ID != want.ID || r.Position != events.Position(person+5*i+1) || r.Stream != streamOf(person) {
				s.Errorf("event %d of person %d is %s at %d", i, person, r.ID, r.Position)
			}
		}
	}
}

func caseReadStreamPages(s *suite) {
	s.append(touchpoints(0, 50)...)
	stream := streamOf(2)
	all := s.stream(stream, 0, 100)
	for size := 1; size <= 11; size++ {
		var got []events.Recorded
		after := events.Position(0)
		for page := s.stream(stream, after, size); len(page) > 0; page = s.stream(stream, after, size) {
			got = append(got, page...)
			after = got[len(got)-1].Position
		}
		if diff := cmp.Diff(all, got); diff != "" {
			s.Errorf("stream pages of %d read something else:\n%s", size, diff)
		}
	}
	if page := s.stream(stream, 20, 3); len(page) != 3 || page[0].Position != 23 {
		s.Errorf("after 20 the stream goes on with %v", page)
	}
}

func caseStreamsApart(s *suite) {
	names := []string{"a", "a-b", "ab", "b", "fragment", "fragment-", "source", "A", "a "}
	for i, name := range names {
		s.append(events.Entry{Stream: name, Event: event(i)}, events.Entry{Stream: name, Event: event(100 + i)})
	}
	for _, name := range names {
		if n := len(s.stream(name, 0, 100)); n != 2 {
			s.Errorf("stream %q has %d events, want 2", name, n)
		}
	}
	if n := len(s.stream("nobody", 0, 100)); n != 0 {
		s.Errorf("a stream nobody wrote to has %d events", n)
	}
}

func caseAt(s *suite) {
	s.append(touchpoints(0, 30)...)
	asked := []events.Position{30, 1, 7, 7, 2, 29, 1}
	for i, r := range s.at(asked...) {
		if r.Position != asked[i] || r.ID != event(int(asked[i])-1).ID { //nolint:gosec // small
			s.Errorf("At(%d) gave %s at %d", asked[i], r.ID, r.Position)
		}
	}
}

func caseAtMissing(s *suite) {
	s.append(touchpoints(0, 3)...)
	for _, p := range []events.Position{0, 4, 100, maxPosition} {
		if _, err := s.Log.At(s.Context(), 1, p); !errors.Is(err, events.ErrNoPosition) {
			s.Errorf("At(%d) gave %v, want ErrNoPosition", p, err)
		}
	}
}

func caseEveryWay(s *suite) {
	for from := 0; from < 20; from += 4 {
		s.append(touchpoints(from, 4)...)
	}
	for _, r := range s.dense(20) {
		for way, got := range map[string][]events.Recorded{
			"Read": s.read(r.Position-1, 1), "At": s.at(r.Position), "ReadStream": s.stream(r.Stream, r.Position-1, 1),
		} {
			if diff := cmp.Diff([]events.Recorded{r}, got); diff != "" {
				s.Errorf("%s of %d reads something else:\n%s", way, r.Position, diff)
			}
		}
	}
}

func caseHead(s *suite) {
	seen := map[events.Hash]bool{{}: true}
	for i := range 20 {
		r := s.append(touchpoints(i, 1)...)[0]
		head := s.head()
		if last := s.at(r.Position)[0]; head.Position != r.Position || head.Hash != last.Hash {
			s.Errorf("head is %d, the last event %d", head.Position, r.Position)
		}
		if seen[head.Hash] {
			s.Errorf("the hash at %d was there before", r.Position)
		}
		seen[head.Hash] = true
	}
}
