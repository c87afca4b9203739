package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// openAtMost is how many generations are kept open to be looked at, beside the live one and the sandboxes.
const openAtMost = 3

// shelf holds the generations that are open and not live. Those that nobody asked for lately are closed.
type shelf struct {
	mu     sync.Mutex
	open   []*handle // the one asked for last is the last
	closed bool
}

func newShelf() *shelf { return &shelf{} }

// ErrNotReady: the generation is still being built, or it failed; nothing can be read of it.
var ErrNotReady = errors.New("the generation cannot be read")

// View opens a snapshot of any generation that is ready: ErrUnknownGeneration or ErrNotReady if there is none. Its
// store stays open for the next view, unless too many others are asked for meanwhile.
func (g *Generations) View(ctx context.Context, id string) (View, error) {
	h, err := g.live.acquire()
	if err == nil && h.generation.ID == id {
		return h.view(ctx)
	}
	if err == nil {
		h.release()
	}
	if err := g.stillThere(ctx, id); err != nil {
		return nil, err
	}
	if h, err = g.shelf.acquire(id, func() (*handle, error) { return g.openReady(ctx, id) }); err != nil {
		return nil, err
	}
	return h.view(ctx)
}

// openReady opens a generation that can be read.
func (g *Generations) openReady(ctx context.Context, id string) (*handle, error) {
	x, err := g.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if x.State != GenerationReady {
		return nil, fmt.Errorf("generation %s is %s, not ready: %w", id, x.State, ErrNotReady)
	}
	return g.open(ctx, x)
}

// open opens a generation with an engine that does not run yet.
func (g *Generations) open(ctx context.Context, x Generation) (*handle, error) {
	k, err := g.kitOf(&x)
	if err != nil {
		return nil, fmt.Errorf("open generation %s: %w", x.ID, err)
	}
	shared, reads := g.reads()
	opening := g.opts.Factory.Open
	if reads {
		opening = shared.Follow
	}
	s, err := opening(ctx, x.ID, k.spec)
	if err != nil {
		return nil, fmt.Errorf("open generation %s: %w", x.ID, err)
	}
	h := newHandle(x, s, g.engine(s, k.rooms))
	h.reads, h.waits = reads, g.Post().Waits
	return h, nil
}

// standBy returns the handle of a generation that may follow the log, opened if need be and held until release.
func (g *Generations) standBy(ctx context.Context, id string) (*handle, error) {
	if now, err := g.live.Generation(); err == nil && now.ID == id {
		return nil, fmt.Errorf("generation %s is live already", id)
	}
	h, err := g.shelf.acquire(id, func() (*handle, error) { return g.openReady(ctx, id) })
	if err != nil {
		return nil, err
	}
	if !h.generation.Follows() {
		h.release()
		return nil, fmt.Errorf("generation %s is of kind %s and does not follow the log: it can be looked at and compared, "+
			"not swapped in; build one with `c360 generations create --kind rebuild` to swap in: %w", id, h.generation.Kind, ErrStandsStill)
	}
	return h, nil
}

// ErrStandsStill: the generation shows the past or another world, so it cannot take the place of the live one.
var ErrStandsStill = errors.New("the generation stands still")

// acquire returns an open generation, held open until it is released; open opens it if it is not.
func (s *shelf) acquire(id string, open func() (*handle, error)) (*handle, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	h := s.take(id)
	if h == nil {
		var err error
		if h, err = open(); err != nil {
			return nil, err
		}
	}
	h.acquire()
	s.place(h)
	return h, nil
}

// put adds a generation that was just built.
func (s *shelf) put(h *handle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.place(h)
}

// place makes h the last and closes the first that is in nobody's hands, if there are too many.
func (s *shelf) place(h *handle) {
	s.open = append(s.open, h)
	still := 0
	for _, x := range s.open {
		if !x.follows {
			still++
		}
	}
	if still <= openAtMost {
		return
	}
	if i := slices.IndexFunc(s.open, func(x *handle) bool { return !x.follows && x != h && x.idle() }); i >= 0 {
		s.open[i].retire()
		s.open = slices.Delete(s.open, i, i+1)
	}
}

// remove takes a generation off the shelf; nil if it is not open.
func (s *shelf) remove(id string) *handle {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.take(id)
}

func (s *shelf) take(id string) *handle {
	i := slices.IndexFunc(s.open, func(x *handle) bool { return x.generation.ID == id })
	if i < 0 {
		return nil
	}
	h := s.open[i]
	s.open = slices.Delete(s.open, i, i+1)
	return h
}

// sandbox returns the handle of a sandbox whose engine runs, or has run.
func (s *shelf) sandbox(id string) *handle {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.open, func(x *handle) bool { return x.follows && x.generation.ID == id })
	if i < 0 {
		return nil
	}
	return s.open[i]
}

// clear takes everything off the shelf, for good.
func (s *shelf) clear() []*handle {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.open
	s.open, s.closed = nil, true
	return all
}

// empty takes everything off the shelf.
func (s *shelf) empty() []*handle {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.open
	s.open = nil
	return all
}
