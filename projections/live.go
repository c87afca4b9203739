package projections

import (
	"context"
	"errors"
	"sync"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// Live is the generation that answers, whichever it is: services hold a Live for ever while generations come and go.
type Live struct {
	mu      sync.Mutex
	current *handle
	changed chan struct{} // closed and replaced when current is
	news    *board        // commits of whatever generation is live
}

// handle is a generation in use. Its store is closed when it was retired and the last view of it is.
type handle struct {
	generation Generation
	store      Store
	engine     *Engine
	follows    bool                   // a sandbox, whose engine runs until it is dropped
	describe   func(Generation) error // of a sandbox, writes down how far it came
	trouble    *trouble
	reads      bool // another process writes it; the engine never runs
	waits      bool // and this one stands by to take over

	mu      sync.Mutex
	views   int
	retired bool
	closed  chan struct{} // closed when the store is
	err     error
}

// ErrNoGeneration: there is no live generation yet, or no longer.
var ErrNoGeneration = errors.New("projections: no generation is live")

func newLive() *Live { return &Live{changed: make(chan struct{}), news: newBoard()} }

func newHandle(g Generation, s Store, e *Engine) *handle {
	return &handle{generation: g, store: s, engine: e, closed: make(chan struct{}), trouble: &trouble{}}
}

// View opens a snapshot of the live generation. It goes on showing that generation if another becomes live.
func (l *Live) View(ctx context.Context) (View, error) {
	h, err := l.acquire()
	if err != nil {
		return nil, err
	}
	return h.view(ctx)
}

// view opens a snapshot for whoever has acquired the handle, and releases it when that is closed or there is none.
func (h *handle) view(ctx context.Context) (View, error) {
	v, err := h.store.View(ctx)
	if err != nil {
		h.release()
		return nil, err
	}
	if h.reads {
		h.sight(ctx, v.Checkpoint())
	}
	return &liveView{View: v, handle: h}, nil
}

// Generation returns the live generation.
func (l *Live) Generation() (Generation, error) {
	h, _, err := l.get()
	if err != nil {
		return Generation{}, err
	}
	return h.generation, nil
}

// Status reports how far the live generation is.
func (l *Live) Status(ctx context.Context) (Status, error) {
	h, _, err := l.get()
	if err != nil {
		return Status{}, err
	}
	return h.engine.Status(ctx)
}

// Await returns when a View will show everything up to position.
func (l *Live) Await(ctx context.Context, position events.Position) error {
	for {
		h, turned, err := l.get()
		if err != nil {
			return err
		}
		done, moved := h.engine.board.reached(position)
		if done {
			return nil
		}
		select {
		case <-moved:
		case <-turned:
		case <-h.engine.Done():
			if now, _, err := l.get(); err != nil || now == h {
				return errors.Join(err, h.engine.Err())
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Subscribe returns a channel that holds the newest commit the subscriber has not seen, across generations, and a
// function to end the subscription.
func (l *Live) Subscribe() (<-chan Committed, func()) { return l.news.subscribe() }

// Redrive folds the parked events of a fragment; see Engine.Redrive.
func (l *Live) Redrive(ctx context.Context, fragment uuid.UUID) (int, error) {
	h, err := l.writing()
	if err != nil {
		return 0, err
	}
	return h.engine.Redrive(ctx, fragment)
}

// Skip has the decision to skip a parked event appended; see Engine.Skip.
func (l *Live) Skip(ctx context.Context, place ParkedPlace, decide func() (events.Position, error)) (events.Position, error) {
	h, err := l.writing()
	if err != nil {
		return 0, err
	}
	return h.engine.Skip(ctx, place, decide)
}

func (l *Live) get() (*handle, <-chan struct{}, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.current == nil {
		return nil, nil, ErrNoGeneration
	}
	return l.current, l.changed, nil
}

// writing returns the live handle if this process folds it.
func (l *Live) writing() (*handle, error) {
	h, _, err := l.get()
	switch {
	case err != nil || !h.reads:
		return h, err
	case h.waits:
		return h, ErrHeld
	}
	return h, ErrReading
}

// now returns the live handle; nil if there is none.
func (l *Live) now() *handle {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.current
}

// acquire returns the live handle with its store held open.
func (l *Live) acquire() (*handle, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.current == nil {
		return nil, ErrNoGeneration
	}
	l.current.acquire()
	return l.current, nil
}

// turn makes h the live handle and returns the one before it. From here on every view is of h.
func (l *Live) turn(h *handle) *handle {
	l.mu.Lock()
	old := l.current
	l.current = h
	close(l.changed)
	l.changed = make(chan struct{})
	l.mu.Unlock()
	if h != nil {
		h.engine.board.onCommit(l.news.start)
		l.news.start(h.engine.board.checkpoint())
	}
	return old
}

// leave ends a handle that is no longer live, if there is one: who awaits looks again, others may write the store, and it is
// closed with the last view.
func (h *handle) leave() {
	if h != nil {
		h.engine.Stop()
		h.yield()
		h.retire()
	}
}

// retire closes the store as soon as nobody looks at it.
func (h *handle) retire() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.retired = true
	h.closeIfUnused()
}

// acquire holds the store open until release.
func (h *handle) acquire() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.views++
}

// idle reports whether nobody holds the store open.
func (h *handle) idle() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.views == 0
}

func (h *handle) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.views--
	h.closeIfUnused()
}

func (h *handle) closeIfUnused() {
	select {
	case <-h.closed:
		return
	default:
	}
	if h.retired && h.views == 0 {
		h.err = h.store.Close()
		close(h.closed)
	}
}

// liveView is a view that keeps its generation's store open.
type liveView struct {
	View
	handle *handle
	once   sync.Once
}

// Close ends the view.
func (v *liveView) Close() {
	v.once.Do(func() {
		v.View.Close()
		v.handle.release()
	})
}
