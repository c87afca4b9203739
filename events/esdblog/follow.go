package esdblog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/c360hq/c360/events/logindex"
)

// follower fills the index from the engine, for as long as the log is open.
type follower struct {
	log     *Log
	walk    walk
	trouble trouble

	mu    sync.Mutex
	tip   int64         // revision of the last commit that the index holds
	moved chan struct{} // closed when tip grows
	drop  func()        // ends the subscription that runs
	owed  *promise      // what the sequencer waits for, nil for nothing
}

// promise is a group whose callers are answered as soon as the index holds its commit.
type promise struct {
	id    string // of the commit
	group *group
	kept  chan struct{} // closed when they are
}

func newFollower(l *Log, tip int64) *follower {
	end := l.index.End()
	f := &follower{log: l, tip: tip, moved: make(chan struct{}), drop: func() {}}
	f.trouble = trouble{logger: l.Logger, place: l.link.place(), rate: rate.NewLimiter(rate.Every(troubleEvery), troubleBurst)}
	f.walk = walk{link: l.link, pending: newPending(pendingRoom), at: end.Place, head: end.Head, tip: tip, sink: f.take, live: f.trouble.over}
	return f
}

// run subscribes again and again until the log ends, or the engine turns out to have lost something.
func (f *follower) run(ctx context.Context) {
	defer f.log.done.Done()
	for pause := firstPause; ctx.Err() == nil; pause = min(2*pause, longPause) {
		before := f.walk.at
		err := f.once(ctx)
		if isCorrupt(err) || errors.Is(err, errIndex) {
			f.log.fail(err)
			return
		}
		f.trouble.says(ctx, f.log.link.explain(err))
		if f.walk.at != before {
			pause = firstPause
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// once makes sure that the engine still holds what the index knows, and follows it.
func (f *follower) once(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f.mu.Lock()
	f.drop = cancel
	f.mu.Unlock()
	tip, _ := f.state()
	if err := f.log.checkTail(ctx, tip); err != nil {
		return err
	}
	end := f.log.index.End() // what the last subscription began and did not end is done again
	f.walk.at, f.walk.head = end.Place, end.Head
	return f.walk.run(ctx)
}

var errIndex = errors.New("esdblog: the index cannot be written")

// take is the sink of the walk.
func (f *follower) take(placed []logindex.Placed, records [][]byte) error {
	if err := f.log.index.Append(f.walk.at, placed...); err != nil {
		return errors.Join(errIndex, err)
	}
	if len(placed) > 0 {
		f.log.cache.add(placed[0].Position, records)
	}
	f.keep(f.walk.tipID)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.walk.tip > f.tip {
		f.tip = f.walk.tip
		close(f.moved)
		f.moved = make(chan struct{})
	}
	return nil
}

// keep answers the group whose commit this is.
func (f *follower) keep(id string) {
	f.mu.Lock()
	p := f.owed
	if p == nil || p.id != id {
		p = nil
	} else {
		f.owed = nil
	}
	f.mu.Unlock()
	if p != nil {
		p.group.finish(nil)
		close(p.kept)
	}
}

// expect has a group answered when its commit arrives; withdraw takes that back, and reports whether it was not too late.
func (f *follower) expect(p *promise) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.owed = p
}

func (f *follower) withdraw(p *promise) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.owed != p {
		return false
	}
	f.owed = nil
	return true
}

func (f *follower) state() (tip int64, moved <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tip, f.moved
}

// reach waits until the index holds the commit with a revision. A subscription that does not bring it in a while is
// dropped: it may be one of those that are silent for ever. A commit that does not come at all may never come: a server
// that has lost it again, before the index had it, does not know of it either.
func (f *follower) reach(ctx context.Context, revision int64) error {
	silence, patience := time.NewTicker(f.log.Timeout), time.NewTimer(f.log.Patience)
	defer silence.Stop()
	defer patience.Stop()
	for {
		tip, moved := f.state()
		if tip >= revision {
			return nil
		}
		select {
		case <-moved:
		case <-silence.C:
			f.again()
		case <-patience.C:
			return f.log.away(fmt.Errorf("commit %d does not arrive", revision))
		case <-f.log.life.Failed():
			return f.log.Err()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// again has the follower begin anew from where the index is.
func (f *follower) again() {
	f.mu.Lock()
	drop := f.drop
	f.mu.Unlock()
	drop()
}
