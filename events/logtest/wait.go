package logtest

import (
	"context"
	"errors"
	"time"

	"github.com/c360hq/c360/events"
)

var waitCases = []testCase{
	{"Wait/ReturnsIfThereIsMore", caseWaitMore},
	{"Wait/WakesOnAppend", caseWaitWakes},
	{"Wait/WakesEverybody", caseWaitEverybody},
	{"Wait/EndsWithContext", caseWaitContext},
	{"Wait/FollowsTheLog", caseWaitFollows},
	{"Wait/EndsOnClose", caseWaitClose},
}

func (s *suite) wait(after events.Position) <-chan error {
	done := make(chan error, 1)
	go func() { done <- s.Log.Wait(s.Context(), after) }()
	return done
}

// patience is how long a case waits for what must happen before it calls it a hang.
const patience = 30 * time.Second

func (s *suite) soon(done <-chan error) error {
	s.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		s.Fatal("Wait did not return")
		return nil
	}
}

func caseWaitMore(s *suite) {
	s.append(touchpoints(0, 3)...)
	for after := range events.Position(3) {
		if err := s.soon(s.wait(after)); err != nil {
			s.Errorf("Wait(%d): %v", after, err)
		}
	}
}

func caseWaitWakes(s *suite) {
	for i := range 10 {
		done := s.wait(events.Position(i))
		s.append(touchpoints(i, 1)...)
		if err := s.soon(done); err != nil {
			s.Errorf("Wait(%d): %v", i, err)
		}
	}
}

func caseWaitEverybody(s *suite) {
	var waiting []<-chan error
	for range 20 {
		waiting = append(waiting, s.wait(0))
	}
	s.append(touchpoints(0, 1)...)
	for _, done := range waiting {
		if err := s.soon(done); err != nil {
			s.Errorf("Wait: %v", err)
		}
	}
}

func caseWaitContext(s *suite) {
	s.append(touchpoints(0, 1)...)
	ctx, cancel := context.WithTimeout(s.Context(), 20*time.Millisecond)
	defer cancel()
	for ctx.Err() == nil { // it is a hint: it may return early, but not in place of the end
		if err := s.Log.Wait(ctx, 1); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			s.Fatalf("Wait: %v", err)
		}
	}
	if err := s.Log.Wait(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
		s.Errorf("Wait with an ended context: %v", err)
	}
}

// caseWaitFollows reads a growing log with nothing but Wait and Read.
func caseWaitFollows(s *suite) {
	const n = 300
	go func() {
		for i := range n {
			if _, err := s.Log.Append(s.Context(), touchpoints(i, 1)...); err != nil {
				s.Errorf("Append: %v", err)
				return
			}
		}
	}()
	ctx, cancel := context.WithTimeout(s.Context(), patience)
	defer cancel()
	for seen := 0; seen < n; {
		if err := s.Log.Wait(ctx, events.Position(seen)); err != nil {
			s.Fatalf("Wait(%d): %v", seen, err)
		}
		for _, r := range s.read(events.Position(seen), 1000) {
			if seen++; r.ID != event(seen-1).ID {
				s.Fatalf("position %d holds %s", seen, r.ID)
			}
		}
	}
}

func caseWaitClose(s *suite) {
	waiting := []<-chan error{s.wait(0), s.wait(5)}
	if err := s.Log.Close(); err != nil {
		s.Fatal(err)
	}
	for _, done := range waiting {
		if err := s.soon(done); !errors.Is(err, events.ErrClosed) {
			s.Errorf("Wait on a log that closes: %v, want ErrClosed", err)
		}
	}
}
