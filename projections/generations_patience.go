package projections

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/c360hq/c360/events"
)

const (
	// buildPatience is how long a build waits for an engine that is away, since it last got on. Then it ends; the next build
	// of the same plan goes on with it.
	buildPatience = 10 * time.Minute
	// gotOn is how long a try lasts that got on, although no event was folded: it built indexes, swept or counted. An engine
	// that is away is noticed sooner.
	gotOn = time.Minute
)

// loadPatiently is load, tried again while what keeps it from going on may pass: what hours have folded is not thrown away
// because a server is started anew.
func (g *Generations) loadPatiently(ctx context.Context, h *handle, to events.Position, report Report) error {
	var passing error
	at, since, wait := events.Position(0), g.opts.Engine.Now(), retryFirst
	for {
		began := g.opts.Engine.Now()
		err := g.load(ctx, h, to, report)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if p, now := h.engine.Position(), g.opts.Engine.Now(); p > at || passing == nil || now.Sub(began) >= gotOn {
			at, since, wait = p, now, retryFirst
		} else if now.Sub(since) >= buildPatience {
			return err
		}
		if isFatal(err) {
			// After an error of its disk a SQLite file that is loaded says no more than that it is of no use until it is
			// opened again. It is not: what was folded is dropped, since the disk may be full, and the generation that
			// answers needs the room more.
			return errors.Join(passing, err)
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
