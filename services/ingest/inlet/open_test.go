package inlet_test

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/services/ingest/inlet"
)

// opens tries to open an inlet and returns what it says, which must come within seconds.
func opens(t *testing.T, conn *nats.Conn, log *house) error {
	t.Helper()
	service := newIngest(t, log.log, nil, nil)
	t.Cleanup(func() { _ = service.Close() })
	began := time.Now()
	_, err := inlet.Open(t.Context(), inlet.Options{Conn: conn, Ingest: service, Now: time.Now})
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	return err
}

func says(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

func TestAStreamThatWouldLoseMessagesIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		config jetstream.StreamConfig
		want   string
	}{
		{jetstream.StreamConfig{Subjects: []string{"c360.touchpoints.>"}, Retention: jetstream.WorkQueuePolicy}, "limits retention"},
		{jetstream.StreamConfig{Subjects: []string{"c360.touchpoints.>"}, Retention: jetstream.InterestPolicy}, "limits retention"},
		{jetstream.StreamConfig{Subjects: []string{"other.>"}}, "c360.touchpoints.>"},
	} {
		h := newHouse(t)
		c.config.Name = "C360_INLET"
		if _, err := h.js().CreateStream(t.Context(), c.config); err != nil {
			t.Fatal(err)
		}
		says(t, opens(t, h.pub, h), "C360_INLET", c.want)
	}
}

func TestAStreamOfOnesOwnIsTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if err := opens(t, h.pub, h); err != nil {
		t.Fatal(err)
	}
	s, err := h.js().Stream(t.Context(), "C360_INLET")
	if err != nil {
		t.Fatal(err)
	}
	if c := s.CachedInfo().Config; c.Retention != jetstream.LimitsPolicy || c.MaxAge != 7*24*time.Hour || c.Storage != jetstream.FileStorage {
		t.Errorf("made %+v", c)
	}
	if err := opens(t, h.pub, h); err != nil {
		t.Errorf("the second process: %v", err)
	}
}

// serve runs a server that is not as c360 needs it.
func serve(t *testing.T, o server.Options) string {
	t.Helper()
	o.Host, o.Port, o.NoSigs, o.NoLog, o.StoreDir = "127.0.0.1", -1, true, true, t.TempDir()
	s, err := server.NewServer(&o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server did not start")
	}
	return "127.0.0.1:" + strconv.Itoa(s.Addr().(*net.TCPAddr).Port)
}

func TestANATSThatDoesNotPlayAlong(t *testing.T) {
	t.Parallel()
	denied := &server.Permissions{Publish: &server.SubjectPermission{Deny: []string{"$JS.API.>"}}}
	for name, c := range map[string]struct {
		options server.Options
		user    string
		want    []string
	}{
		"no JetStream":  {server.Options{}, "", []string{"switch JetStream on"}},
		"no permission": {server.Options{JetStream: true, Users: []*server.User{{Username: "u", Password: "pw", Permissions: denied}}}, "u:pw@", []string{"$JS.API.>", "Permissions Violation"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := nats.Connect("nats://" + c.user + serve(t, c.options))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(conn.Close)
			err = opens(t, conn, newHouse(t))
			says(t, err, append(c.want, "C360_INLET")...)
			if strings.Contains(err.Error(), "pw") {
				t.Errorf("%q shows the password", err)
			}
		})
	}
}

func TestOpenNeedsItsParts(t *testing.T) {
	t.Parallel()
	if _, err := inlet.Open(context.Background(), inlet.Options{}); err == nil {
		t.Error("an inlet without parts")
	}
}
