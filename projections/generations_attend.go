package projections

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

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
	look := time.NewTicker(claimEvery)
	defer look.Stop()
	for lost := false; !lost; {
		select {
		case <-c.Lost():
			lost = true
		case <-look.C:
			lost = g.strayed(ctx)
		case <-ctx.Done():
			return
		}
	}
	g.stepDown(ctx)
}

// strayed reports whether another generation is live than the one that is folded here: another process has named it, or
// this one did and the answer was lost. All others read what is named, so this process has to fold that.
func (g *Generations) strayed(ctx context.Context) bool {
	shared, ok := g.opts.Factory.(Shared)
	if !ok || !g.pointing.TryLock() {
		return false // a swap is just naming another one
	}
	defer g.pointing.Unlock()
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	id, err := shared.LiveID(ctx)
	h := g.live.now()
	if err != nil || id == "" || h == nil || id == h.generation.ID {
		return false
	}
	g.opts.Engine.Logger.WarnContext(ctx, "another generation was named live than the one that is folded here",
		slog.String("live", id), slog.String("folded", h.generation.ID))
	return true
}

// stepDown stops writing, at once. Readers go on with what is open until the generation is opened for reading only.
func (g *Generations) stepDown(ctx context.Context) {
	g.opts.Engine.Logger.WarnContext(ctx, "this process is no longer the one that writes the read stores; it stands by")
	if h := g.live.now(); h != nil {
		h.engine.pause()
	}
	g.mu.Lock()
	g.post.waits = true // what is about to begin is refused
	g.mu.Unlock()
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
		h.yield()
	}
	for _, h := range g.shelf.empty() {
		h.leave()
	}
	if c != nil {
		_ = c.Release() // if it is lost there is nothing to release
	}
}

// yield lets another process write what was folded here. The store stays open for the views of it, however long they last.
func (h *handle) yield() {
	if y, ok := h.store.(Yielder); ok {
		y.Yield()
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
