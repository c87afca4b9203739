package query

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// hub reads what has been folded once for everybody who listens, and deals it out:
//
//	engine commits ──► one goroutine, at most 4 times a second ──► rows since last time ──► subscribers
//
// It runs only while somebody listens. A subscriber that does not take its batches in time, or a jump too large to
// read, is answered with a reset: the browser loads the page anew.
type hub struct {
	s      *Service
	mu     sync.Mutex
	subs   map[*subscriber]struct{}
	cancel context.CancelFunc // of the running goroutine; nil while nobody listens
	done   chan struct{}      // closed when the last goroutine has ended
	closed chan struct{}
	at     events.Position // how far the last beat saw; of the goroutine only
}

const (
	beat           = 250 * time.Millisecond
	statusEvery    = 2 * time.Second
	maxSubscribers = 256
	// maxBehind is how many events a listener may be behind and still be told one by one.
	maxBehind = 20_000
	// maxBatch is how many rows one message to a subscriber holds; of more only the newest are told.
	maxBatch = 200
	backlog  = 8
)

// subscriber is one open stream.
type subscriber struct {
	customer uuid.UUID // zero: everybody
	timeline bool
	status   bool
	// after and fragments are the goroutine's: it has been told everything up to here, and whose rows it gets.
	after     events.Position
	fragments map[uuid.UUID]bool
	batches   chan batch
}

// batch is what a subscriber is told at one beat.
type batch struct {
	position events.Position
	customer uuid.UUID
	rows     []TimelineRow
	skipped  int
	status   *StatusMessage
	reset    string // why the page must be loaded anew; empty if not
}

func newHub(s *Service) *hub {
	done := make(chan struct{})
	close(done)
	return &hub{s: s, subs: map[*subscriber]struct{}{}, done: done, closed: make(chan struct{})}
}

// add lets a subscriber listen; false if there are too many, or the hub is closed.
func (h *hub) add(sub *subscriber) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isClosed() || len(h.subs) >= maxSubscribers {
		return false
	}
	h.subs[sub] = struct{}{}
	h.s.meters.subscribers.Inc()
	if h.cancel == nil {
		h.start()
	}
	return true
}

// start runs the goroutine, after the one before has ended.
func (h *hub) start() {
	ctx, cancel := context.WithCancel(context.Background())
	before, done := h.done, make(chan struct{})
	h.cancel, h.done = cancel, done
	go func() {
		defer close(done)
		<-before
		h.run(ctx)
	}()
}

// remove ends a subscription; the last one stops the goroutine.
func (h *hub) remove(sub *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.subs[sub]; !ok {
		return
	}
	delete(h.subs, sub)
	h.s.meters.subscribers.Dec()
	if len(h.subs) == 0 && h.cancel != nil {
		h.cancel()
		h.cancel = nil
	}
}

func (h *hub) isClosed() bool {
	select {
	case <-h.closed:
		return true
	default:
		return false
	}
}

// close ends every stream and waits for the goroutine.
func (h *hub) close() {
	h.mu.Lock()
	if !h.isClosed() {
		close(h.closed)
	}
	if h.cancel != nil {
		h.cancel()
		h.cancel = nil
	}
	done := h.done
	h.mu.Unlock()
	<-done
}

// run deals out what is new, until ctx ends.
func (h *hub) run(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	var told time.Time
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		now := h.s.now()
		withStatus := now.Sub(told) >= statusEvery
		if withStatus {
			told = now
		}
		err := h.deal(ctx, withStatus)
		if err != nil {
			h.complain(ctx, err, failing)
			failing = true
			pause.Reset(statusEvery)
			continue
		}
		failing = false
		h.sleep(ctx)
		pause.Reset(beat)
	}
}

// complain logs an error once, not at every beat that it lasts.
func (h *hub) complain(ctx context.Context, err error, again bool) {
	if !again && ctx.Err() == nil {
		h.s.logger.LogAttrs(ctx, slog.LevelWarn, "streams wait, what is new cannot be read", slog.Any("error", err))
	}
}

// sleep returns when something new was folded, and at the latest when the status is due again.
func (h *hub) sleep(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, statusEvery-beat)
	defer cancel()
	_ = h.s.live.Await(bounded, h.at+1) // a hint: whatever it says, the next beat looks
}

// deal reads what is new once and tells every subscriber its share.
func (h *hub) deal(ctx context.Context, withStatus bool) error {
	return h.s.in(ctx, func(v projections.View) error {
		n := &news{s: h.s, view: v, after: h.at, at: v.Checkpoint().Position, sets: map[uuid.UUID]map[uuid.UUID]bool{}}
		if withStatus {
			var err error
			if n.status, err = h.s.statusMessage(ctx); err != nil {
				return err
			}
		}
		for _, sub := range h.listeners() {
			if err := h.tell(ctx, n, sub); err != nil {
				return err
			}
		}
		h.at = n.at
		return nil
	})
}

func (h *hub) listeners() []*subscriber {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*subscriber, 0, len(h.subs))
	for sub := range h.subs {
		all = append(all, sub)
	}
	return all
}

// tell hands a subscriber what is new for it. A subscriber that has not taken its last batches is left alone until
// it has: what it missed is still between its position and the next view.
func (h *hub) tell(ctx context.Context, n *news, sub *subscriber) error {
	if len(sub.batches) == cap(sub.batches) {
		return nil
	}
	b, err := n.share(ctx, sub)
	if err != nil {
		return err
	}
	if sub.status {
		b.status = n.status
	}
	if b.reset != "" {
		h.s.meters.resets.Inc()
	}
	if len(b.rows) > 0 || b.status != nil || b.reset != "" {
		sub.batches <- b // there is room: only this goroutine sends
	}
	return nil
}
