package natslog_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// TestNoPartOfAPassword writes URLs so badly that a password is taken for something else in them.
func TestNoPartOfAPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"nats://u:hun/ter@localhost/C360", "nats://u:hun?ter@localhost/C360", "nats://u:hun?x=ter@localhost", "nats://u:hun#ter@localhost",
		"nats://u:1/hun?ter=2@localhost", "nats://u:1#hun@localhost", "nats://u:p@hun/ter@localhost/C360", "nats://u:hunter", "nats://u:hun/ter",
		"nats://localhost/C360?password=hunter", "nats://localhost/C360?replicas=hunter", "nats://u:hun,ter/C360", "nats://u:hun%@localhost",
		"nats://u:p,hun:ter@a@b,c:hunter", "hunter@localhost",
	} {
		_, err := natslog.Open(t.Context(), natslog.Options{URL: url, Dir: t.TempDir(), Now: time.Now})
		if err == nil || strings.Contains(err.Error(), "hun") || strings.Contains(err.Error(), "ter@") || strings.Contains(err.Error(), `ter"`) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestMustExist opens logs that are to be read only: none is made.
func TestMustExist(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	o := options(t, s.URL("TYPO"))
	o.MustExist = true
	if _, err := natslog.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "there is no stream TYPO") {
		t.Errorf("a log that is not there: %v", err)
	}
	wantNoStream(t, o.URL, "TYPO")
	fill(t, open(t, options(t, o.URL)), 0, 5, 5)
	if n := headLen(t, open(t, o)); n != 5 {
		t.Errorf("the log ends at %d, want 5", n)
	}
}

// TestNowhereForTheIndex gives the index a place that cannot be a directory.
func TestNowhereForTheIndex(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	o := options(t, s.URL("NOWHERE"))
	file := filepath.Join(o.Dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o.Dir = filepath.Join(file, "index")
	if _, err := natslog.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("Open without a place for the index: %v", err)
	}
	wantNoStream(t, o.URL, "NOWHERE")
}

// wantNoStream checks that a stream was not made.
func wantNoStream(t *testing.T, url, name string) {
	t.Helper()
	if _, err := jetStream(t, url).Stream(t.Context(), name); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("the stream %s was made although the log was refused (%v)", name, err)
	}
}

// TestOldServer meets a server that says that it is too old.
func TestOldServer(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2.10.29", "1.4.1", "0.9", "unknown"} {
		refuses(t, "nats://"+sayVersion(t, version)+"/C360?sync=always", "NATS "+version, "too old", "2.11")
	}
}

// sayVersion listens and greets as a NATS server of that version does; to PING it answers PONG.
func sayVersion(t *testing.T, version string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go greet(conn, version)
		}
	}()
	return listener.Addr().String()
}

func greet(conn net.Conn, version string) {
	defer func() { _ = conn.Close() }()
	fmt.Fprintf(conn, "INFO {\"server_id\":\"old\",\"version\":%q,\"proto\":1,\"headers\":true,\"max_payload\":1048576}\r\n", version)
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "PING") {
			fmt.Fprint(conn, "PONG\r\n")
		}
	}
}
