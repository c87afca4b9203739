package esdbtest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// told is what a subscription said, in order.
type told struct{ events, checkpoints, caughtUp int }

// listen takes messages until done says it was enough.
func listen(t *testing.T, s *esdb.Subscription, done func(told, *esdb.SubscriptionEvent) bool) told {
	t.Helper()
	var out told
	for {
		m := s.Recv()
		switch {
		case m.SubscriptionDropped != nil:
			t.Fatalf("dropped after %+v: %v", out, m.SubscriptionDropped.Error)
		case m.EventAppeared != nil:
			out.events++
		case m.CheckPointReached != nil:
			out.checkpoints++
		case m.CaughtUp != nil:
			out.caughtUp++
		}
		if done(out, m) {
			return out
		}
	}
}

func TestSubscribeToAll(t *testing.T) {
	t.Parallel()
	c := connect(t, esdbtest.Start(t, esdbtest.Options{}).URL(""))
	for range 10 {
		for _, s := range []string{"c360-a", "other"} {
			if _, err := add(t, c, s, esdb.Any{}, proposals(10)...); err != nil {
				t.Fatal(err)
			}
		}
	}
	options := esdb.SubscribeToAllOptions{
		From: esdb.Start{}, MaxSearchWindow: 10, CheckpointInterval: 2,
		Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"c360-"}},
	}
	sub, err := c.SubscribeToAll(within(t), options)
	if err != nil {
		t.Fatal(err)
	}
	var last esdb.Position
	got := listen(t, sub, func(so told, m *esdb.SubscriptionEvent) bool {
		if m.EventAppeared != nil {
			last = m.EventAppeared.Event.Position
		}
		return so.caughtUp == 1
	})
	if got.events != 100 || got.checkpoints != 200/20+1 {
		t.Errorf("caught up after %+v, want 100 events and 11 checkpoints", got)
	}
	if _, err := add(t, c, "c360-b", esdb.NoStream{}, proposals(1)...); err != nil {
		t.Fatal(err)
	}
	listen(t, sub, func(so told, _ *esdb.SubscriptionEvent) bool { return so.events == 1 })
	options.From = last // a subscription begins after it
	again, err := c.SubscribeToAll(within(t), options)
	if err != nil {
		t.Fatal(err)
	}
	if got := listen(t, again, func(so told, _ *esdb.SubscriptionEvent) bool { return so.caughtUp == 1 }); got.events != 1 {
		t.Errorf("after the last but one: %+v", got)
	}
}

func TestSubscribeToStream(t *testing.T) {
	t.Parallel()
	c := connect(t, esdbtest.Start(t, esdbtest.Options{}).URL(""))
	if _, err := add(t, c, "s", esdb.NoStream{}, proposals(50)...); err != nil {
		t.Fatal(err)
	}
	sub, err := c.SubscribeToStream(within(t), "s", esdb.SubscribeToStreamOptions{From: esdb.Revision(9)})
	if err != nil {
		t.Fatal(err)
	}
	if got := listen(t, sub, func(so told, _ *esdb.SubscriptionEvent) bool { return so.caughtUp == 1 }); got.events != 40 {
		t.Errorf("caught up after %+v, want 40 events", got)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{TLS: true, Accounts: map[string]esdbtest.Account{
		"admin": {Password: "changeit", ReadAll: true, Write: true}, "reader": {Password: "r"},
	}})
	if _, err := add(t, connect(t, node.URL("admin")), "s", esdb.NoStream{}, proposals(1)...); err != nil {
		t.Error(err)
	}
	if err := refusal(t, connect(t, node.URL("reader"))); !isCode(err, esdb.ErrorCodeAccessDenied) {
		t.Errorf("an account without the right: %v", err)
	}
	if err := refusal(t, connect(t, strings.Replace(node.URL("admin"), "changeit", "wrong", 1))); !isCode(err, esdb.ErrorCodeUnauthenticated) {
		t.Errorf("a wrong password: %v", err)
	}
	if _, err := connect(t, node.URL("reader")).SubscribeToAll(within(t), esdb.SubscribeToAllOptions{From: esdb.Start{}}); err == nil {
		t.Error("$all without the right")
	}
}

// refusal appends until the client tells the reason for which that is refused: it tells only the end of the call if that
// came while it was still sending.
func refusal(t *testing.T, c *esdb.Client) error {
	t.Helper()
	for try := 0; ; try++ {
		_, err := add(t, c, "s", esdb.Any{}, proposals(1)...)
		if err == nil || try == 50 || !strings.HasSuffix(err.Error(), "EOF") {
			return err
		}
	}
}

func TestLeader(t *testing.T) {
	t.Parallel()
	nodes := esdbtest.StartCluster(t, 2, esdbtest.Options{})
	c := connect(t, nodes[0].URL(""))
	if _, err := add(t, c, "s", esdb.NoStream{}, proposals(1)...); err != nil {
		t.Fatal(err)
	}
	nodes[1].Lead()
	// A follower ends the call while the client still sends: it then reports the end, and may see the reason only next time.
	event, redirected := proposals(1), false
	for try := 0; ; try++ {
		rev, err := add(t, c, "s", esdb.Revision(0), event...)
		if err == nil && rev == 1 {
			break
		}
		if redirected = redirected || isCode(err, esdb.ErrorCodeNotLeader); try == 100 {
			t.Fatalf("never redirected: %v", err)
		}
	}
	if !redirected {
		t.Error("a follower took an append")
	}
}

// TestOutage stops, silences and cuts a server; what it acknowledged is there afterwards.
func TestOutage(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	event := proposals(1)
	if _, err := add(t, connect(t, node.URL("")), "s", esdb.NoStream{}, event...); err != nil {
		t.Fatal(err)
	}
	node.Stop()
	if _, err := add(t, connect(t, node.URL("")), "s", esdb.NoStream{}, event...); err == nil {
		t.Error("an append to a stopped server went through")
	}
	node.Start()
	node.Break(esdbtest.AfterAppend)
	c, lost := connect(t, node.URL("")), proposals(1)
	if _, err := add(t, c, "s", esdb.Revision(0), lost...); err == nil {
		t.Error("the answer to an append was not cut off")
	}
	if rev, err := add(t, connect(t, node.URL("")), "s", esdb.Revision(0), lost...); err != nil || rev != 1 || node.Streams()["s"] != 2 {
		t.Errorf("the repeat of what got lost: %d, %v, %d events", rev, err, node.Streams()["s"])
	}
	c = connect(t, node.URL(""))
	if _, err := add(t, c, "s", esdb.Revision(1), proposals(1)...); err != nil {
		t.Fatal(err)
	}
	node.Hang()
	deadline := 100 * time.Millisecond
	_, err := c.AppendToStream(within(t), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(2), Deadline: &deadline}, proposals(1)...)
	if err == nil || errors.Is(err, t.Context().Err()) {
		t.Errorf("an append to a silent server: %v", err)
	}
	node.Resume()
}
