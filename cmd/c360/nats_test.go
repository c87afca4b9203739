package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/c360hq/c360/events/natslog/natstest"
	"github.com/c360hq/c360/projections/natshints"
)

// TestATouchpointOverNATS is in the log and on the customer's page.
func TestATouchpointOverNATS(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	a := startApp(t, &config{nats: s.URL(""), sources: "pos:KEY:asserted:channel=store"}, runtimeOff)
	conn, err := nats.Connect(s.URL(""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	event := `{"specversion":"1.0","id":"R-1042","source":"pos/store-12","type":"order.completed","userid":"hong","data":{"order_id":"R-1042","total":31000,"currency":"KRW"}}`
	if err := conn.Publish("c360.touchpoints.pos", []byte(event)); err != nil {
		t.Fatal(err)
	}
	if err := a.house.generations.Live().Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	all, err := a.house.log.Read(t.Context(), 0, 10)
	if err != nil || len(all) != 1 || all[0].Source != "pos/store-12" || all[0].ID != "R-1042" {
		t.Fatalf("%+v %v", all, err)
	}
	p := &process{tb: t, base: a.url()}
	var page struct{ Customers []struct{ ID string } }
	p.get("/v1/customers?identifier=user_id:hong", &page)
	if len(page.Customers) != 1 {
		t.Errorf("found %+v", page)
	}
}

// TestNewsCrossProcesses: a browser that looks at a process which only reads sees what others take in and fold, as it
// happens; and what goes over NATS for it names nobody.
func TestNewsCrossProcesses(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	views := "sqlite:" + t.TempDir()
	writer := startApp(t, &config{log: s.URL("NEWS"), store: views, roles: "ingest,project", sources: "pos:KEY:asserted"}, runtimeOff)
	reader := startApp(t, &config{log: s.URL("NEWS"), store: views, roles: "query"}, runtimeOff)
	conn, err := nats.Connect(s.URL(""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	told, err := conn.SubscribeSync(natshints.Subject)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, reader.url()+"/v1/stream?topics=timeline", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Scan() // the greeting: the stream stands
	ask(t, http.MethodPost, writer.url()+"/v1/track", "KEY", `{"type":"track","event":"Seen","userId":"hong","messageId":"m1"}`)
	for !strings.Contains(lines.Text(), `"m1"`) {
		if !lines.Scan() {
			t.Fatalf("the stream ended without the touchpoint: %v", lines.Err())
		}
	}
	hint, err := told.NextMsg(10 * time.Second)
	if err != nil || !regexp.MustCompile(`^\{"generation":"[^"]+","position":1\}$`).Match(hint.Data) {
		t.Errorf("%s %v", hint.Data, err)
	}
}

// TestABadNATS is refused within seconds, with what to do, without the password, and nothing is left behind.
func TestABadNATS(t *testing.T) {
	t.Parallel()
	plain := natstest.Start(t, func(o *server.Options) { o.JetStream = false })
	locked := natstest.Start(t, func(o *server.Options) { o.Username, o.Password = "u", "right" })
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody.Close()
	for name, c := range map[string]struct{ url, want string }{
		"no URL":         {"what", "nats://"},
		"nobody there":   {"nats://u:s3cret@" + nobody.Addr().String(), "cannot be reached"},
		"wrong password": {locked.URLAs("u", "s3cret", ""), "password"},
		"no JetStream":   {plain.URL(""), "switch JetStream on"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := &lockedBuffer{}
			began := time.Now()
			code := run(t.Context(), env{stdout: io.Discard, stderr: said, getenv: runtimeOff},
				[]string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--sources", "web:KEY:claimed", "--nats", c.url})
			if code == exitOK || !strings.Contains(said.String(), c.want) || strings.Contains(said.String(), "s3cret") {
				t.Errorf("exit %d: %s", code, said)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}
