package esdbtest

import (
	"context"
	"encoding/base64"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	features "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

type (
	methods = features.SupportedMethods
	method  = features.SupportedMethod
)

var errUnimplemented = status.Error(codes.Unimplemented, "Service is unimplemented.")

// Account is somebody who may connect. Everybody with an account may read streams.
type Account struct {
	Password string
	// ReadAll: may read $all, as members of $admins may. Write: may append and delete.
	ReadAll, Write bool
}

// Options say what kind of server a test gets. The zero value is one node without TLS and accounts, as a developer runs it.
type Options struct {
	// Version is what the server reports, "24.10.0" if empty. "none" is a server too old to know the question.
	Version string
	// TLS: encrypt, with a certificate of a CA of its own (see Node.CAFile).
	TLS bool
	// Accounts by name. If there are any, nobody else may do anything.
	Accounts map[string]Account
	// RememberIDs is how many event ids an append with "any" is compared with; 10,000 if zero.
	RememberIDs int
	// Delay is how long each Append takes to be on disk; others go on meanwhile. Servers need a millisecond or more.
	Delay time.Duration
	// StatsEvery puts a $stats event into $all after so many others, as servers do each half minute; 0 is never.
	StatsEvery int
}

// Node is one server. Its log outlives Stop and Start. Its methods may be called from many goroutines.
type Node struct {
	api.UnimplementedStreamsServer
	features.UnimplementedServerFeaturesServer

	tb      testing.TB
	o       Options
	db      *database
	cluster *cluster
	keys    *keys

	mu      sync.Mutex
	addr    string
	server  *grpc.Server
	network *network
	stopped chan struct{} // closed by Stop
	faults  []Fault
	alone   bool          // cut off from the other nodes
	refuses string        // a stream that cannot be appended to
	forget  chan struct{} // closed by Forget
	denied  int           // calls with a wrong password
}

// cluster is what the nodes know of each other.
type cluster struct {
	mu     sync.Mutex
	nodes  []*Node
	leader *Node
}

// Start starts a server of one node on a free port of 127.0.0.1. It ends with the test.
func Start(tb testing.TB, o Options) *Node {
	tb.Helper()
	return StartCluster(tb, 1, o)[0]
}

// StartCluster starts nodes that share one log. The first one leads.
func StartCluster(tb testing.TB, nodes int, o Options) []*Node {
	tb.Helper()
	if o.Version == "" {
		o.Version = "24.10.0"
	}
	if o.Version == "none" {
		o.Version = ""
	}
	if o.RememberIDs == 0 {
		o.RememberIDs = 10_000
	}
	db, c, k := newDatabase(time.Now, o.RememberIDs, o.StatsEvery), &cluster{}, newKeys(tb, o.TLS) //nolint:forbidigo // a server stamps by its own clock
	for range nodes {
		o.Accounts = maps.Clone(o.Accounts)
		c.nodes = append(c.nodes, &Node{tb: tb, o: o, db: db, cluster: c, keys: k, addr: "127.0.0.1:0", forget: make(chan struct{})})
	}
	c.leader = c.nodes[0]
	for _, n := range c.nodes {
		n.Start()
		tb.Cleanup(n.Stop)
	}
	return slices.Clone(c.nodes)
}

// Addr returns host:port; it stays the same over Stop and Start.
func (n *Node) Addr() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.addr
}

// CAFile returns the file of the CA that signed the server's certificate.
func (n *Node) CAFile() string { return n.keys.caFile }

// URL returns a connection string for an account, "" for nobody.
func (n *Node) URL(account string) string {
	who := ""
	if account != "" {
		who = account + ":" + n.o.Accounts[account].Password + "@"
	}
	if n.o.TLS {
		return "esdb://" + who + n.Addr() + "?tls=true&tlsCAFile=" + n.keys.caFile
	}
	return "esdb://" + who + n.Addr() + "?tls=false"
}

// Start listens again, on the same port. It does nothing if the node listens.
func (n *Node) Start() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.server != nil {
		return
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", n.addr)
	if err != nil {
		n.tb.Fatalf("esdbtest: %v", err)
	}
	n.addr, n.network, n.stopped = listener.Addr().String(), newNetwork(listener), make(chan struct{})
	options := []grpc.ServerOption{
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}), // Kestrel has no such policy
		grpc.StreamInterceptor(trailStream), grpc.UnaryInterceptor(trailUnary),
	}
	if n.o.TLS {
		options = append(options, grpc.Creds(credentials.NewTLS(n.keys.server)))
	}
	n.server = grpc.NewServer(options...)
	api.RegisterStreamsServer(n.server, n)
	gossip.RegisterGossipServer(n.server, gossipServer{n: n})
	features.RegisterServerFeaturesServer(n.server, n)
	go func(s *grpc.Server, l net.Listener) { _ = s.Serve(l) }(n.server, n.network)
}

// Stop stops listening and cuts every connection. The log stays.
func (n *Node) Stop() {
	n.mu.Lock()
	server, network := n.server, n.network
	if server != nil {
		close(n.stopped)
	}
	n.server = nil
	n.mu.Unlock()
	if server != nil {
		network.resume()
		network.cut()
		server.Stop()
	}
}

// Lead makes this node the leader of its cluster.
func (n *Node) Lead() {
	n.cluster.mu.Lock()
	defer n.cluster.mu.Unlock()
	n.cluster.leader = n
}

func (n *Node) leader() *Node {
	n.cluster.mu.Lock()
	defer n.cluster.mu.Unlock()
	return n.cluster.leader
}

func (n *Node) ending() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.stopped
}

type right int

const (
	rightRead right = iota
	rightReadAll
	rightWrite
)

// admit decides whether a call may go on: who asks, what for, and whether this node is the one to ask.
func (n *Node) admit(ctx context.Context, need right, write bool) error {
	headers, _ := metadata.FromIncomingContext(ctx)
	if err := n.allow(headers, need); err != nil {
		return err
	}
	wanted := write || slices.Contains(headers.Get("requires-leader"), "true")
	if wanted && n.isAlone() {
		return errNotReady
	}
	if leader := n.leader(); wanted && leader != n {
		return notLeader(leader.Addr())
	}
	return nil
}

func (n *Node) allow(headers metadata.MD, need right) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.o.Accounts) == 0 {
		return nil
	}
	given := headers.Get("authorization")
	if len(given) == 0 {
		return accessDenied()
	}
	text, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(given[0], "Basic "))
	name, password, _ := strings.Cut(string(text), ":")
	account, ok := n.o.Accounts[name]
	switch {
	case !ok || account.Password != password:
		n.denied++
		return status.Error(codes.Unauthenticated, "Bad gRPC response. HTTP status code: 401")
	case need == rightReadAll && !account.ReadAll, need == rightWrite && !account.Write:
		return accessDenied()
	}
	return nil
}

// gossipServer answers who is who. It is a type of its own because both services have a method Read.
type gossipServer struct {
	gossip.UnimplementedGossipServer
	n *Node
}

// Read lists the nodes.
func (g gossipServer) Read(context.Context, *shared.Empty) (*gossip.ClusterInfo, error) {
	leader, out := g.n.leader(), &gossip.ClusterInfo{}
	for _, node := range g.n.cluster.nodes {
		host, text, _ := net.SplitHostPort(node.Addr())
		port, _ := strconv.ParseUint(text, 10, 16)
		state := gossip.MemberInfo_Follower
		if node == leader && !g.n.isAlone() {
			state = gossip.MemberInfo_Leader
		}
		node.mu.Lock()
		alive := node.server != nil
		node.mu.Unlock()
		out.Members = append(out.Members, &gossip.MemberInfo{
			State: state, IsAlive: alive, HttpEndPoint: &gossip.EndPoint{Address: host, Port: uint32(port)}, TimeStamp: time.Now().UnixNano() / 100, //nolint:forbidigo // the server's own clock
		})
	}
	return out, nil
}
