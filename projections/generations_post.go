package projections

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// post is what this process is among those that share a Factory: the one that writes, or one that reads and may stand by.
type post struct {
	claim   Claim // of a Shared factory, while this process writes
	writes  bool  // the live generation is folded here
	reads   bool  // it is folded elsewhere
	waits   bool  // it reads, and writes as soon as it can
	trouble error // why a reader has nothing to show, or nothing new
	end     context.CancelFunc
	done    chan struct{}
}

const (
	pollEvery  = 150 * time.Millisecond
	claimEvery = time.Second
	// answerWithin is how long a store is given to answer what it answers in a moment when it is well. A connection that was
	// cut without a word would be waited for for ever.
	answerWithin = 5 * time.Second
	// openWithin is how long opening or making a generation may take, and comparing it with the log.
	openWithin = 30 * time.Second
)

// Post says what this process is among those that share the read stores.
type Post struct {
	// Writes: it folds. Waits: another process does, and this one takes over when that ends.
	Writes, Waits bool
	// Trouble is why a process that reads has nothing to show, or nothing new; nil if it has.
	Trouble error
}

// Post says whether this process writes the read stores or reads them.
func (g *Generations) Post() Post {
	g.mu.Lock()
	defer g.mu.Unlock()
	return Post{Writes: g.post.writes && !g.post.waits, Waits: g.post.waits, Trouble: g.post.trouble}
}

// reads reports whether another process writes what this one reads.
func (g *Generations) reads() (Shared, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	shared, _ := g.opts.Factory.(Shared)
	return shared, g.post.reads
}

// writes notes that the live generation is folded here.
func (g *Generations) writes() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.post.writes = true
}

// mayWrite makes sure that this process is the one that writes, or says which is.
func (g *Generations) mayWrite(ctx context.Context) error {
	g.mu.Lock()
	p := g.post
	g.mu.Unlock()
	switch {
	case p.waits:
		return ErrHeld
	case p.reads:
		return ErrReading
	}
	shared, ok := g.opts.Factory.(Shared)
	if ok && p.claim != nil {
		return held(p.claim)
	}
	if !ok {
		return nil
	}
	return g.claim(ctx, shared)
}

// held is ErrHeld if a claim was lost.
func held(c Claim) error {
	select {
	case <-c.Lost():
		return ErrHeld
	default:
		return nil
	}
}

// claim takes the right to write. What is being built when it is lost is interrupted.
func (g *Generations) claim(ctx context.Context, shared Shared) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	c, err := shared.Claim(ctx)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.post.claim, g.post.reads, g.post.waits = c, false, false
	return nil
}

// release gives the claim up, if there is one.
func (g *Generations) release() error {
	g.mu.Lock()
	c := g.post.claim
	g.post.claim = nil
	g.mu.Unlock()
	if c == nil {
		return nil
	}
	return c.Release()
}

// Follow answers from the generation that another process writes, whichever is live, until Stop or ctx ends. It
// writes nothing. Until there is a generation that can be read, Post says why. What waiting cannot mend is an error:
// ErrDiverged, if the store was folded from another log.
func (g *Generations) Follow(ctx context.Context) error {
	if err := g.changing.take(ctx); err != nil {
		return err
	}
	defer g.changing.give()
	g.ctx = ctx
	return g.standAside(ctx, false)
}

// standAside makes this process one that reads, and writes later if it waits for that.
func (g *Generations) standAside(ctx context.Context, waits bool) error {
	if _, ok := g.opts.Factory.(Shared); !ok {
		return errors.New("projections: these read stores belong to one process")
	}
	g.mu.Lock()
	g.post.reads, g.post.waits = true, waits
	g.mu.Unlock()
	err := g.look(ctx)
	g.troubled(ctx, err)
	if errors.Is(err, ErrDiverged) {
		return err
	}
	g.attend(ctx, waits)
	return nil
}

// troubled notes what keeps a reader from reading, and says so once.
func (g *Generations) troubled(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	g.mu.Lock()
	before := g.post.trouble
	g.post.trouble = err
	g.mu.Unlock()
	if err != nil && (before == nil || before.Error() != err.Error()) {
		g.opts.Engine.Logger.WarnContext(ctx, "the read stores cannot be followed, trying again", slog.Any("error", err))
	}
}
