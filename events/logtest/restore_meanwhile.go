package logtest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/c360hq/c360/events"
)

// The cases of Restore in which something else happens at the same time.

// caseRestoreInterrupted ends calls halfway, and goes on from the head as a copy does.
func caseRestoreInterrupted(s *suite) {
	want := s.source(2000)
	r := s.restorer()
	for cut := 0; ; cut++ {
		from := s.head().Position
		if int(from) == len(want) { //nolint:gosec // small
			break
		}
		ctx, cancel := context.WithCancel(s.Context())
		var wg sync.WaitGroup
		if cut < 20 {
			wg.Go(func() {
				for range cut * 50 {
					_ = ctx.Err()
				}
				cancel()
			})
		}
		err := r.Restore(ctx, want[from:min(int(from)+100, len(want))]...) //nolint:gosec // small
		wg.Wait()
		cancel()
		var refused *events.RestoreError
		if err != nil && !errors.Is(err, context.Canceled) && !errors.As(err, &refused) {
			s.Fatalf("a cancelled Restore gave %v", err)
		}
	}
	s.holdsRecorded(want)
}

func caseRestoreWakes(s *suite) {
	want := s.source(40)
	seen := make(chan error, 1)
	go func() { seen <- s.readAlong(events.Position(len(want))) }()
	for i := range want {
		s.restored(want[i])
	}
	if err := <-seen; err != nil {
		s.Error(err)
	}
}

// readAlong reads a growing log up to last with nothing but Wait and Read.
func (s *suite) readAlong(last events.Position) error {
	for after := events.Position(0); after < last; {
		if err := s.Log.Wait(s.Context(), after); err != nil {
			return err
		}
		page, err := s.Log.Read(s.Context(), after, 100)
		if err != nil {
			return err
		}
		for i := range page {
			if after++; page[i].Position != after {
				return fmt.Errorf("position %d was read, %d comes next", page[i].Position, after)
			}
		}
	}
	return nil
}

// caseRestoreRace lets two fill the same log: what one has stored the other is refused, and the log is whole.
func caseRestoreRace(s *suite) {
	want := s.source(200)
	r := s.restorer()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				head, err := s.Log.Head(s.Context())
				if err != nil {
					s.Error(err)
					return
				}
				from := int(head.Position) //nolint:gosec // small
				if from == len(want) {
					return
				}
				err = r.Restore(s.Context(), want[from:min(from+10, len(want))]...)
				var refused *events.RestoreError
				if err != nil && !errors.As(err, &refused) {
					s.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	s.holdsRecorded(want)
}

func caseRestoreCancelled(s *suite) {
	want := s.source(3)
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	r := s.restorer()
	if err := r.Restore(ctx, want...); !errors.Is(err, context.Canceled) {
		s.Errorf("Restore under a context that has ended: %v", err)
	}
	s.dense(0)
}

func caseRestoreClosed(s *suite) {
	want := s.source(3)
	if err := s.Log.Close(); err != nil {
		s.Fatal(err)
	}
	if err := s.restore(want...); !errors.Is(err, events.ErrClosed) {
		s.Errorf("Restore into a closed log: %v, want ErrClosed", err)
	}
}
