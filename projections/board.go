package projections

import (
	"sync"
	"time"

	"github.com/c360hq/c360/events"
)

// Committed says that everything up to Position is in the store.
type Committed struct {
	Position   events.Position
	RecordedAt time.Time
}

// board is where the engine tells the rest of the house how far it is.
type board struct {
	mu      sync.Mutex
	at      Checkpoint
	changed chan struct{} // closed and replaced with every commit
	stopped chan struct{}
	err     error
	watch   map[chan Committed]struct{}
	next    func(Checkpoint) // told of every commit

	events   uint64 // folded since start
	batches  uint64
	parkings uint64 // events ever parked since start
	waiting  int    // events parked now
	gaps     uint64
	broken   uint64 // times folding was interrupted
	rate     rate
}

func newBoard() *board {
	return &board{changed: make(chan struct{}), stopped: make(chan struct{}), watch: map[chan Committed]struct{}{}}
}

func (b *board) checkpoint() Checkpoint {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *board) start(c Checkpoint) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = c
	b.tell()
}

func (b *board) commit(c committing, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = c.changes.Checkpoint
	b.events += uint64(c.events) //nolint:gosec // a count
	b.batches++
	b.waiting += c.parked
	b.parkings += uint64(max(c.parked, 0))
	b.rate.add(c.events, now)
	b.tell()
	if b.next != nil {
		b.next(b.at)
	}
}

// seen says how far another process has come; what is known already is no news.
func (b *board) seen(c Checkpoint, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.Position <= b.at.Position {
		return
	}
	b.rate.add(int(c.Position-b.at.Position), now) //nolint:gosec // a count
	b.at = c
	b.tell()
	if b.next != nil {
		b.next(b.at)
	}
}

// onCommit has next called with every commit from now on.
func (b *board) onCommit(next func(Checkpoint)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next = next
}

// tell wakes who waits. A watcher that is slow finds the last news, not all of them.
func (b *board) tell() {
	close(b.changed)
	b.changed = make(chan struct{})
	news := Committed{Position: b.at.Position, RecordedAt: b.at.RecordedAt}
	for ch := range b.watch {
		select {
		case <-ch:
		default:
		}
		ch <- news // only tell sends, under the lock, and there is room for one
	}
}

func (b *board) parked(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = n
}

func (b *board) interrupted() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken++
}

func (b *board) gap() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gaps++
}

// stop ends everything that waits; the first reason stays.
func (b *board) stop(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = err
		close(b.stopped)
	}
}

func (b *board) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

func (b *board) subscribe() (<-chan Committed, func()) {
	ch := make(chan Committed, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watch[ch] = struct{}{}
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.watch, ch)
	}
}

// rate is how many events a second were folded lately.
type rate struct {
	perSecond float64
	since     time.Time
	count     int
}

const rateWindow = time.Second

func (r *rate) add(n int, now time.Time) {
	if r.since.IsZero() {
		r.since = now
	}
	r.count += n
	if passed := now.Sub(r.since); passed >= rateWindow {
		r.perSecond = float64(r.count) / passed.Seconds()
		r.since, r.count = now, 0
	}
}

// at returns the rate, which fades to zero when nothing is folded any more.
func (r *rate) at(now time.Time) float64 {
	passed := now.Sub(r.since)
	if r.since.IsZero() || passed <= 0 {
		return 0
	}
	if passed >= rateWindow || r.perSecond == 0 {
		return float64(r.count) / passed.Seconds()
	}
	return r.perSecond
}
