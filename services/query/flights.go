package query

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

const (
	// keptAtMost is how long an answer about all customers is given again, and keptTimes bounds that by what it took to
	// make: so many times as long. What is made in a moment is made anew; what is dear takes a tenth of the machine.
	keptAtMost = 30 * time.Second
	keptTimes  = 10
	// keptAnswers is how many are kept.
	keptAnswers = 64
)

// flights let those who ask the same at the same time, or soon after, have one answer.
type flights struct {
	mu     sync.Mutex
	all    map[string]*flight
	group  sync.WaitGroup
	closed bool
}

// flight is an answer on its way, or one that is kept.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int       // who waits for it
	until   time.Time // of one that is kept
	answer  any
	err     error
}

// together makes an answer once for all who ask the same: the same call with the same parameters, of one generation. The
// work ends when nobody waits for it any more. An answer must not be changed.
func together[A any](ctx context.Context, s *Service, call string, asked any, work func(context.Context) (*A, error)) (*A, error) {
	text, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("write down what was asked: %w", err)
	}
	f := s.flights.join(ctx, call+" "+s.serving()+" "+string(text), s.now, func(ctx context.Context) (any, error) { return work(ctx) })
	defer s.flights.leave(f)
	select {
	case <-f.done:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if f.err != nil {
		return nil, f.err
	}
	a, _ := f.answer.(*A)
	return a, nil
}

// join returns the flight of a key, and starts it if there is none.
func (l *flights) join(ctx context.Context, key string, now func() time.Time, work func(context.Context) (any, error)) *flight {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.all[key]; f != nil && (f.until.IsZero() || now().Before(f.until)) {
		f.waiting++
		return f
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel, waiting: 1}
	if l.closed {
		cancel()
		f.err = context.Canceled
		close(f.done)
		return f
	}
	l.keep(key, f)
	l.group.Go(func() {
		defer cancel()
		l.fly(ctx, key, f, now, work)
	})
	return f
}

// fly makes the answer, and keeps it if it is one.
func (l *flights) fly(ctx context.Context, key string, f *flight, now func() time.Time, work func(context.Context) (any, error)) {
	began := now()
	err := sheltered(func() (err error) {
		f.answer, err = work(ctx)
		return err
	})
	ended := now()
	l.mu.Lock()
	defer l.mu.Unlock()
	f.err, f.until = err, ended.Add(min(keptAtMost, keptTimes*ended.Sub(began)))
	if err != nil && l.all[key] == f {
		delete(l.all, key)
	}
	close(f.done)
}

// leave gives a flight up that nobody waits for. One that begins after that begins anew.
func (l *flights) leave(f *flight) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.waiting--; f.waiting > 0 || !f.until.IsZero() {
		return
	}
	f.cancel()
	for key, x := range l.all {
		if x == f {
			delete(l.all, key)
		}
	}
}

// keep puts a flight in the place of the one that is kept least long, if there are too many. The caller holds the lock.
func (l *flights) keep(key string, f *flight) {
	if l.all == nil {
		l.all = map[string]*flight{}
	}
	l.all[key] = f
	if len(l.all) <= keptAnswers {
		return
	}
	var oldest string
	for k, x := range l.all {
		if !x.until.IsZero() && (oldest == "" || x.until.Before(l.all[oldest].until)) {
			oldest = k
		}
	}
	delete(l.all, oldest)
}

// close ends all work and waits for it.
func (l *flights) close() {
	l.mu.Lock()
	l.closed = true
	for _, f := range l.all {
		f.cancel()
	}
	l.mu.Unlock()
	l.group.Wait()
}
