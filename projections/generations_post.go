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
	return Post{Writes: g.post.writes, Waits: g.post.waits, Trouble: g.post.trouble}
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

// attend watches over the post until relieve: whoever writes may lose the claim, whoever reads has to look.
func (g *Generations) attend(ctx context.Context, writes bool) {
	if _, ok := g.opts.Factory.(Shared); !ok {
		return
	}
	ctx, end := context.WithCancel(ctx)
	done := make(chan struct{})
	g.mu.Lock()
	g.post.end, g.post.done = end, done
	g.mu.Unlock()
	go func() {
		defer close(done)
		for well := true; well && ctx.Err() == nil; {
			g.untilLost(ctx)
			well = g.untilClaimed(ctx, writes)
		}
	}()
}

// relieve ends attend and waits for that.
func (g *Generations) relieve() {
	g.mu.Lock()
	end, done := g.post.end, g.post.done
	g.mu.Unlock()
	if end != nil {
		end()
		<-done
	}
}

// untilLost returns when this process is not, or no longer, the one that writes.
func (g *Generations) untilLost(ctx context.Context) {
	g.mu.Lock()
	c := g.post.claim
	g.mu.Unlock()
	if c == nil {
		return
	}
	select {
	case <-c.Lost():
		g.stepDown(ctx)
	case <-ctx.Done():
	}
}

// stepDown stops writing, at once. Readers go on with what is open until the generation is opened for reading only.
func (g *Generations) stepDown(ctx context.Context) {
	g.opts.Engine.Logger.WarnContext(ctx, "this process is no longer the one that writes the read stores; it stands by")
	if h := g.live.now(); h != nil {
		h.engine.pause()
	}
	g.interrupt(ErrClaimLost)
	if g.changing.take(ctx) != nil {
		return
	}
	defer g.changing.give()
	g.mu.Lock()
	c := g.post.claim
	g.post = post{reads: true, waits: true, end: g.post.end, done: g.post.done}
	g.mu.Unlock()
	if h := g.live.now(); h != nil {
		h.engine.pause() // a swap may have started it again
	}
	for _, h := range g.shelf.empty() {
		h.leave()
	}
	if c != nil {
		_ = c.Release() // it is lost
	}
}

// takeOver makes this process the one that writes, if no other is.
func (g *Generations) takeOver(ctx context.Context) error {
	if err := g.changing.take(ctx); err != nil {
		return err
	}
	defer g.changing.give()
	shared, _ := g.reads()
	if err := g.claim(ctx, shared); err != nil {
		return err
	}
	for _, h := range g.shelf.empty() {
		h.leave()
	}
	err := g.write(ctx)
	if err == nil {
		g.troubled(ctx, nil)
		g.opts.Engine.Logger.InfoContext(ctx, "this process writes the read stores from now on")
		return nil
	}
	g.mu.Lock()
	g.post.reads, g.post.waits = true, true
	g.mu.Unlock()
	return errors.Join(err, g.release())
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
