package natslog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events"
)

const (
	// publishTimeout is how long an acknowledgement may take before the stream itself is asked what became of a frame.
	publishTimeout = 2 * time.Second
	// askTimeout is the same for questions.
	askTimeout = 2 * time.Second

	backoffLeast = 5 * time.Millisecond
	backoffMost  = time.Second
)

// publish brings one frame after another into the stream. Only one is on its way at any moment: that is what the fence
// needs, and groups grow with the time it takes.
func (l *Log) publish(ctx context.Context) {
	for {
		select {
		case g := <-l.groups:
			l.yield(ctx)
			l.tail.Lock()
			l.land(ctx, g)
			l.tail.Unlock()
		case <-ctx.Done():
			return
		}
	}
}

// land tries until the stream holds the frame, or until it is certain that it never will. It is called with tail held.
func (l *Log) land(ctx context.Context, g *group) {
	l.flying = g
	defer func() { l.flying = nil }()
	for try := 0; ctx.Err() == nil && l.life.Err() == nil; try++ {
		if g.frame.base != l.tip.head {
			l.giveBack(ctx, g)
			return
		}
		err := l.attempt(ctx, g)
		if g.landed {
			return
		}
		if g.err = refusal(err); g.err != nil {
			l.giveBack(ctx, g)
			return
		}
		if err != nil {
			l.complain(ctx, try, err)
			pause(ctx, try)
		}
	}
}

// attempt makes one try. An error says nothing about whether the frame landed: g.landed does.
func (l *Log) attempt(ctx context.Context, g *group) error {
	if len(g.placed) == 0 {
		return l.settleEmpty(ctx, g)
	}
	seq, err := l.send(ctx, g)
	if err == nil && seq != l.tip.seq+1 {
		return l.fail(l.diverged(g.frame.base.Position+1, fmt.Sprintf("the server stored message %d after %d", seq, l.tip.seq)))
	}
	if err == nil {
		l.landGroup(ctx, seq, g)
		return nil
	}
	if ferr := l.catchUp(ctx); ferr != nil { // whatever the answer: the frame may be there, from a try before, or somebody else's
		return ferr
	}
	if g.landed || g.frame.base != l.tip.head {
		return nil
	}
	return err
}

// settleEmpty answers requests that bring nothing new. A conflict is one only if the log really ends where we think, and a
// duplicate only if the stream still holds it.
func (l *Log) settleEmpty(ctx context.Context, g *group) error {
	if g.conflicts || l.doubt.Load() {
		if err := l.catchUp(ctx); err != nil || g.frame.base != l.tip.head {
			return err
		}
	}
	g.landed = true
	l.hand(ctx, landing{seq: l.tip.seq, group: g})
	return nil
}

// send publishes a frame behind the fence: the server stores it only if it comes right after the last message we know.
func (l *Log) send(ctx context.Context, g *group) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	l.unplug.Store(&cancel)
	if err := l.checkTip(ctx); err != nil {
		return 0, err
	}
	msg := &nats.Msg{Subject: l.target.subject(), Data: g.message}
	ack, err := l.js.PublishMsg(ctx, msg, jetstream.WithRetryAttempts(0),
		jetstream.WithExpectStream(l.target.stream), jetstream.WithExpectLastSequence(l.tip.seq))
	if err != nil {
		l.doubt.CompareAndSwap(false, transient(err))
		return 0, err
	}
	return ack.Sequence, nil
}

// unplugged ends a wait for an acknowledgement that cannot come any more, since its connection is gone. What is there when
// it is back may be something else.
func (l *Log) unplugged(*nats.Conn, error) {
	l.doubt.Store(true)
	if cancel := l.unplug.Load(); cancel != nil {
		(*cancel)()
	}
}

// landGroup goes on from a frame of our own that the stream holds, and tells the others.
func (l *Log) landGroup(ctx context.Context, seq uint64, g *group) {
	g.landed = true
	l.tip = tip{seq: seq, held: seq, head: g.head, last: g.last}
	l.hand(ctx, landing{seq: seq, frame: &g.frame, group: g})
	l.announce(hintGrown)
}

// giveBack returns a frame to the sequencer.
func (l *Log) giveBack(ctx context.Context, g *group) {
	g.tip = l.tip
	if g.err == nil {
		l.askTurn()
	}
	select {
	case l.lost <- g:
	case <-ctx.Done():
	}
}

// Codes of the server that say: not stored, and not because somebody else was first.
const (
	codeResources     = 10023 // insufficient resources
	codeStorage       = 10047 // insufficient storage resources available
	codeAccount       = 10002 // resource limits exceeded for account
	codeStoreFailed   = 10077 // maximum bytes, messages, … exceeded; no space left
	codeMessageTooBig = 10054
	codeSealed        = 10109
)

// refusal returns what callers are told if the server said definitely that it does not take a frame, nil otherwise.
func refusal(err error) error {
	var api *jetstream.APIError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, nats.ErrMaxPayload), errors.Is(err, nats.ErrPermissionViolation):
		return fmt.Errorf("log: the server takes no frame: %w", err)
	case !errors.As(err, &api):
		return nil
	}
	switch api.ErrorCode {
	case codeResources, codeStorage, codeAccount, codeStoreFailed:
		return fmt.Errorf("%w (the NATS server says: %s)", events.ErrFull, api.Description)
	case codeMessageTooBig, codeSealed:
		return fmt.Errorf("log: the server takes no frame: %w", err)
	default:
		return nil
	}
}

// complain says once that appends wait.
func (l *Log) complain(ctx context.Context, try int, err error) {
	if try == 3 {
		l.Logger.WarnContext(ctx, "the log takes no events; appends wait", "log", l.target.place(), "error", l.denied.explain(err))
	}
}

// pause waits a little longer after each try.
func pause(ctx context.Context, try int) {
	timer := time.NewTimer(min(backoffLeast<<min(try, 10), backoffMost))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
