package natstest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Size is the number of nodes of a cluster.
const Size = 3

// Cluster is three processes of nats-server that replicate streams.
type Cluster struct {
	tb     testing.TB
	binary string
	nodes  [Size]node
}

type node struct {
	dir           string
	client, route int

	mu      sync.Mutex
	process *exec.Cmd
	exited  chan struct{} // closed when process has ended
}

// StartCluster starts a cluster on free ports of the loopback address and waits until it has a leader.
func StartCluster(tb testing.TB) *Cluster {
	tb.Helper()
	c := &Cluster{tb: tb, binary: binary(tb)}
	ports := freePorts(tb, 2*Size)
	for i := range c.nodes {
		n := &c.nodes[i]
		n.dir, n.client, n.route = tb.TempDir(), ports[2*i], ports[2*i+1]
	}
	tb.Cleanup(func() {
		for i := range c.nodes {
			c.Kill(i)
		}
	})
	for i := range c.nodes {
		c.configure(i)
		c.Restart(i)
	}
	c.WaitReady()
	return c
}

// URL returns the URL of a log on this cluster, in a stream of that name with three replicas.
func (c *Cluster) URL(stream string) string {
	return "nats://" + strings.Join(c.hosts(), ",") + "/" + stream + "?replicas=3"
}

func (c *Cluster) hosts() []string {
	hosts := make([]string, Size)
	for i := range c.nodes {
		hosts[i] = net.JoinHostPort("127.0.0.1", strconv.Itoa(c.nodes[i].client))
	}
	return hosts
}

// Kill kills a node, as kill -9 does. A node that is not running stays so.
func (c *Cluster) Kill(i int) {
	n := &c.nodes[i]
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.process != nil {
		_ = n.process.Process.Kill()
		<-n.exited
		n.process = nil
	}
}

// Restart starts a node, again on what it stored. It does not wait until the node has caught up: see WaitReady.
func (c *Cluster) Restart(i int) {
	c.tb.Helper()
	c.Kill(i)
	n := &c.nodes[i]
	n.mu.Lock()
	defer n.mu.Unlock()
	output, err := os.OpenFile(filepath.Join(n.dir, "output"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		c.tb.Fatal(err)
	}
	cmd := exec.Command(c.binary, "-c", filepath.Join(n.dir, "server.conf")) //nolint:noctx,gosec // it ends with the test; our own binary
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		c.tb.Fatal(err)
	}
	n.process, n.exited = cmd, make(chan struct{})
	go func(exited chan struct{}) {
		_ = cmd.Wait()
		_ = output.Close()
		close(exited)
	}(n.exited)
}

// configure writes the configuration of a node.
func (c *Cluster) configure(i int) {
	routes := make([]string, 0, Size)
	for k := range c.nodes {
		routes = append(routes, fmt.Sprintf("nats-route://127.0.0.1:%d", c.nodes[k].route))
	}
	n := &c.nodes[i]
	text := fmt.Sprintf(`server_name: "n%d"
listen: "127.0.0.1:%d"
jetstream { store_dir: %q }
cluster { name: "c360test", listen: "127.0.0.1:%d", routes: [%s] }
`, i, n.client, filepath.Join(n.dir, "data"), n.route, strings.Join(routes, ", "))
	if err := os.WriteFile(filepath.Join(n.dir, "server.conf"), []byte(text), 0o600); err != nil {
		c.tb.Fatal(err)
	}
}

// WaitReady waits until the cluster answers questions about streams, which takes two of its nodes.
func (c *Cluster) WaitReady() {
	c.tb.Helper()
	c.ask(func(ctx context.Context, js jetstream.JetStream) bool {
		_, err := js.AccountInfo(ctx)
		return err == nil
	})
}

// WaitCurrent waits until every node runs and holds all of a stream.
func (c *Cluster) WaitCurrent(stream string) {
	c.tb.Helper()
	c.ask(func(ctx context.Context, js jetstream.JetStream) bool {
		s, err := js.Stream(ctx, stream)
		if err != nil {
			return false
		}
		info := s.CachedInfo().Cluster
		return info != nil && info.Leader != "" && len(info.Replicas) == Size-1 &&
			!slices.ContainsFunc(info.Replicas, func(p *jetstream.PeerInfo) bool { return !p.Current || p.Offline })
	})
}

// Leader returns the node that leads a stream. It waits until there is one.
func (c *Cluster) Leader(stream string) (leader int) {
	c.tb.Helper()
	c.ask(func(ctx context.Context, js jetstream.JetStream) bool {
		s, err := js.Stream(ctx, stream)
		if err != nil || s.CachedInfo().Cluster == nil {
			return false
		}
		_, err = fmt.Sscanf(s.CachedInfo().Cluster.Leader, "n%d", &leader)
		return err == nil
	})
	return leader
}

// ask asks again and again until the answer is good.
func (c *Cluster) ask(good func(context.Context, jetstream.JetStream) bool) {
	c.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !c.askOnce(ctx, good) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			c.tb.Fatalf("the NATS cluster is not ready; see the output of the nodes:\n%s", c.output())
		}
	}
}

func (c *Cluster) askOnce(ctx context.Context, good func(context.Context, jetstream.JetStream) bool) bool {
	conn, err := nats.Connect(strings.Join(c.hosts(), ","), nats.Timeout(time.Second))
	if err != nil {
		return false
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return good(ctx, js)
}

// output returns the end of what each node said.
func (c *Cluster) output() string {
	var b strings.Builder
	for i := range c.nodes {
		text, _ := os.ReadFile(filepath.Join(c.nodes[i].dir, "output"))
		fmt.Fprintf(&b, "node %d:\n%s\n", i, text[max(0, len(text)-2000):])
	}
	return b.String()
}
