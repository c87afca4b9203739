package natslog_test

import (
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/c360hq/c360/events/natslog/natstest"
)

// TestOpenWhileClusterStarts opens a log as soon as a node takes connections, before the cluster has elected anybody.
//
//nolint:paralleltest // three servers are load enough
func TestOpenWhileClusterStarts(t *testing.T) {
	cluster := natstest.StartCluster(t)
	o := options(t, cluster.URL("STARTING"))
	for i := range natstest.Size {
		cluster.Kill(i)
	}
	for i := range natstest.Size {
		cluster.Restart(i)
	}
	waitConnect(t, o.URL)
	fill(t, open(t, o), 0, 20, 5)
}

// waitConnect waits until a server takes connections.
func waitConnect(t *testing.T, url string) {
	t.Helper()
	for t.Context().Err() == nil {
		if conn, err := nats.Connect(serversOf(url)); err == nil {
			conn.Close()
			return
		}
	}
}
