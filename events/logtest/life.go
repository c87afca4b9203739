package logtest

import (
	"context"
	"errors"
	"sync"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
)

var lifeCases = []testCase{
	{"Life/ReopenKeepsAll", caseReopen},
	{"Life/ReopenEmpty", caseReopenEmpty},
	{"Life/Verify", caseVerify},
	{"Life/VerifyWhileAppending", caseVerifyAppending},
	{"Life/VerifyIsStopped", caseVerifyStopped},
	{"Life/CloseTwice", caseCloseTwice},
	{"Life/ClosedRefuses", caseClosedRefuses},
	{"Life/CloseKeepsWhatWasAcknowledged", caseCloseUnderLoad},
}

func caseReopen(s *suite) {
	for from := 0; from < 300; from += 30 {
		s.append(touchpoints(from, 30)...)
	}
	want, head := s.dense(300), s.head()
	for range 3 {
		if !s.reopen() {
			return
		}
		if diff := cmp.Diff(want, s.dense(300)); diff != "" {
			s.Fatalf("reopening changed the log:\n%s", diff)
		}
		if s.head() != head {
			s.Errorf("the head went from %v to %v", head, s.head())
		}
	}
	s.want(s.append(touchpoints(300, 1)...)[0], events.Result{Outcome: events.Appended, Position: 301})
	s.verify()
}

func caseReopenEmpty(s *suite) {
	for range 2 {
		if !s.reopen() {
			return
		}
		s.dense(0)
	}
	s.append(touchpoints(0, 1)...)
	s.verify()
}

func caseVerify(s *suite) {
	s.append(touchpoints(0, 1000)...)
	var last events.Position
	err := s.Log.Verify(s.Context(), func(done, total events.Position) {
		if done < last || done > total || total != 1000 {
			s.Errorf("progress went from %d to %d of %d", last, done, total)
		}
		last = done
	})
	if err != nil || last != 1000 {
		s.Errorf("Verify told of %d events and gave %v", last, err)
	}
}

func caseVerifyAppending(s *suite) {
	var wg sync.WaitGroup
	wg.Go(func() { s.write(func([]events.Entry, []events.Result) {}) })
	for range 5 {
		s.verify()
	}
	wg.Wait()
	s.verify()
}

func caseVerifyStopped(s *suite) {
	s.append(touchpoints(0, 3000)...)
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	err := s.Log.Verify(ctx, func(events.Position, events.Position) { cancel() })
	if !errors.Is(err, context.Canceled) {
		s.Errorf("a cancelled Verify gave %v", err)
	}
}

func caseCloseTwice(s *suite) {
	s.append(touchpoints(0, 1)...)
	for range 3 {
		if err := s.Log.Close(); err != nil {
			s.Errorf("Close: %v", err)
		}
	}
}

func caseClosedRefuses(s *suite) {
	s.append(touchpoints(0, 3)...)
	if err := s.Log.Close(); err != nil {
		s.Fatal(err)
	}
	for name, err := range s.everyCall(s.Context()) {
		if !errors.Is(err, events.ErrClosed) {
			s.Errorf("%s on a closed log: %v, want ErrClosed", name, err)
		}
	}
}

// caseCloseUnderLoad closes the log while writers write: each is told ErrClosed or keeps what it was told.
func caseCloseUnderLoad(s *suite) {
	started := make(chan struct{}, writers)
	var mu sync.Mutex
	acked := map[string]events.Position{}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			s.writeUntilClosed(w*100_000, func(i int, id string, p events.Position) {
				mu.Lock()
				acked[id] = p
				mu.Unlock()
				if i == 3 {
					started <- struct{}{}
				}
			})
		})
	}
	for range writers {
		<-started
	}
	if err := s.Log.Close(); err != nil {
		s.Errorf("Close: %v", err)
	}
	wg.Wait()
	if s.reopen() {
		s.holds(acked)
	}
}

// writeUntilClosed appends one event after the other, and tells of each that was acknowledged.
func (s *suite) writeUntilClosed(from int, acked func(i int, id string, p events.Position)) {
	for i := 0; ; i++ {
		e := event(from + i)
		results, err := s.Log.Append(s.Context(), events.Touchpoint(e))
		if err == nil {
			acked(i, e.ID, results[0].Position)
			continue
		}
		if !errors.Is(err, events.ErrClosed) {
			s.Errorf("Append on a log that closes: %v", err)
		}
		return
	}
}

// holds checks that the log has these events at these positions.
func (s *suite) holds(acked map[string]events.Position) {
	s.Helper()
	there := map[string]events.Position{}
	for _, r := range s.read(0, 1<<30) {
		there[r.ID] = r.Position
	}
	for id, p := range acked {
		if there[id] != p {
			s.Errorf("%s was acknowledged at %d, and is at %d", id, p, there[id])
		}
	}
	s.verify()
}
