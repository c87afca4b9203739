package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// overNATS publishes touchpoints until ctx ends, through every outage of NATS, and returns how many NATS took: till-0 to
// till-(n-1).
func overNATS(ctx context.Context, t *testing.T, url string) (n int) {
	t.Helper()
	conn, err := nats.Connect(url, nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond))
	if err != nil {
		t.Error(err)
		return 0
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Error(err)
		return 0
	}
	for ctx.Err() == nil {
		id := fmt.Sprintf("till-%d", n)
		event := fmt.Sprintf(`{"specversion":"1.0","id":"%s","source":"till","type":"order.noted","phone":"010-4821-%04d"}`, id, n%500)
		answer, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		if _, err := js.Publish(answer, "c360.touchpoints.till", []byte(event)); err == nil { // else once more: it may be there twice then
			n++
		}
		cancel()
	}
	return n
}

// TestKillOverNATS kills c360 (-9) at random moments while it takes touchpoints from NATS, and NATS in between; what NATS
// took is in the log once, each. C360_KILLS sets how often, C360_SEED repeats a run.
func TestKillOverNATS(t *testing.T) {
	t.Parallel()
	kills, seed := number("C360_KILLS", 3), uint64(number("C360_SEED", int(time.Now().UnixNano()%1_000_000)))
	t.Logf("kills %d, seed %d", kills, seed)
	r := rand.New(rand.NewPCG(seed, 5))
	server := natstest.Start(t)
	c := &config{data: t.TempDir(), log: "pebble:", store: "sqlite:", region: "KR"}
	s := supervise(t, c, "--nats", server.URL(""))
	ctx, stop := context.WithCancel(t.Context())
	published := make(chan int, 1)
	go func() { published <- overNATS(ctx, t, server.URL("")) }()
	for i := range kills {
		time.Sleep(time.Duration(50+r.IntN(600)) * time.Millisecond)
		if i%3 == 2 {
			server.Restart()
		}
		s.kill9()
		s.ready(time.Minute)
	}
	stop()
	n := <-published
	if n == 0 {
		t.Fatal("NATS took nothing")
	}
	s.until(90*time.Second, "done with what NATS holds", func() bool {
		var at struct{ Head int }
		s.get("/v1/projections", &at)
		return at.Head >= n
	})
	s.end()
	seen := map[string]int{}
	for _, e := range wholeLog(t, c) {
		seen[e.ID]++
	}
	for i := range n {
		if id := fmt.Sprintf("till-%d", i); seen[id] != 1 {
			t.Fatalf("%s is in the log %d times", id, seen[id])
		}
	}
	t.Logf("%d touchpoints over NATS, %d kills: 0 lost, 0 doubled", n, s.restarts)
}

// wholeLog reads the whole log of a c360 that has ended.
func wholeLog(t *testing.T, c *config) []events.Recorded {
	t.Helper()
	h, err := openLogOnly(t.Context(), c, silentLogger())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.close() }()
	all, err := h.log.Read(t.Context(), 0, 10_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
