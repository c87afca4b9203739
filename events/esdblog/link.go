package esdblog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	features "github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// link is the way to the node that leads. It replaces its connection when that turns out to be dead or not the leader's.
type link struct {
	target
	timeout time.Duration
	logger  *slog.Logger

	mu      sync.Mutex
	node    *node
	leader  string // where a follower said the leader is, "" if nobody did
	closed  bool
	made    uint64        // connections so far
	dialing chan struct{} // holds one token: who has it may look for the leader
}

// node is one connection.
type node struct {
	addr    string
	conn    *grpc.ClientConn
	streams api.StreamsClient
}

func newLink(t target, timeout time.Duration, logger *slog.Logger) *link {
	l := &link{target: t, timeout: timeout, logger: logger, dialing: make(chan struct{}, 1)}
	l.dialing <- struct{}{}
	return l
}

// get returns the connection, and makes one if there is none.
func (l *link) get(ctx context.Context) (*node, error) {
	if n, err := l.current(); n != nil || err != nil {
		return n, err
	}
	select {
	case <-l.dialing:
		defer func() { l.dialing <- struct{}{} }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if n, err := l.current(); n != nil || err != nil {
		return n, err
	}
	n, err := l.discover(ctx)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errors.Join(errLinkClosed, n.conn.Close())
	}
	l.node = n
	l.made++
	return n, nil
}

var errLinkClosed = status.Error(codes.Canceled, "the log is closed")

func (l *link) current() (*node, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errLinkClosed
	}
	return l.node, nil
}

// discover finds the leader: where a follower said, else whom the nodes name, else the only node there is.
func (l *link) discover(ctx context.Context) (*node, error) {
	l.mu.Lock()
	named := l.leader
	l.leader = ""
	l.mu.Unlock()
	if named != "" {
		if n, err := l.dial(ctx, named); err == nil {
			return n, nil
		}
	}
	var last error
	for _, addr := range l.nodes {
		n, err := l.dial(ctx, addr)
		if err == nil {
			return n, nil
		}
		last = err
	}
	return nil, last
}

// dial connects to a node, or to the leader it names, and makes sure somebody answers who is new enough.
func (l *link) dial(ctx context.Context, addr string) (*node, error) {
	conn, err := grpc.NewClient("passthrough:///"+addr, l.options(addr)...)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, min(l.timeout, l.gossip))
	defer cancel()
	leader, err := l.ask(ctx, conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if leader != "" && leader != addr {
		_ = conn.Close()
		if conn, err = grpc.NewClient("passthrough:///"+leader, l.options(leader)...); err != nil {
			return nil, err
		}
		addr = leader
	}
	if err := checkVersion(ctx, conn); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", addr, err), conn.Close())
	}
	return &node{addr: addr, conn: conn, streams: api.NewStreamsClient(conn)}, nil
}

// errLeaderless is of a node that can be cut off from the others: one of them may know more.
var errLeaderless = status.Error(codes.Unavailable, "the node knows of no leader")

// ask returns the address of the leader, "" outside of a cluster or if the node does not gossip.
func (l *link) ask(ctx context.Context, conn *grpc.ClientConn) (string, error) {
	if !l.cluster {
		return "", nil
	}
	info, err := gossip.NewGossipClient(conn).Read(ctx, &shared.Empty{})
	if err != nil {
		return "", nil //nolint:nilerr // whether anybody is there at all is found out next
	}
	for _, m := range info.GetMembers() {
		if m.GetIsAlive() && m.GetState() == gossip.MemberInfo_Leader {
			return net.JoinHostPort(m.GetHttpEndPoint().GetAddress(), strconv.FormatUint(uint64(m.GetHttpEndPoint().GetPort()), 10)), nil
		}
	}
	return "", errLeaderless
}

func (l *link) options(addr string) []grpc.DialOption {
	transport := insecure.NewCredentials()
	if l.tls != nil {
		config := l.tls.Clone()
		config.ServerName = serverName(addr)
		transport = credentials.NewTLS(config)
	}
	out := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff: backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 2, Jitter: 0.2, MaxDelay: time.Second}, MinConnectTimeout: l.gossip,
		}),
	}
	if l.ping >= 0 {
		out = append(out, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: l.ping, Timeout: l.pingWait, PermitWithoutStream: true}))
	}
	return out
}

// serverName returns whom the certificate at host:port must name; [::1]:2113 is ::1.
func serverName(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return host
}

const (
	maxMessage  = 17 << 20
	oldestMajor = 23
)

var errTooOld = fmt.Errorf("the server is too old: EventStoreDB %d or KurrentDB 25 is the least", oldestMajor)

func checkVersion(ctx context.Context, conn *grpc.ClientConn) error {
	answer, err := features.NewServerFeaturesClient(conn).GetSupportedMethods(ctx, &shared.Empty{})
	switch status.Code(err) {
	case codes.OK:
	case codes.Unimplemented, codes.NotFound:
		return errTooOld
	default:
		return err
	}
	text, _, _ := strings.Cut(answer.GetEventStoreServerVersion(), ".")
	if major, err := strconv.Atoi(text); err == nil && major < oldestMajor {
		return fmt.Errorf("%w, and this is %s", errTooOld, answer.GetEventStoreServerVersion())
	}
	return nil
}

// context returns the context of one call: who asks, and that the leader is to answer.
func (l *link) context(ctx context.Context) context.Context {
	pairs := []string{"requires-leader", "true"}
	if l.secret != "" {
		pairs = append(pairs, "authorization", l.secret)
	}
	return metadata.AppendToOutgoingContext(ctx, pairs...)
}

// failed learns from an error of a call on n. trailer may be nil.
func (l *link) failed(n *node, err error, trailer metadata.MD) {
	redirected := slices.Contains(trailer.Get("exception"), "not-leader")
	if !redirected && !slices.Contains([]codes.Code{codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Internal}, status.Code(err)) {
		return
	}
	l.mu.Lock()
	if l.node != n {
		l.mu.Unlock()
		return
	}
	l.node = nil
	if host, port := trailer.Get("leader-endpoint-host"), trailer.Get("leader-endpoint-port"); redirected && len(host) > 0 && len(port) > 0 {
		l.leader = net.JoinHostPort(host[0], port[0])
	}
	l.mu.Unlock()
	l.logger.Warn("the connection to the log is replaced", "node", n.addr, "redirected", redirected, "error", err)
	_ = n.conn.Close() // ends every call on it, however silent the server is
}

// close ends the link and every call on it.
func (l *link) close() {
	l.mu.Lock()
	n := l.node
	l.node, l.closed = nil, true
	l.mu.Unlock()
	if n != nil {
		_ = n.conn.Close()
	}
}
