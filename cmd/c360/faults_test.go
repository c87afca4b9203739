package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
	"github.com/c360hq/c360/events/natslog/natstest"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
)

// fault is something bad that happens to a c360 under load, and the engines it happens on.
type fault struct {
	what, engines string
	prepare       func(t *testing.T, run int) config
	happen        func(t *testing.T, x *trouble)
}

// trouble is what a fault happens to.
type trouble struct {
	*supervised
	producers *killing
	config    config
	r         *rand.Rand
}

// pause waits a while, which is what is being varied.
func (x *trouble) pause(from, to int) {
	time.Sleep(time.Duration(from+x.r.IntN(to-from)) * time.Millisecond)
}

// outcome is what became of it.
type outcome struct {
	sent, acked   int
	restarts      int
	lost, doubled int
}

// run lets the fault happen under load, waits until c360 is well again, and looks for every touchpoint.
func (f *fault) run(t *testing.T, run int, seed uint64) outcome {
	t.Helper()
	c := f.prepare(t, run)
	s := supervise(t, &c)
	k := &killing{r: rand.New(rand.NewPCG(seed, 1)), sent: map[string]slowEvent{}, acked: map[string]bool{}}
	calm := k.load(s)
	f.happen(t, &trouble{s, k, c, rand.New(rand.NewPCG(seed, 2))})
	over := time.Now()
	s.ready(2 * time.Minute)
	ready := time.Since(over)
	calm()
	k.resend(t, s)
	s.caughtUp(2 * time.Minute)
	t.Logf("ready %s after the fault was over, everything folded after %s", ready.Round(time.Millisecond), time.Since(over).Round(time.Millisecond))
	s.end()
	o := k.lookFor(t, &c)
	o.restarts = s.restarts - 1 // the last end was ours
	freshFold(t, &c)
	return o
}

// load sends touchpoints from three producers until the function it returns is called.
func (k *killing) load(s *supervised) (calm func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for ctx.Err() == nil {
				k.send(s.process, k.request())
				time.Sleep(60 * time.Millisecond) // a load, not a benchmark
			}
		})
	}
	return func() {
		cancel()
		wg.Wait()
	}
}

// resend sends what was never answered until it is: a producer would.
func (k *killing) resend(t *testing.T, s *supervised) {
	t.Helper()
	for tries := 0; len(k.unacked) > 0; tries++ {
		if tries > 5000 {
			t.Fatalf("%d requests are still not acknowledged; c360 said:\n%.8000s", len(k.unacked), s.said)
		}
		last := k.unacked[len(k.unacked)-1]
		k.unacked = k.unacked[:len(k.unacked)-1]
		if k.send(s.process, last); tries > 100 {
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// lookFor reads the log to its end: everything acknowledged is there, once, and nothing that nobody sent.
func (k *killing) lookFor(t *testing.T, c *config) outcome {
	t.Helper()
	log, err := c.openLog(t.Context(), silentLogger())
	must(t, err)
	defer func() { must(t, log.Close()) }()
	must(t, log.Verify(t.Context(), nil))
	o := outcome{sent: len(k.sent), acked: len(k.acked)}
	seen := map[string]events.Position{}
	for after := events.Position(0); ; {
		page, err := log.Read(t.Context(), after, 1000)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for i := range page {
			if e := &page[i]; e.Source == "till" {
				if _, known := k.sent[e.ID]; !known {
					t.Errorf("position %d holds %s, which nobody sent", e.Position, e.ID)
				}
				if seen[e.ID] != 0 {
					o.doubled++
					t.Errorf("%s is at position %d and at %d", e.ID, seen[e.ID], e.Position)
				}
				seen[e.ID] = e.Position
			}
			after = page[i].Position
		}
	}
	for id := range k.acked {
		if seen[id] == 0 {
			o.lost++
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
	return o
}

// freshFold compares the read model that went through the fault with one that is folded from the log anew, in another
// engine and with another index.
func freshFold(t *testing.T, c *config) {
	t.Helper()
	other := *c
	if other.data = t.TempDir(); c.logKind() == enginePebble {
		other.data = c.data
	}
	other.store = "sqlite:" + filepath.Join(t.TempDir(), "views")
	through, anew := &pair{config: *c}, &pair{config: other}
	through.fold(t)
	anew.fold(t)
	if through.head != anew.head {
		t.Errorf("the log ends in %v, by another index in %v", through.head, anew.head)
	}
	for i, want := range anew.sums {
		if got := through.sums[i]; got != want {
			t.Errorf("table %s has %d rows, hash %x; folded anew %d, %x", got.Table, got.Rows, got.Hash, want.Rows, want.Hash)
		}
	}
}

// The faults of real processes under load. C360_FAULTS sets how often each happens, C360_SEED repeats a run; see make faults.

//nolint:tparallel // one fault after the other, on the same servers
func TestFaultsOnNATS(t *testing.T) {
	t.Parallel()
	happens(t, faultsOfOneServer(t))
}

//nolint:tparallel // one fault after the other, on the same servers
func TestFaultsOnNATSCluster(t *testing.T) {
	t.Parallel()
	happens(t, faultsOfACluster(t))
}

//nolint:tparallel // one fault after the other, on the same servers
func TestFaultsOnESDB(t *testing.T) {
	t.Parallel()
	happens(t, faultsOfESDB(t))
}

// happens lets each fault happen, and prints what became of it.
func happens(t *testing.T, faults []fault) {
	t.Helper()
	seed := uint64(number("C360_SEED", int(time.Now().UnixNano()%1_000_000)))
	t.Logf("seed %d", seed)
	runs := number("C360_FAULTS", 1)
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "fault\tengines\truns\tsent\tacknowledged\tstarted again\tlost\tdoubled")
	for _, f := range faults {
		var sum outcome
		done := 0
		t.Run(strings.ReplaceAll(f.what, " ", "_"), func(t *testing.T) {
			for ; done < runs; done++ {
				o := f.run(t, done, seed+uint64(done))
				sum.sent, sum.acked, sum.restarts = sum.sent+o.sent, sum.acked+o.acked, sum.restarts+o.restarts
				sum.lost, sum.doubled = sum.lost+o.lost, sum.doubled+o.doubled
			}
		})
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n", f.what, f.engines, done, sum.sent, sum.acked, sum.restarts, sum.lost, sum.doubled)
	}
	must(t, w.Flush())
	t.Logf("\n%s", &b)
}

func faultsOfOneServer(t *testing.T) []fault {
	t.Helper()
	server, postgres := natstest.Start(t), pgtest.Start(t)
	prepare := func(what string) func(t *testing.T, run int) config {
		return func(t *testing.T, run int) config {
			t.Helper()
			return config{log: server.URL(fmt.Sprintf("%s%d", what, run)), store: postgres.NewDatabase(t), data: t.TempDir()}
		}
	}
	return []fault{
		{what: "c360 killed (-9), 3 times", engines: "nats+postgres", prepare: prepare("K"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			for range 3 {
				x.pause(100, 900)
				x.kill9()
				x.ready(time.Minute)
			}
		}},
		{what: "two c360 on one log and store, killed in turn", engines: "nats+postgres", prepare: prepare("T"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			x.config.data = t.TempDir()
			other := supervise(t, &x.config)
			calm := x.producers.load(other)
			for range 2 {
				for _, c := range []*supervised{x.supervised, other} {
					x.pause(100, 900)
					c.kill9()
					c.ready(time.Minute)
				}
			}
			calm()
			other.end()
			x.mu.Lock()
			x.restarts += other.lives() - 1
			x.mu.Unlock()
		}},
		{what: "PostgreSQL stopped immediate and started, 3 times", engines: "nats+postgres", prepare: prepare("P"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			for range 3 {
				x.pause(100, 700)
				must(t, postgres.Stop(pgtest.Immediate))
				x.pause(50, 400)
				must(t, postgres.Start())
			}
		}},
		{what: "NATS server stopped and started, 3 times", engines: "nats+postgres", prepare: prepare("N"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			for range 3 {
				x.pause(100, 700)
				server.Stop()
				x.pause(50, 700)
				server.Restart()
			}
		}},
	}
}

func faultsOfACluster(t *testing.T) []fault {
	t.Helper()
	cluster, postgres := natstest.StartCluster(t), pgtest.Start(t)
	var stream string
	prepare := func(what string) func(t *testing.T, run int) config {
		return func(t *testing.T, run int) config {
			t.Helper()
			stream = fmt.Sprintf("%s%d", what, run)
			return config{log: cluster.URL(stream), store: postgres.NewDatabase(t), data: t.TempDir()}
		}
	}
	down := func(t *testing.T, x *trouble, nodes ...int) {
		t.Helper()
		x.pause(200, 900)
		for _, i := range nodes {
			cluster.Kill(i)
		}
		x.pause(500, 2000)
		for _, i := range nodes {
			cluster.Restart(i)
		}
		cluster.WaitCurrent(stream)
	}
	return []fault{
		{what: "NATS node killed", engines: "nats×3+postgres", prepare: prepare("F"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			down(t, x, (cluster.Leader(stream)+1)%natstest.Size)
		}},
		{what: "NATS leader killed", engines: "nats×3+postgres", prepare: prepare("L"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			down(t, x, cluster.Leader(stream))
		}},
		{what: "all NATS nodes killed", engines: "nats×3+postgres", prepare: prepare("A"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			down(t, x, 0, 1, 2)
		}},
	}
}

func faultsOfESDB(t *testing.T) []fault {
	t.Helper()
	node, postgres := esdbtest.Start(t, esdbtest.Options{StatsEvery: 50}), pgtest.Start(t)
	away := time.Duration(number("C360_ESDB_AWAY", 4)) * time.Second
	prepare := func(what string) func(t *testing.T, run int) config {
		return func(t *testing.T, run int) config {
			t.Helper()
			return config{log: fmt.Sprintf("%s&prefix=%s%d-", node.URL(""), what, run), store: postgres.NewDatabase(t), data: t.TempDir()}
		}
	}
	return []fault{
		{what: fmt.Sprintf("EventStoreDB gone for %s", away), engines: "esdb+postgres", prepare: prepare("gone"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			x.pause(500, 1500)
			node.Stop()
			time.Sleep(away)
			node.Start()
		}},
		{what: fmt.Sprintf("EventStoreDB silent for %s", away), engines: "esdb+postgres", prepare: prepare("silent"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			x.pause(500, 1500)
			node.Hang()
			time.Sleep(away)
			node.Resume()
		}},
		{what: "answers of EventStoreDB lost, c360 killed (-9), 3 times", engines: "esdb+postgres", prepare: prepare("kill"), happen: func(t *testing.T, x *trouble) {
			t.Helper()
			for range 3 {
				node.Break(esdbtest.AfterAppend, esdbtest.BeforeAppend)
				x.pause(100, 900)
				x.kill9()
				x.ready(time.Minute)
			}
		}},
	}
}
