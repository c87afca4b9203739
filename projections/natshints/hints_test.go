package natshints_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"go.uber.org/goleak"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/natshints"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server did not start")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

func connect(t *testing.T, s *server.Server) *nats.Conn {
	t.Helper()
	conn, err := nats.Connect(s.ClientURL(), nats.MaxReconnects(-1), nats.ReconnectWait(10*time.Millisecond), nats.ReconnectJitter(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// listen hears hints over a connection of its own, as another process does.
func listen(t *testing.T, s *server.Server) <-chan struct{} {
	t.Helper()
	conn := connect(t, s)
	heard, stop, err := natshints.New(conn, "").Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	return heard
}

// tell runs Tell until the test ends and returns where commits go in.
func tell(t *testing.T, conn *nats.Conn, writer func() (string, bool)) chan<- projections.Committed {
	t.Helper()
	commits := make(chan projections.Committed)
	done := make(chan struct{})
	go func() {
		defer close(done)
		natshints.New(conn, "").Tell(t.Context(), commits, writer)
	}()
	t.Cleanup(func() { <-done })
	return commits
}

func writes() (string, bool) { return "g7", true }

func hears(t *testing.T, heard <-chan struct{}) {
	t.Helper()
	select {
	case <-heard:
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was heard")
	}
}

func TestACommitIsHeardByEveryReader(t *testing.T) {
	t.Parallel()
	s := start(t, -1)
	a, b := listen(t, s), listen(t, s)
	commits := tell(t, connect(t, s), writes)
	for p := range events.Position(3) {
		commits <- projections.Committed{Position: p + 1}
		hears(t, a)
		hears(t, b)
	}
}

func TestAReaderTellsNobody(t *testing.T) {
	t.Parallel()
	s := start(t, -1)
	heard := listen(t, s)
	reader := tell(t, connect(t, s), func() (string, bool) { return "", false })
	reader <- projections.Committed{Position: 1}
	reader <- projections.Committed{Position: 2} // taken, so the first is done with
	writer := tell(t, connect(t, s), writes)
	select {
	case <-heard:
		t.Fatal("a reader told what it heard")
	default:
	}
	writer <- projections.Committed{Position: 3}
	hears(t, heard)
}

// TestAFloodIsThinnedOut: however fast it commits, a process tells at most 50 hints a second.
func TestAFloodIsThinnedOut(t *testing.T) {
	t.Parallel()
	s := start(t, -1)
	conn := connect(t, s)
	told, err := conn.SubscribeSync(natshints.Subject)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	board := make(chan projections.Committed, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	go func() {
		for p := events.Position(1); ctx.Err() == nil; p++ { // as the board of Live does: the newest replaces what nobody took
			select {
			case <-board:
			default:
			}
			board <- projections.Committed{Position: p}
		}
	}()
	natshints.New(conn, "").Tell(ctx, board, writes)
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	n, _, err := told.Pending()
	if err != nil || n < 2 || n > 26 {
		t.Fatalf("%d hints in half a second, want 2 to 26; %v", n, err)
	}
}

// TestComingBackIsAHint: what was told while the connection was lost is lost, so a reader looks when it is back.
func TestComingBackIsAHint(t *testing.T) {
	t.Parallel()
	s := start(t, -1)
	heard := listen(t, s)
	conn := connect(t, s)
	commits := tell(t, conn, writes)
	back := conn.StatusChanged(nats.CONNECTED)
	defer conn.RemoveStatusListener(back)
	port := s.Addr().(*net.TCPAddr).Port
	s.Shutdown()
	s.WaitForShutdown()
	commits <- projections.Committed{Position: 1} // goes nowhere, and holds up nobody
	start(t, port)
	hears(t, heard)
	<-back
	commits <- projections.Committed{Position: 2}
	hears(t, heard)
}
