package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

// outward are the ways out of a process, by package; an empty list is all of it.
var outward = map[string][]string{
	"net":          {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer"},
	"net/http":     {"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport", "NewRequest", "NewRequestWithContext"},
	"crypto/tls":   {"Dial", "DialWithDialer", "Dialer"},
	"net/smtp":     nil,
	"net/rpc":      nil,
	"os/exec":      nil,
	"log/syslog":   nil,
	module + "cmd": nil, module + "services/outreach": nil,
}

// silent are the rooms that fold, rebuild, look back and tell again.
var silent = []string{"../../events", "../../projections", "../../services/replay"}

// TestReplayHasNoWayOut: nothing that folds, rebuilds, looks back or tells history again can reach anybody, because no file of
// these rooms names anything that dials or sends. Drivers reach the engine they are opened on through its library. The servers
// that tests start (natstest, pgtest, esdbtest) are left out: they are no part of c360.
func TestReplayHasNoWayOut(t *testing.T) {
	t.Parallel()
	files := 0
	for _, room := range silent {
		err := filepath.WalkDir(room, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && slices.Contains([]string{"natstest", "pgtest", "esdbtest"}, d.Name()) {
				return fs.SkipDir
			}
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files++
			for _, way := range waysOut(t, path, nil) {
				t.Errorf("%s uses %s", path, way)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 50 {
		t.Errorf("looked at %d files only", files)
	}
	for _, source := range []string{
		"package x\nimport \"net\"\nvar _, _ = net.Dial(\"tcp\", \"x:1\")", "package x\nimport web \"net/http\"\nvar c web.Client",
		"package x\nimport \"net/smtp\"\nvar _ = smtp.SendMail", "package x\nimport _ \"" + module + "services/outreach/sms\"",
		"package x\nimport . \"net\"",
	} {
		if len(waysOut(t, "x.go", source)) == 0 {
			t.Errorf("this was let through: %s", source)
		}
	}
}

// waysOut lists what a file uses that leads out of the process.
func waysOut(t *testing.T, path string, source any) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	names := map[string][]string{} // what a file calls a package → what must not be used of it
	for _, i := range f.Imports {
		imported, _ := strconv.Unquote(i.Path.Value)
		for out, uses := range outward {
			switch {
			case imported == out && uses != nil && (i.Name == nil || i.Name.Name != "."):
				names[calledIn(i, imported)] = uses
			case imported == out || uses == nil && strings.HasPrefix(imported, out+"/"):
				all = append(all, imported)
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && slices.Contains(names[x.Name], s.Sel.Name) {
			all = append(all, x.Name+"."+s.Sel.Name)
		}
		return true
	})
	return all
}

func calledIn(i *ast.ImportSpec, imported string) string {
	if i.Name != nil {
		return i.Name.Name
	}
	return imported[strings.LastIndexByte(imported, '/')+1:]
}

// TestReplaySendsNothing replays, rebuilds and looks back at a log of orders, messages and coupons in processes whose way out
// over HTTP is a sink that counts. What it shows: of all that these commands do, no HTTP client of Go's that honours the
// proxy of its environment was used, as any webhook or SMS gateway would be; that nothing else dials is
// TestReplayHasNoWayOut. That the sink counts is shown by a command that does call out.
func TestReplaySendsNothing(t *testing.T) {
	t.Parallel()
	sink, count := countingSink(t)
	data := t.TempDir()
	fillLog(t, data, 600)
	for _, args := range [][]string{
		{"replay", "--json"},
		{"replay", "--speed", "1000x", "--customer", "user_id:u-1"},
		{"rebuild"},
		{"replay", "--known-at", "300", "--out", filepath.Join(t.TempDir(), "past.db")},
	} {
		if out, err := withSink(t, sink, append(args, "--data", data)...); err != nil {
			t.Fatalf("c360 %v: %v\n%s", args, err, out)
		}
		if n := count.Load(); n != 0 {
			t.Fatalf("c360 %v called out %d times", args, n)
		}
	}
	if out, err := withSink(t, sink, "parked", "list", "--url", "http://c360.example"); err == nil {
		t.Fatalf("the sink answered: %s", out)
	}
	if count.Load() == 0 {
		t.Error("the sink does not count")
	}
}

// countingSink counts who connects, and hangs up.
func countingSink(t *testing.T) (address string, count *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	count = &atomic.Int64{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			count.Add(1)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return "http://" + l.Addr().String(), count
}

// withSink runs c360 with the sink as its way out.
func withSink(t *testing.T, sink string, args ...string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "c360", args...)
	for _, line := range os.Environ() {
		if name, _, _ := strings.Cut(line, "="); !strings.HasSuffix(strings.ToUpper(name), "_PROXY") {
			cmd.Env = append(cmd.Env, line)
		}
	}
	cmd.Env = append(cmd.Env, "HTTP_PROXY="+sink, "HTTPS_PROXY="+sink)
	return cmd.CombinedOutput()
}

// fillLog appends events of the kind that people would be written to about.
func fillLog(t *testing.T, data string, n int) {
	t.Helper()
	c := config{data: data}
	log, err := pebblelog.Open(t.Context(), c.logOptions(silentLogger()))
	if err != nil {
		t.Fatal(err)
	}
	kinds := []string{"order.completed", "message.sent", "coupon.issued", "inquiry.opened", "cart.abandoned"}
	var all []events.Entry
	for i := range n {
		at := time.Date(2026, 5, 3, 0, 0, i, 0, time.UTC)
		all = append(all, events.Touchpoint(events.Event{
			ID: fmt.Sprint("e", i), Source: "shop", Type: kinds[i%len(kinds)], Time: at, Received: at, Channel: events.ChannelWeb,
			Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: fmt.Sprint("u-", i%7), Grade: events.Asserted}},
			Data:        fmt.Appendf(nil, `{"order_id":"R-%d","inquiry_id":"I-%d","message_id":"M-%d","total":1000}`, i, i, i),
		}))
	}
	if _, err := log.Append(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}
