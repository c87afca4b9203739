package natstest

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// patience is how long a server may take to be ready.
const patience = 30 * time.Second

// Server is a NATS server inside the test, with JetStream that syncs every message before it acknowledges it.
type Server struct {
	tb      testing.TB
	options server.Options

	mu      sync.Mutex
	running *server.Server
}

// Start starts a server on a free port of the loopback address. change, if any, may alter its options before.
func Start(tb testing.TB, change ...func(*server.Options)) *Server {
	tb.Helper()
	s := &Server{tb: tb, options: server.Options{
		Host: "127.0.0.1", Port: freePorts(tb, 1)[0], NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: tb.TempDir(), SyncAlways: true,
	}}
	for _, f := range change {
		f(&s.options)
	}
	tb.Cleanup(s.Stop)
	s.Restart()
	return s
}

// URL returns the URL of a log on this server, in a stream of that name.
func (s *Server) URL(stream string) string {
	return "nats://" + net.JoinHostPort(s.options.Host, strconv.Itoa(s.options.Port)) + "/" + stream + "?sync=always"
}

// URLAs is URL for somebody with a password.
func (s *Server) URLAs(user, password, stream string) string {
	return strings.Replace(s.URL(stream), "nats://", "nats://"+url.UserPassword(user, password).String()+"@", 1)
}

// Change alters the options and restarts the server.
func (s *Server) Change(change func(*server.Options)) {
	s.tb.Helper()
	s.Stop()
	change(&s.options)
	s.Restart()
}

// Stop stops the server; what it stored stays.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		s.running.Shutdown()
		s.running.WaitForShutdown()
		s.running = nil
	}
}

// Restart starts the server again on what it stored, at the same port.
func (s *Server) Restart() {
	s.tb.Helper()
	s.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	options := s.options
	running, err := server.NewServer(&options)
	if err != nil {
		s.tb.Fatalf("nats-server: %v", err)
	}
	go running.Start()
	if !running.ReadyForConnections(patience) {
		s.tb.Fatal("the NATS server is not ready")
	}
	s.running = running
}

// StoreDir returns the directory the server stores streams in.
func (s *Server) StoreDir() string { return s.options.StoreDir }

// freePorts returns ports that were free a moment ago.
func freePorts(tb testing.TB, n int) []int {
	tb.Helper()
	ports := make([]int, n)
	for i := range ports {
		listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // ends at once
		if err != nil {
			tb.Fatal(err)
		}
		defer func() { _ = listener.Close() }() // only when all are found, so that they differ
		addr, ok := listener.Addr().(*net.TCPAddr)
		if !ok {
			tb.Fatal(fmt.Errorf("%v has no port", listener.Addr()))
		}
		ports[i] = addr.Port
	}
	return ports
}
