package logtest

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/c360hq/c360/events"
)

var orderCases = []testCase{
	{"Order/NoGapUnderManyWriters", caseNoGap},
	{"Order/ReadYourAppend", caseReadYourAppend},
	{"Order/OneAppendKeepsItsOrder", caseAppendOrder},
	{"Order/RecordedTimeNeverGoesBack", caseRecordedTime},
	{"Order/RecordedTimeAfterReopen", caseRecordedReopen},
	{"Order/CancelledCalls", caseCancelled},
	{"Order/CancelledOnTheWay", caseCancelledOnTheWay},
}

const (
	writers = 16
	rounds  = 25
)

// write has 16 writers append rounds of one to five events each, all different, and calls acked with each answer.
func (s *suite) write(acked func(entries []events.Entry, results []events.Result)) (total int) {
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range rounds {
				entries := touchpoints((w*rounds+i)*10, 1+i%5)
				results, err := s.Log.Append(s.Context(), entries...)
				if err != nil {
					s.Errorf("Append: %v", err)
					return
				}
				acked(entries, results)
			}
		})
	}
	wg.Wait()
	return writers * rounds * 3
}

// caseNoGap reads without pause while the writers write: every page must go on where the last one ended.
func caseNoGap(s *suite) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	for reader := range 3 {
		wg.Go(func() { s.follow(done, []int{1, 10, 1000}[reader]) })
	}
	total := s.write(func([]events.Entry, []events.Result) {})
	close(done)
	wg.Wait()
	s.dense(total)
	s.verify()
}

// follow reads until done and then to the end.
func (s *suite) follow(done <-chan struct{}, limit int) {
	seen, last := events.Position(0), false
	for {
		page, err := s.Log.Read(s.Context(), seen, limit)
		if err != nil {
			s.Errorf("Read: %v", err)
			return
		}
		for _, r := range page {
			if r.Position != seen+1 {
				s.Errorf("a reader saw position %d after %d", r.Position, seen)
				return
			}
			seen++
		}
		if len(page) == 0 && last {
			return
		}
		select {
		case <-done:
			last = true
		default:
		}
	}
}

func caseReadYourAppend(s *suite) {
	s.write(func(entries []events.Entry, results []events.Result) {
		for i, r := range results {
			got, err := s.Log.At(s.Context(), r.Position)
			if err != nil || got[0].ID != entries[i].Event.ID {
				s.Errorf("At(%d) after its Append: %v, %v", r.Position, got, err)
			}
			page, err := s.Log.ReadStream(s.Context(), entries[i].Stream, r.Position-1, 1)
			if err != nil || len(page) != 1 || page[0].Position != r.Position {
				s.Errorf("ReadStream of %d after its Append: %v, %v", r.Position, page, err)
			}
			if head, err := s.Log.Head(s.Context()); err != nil || head.Position < r.Position {
				s.Errorf("Head after the Append of %d: %v, %v", r.Position, head, err)
			}
		}
	})
}

func caseAppendOrder(s *suite) {
	s.write(func(_ []events.Entry, results []events.Result) {
		for i := 1; i < len(results); i++ {
			if results[i].Position <= results[i-1].Position {
				s.Errorf("entries of one Append went to %d and then %d", results[i-1].Position, results[i].Position)
			}
		}
	})
}

// steadyTime checks that recorded times never go backwards along the log.
func (s *suite) steadyTime(all []events.Recorded) {
	s.Helper()
	for i := 1; i < len(all); i++ {
		if all[i].RecordedAt.Before(all[i-1].RecordedAt) {
			s.Errorf("recorded time goes back from %v to %v at %d", all[i-1].RecordedAt, all[i].RecordedAt, all[i].Position)
		}
	}
}

func caseRecordedTime(s *suite) {
	start := s.clock.Now()
	for i, by := range []time.Duration{0, time.Second, -time.Hour, time.Minute, -24 * time.Hour, 48 * time.Hour, -1} {
		s.clock.Move(by)
		s.append(touchpoints(i, 1)...)
	}
	all := s.dense(7)
	s.steadyTime(all)
	if s.OwnTime {
		return
	}
	for p, want := range map[int]time.Duration{0: 0, 1: time.Second, 2: time.Second, 4: time.Second} {
		if got := all[p].RecordedAt.Sub(start); got != want {
			s.Errorf("event %d was recorded %v after the start, want %v", p+1, got, want)
		}
	}
}

func caseRecordedReopen(s *suite) {
	s.append(touchpoints(0, 3)...)
	s.clock.Move(-time.Hour)
	if !s.reopen() {
		return
	}
	s.append(touchpoints(3, 3)...)
	s.steadyTime(s.dense(6))
}

func caseCancelled(s *suite) {
	s.append(touchpoints(0, 3)...)
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	for name, err := range s.everyCall(ctx) {
		if !errors.Is(err, context.Canceled) {
			s.Errorf("%s with a cancelled context: %v", name, err)
		}
	}
	s.verify()
}

// everyCall makes every call a Log has, with a context, and returns their errors.
func (s *suite) everyCall(ctx context.Context) map[string]error {
	out := map[string]error{}
	_, out["Append"] = s.Log.Append(ctx, touchpoints(1000, 1)...)
	_, out["Read"] = s.Log.Read(ctx, 0, 10)
	_, out["ReadStream"] = s.Log.ReadStream(ctx, streamOf(1), 0, 10)
	_, out["At"] = s.Log.At(ctx, 1)
	_, out["Head"] = s.Log.Head(ctx)
	out["Wait"] = s.Log.Wait(ctx, 1<<40)
	out["Verify"] = s.Log.Verify(ctx, nil)
	return out
}

// caseCancelledOnTheWay cancels appends at random moments. What was acknowledged is there, what was not may be, and
// a repeat of everything makes it whole.
func caseCancelledOnTheWay(s *suite) {
	const n = 400
	var wg sync.WaitGroup
	for w := range 8 {
		rng := rand.New(rand.NewPCG(uint64(w), 1)) //nolint:gosec // a seeded test
		wg.Go(func() {
			for i := w; i < n; i += 8 {
				s.tryAppend(time.Duration(rng.IntN(300))*time.Microsecond, i)
			}
		})
	}
	wg.Wait()
	s.append(touchpoints(0, n)...)
	if !s.MayStoreRepeats {
		s.dense(n)
	}
	s.verify()
}

func (s *suite) tryAppend(patience time.Duration, id int) {
	ctx, cancel := context.WithTimeout(s.Context(), patience)
	defer cancel()
	results, err := s.Log.Append(ctx, touchpoints(id, 1)...)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
	case err != nil:
		s.Errorf("Append: %v", err)
	default:
		if got := s.at(results[0].Position)[0]; got.ID != event(id).ID {
			s.Errorf("acknowledged %s at %d, where %s is", event(id).ID, got.Position, got.ID)
		}
	}
}
