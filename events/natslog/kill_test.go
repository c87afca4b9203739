package natslog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// kills is how many times nodes are killed: C360_NATS_KILLS, or a few.
func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("C360_NATS_KILLS")
	if text == "" {
		return 5
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("C360_NATS_KILLS=%s is not a number", text)
	}
	return n
}

// TestNodesKilledUnderLoad kills nodes of a cluster, each in turn, then the leader, then all of them, while two processes'
// worth of logs append to one stream. Nothing that was acknowledged is lost or doubled, and appends go on each time.
//
//nolint:paralleltest // three servers and two logs are load enough
func TestNodesKilledUnderLoad(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute+time.Duration(kills(t))*time.Minute)
	defer cancel()
	const seed = 360
	rng := rand.New(rand.NewPCG(seed, 5))
	t.Logf("seed %d", seed)
	cluster := natstest.StartCluster(t)
	one, two := open(t, options(t, cluster.URL("KILLS"))), open(t, options(t, cluster.URL("KILLS")))
	j, stop := newJournal(), make(chan struct{})
	first, second := j.load(ctx, t, stop, one, 3, 0), j.load(ctx, t, stop, two, 3, 100_000_000)
	for kill := range kills(t) {
		before := j.len()
		what := killSome(cluster, kill, func() { j.more(ctx, t, 20+rng.IntN(300)) })
		j.more(ctx, t, 100)
		cluster.WaitCurrent("KILLS")
		t.Logf("kill %d, %s: %d events acknowledged meanwhile", kill+1, what, j.len()-before)
	}
	close(stop)
	first.Wait()
	second.Wait()
	for _, l := range []*natslog.Log{one, two} {
		waitFor(ctx, t, l, j)
		j.check(t, l)
	}
	same(t, one, two)
	fresh := open(t, options(t, cluster.URL("KILLS")))
	same(t, one, fresh)
	t.Logf("%d kills, %d events acknowledged, all there once", kills(t), j.len())
}

// killSome kills one node, the leader, or all of them, lets some load through if it can get through, and starts them again.
func killSome(cluster *natstest.Cluster, kill int, load func()) string {
	switch node := kill % (natstest.Size + 2); node {
	case natstest.Size:
		leader := cluster.Leader("KILLS")
		load()
		cluster.Kill(leader)
		load()
		cluster.Restart(leader)
		return fmt.Sprintf("the leader, node %d", leader)
	case natstest.Size + 1:
		load()
		for i := range natstest.Size {
			cluster.Kill(i)
		}
		for i := range natstest.Size {
			cluster.Restart(i)
		}
		return "all nodes"
	default:
		load()
		cluster.Kill(node)
		load()
		cluster.Restart(node)
		return fmt.Sprintf("node %d", node)
	}
}
