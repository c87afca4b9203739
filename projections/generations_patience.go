package projections

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/c360hq/c360/events"
)

// buildPatience is how long a build waits for an engine that is away, from the last event that it folded. Then it ends; the
// next build of the same plan goes on with it.
const buildPatience = 10 * time.Minute

// loadPatiently is load, tried again while what keeps it from going on may pass: what hours have folded is not thrown away
// because a server is started anew.
func (g *Generations) loadPatiently(ctx context.Context, h *handle, to events.Position, report Report) error {
	var passing error
	at, since, wait := events.Position(0), g.opts.Engine.Now(), retryFirst
	for {
		err := g.load(ctx, h, to, report)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if p, now := h.engine.Position(), g.opts.Engine.Now(); p > at || passing == nil {
			at, since, wait = p, now, retryFirst
		} else if now.Sub(since) >= buildPatience {
			return err
		}
		if isFatal(err) {
			return errors.Join(passing, err) // a store may say no more than that it is of no use since
		}
		passing = err
		g.waiting(ctx, report, err)
		sleep(ctx, wait)
		wait = min(2*wait, retryLast)
	}
}

// waiting tells what a build waits for.
func (g *Generations) waiting(ctx context.Context, report Report, why error) {
	g.opts.Engine.Logger.WarnContext(ctx, "a build is interrupted, trying again", slog.Any("error", why))
	if p := g.Progress(); p != nil {
		p.Waits = why.Error()
		g.tell(report, p)
	}
}
