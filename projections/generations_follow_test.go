package projections_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
)

// beside returns generations of another process over the same folder and log: it has a factory of its own.
func (h *house) beside(t testing.TB, change ...func(*projections.GenerationsOptions)) *projections.Generations {
	t.Helper()
	o := projections.GenerationsOptions{Engine: h.opts, Factory: h.factory(t), Poll: 2 * time.Millisecond}
	for _, c := range change {
		c(&o)
	}
	g := projections.NewGenerations(o)
	t.Cleanup(func() { must(t, g.Stop()) })
	return g
}

// TestReading: a process that only reads shows what another one folds, waits for it, hears of it, goes over to another
// generation when that is swapped in, and writes nothing.
func TestReading(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	reader := h.beside(t)
	must(t, reader.Follow(t.Context()))
	commits, end := reader.Live().Subscribe()
	defer end()
	last := h.add(t, many(300, 20)...)
	must(t, reader.Live().Await(t.Context(), last))
	if got, want := digest(t, reader.Live(), h.opts.Rooms, true), digest(t, h.gens.Live(), h.opts.Rooms, true); got != want {
		t.Errorf("the reader shows\n%swant\n%s", got, want)
	}
	for c := range commits {
		if c.Position == last {
			break
		}
	}
	s, err := reader.Live().Status(t.Context())
	must(t, err)
	if s.Position != last || s.Head != last || s.LagEvents != 0 || s.Err != nil {
		t.Errorf("the reader's status is %+v", s)
	}
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	must(t, h.gens.Swap(t.Context(), g.ID, nil))
	must(t, reader.Live().Await(t.Context(), h.add(t, event(901, "anna", "page.viewed"))))
	if x, err := reader.Live().Generation(); err != nil || x.ID != g.ID || !x.Live {
		t.Errorf("the reader is at generation %+v, %v, want %s", x, err, g.ID)
	}
	if p := reader.Post(); p.Writes || p.Waits || p.Trouble != nil {
		t.Errorf("the reader says it is %+v", p)
	}
}

// TestAReaderWritesNothing: what needs the one who writes is refused, and nothing of it is done.
func TestAReaderWritesNothing(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(30, 3)...)))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	reader := h.beside(t)
	must(t, reader.Follow(t.Context()))
	ctx := t.Context()
	for name, do := range map[string]func() error{
		"build":   func() error { _, err := reader.Rebuild(ctx, nil); return err },
		"swap":    func() error { return reader.Swap(ctx, g.ID, nil) },
		"drop":    func() error { return reader.Drop(ctx, g.ID) },
		"compare": func() error { _, err := reader.Compare(ctx, g.ID, nil); return err },
		"redrive": func() error { _, err := reader.Live().Redrive(ctx, uuid.UUID{}); return err },
		"skip": func() error {
			_, err := reader.Live().Skip(ctx, projections.ParkedPlace{}, func() (events.Position, error) { panic("asked") })
			return err
		},
	} {
		if err := do(); !errors.Is(err, projections.ErrReading) {
			t.Errorf("%s: %v", name, err)
		}
	}
	all, err := reader.List(ctx)
	must(t, err)
	if len(all) != 2 || !all[0].Live || all[1].State != projections.GenerationReady {
		t.Errorf("there are %+v", all)
	}
	v, err := reader.View(ctx, g.ID)
	must(t, err)
	if v.Checkpoint().Position != 30 {
		t.Errorf("the generation beside the live one is at %d", v.Checkpoint().Position)
	}
	v.Close()
	must(t, h.gens.Drop(ctx, g.ID))
	if _, err := reader.View(ctx, g.ID); !errors.Is(err, projections.ErrUnknownGeneration) {
		t.Errorf("a generation that was dropped: %v", err)
	}
}

// TestFollowFromTheStart: whoever reads may start before there is anything, and says what it waits for.
func TestFollowFromTheStart(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	reader := h.beside(t)
	must(t, reader.Follow(t.Context()))
	if err := reader.Post().Trouble; !errors.Is(err, projections.ErrNoGeneration) {
		t.Errorf("before the first generation it says %v", err)
	}
	must(t, h.gens.Start(t.Context()))
	last := h.add(t, event(1, "anna", "page.viewed"))
	for {
		if err := reader.Live().Await(t.Context(), last); err == nil {
			break
		} else if !errors.Is(err, projections.ErrNoGeneration) {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	if p := reader.Post(); p.Trouble != nil {
		t.Errorf("with a generation it says %v", p.Trouble)
	}
}

// TestFollowAnotherLog: a reader whose log is not the one that was folded refuses, and names what mends it.
func TestFollowAnotherLog(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(40, 4)...)))
	other := memlog.New(time.Now)
	t.Cleanup(func() { must(t, other.Close()) })
	for name, count := range map[string]int{"older": 30, "wrong": 50} {
		for i := range count {
			_, err := other.Append(t.Context(), events.Touchpoint(event(5000+i, name, "page.viewed")))
			must(t, err)
		}
		reader := h.beside(t, func(o *projections.GenerationsOptions) { o.Engine.Log, o.Engine.Patience = other, time.Millisecond })
		if err := reader.Follow(t.Context()); !errors.Is(err, projections.ErrDiverged) {
			t.Errorf("%s log: %v", name, err)
		}
	}
}

// lagging is a log that shows its end a little late, as that of another process does.
type lagging struct {
	events.Log
	mu    sync.Mutex
	shows events.Position
	moved chan struct{}
}

func (l *lagging) show(p events.Position) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shows = p
	close(l.moved)
	l.moved = make(chan struct{})
}

func (l *lagging) shown() (events.Position, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shows, l.moved
}

func (l *lagging) Head(ctx context.Context) (events.Head, error) {
	p, _ := l.shown()
	if p == 0 {
		return events.Head{}, ctx.Err()
	}
	at, err := l.Log.At(ctx, p)
	if err != nil {
		return events.Head{}, err
	}
	return events.Head{Position: p, Hash: at[0].Hash}, nil
}

func (l *lagging) At(ctx context.Context, positions ...events.Position) ([]events.Recorded, error) {
	p, _ := l.shown()
	for _, x := range positions {
		if x > p {
			return nil, events.ErrNoPosition
		}
	}
	return l.Log.At(ctx, positions...)
}

func (l *lagging) Wait(ctx context.Context, after events.Position) error {
	p, moved := l.shown()
	if p > after {
		return nil
	}
	select {
	case <-moved:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestALogThatLags: a reader whose log is a moment behind the store waits for it, and takes nothing for diverged.
func TestALogThatLags(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(20, 4)...)))
	late := &lagging{Log: h.log, shows: 10, moved: make(chan struct{})}
	reader := h.beside(t, func(o *projections.GenerationsOptions) { o.Engine.Log, o.Engine.Patience = late, time.Minute })
	followed := make(chan error, 1)
	go func() { followed <- reader.Follow(t.Context()) }()
	late.show(15)
	late.show(20)
	must(t, <-followed)
	must(t, h.gens.Live().Await(t.Context(), h.add(t, event(77, "anna", "page.viewed"))))
	late.show(21)
	must(t, reader.Live().Await(t.Context(), 21))
}

// TestReadersInAnotherProcess: while another process folds, rebuilds and swaps, no read here fails, no view is torn,
// and nobody sees less than before.
func TestReadersInAnotherProcess(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(100, 20)...)))
	reader := h.beside(t)
	must(t, reader.Follow(t.Context()))
	done := make(chan struct{})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for seen := events.Position(0); ; {
				p, err := wholeView(t.Context(), reader.Live())
				if err != nil || p < seen {
					t.Errorf("at %d after %d, %v", p, seen, err)
					return
				}
				seen = p
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 3 {
		g, err := h.gens.Rebuild(t.Context(), nil)
		must(t, err)
		must(t, h.gens.Swap(t.Context(), g.ID, nil))
		must(t, reader.Live().Await(t.Context(), h.add(t, many(50+1000*i, 20)[1000*i:]...)))
	}
	close(done)
	all.Wait()
}
