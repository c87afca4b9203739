package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/events"
)

// Options say what an Engine folds into what. Log, Store, Rooms, Now and Logger are required.
type Options struct {
	Log   events.Log
	Store Store
	Rooms []Room
	// BatchEvents is how many events a batch takes at most, about; 0 is 5000.
	BatchEvents int
	// Linger is the least time between the starts of two batches that are not full; 0 is 40 ms. After a quiet
	// time an event is folded at once; in a steady trickle a batch takes what came in that long.
	Linger time.Duration
	// CacheBytes is about how much memory to spend on decoded states that are kept from batch to batch; 0 is
	// 32 MiB, less than 0 is none.
	CacheBytes int
	// Dedupe folds an event only once per (source, id). It is for logs that may store a repeat and costs one row
	// an event; a log that refuses repeats needs it not.
	Dedupe bool
	// Patience is how long to wait for the log to hold what the store does, if several processes share a log and this
	// one may be a moment behind another; 0 is not at all.
	Patience time.Duration
	// Tracer takes a span a batch that holds events somebody traces; nil makes none.
	Tracer trace.Tracer
	// Now is the clock. It is used for lag and rate, never for what is folded.
	Now    func() time.Time
	Logger *slog.Logger

	instant Instant // of a generation as of one; what it does not hold is passed over
}

func (o Options) withDefaults() Options {
	if o.BatchEvents == 0 {
		o.BatchEvents = 5000
	}
	if o.Linger == 0 {
		o.Linger = 40 * time.Millisecond
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 32 << 20
	}
	return o
}

// Engine folds a log into a store through rooms, in three stages that run at the same time:
//
//	read and decode ──► want, load, fold, settle, encode ──► commit rows and checkpoint
//
// While one batch is committed the next is folded; its states are those that the batch before left behind.
type Engine struct {
	opts   Options
	board  *board
	oldest atomic.Int64 // since when the oldest parked event waits, when that was asked last; see parkedSince

	redrives  chan redrive
	skippings chan skipping

	mu     sync.Mutex // held while it is started, stopped and run
	cancel context.CancelFunc
	done   chan struct{} // closed when the goroutine of Start has ended; nil if there is none
}

// ErrFatal marks an error that trying again cannot mend.
var ErrFatal = errors.New("projections: the engine stopped")

// NewEngine returns an engine that is not running yet.
func NewEngine(o Options) *Engine {
	return &Engine{opts: o.withDefaults(), board: newBoard(), redrives: make(chan redrive), skippings: make(chan skipping)}
}

// Start checks that store and log belong together and folds in the background until Stop, ctx ends, or an error
// that trying again cannot mend. A nil error means it is running.
func (e *Engine) Start(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.idle(); err != nil {
		return err
	}
	checking, cancel := context.WithTimeout(ctx, openWithin+e.opts.Patience)
	defer cancel()
	if _, err := e.check(checking); err != nil {
		return err
	}
	e.begin(ctx)
	return nil
}

// goOn is Start for what was checked before: that store and log cannot be asked just now is no reason not to.
func (e *Engine) goOn(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.idle(); err != nil {
		return err
	}
	e.begin(ctx)
	return nil
}

// begin folds in the background. The caller holds mu.
func (e *Engine) begin(ctx context.Context) {
	running, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	e.cancel, e.done = cancel, done
	go func() {
		defer close(done)
		if err := e.follow(running); err != nil {
			e.board.stop(err)
		} else if ctx.Err() != nil {
			e.board.stop(ErrClosed)
		}
	}()
}

// idle returns why the engine can not be run now.
func (e *Engine) idle() error {
	if err := e.board.failure(); err != nil {
		return fmt.Errorf("run an engine that has stopped: %w", err)
	}
	if e.done != nil {
		return errors.New("the engine is running already")
	}
	return nil
}

// pause ends what Start began; Start may follow. Who awaits a position goes on waiting.
func (e *Engine) pause() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done != nil {
		e.cancel()
		<-e.done
		e.done = nil
	}
}

func (e *Engine) running() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.done != nil
}

// Stop ends the engine for good and waits until it has. It may be called before Start, and twice. What was not
// committed is folded again by the next engine.
func (e *Engine) Stop() {
	e.pause()
	e.board.stop(ErrClosed)
}

// Done is closed when the engine has stopped; Err then says why.
func (e *Engine) Done() <-chan struct{} { return e.board.stopped }

// Err returns why the engine stopped: ErrClosed after Stop, ErrDiverged and the like; nil while it runs.
func (e *Engine) Err() error { return e.board.failure() }

// follow runs until ctx ends or there is no point in going on. What may pass (a full disk, a log that is away) is
// tried again.
func (e *Engine) follow(ctx context.Context) error {
	wait := retryFirst
	for {
		before := e.board.checkpoint().Position
		err := e.run(ctx, 0)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // it was told to end
		}
		if isFatal(err) {
			e.opts.Logger.ErrorContext(ctx, "projection stopped", slog.Any("error", err))
			return err
		}
		if e.board.checkpoint().Position > before {
			wait = retryFirst
		}
		e.board.interrupted()
		e.opts.Logger.WarnContext(ctx, "projection interrupted, trying again", slog.Any("error", err), slog.Duration("wait", wait))
		if !sleep(ctx, wait) {
			return nil
		}
		wait = min(2*wait, retryLast)
	}
}

const (
	retryFirst = 100 * time.Millisecond
	retryLast  = 5 * time.Second
)

func isFatal(err error) bool {
	for _, fatal := range []error{ErrFatal, ErrDiverged, ErrClosed, ErrOtherVersion, ErrUnfinished, ErrDamaged, events.ErrClosed, events.ErrFailed} {
		if errors.Is(err, fatal) {
			return true
		}
	}
	var corrupt *events.CorruptError
	return errors.As(err, &corrupt)
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// RunTo folds up to and including position, commits, and returns. It is for rebuilds and for folding as of a
// position, and is used instead of Start or before it.
func (e *Engine) RunTo(ctx context.Context, position events.Position) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.idle(); err != nil {
		return err
	}
	c, err := e.check(ctx)
	if err != nil || c.Position >= position {
		return err
	}
	return e.run(ctx, position)
}

// run starts the three stages at the checkpoint and waits for them. until 0 is for ever.
func (e *Engine) run(ctx context.Context, until events.Position) error {
	from, err := e.check(ctx)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	pages, batches := make(chan []Touch), make(chan committing)
	f, err := newFolder(ctx, e, from.Position, until, pages, batches)
	if err != nil {
		return err
	}
	g.Go(func() error { return e.readLog(ctx, from.Position, until, pages) })
	g.Go(func() error { return f.run(ctx) })
	g.Go(func() error { return e.commitAll(ctx, batches) })
	return g.Wait()
}
