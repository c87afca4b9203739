package esdblog

import (
	"context"
	"errors"
	"fmt"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logindex"
)

// Verify implements events.Log. It goes through the whole engine anew, as if there were no index, checks each commit
// against the hash chain and compares what comes out with all that the index says of it. It needs the server, and answers its errors.
func (l *Log) Verify(ctx context.Context, progress func(done, total events.Position)) error {
	if err := l.life.Enter(ctx); err != nil {
		return err
	}
	defer l.life.Leave()
	v := verification{log: l, total: l.index.End().Position, progress: progress}
	v.walk = walk{link: l.link, pending: newPending(pendingRoom), tip: noStream, sink: func(placed []logindex.Placed, _ [][]byte) error { return v.take(ctx, placed) }}
	if v.total == 0 {
		return ctx.Err()
	}
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(l.running, cancel) //nolint:contextcheck // the log ends it too
	defer stop()
	err := retry(limited, func() error { return v.run(limited) })
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case l.running.Err() != nil:
		return events.ErrClosed
	case errors.Is(err, errVerified):
		return nil
	}
	return l.link.explain(err)
}

var errVerified = errors.New("esdblog: all of it was read")

// verification is one Verify under way.
type verification struct {
	log      *Log
	walk     walk
	total    events.Position
	done     events.Position
	progress func(done, total events.Position)
	kept     logindex.End // where the walk is to go on after the connection broke
}

func (v *verification) run(ctx context.Context) error {
	v.walk.at, v.walk.head = v.kept.Place, v.kept.Head
	return v.walk.run(ctx)
}

// take is the sink of the walk.
func (v *verification) take(ctx context.Context, placed []logindex.Placed) error {
	for i := range placed {
		p := &placed[i]
		if p.Position > v.total {
			break
		}
		if err := v.same(p); err != nil {
			return err
		}
		if v.done = p.Position; v.progress != nil && (v.done%progressEvery == 0 || v.done == v.total) {
			v.progress(v.done, v.total)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	v.kept = logindex.End{Head: v.walk.head, Place: v.walk.at}
	if v.done < v.total {
		return nil
	}
	if err := v.log.index.CheckCounts(v.total); err != nil {
		return err
	}
	return errVerified
}

// same compares what the server holds of an event with what the index says of it.
func (v *verification) same(p *logindex.Placed) error {
	known, err := v.log.index.At(p.Position)
	switch {
	case err != nil:
		return err
	case known[0].Hash != p.Hash:
		return v.log.diverged(p.Position, "the server holds another event than the one this log has seen")
	case known[0].Revision != p.Revision:
		return fmt.Errorf("the index has the event at %d as number %d of its stream, and it is %d; delete it, it is made anew", p.Position, known[0].Revision, p.Revision)
	}
	return v.log.index.Check(*p)
}

const progressEvery = 1000
