package pgstore_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
	"github.com/c360hq/c360/projections/roomtest"
)

// times is how often to do something: a few times, or as many as an env variable says.
func times(t testing.TB, name string, few int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}

// TestServerCrashes: the server is stopped as in a crash and started again, over and over, while an engine folds and others
// read. In the end the store holds what a fresh fold makes: nothing lost, nothing doubled. C360_PG_CRASHES says how often.
func TestServerCrashes(t *testing.T) {
	t.Parallel()
	crashes := times(t, "C360_PG_CRASHES", 3)
	s := pgtest.Start(t)
	rooms := allRooms(t)
	store := openStore(t, s.NewDatabase(t), "crashes", rooms)
	list := roomtest.Entries(roomtest.Generate(21, roomtest.Options{People: 200, Events: 800 * (crashes + 1), Decisions: 50, Shared: 10})...)
	part := len(list) / (crashes + 1)
	log := logOf(t, list[:part])
	o := engineOptions(log, store, rooms)
	o.BatchEvents, o.Linger = 100, time.Millisecond
	e := projections.NewEngine(o)
	must(t, e.Start(t.Context()))
	defer e.Stop()
	for i := range crashes {
		must(t, await(t, e, events.Position(i*part+part/4))) // in the middle of folding
		must(t, s.Stop(pgtest.Immediate))
		if v, err := store.View(t.Context()); err == nil {
			v.Close()
			t.Error("a server that is away shows something")
		}
		_, err := log.Append(t.Context(), list[(i+1)*part:min(len(list), (i+2)*part)]...)
		must(t, err)
		must(t, s.Start())
		view(t, store).Close() // at once, although all connections are dead
	}
	head, err := log.Head(t.Context())
	must(t, err)
	must(t, await(t, e, head.Position))
	e.Stop()
	lite := openSQLite(t, rooms)
	for _, s := range []projections.Store{store, lite} {
		foldAll(t, engineOptions(log, s, rooms))
	}
	if rows := sameRows(t, store, lite, rooms); rows < int(head.Position) {
		t.Errorf("%d rows of %d events", rows, head.Position)
	}
	t.Logf("%d crashes, %d events", crashes, head.Position)
}

// TestCutAnywhere: connections are cut at any message, and at COMMIT before it arrives and after it was done, so that
// nobody knows whether it was. C360_PG_CUTS says how often.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	cuts := times(t, "C360_PG_CUTS", 40)
	rooms := allRooms(t)
	c := newCutter(t, server.NewDatabase(t), seed, cuts)
	log := logOf(t, roomtest.Entries(roomtest.Generate(seed, roomtest.Options{People: 60, Events: 40 * cuts, Decisions: 20, Shared: 10})...))
	head, err := log.Head(t.Context())
	must(t, err)
	direct := openStore(t, c.server, "cut", rooms)
	store := openStore(t, c.url, "cut", rooms)
	c.sharp.Store(true)
	o := engineOptions(log, store, rooms)
	o.BatchEvents, o.Linger = 20, time.Microsecond
	for done := false; !done; { // an engine of its own after each error, so that the test need not wait for back-off
		e := projections.NewEngine(o)
		done = e.RunTo(t.Context(), head.Position) == nil
		e.Stop()
	}
	foldAll(t, engineOptions(log, direct, rooms))
	lite := openSQLite(t, rooms)
	foldAll(t, engineOptions(log, lite, rooms))
	sameRows(t, direct, lite, rooms)
	t.Logf("%d cuts, %d of them after a COMMIT that nobody heard of", c.made.Load(), c.unheard.Load())
	if c.made.Load() < int64(cuts) || c.unheard.Load() == 0 {
		t.Errorf("%d cuts, %d at COMMIT", c.made.Load(), c.unheard.Load())
	}
}

var errCut = errors.New("cut")

// cutter stands between a store and its server.
type cutter struct {
	server, url string
	address     string
	sharp       atomic.Bool
	cuts        int64
	made        atomic.Int64
	unheard     atomic.Int64
	mu          sync.Mutex
	chance      *rand.Rand
}

func newCutter(t *testing.T, to string, seed uint64, cuts int) *cutter {
	t.Helper()
	u, err := url.Parse(to)
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	c := &cutter{server: to, address: u.Host, cuts: int64(cuts), chance: rand.New(rand.NewPCG(seed, 1))}
	u.Host = l.Addr().String()
	c.url = u.String()
	var open sync.WaitGroup
	open.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { c.pass(client) })
		}
	})
	t.Cleanup(func() {
		must(t, l.Close())
		open.Wait()
	})
	return c
}

func (c *cutter) n(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.chance.IntN(n)
}

// pass passes on what both sides say, until it is cut.
func (c *cutter) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	backend, err := net.Dial("tcp", c.address)
	if err != nil {
		return
	}
	defer func() { _ = backend.Close() }()
	var deaf atomic.Bool // the client hears nothing any more
	heard := make(chan struct{}, 1000)
	var both sync.WaitGroup
	both.Go(func() {
		defer func() { _ = client.Close() }()
		_ = relay(backend, func(b []byte) error {
			if deaf.Load() {
				select {
				case heard <- struct{}{}:
				default:
				}
				return nil
			}
			_, err := client.Write(b)
			return err
		})
	})
	left := 20 + c.n(120) // the first messages are who we are
	_ = relay(client, func(b []byte) error {
		armed := c.sharp.Load() && c.made.Load() < c.cuts
		if armed && bytes.Contains(b, []byte("COMMIT\x00")) && c.n(8) == 0 {
			deaf.Store(true)
			_, err := backend.Write(b)
			<-heard
			c.made.Add(1)
			c.unheard.Add(1)
			return errors.Join(errCut, err)
		}
		if left--; armed && left <= 0 {
			c.made.Add(1)
			return errCut
		}
		_, err := backend.Write(b)
		return err
	})
	_ = backend.Close()
	_ = client.Close()
	both.Wait()
}

func relay(from net.Conn, to func([]byte) error) error {
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		if err != nil {
			return err
		}
		if err := to(b[:n]); err != nil {
			return err
		}
	}
}
