package esdblog

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// sequence gives events their positions. One goroutine runs it; nobody else touches it.
type sequence struct {
	log       *Log
	revisions map[string]int64 // where streams are, as far as is known
	waiting   *request         // did not fit into the group before
}

// group is what is committed together.
type group struct {
	reqs   []*request
	items  int
	bytes  int
	fresh  []*item // what is new, in order
	commit commit
	id     uuid.UUID // of the commit

	conflict bool // somebody's expectation does not hold
	latest   bool // the index holds all that the server did after the group was gathered
}

const (
	groupBytes     = 16 << 20
	knownRevisions = 100_000
)

// run takes one group after the other. What arrives while one is on its way makes up the next.
func (s *sequence) run(ctx context.Context) {
	defer s.log.done.Done()
	for {
		req := s.waiting
		if s.waiting = nil; req == nil {
			select {
			case req = <-s.log.requests:
			case <-ctx.Done():
				return
			}
		}
		if g := s.gather(req); len(g.reqs) > 0 {
			s.settle(ctx, g)
		}
	}
}

// gather makes a group of a request and those that wait, without those nobody waits for any more.
func (s *sequence) gather(req *request) *group {
	g := &group{}
	for {
		if req.ctx.Err() == nil {
			if len(g.reqs) > 0 && !g.fits(req) {
				s.waiting = req
				return g
			}
			g.add(req)
		}
		select {
		case req = <-s.log.requests:
		default:
			return g
		}
	}
}

func (g *group) fits(req *request) bool {
	return req.restore == nil && g.reqs[0].restore == nil &&
		g.items+len(req.items) <= events.MaxAppend && g.bytes+req.size <= groupBytes
}

func (g *group) add(req *request) {
	g.reqs = append(g.reqs, req)
	g.items += len(req.items)
	g.bytes += req.size
}

// errLost: another process has committed in between.
var errLost = errors.New("esdblog: another writer was faster")

// settle brings a group into the log and answers it, however often that has to be tried: an outage only takes time, and
// whoever is faster only means judging again.
func (s *sequence) settle(ctx context.Context, g *group) {
	for len(g.reqs) > 0 {
		err := s.attempt(ctx, g)
		switch {
		case errors.Is(err, errLost):
		case err == nil:
			g.finish(nil)
		case ctx.Err() != nil:
			g.finish(events.ErrClosed)
		default:
			g.finish(err)
		}
	}
}

func (g *group) finish(err error) {
	for _, req := range g.reqs {
		req.finish(err)
	}
	g.reqs = nil
}

// attempt judges a group by what the index holds, writes what is new, and commits it behind that.
func (s *sequence) attempt(ctx context.Context, g *group) error {
	tip, _ := s.log.follower.state()
	if err := s.judge(g); err != nil {
		return err
	}
	if len(g.fresh) == 0 {
		return s.believe(ctx, tip, g)
	}
	if err := s.write(ctx, g); err != nil || len(g.reqs) == 0 {
		return err
	}
	g.seal()
	p := &promise{id: g.id.String(), group: g, kept: make(chan struct{})}
	s.log.follower.expect(p)
	err := s.commit(ctx, tip, g)
	if err != nil && !s.log.follower.withdraw(p) {
		<-p.kept // it did land
		return nil
	}
	return err
}

// believe checks, for a group of which nothing is committed, that a conflict is one with the end of the log and not only
// with what the index has heard of: no fence says so.
func (s *sequence) believe(ctx context.Context, tip int64, g *group) error {
	if !g.conflict || g.latest {
		return nil
	}
	var end tail
	err := s.log.patient(ctx, func(ctx context.Context) (err error) { end, err = s.log.link.tail(ctx); return err })
	if err != nil {
		return err
	}
	if g.latest = end.revision >= tip; end.revision == tip {
		return nil
	}
	return s.overtaken(ctx, tip, end.revision)
}

// commit writes the commit of a group behind the last one, and waits until the index holds it.
func (s *sequence) commit(ctx context.Context, tip int64, g *group) error {
	b := g.commit.body(g.id)
	err := retry(ctx, func() error { return s.log.link.appendOnce(ctx, commitStream, tip, []body{b}) })
	var wrong *versionError
	switch {
	case errors.As(err, &wrong):
		return s.overtaken(ctx, tip, wrong.current)
	case err != nil:
		return s.log.link.explain(err)
	}
	return s.log.follower.reach(ctx, tip+1)
}

// overtaken waits until the index holds what somebody else committed, or finds out why the server answered with less than
// that.
func (s *sequence) overtaken(ctx context.Context, tip, current int64) error {
	var err error
	if current < tip {
		err = s.log.patient(ctx, func(ctx context.Context) error { return s.log.checkTail(ctx, tip) })
	} else {
		err = s.log.follower.reach(ctx, current)
	}
	switch {
	case err == nil:
		return errLost
	case isCorrupt(err):
		s.log.fail(err)
	}
	return err
}
