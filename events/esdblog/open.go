package esdblog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/life"
	"github.com/c360hq/c360/events/logindex"
)

// Open opens the log that o.URL names, or begins one there, and returns when the index holds all that the server does.
// It checks the address, TLS, the account with its rights and the server's version before it makes anything, and says
// within seconds what is wrong. Errors: those, *events.CorruptError if the server has lost what this log has seen,
// logindex.ErrForeign if o.Dir is the index of another log.
func Open(ctx context.Context, o Options) (*Log, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	t, err := parseTarget(o.URL)
	if err != nil {
		return nil, fmt.Errorf("esdblog: %w", err)
	}
	l := &Log{
		Options: o, link: newLink(t, o.Timeout, o.Logger), cache: newCache(o.CacheBytes),
		requests: make(chan *request), life: life.New(),
	}
	if err := l.open(ctx); err != nil {
		l.link.close()
		return nil, err
	}
	return l, nil
}

func (l *Log) open(ctx context.Context) error {
	known, err := l.check(ctx)
	if err != nil {
		return l.link.explainOpen(err)
	}
	if err := l.openIndex(ctx, known); err != nil {
		return err
	}
	if err := l.start(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	return nil
}

// check asks the server whether it is one, and whether we may do what we need to. It returns the first commit, if any.
func (l *Log) check(ctx context.Context) (*genesis, error) {
	ctx, cancel := context.WithTimeout(ctx, l.Timeout)
	defer cancel()
	if _, err := l.link.get(ctx); err != nil {
		return nil, err
	}
	first := l.link.allFrom(0, 0, 1)
	first.GetAll().AllOption = &api.ReadReq_Options_AllOptions_Start{Start: &shared.Empty{}}
	if err := redirected(func() error { return l.link.read(ctx, first, func(*api.ReadResp) error { return nil }) }); err != nil {
		return nil, err
	}
	known, err := l.link.genesis(ctx)
	if known != nil && err == nil {
		// Appending the first commit once more changes nothing, and shows whether we may append.
		err = l.link.appendOnce(ctx, commitStream, noStream, []body{known.body()})
	}
	return known, err
}

// redirected makes a call once more if the first node was not the leader.
func redirected(call func() error) error {
	err := call()
	if status.Code(err) == codes.Unavailable {
		err = call()
	}
	return err
}

// genesis is the first commit of a log.
type genesis struct {
	log   uuid.UUID
	event uuid.UUID
}

func (g *genesis) body() body {
	c := commit{log: g.log}
	return c.body(g.event)
}

// genesis reads the first commit; nil if there is none.
func (l *link) genesis(ctx context.Context) (*genesis, error) {
	var out *genesis
	err := l.read(ctx, l.streamFrom(commitStream, 0, 1), func(m *api.ReadResp) error {
		e := m.GetEvent().GetEvent()
		if e == nil {
			return nil
		}
		c, err := decodeCommit(e.GetData())
		if err != nil || e.GetStreamRevision() != 0 {
			return &events.CorruptError{Position: 1, What: "the first commit is gone or cannot be read", Remedy: remedyServer}
		}
		id, err := uuid.Parse(e.GetId().GetString_())
		out = &genesis{log: c.log, event: id}
		return err
	})
	return out, err
}

// openIndex opens the index of the log, and begins the log if the server holds none.
func (l *Log) openIndex(ctx context.Context, known *genesis) (err error) {
	if known == nil {
		if known, err = l.begin(ctx); err != nil {
			return err
		}
	}
	l.index, err = logindex.Open(logindex.Options{Dir: l.Dir, Log: "esdb " + l.link.prefix + " " + known.log.String(), Logger: l.Logger})
	return err
}

// begin writes the first commit of a new log, unless it must exist, or there is an index already: then the server has
// lost a log.
func (l *Log) begin(ctx context.Context) (*genesis, error) {
	files, err := os.ReadDir(l.Dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("esdblog: %w", err)
	}
	if slices.ContainsFunc(files, func(f os.DirEntry) bool { return f.Name() != "LOCK" && f.Name() != "lost+found" }) {
		return nil, l.diverged(1, "the server "+l.link.place()+" holds no log, and "+l.Dir+" is the index of one")
	}
	if l.MustExist {
		return nil, fmt.Errorf("esdblog: there is no log in %s: is that the address, and the prefix=, you meant?", l.link.place())
	}
	ctx, cancel := context.WithTimeout(ctx, l.Timeout)
	defer cancel()
	g := &genesis{log: uuid.New(), event: uuid.New()}
	err = retry(ctx, func() error { return l.link.appendOnce(ctx, commitStream, noStream, []body{g.body()}) })
	var wrong *versionError
	if errors.As(err, &wrong) { // another process begins it at the same moment
		g, err = l.link.genesis(ctx)
	}
	return g, l.link.explainOpen(err)
}

// start begins to follow, and waits until the index has all that the server has.
func (l *Log) start(ctx context.Context) error {
	l.running, l.end = context.WithCancel(context.WithoutCancel(ctx))
	now, err := l.tailNow(ctx)
	if err != nil {
		return err
	}
	tip := noStream
	if l.index.End().Position == now.head.Position {
		tip = now.revision
	}
	l.follower = newFollower(l, tip)
	l.done.Add(3)
	go l.follower.run(l.running)   //nolint:contextcheck // it outlives Open
	go l.follower.watch(l.running) //nolint:contextcheck // it outlives Open
	s := &sequence{log: l, revisions: map[string]int64{}}
	go s.run(l.running) //nolint:contextcheck // it outlives Open
	return l.catchUp(ctx, now)
}

// tailNow checks the end of the server's log against the index, and returns it.
func (l *Log) tailNow(ctx context.Context) (out tail, err error) {
	ctx, cancel := context.WithTimeout(ctx, l.Timeout+doubt)
	defer cancel()
	if err := retry(ctx, func() error { return l.checkTail(ctx, noStream) }); err != nil {
		return out, l.link.explainOpen(err)
	}
	err = retry(ctx, func() error { out, err = l.link.tail(ctx); return err })
	return out, l.link.explainOpen(err)
}

const tellEvery = 5 * time.Second

// catchUp waits for the follower, and tells how far it is.
func (l *Log) catchUp(ctx context.Context, now tail) error {
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	for {
		tip, moved := l.follower.state()
		if tip >= now.revision {
			return nil
		}
		select {
		case <-moved:
		case <-tick.C:
			l.Logger.InfoContext(ctx, "the index of the log is being made", "position", l.index.End().Position, "of", now.head.Position)
		case <-l.life.Failed():
			return l.life.Err()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// explainOpen says what to do about an error of the server when a log is opened.
func (l *link) explainOpen(err error) error {
	code := status.Code(err)
	switch {
	case err == nil, isCorrupt(err), errors.Is(err, errTooOld), code == codes.Unauthenticated, code == codes.PermissionDenied:
		return l.explain(err)
	case untrusted(err):
		return fmt.Errorf("esdblog: the certificate of %s is not trusted: name its CA with tlsCAFile=FILE (%w)", l.place(), err)
	case code == codes.Unavailable, code == codes.DeadlineExceeded, errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("esdblog: %s does not answer: is it running, is the address right, and does it speak TLS (this URL says tls=%v)? (%w)", l.place(), l.tls != nil, err)
	}
	return l.explain(err)
}
