package esdbtest

import (
	"context"
	"net"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Fault is what happens to one Append.
type Fault int

const (
	// BeforeAppend cuts the connection before anything is stored.
	BeforeAppend Fault = iota + 1
	// AfterAppend cuts the connection after the events are stored and before the answer is sent.
	AfterAppend
)

// Break has each of the next Appends meet with one of these faults, in this order.
func (n *Node) Break(faults ...Fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.faults = append(n.faults, faults...)
}

func (n *Node) takeFault() Fault {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.faults) == 0 {
		return 0
	}
	fault := n.faults[0]
	n.faults = n.faults[1:]
	return fault
}

// cut breaks all connections and ends the call that asked for it.
func (n *Node) cut(ctx context.Context) error {
	n.mu.Lock()
	network := n.network
	n.mu.Unlock()
	network.cut()
	<-ctx.Done()
	return status.Error(codes.Unavailable, "cut")
}

// Hang has the server fall silent: it takes connections, and nothing moves on any of them.
func (n *Node) Hang() { n.net().hang() }

// Mute has the connections of now fall silent for good, as if something between here and there had forgotten them. They
// stay open, and new ones work.
func (n *Node) Mute() { n.net().mute() }

// Resume ends a Hang; what was sent meanwhile arrives.
func (n *Node) Resume() { n.net().resume() }

// Cut breaks all connections. The server goes on listening.
func (n *Node) Cut() { n.net().cut() }

func (n *Node) net() *network {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.network
}

// network is a listener whose connections can be silenced and cut.
type network struct {
	net.Listener
	mu    sync.Mutex
	open  chan struct{} // closed while traffic flows
	conns map[*conn]struct{}
}

func newNetwork(l net.Listener) *network {
	flowing := make(chan struct{})
	close(flowing)
	return &network{Listener: l, open: flowing, conns: map[*conn]struct{}{}}
}

// Accept takes a connection, also while the network is silent: the operating system would too.
func (n *network) Accept() (net.Conn, error) {
	inner, err := n.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: inner, n: n, closed: make(chan struct{})}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.conns[c] = struct{}{}
	return c, nil
}

func (n *network) hang() {
	n.mu.Lock()
	defer n.mu.Unlock()
	select {
	case <-n.open:
		n.open = make(chan struct{})
	default:
	}
}

func (n *network) mute() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for c := range n.conns {
		c.muted.Store(true)
	}
}

func (n *network) resume() {
	n.mu.Lock()
	defer n.mu.Unlock()
	select {
	case <-n.open:
	default:
		close(n.open)
	}
}

func (n *network) cut() {
	n.mu.Lock()
	conns := n.conns
	n.conns = map[*conn]struct{}{}
	n.mu.Unlock()
	for c := range conns {
		_ = c.Close()
	}
}

func (n *network) flowing() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.open
}

type conn struct {
	net.Conn
	n      *network
	muted  atomic.Bool
	once   sync.Once
	closed chan struct{}
}

// pass waits until traffic flows.
func (c *conn) pass() error {
	flowing := c.n.flowing()
	if c.muted.Load() {
		flowing = nil
	}
	select {
	case <-flowing:
		return nil
	case <-c.closed:
		return net.ErrClosed
	}
}

// Read delivers nothing while the network is silent, not even what has arrived.
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if waiting := c.pass(); waiting != nil {
		return 0, waiting
	}
	return n, err
}

// Write sends nothing while the network is silent.
func (c *conn) Write(b []byte) (int, error) {
	if err := c.pass(); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// Close ends the connection, and whatever waits on it.
func (c *conn) Close() error {
	c.once.Do(func() { close(c.closed) })
	c.n.mu.Lock()
	delete(c.n.conns, c)
	c.n.mu.Unlock()
	return c.Conn.Close()
}
