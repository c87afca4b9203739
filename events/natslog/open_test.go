package natslog_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logindex"
	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/natslog/natstest"
)

const secret = "s3cret-pass"

// refuses checks that Open says all words within seconds, does not say the password, and leaves no directory behind.
func refuses(t *testing.T, url string, words ...string) {
	t.Helper()
	begin := time.Now()
	dir := filepath.Join(t.TempDir(), "log")
	l, err := natslog.Open(t.Context(), natslog.Options{URL: url, Dir: dir, Now: time.Now})
	if err == nil {
		_ = l.Close()
		t.Errorf("%s was opened, want an error that says %q", url, words)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error %q does not say %q", err, word)
		}
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the error %q says the password", err)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a directory was left behind (%v)", err)
	}
}

func TestBadURL(t *testing.T) {
	t.Parallel()
	for url, word := range map[string]string{
		"":                                        "must begin with nats://",
		"localhost:4222":                          "must begin with nats://",
		"http://localhost/C360":                   "must begin with nats://",
		"nats://":                                 "not host or host:port",
		"nats://localhost:port/C360":              "not host or host:port",
		"nats://a,,b/C360":                        "not host or host:port",
		"nats://localhost/a.b":                    "letters, digits",
		"nats://localhost/a/b":                    "letters, digits",
		"nats://localhost/C360?replicas=0":        "1 to 5",
		"nats://localhost/C360?replicas=two":      "1 to 5",
		"nats://localhost/C360?sync=often":        `"sync"`,
		"nats://localhost/C360?retention=1d":      `"retention"`,
		"nats://localhost/C360?%zz":               "name=value",
		"nats://u:" + secret + "%@localhost/C360": "%XX",
	} {
		refuses(t, url, word)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	refuses(t, "nats://u:"+secret+"@"+address+"/C360?sync=always", address, "cannot be reached")
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, func(o *server.Options) { o.Username, o.Password = "shop", "right" })
	refuses(t, s.URLAs("shop", secret, "C360"), "password")
	refuses(t, s.URL("C360"), "password")
	open(t, options(t, s.URLAs("shop", "right", "C360")))
}

func TestJetStreamIsOff(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, func(o *server.Options) { o.JetStream = false })
	refuses(t, s.URL("C360"), "JetStream is off")
}

func TestSmallMessagesOnly(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, func(o *server.Options) { o.MaxPayload = 512 << 10 })
	refuses(t, s.URL("C360"), "max_payload")
}

// TestOneReplicaNeedsSync: one replica is taken only if the URL says that the server syncs always.
func TestOneReplicaNeedsSync(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	url := strings.TrimSuffix(s.URL("SYNC"), "?sync=always")
	refuses(t, url, "sync_interval: always", "sync=always")
	refuses(t, url+"?replicas=1", "sync=always")
	closeLog(t, open(t, options(t, url+"?sync=always")))
	refuses(t, url, "sync=always") // the stream is there now
}

func TestReplicasWithoutACluster(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	refuses(t, s.URL("C360")+"&replicas=3", "3 replicas")
	closeLog(t, open(t, options(t, s.URL("C360"))))
	refuses(t, s.URL("C360")+"&replicas=3", "it has 1 replicas, and the URL says 3")
}

// TestMissingPermission takes one right after the other from an account.
func TestMissingPermission(t *testing.T) {
	t.Parallel()
	publish := []string{
		"c360.log.C360", "c360.tail.C360", "$JS.API.INFO", "$JS.API.STREAM.INFO.C360", "$JS.API.STREAM.CREATE.C360",
		"$JS.API.STREAM.MSG.GET.C360", "$JS.API.DIRECT.GET.C360",
	}
	allow := func(subjects []string) func(o *server.Options) {
		return func(o *server.Options) {
			o.Users = []*server.User{{Username: "shop", Password: "right", Permissions: &server.Permissions{
				Publish:   &server.SubjectPermission{Allow: subjects},
				Subscribe: &server.SubjectPermission{Allow: []string{"c360.tail.C360", "_INBOX.>"}},
			}}, {Username: "boss", Password: "right"}}
		}
	}
	all := natstest.Start(t, allow(publish))
	l := open(t, options(t, all.URLAs("shop", "right", "C360")))
	fill(t, l, 0, 100, 10)
	verify(t, l)
	for i, subject := range publish {
		if subject == "c360.tail.C360" { // without it others hear of an append a second later
			continue
		}
		t.Run(subject, func(t *testing.T) {
			t.Parallel()
			less := append(append([]string{"x"}, publish[:i]...), publish[i+1:]...)
			s := natstest.Start(t, allow(less))
			refuses(t, s.URLAs("shop", "right", "C360"), "may not do that", subject)
			wantNoStream(t, s.URLAs("boss", "right", "C360"), "C360")
		})
	}
}

// TestUnsuitableStreams makes streams that could lose events, or belong to somebody else.
func TestUnsuitableStreams(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	js := jetStream(t, s.URL("X"))
	good := jetstream.StreamConfig{
		Subjects: []string{"c360.log.X"}, Discard: jetstream.DiscardNew, DenyDelete: true, DenyPurge: true, AllowDirect: true,
	}
	for word, change := range map[string]func(*jetstream.StreamConfig){
		"":                  func(*jetstream.StreamConfig) {},
		"retention":         func(c *jetstream.StreamConfig) { c.Retention = jetstream.WorkQueuePolicy },
		"discard":           func(c *jetstream.StreamConfig) { c.Discard = jetstream.DiscardOld },
		"storage":           func(c *jetstream.StreamConfig) { c.Storage = jetstream.MemoryStorage },
		"max_age":           func(c *jetstream.StreamConfig) { c.MaxAge = time.Hour },
		"max_msgs":          func(c *jetstream.StreamConfig) { c.MaxMsgs = 1000 },
		"max_bytes":         func(c *jetstream.StreamConfig) { c.MaxBytes = 1 << 20 },
		"max_msg_size":      func(c *jetstream.StreamConfig) { c.MaxMsgSize = 1000 },
		"other subjects":    func(c *jetstream.StreamConfig) { c.Subjects = []string{"c360.log.X", "orders"} },
		"deny_delete":       func(c *jetstream.StreamConfig) { c.DenyDelete = false },
		"deny_purge":        func(c *jetstream.StreamConfig) { c.DenyPurge = false },
		"allow_direct":      func(c *jetstream.StreamConfig) { c.AllowDirect = false },
		"no_ack":            func(c *jetstream.StreamConfig) { c.NoAck = true },
		"allow_rollup_hdrs": func(c *jetstream.StreamConfig) { c.AllowRollup, c.DenyPurge = true, false },
		"first messages":    func(c *jetstream.StreamConfig) { c.FirstSeq = 10 },
		"transforms": func(c *jetstream.StreamConfig) {
			c.SubjectTransform = &jetstream.SubjectTransformConfig{Source: "c360.log.X", Destination: "y"}
		},
	} {
		config := good
		config.Name = "X"
		change(&config)
		if _, err := js.CreateStream(t.Context(), config); err != nil {
			t.Fatalf("%s: %v", word, err)
		}
		if word == "" {
			closeLog(t, open(t, options(t, s.URL("X"))))
		} else {
			refuses(t, s.URL("X"), "cannot be used", word)
		}
		if err := js.DeleteStream(t.Context(), "X"); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRefusedLeavesNothingRunning counts goroutines after refusals of several kinds.
//
//nolint:paralleltest // it counts goroutines
func TestRefusedLeavesNothingRunning(t *testing.T) {
	s := natstest.Start(t)
	o := options(t, s.URL("A"))
	closeLog(t, open(t, o))
	before := goleak.IgnoreCurrent()
	for _, url := range []string{s.URL("B"), "nats://127.0.0.1:1/A", s.URL("A") + "&replicas=3"} {
		if l, err := natslog.Open(t.Context(), natslog.Options{URL: url, Dir: o.Dir, Now: time.Now}); err == nil {
			closeLog(t, l)
			t.Errorf("%s was opened", url)
		}
	}
	goleak.VerifyNone(t, before)
}

func TestIndexOfAnotherStream(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	o := options(t, s.URL("A"))
	closeLog(t, open(t, o))
	o.URL = s.URL("B")
	for _, there := range []bool{false, true} {
		if there {
			closeLog(t, open(t, options(t, o.URL)))
		}
		if _, err := natslog.Open(t.Context(), o); !errors.Is(err, logindex.ErrForeign) || !strings.Contains(err.Error(), o.Dir) {
			t.Errorf("Open with the index of another stream (which is there: %v): %v", there, err)
		}
		if !there {
			wantNoStream(t, o.URL, "B")
		}
	}
}

func TestIndexInUse(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	o := options(t, s.URL("A"))
	open(t, o)
	if _, err := natslog.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second Open with the same directory: %v", err)
	}
}

// TestServerIsFull fills a server that may store little: ErrFull, reads go on, and appends, when there is room again.
func TestServerIsFull(t *testing.T) {
	t.Parallel()
	room := int64(200 << 10)
	s := natstest.Start(t, func(o *server.Options) { o.JetStreamMaxStore = room })
	l := open(t, options(t, s.URL("FULL")))
	j, err := newJournal(), error(nil)
	for i := 0; err == nil; i++ {
		if i == 10_000 {
			t.Fatal("the server takes more than it may")
		}
		entries := touches(i*100, 100)
		results, aerr := l.Append(t.Context(), entries...)
		if err = aerr; err == nil {
			j.note(t, entries, results)
		}
	}
	if !errors.Is(err, events.ErrFull) {
		t.Fatalf("a full server gives %v, want ErrFull", err)
	}
	j.check(t, l)
	s.Change(func(o *server.Options) { o.JetStreamMaxStore = 10 * room })
	for i := 0; ; i++ {
		_, err := l.Append(t.Context(), touches(10_000_000, 100)...)
		if err == nil {
			break
		}
		if !errors.Is(err, events.ErrFull) || i == 100_000 {
			t.Fatalf("with room again: %v", err)
		}
	}
	j.check(t, l)
}
