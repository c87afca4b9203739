package esdblog_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

const password = "p%40ss-w0rd"

func accounts() map[string]esdbtest.Account {
	return map[string]esdbtest.Account{
		"admin": {Password: "p@ss-w0rd", ReadAll: true, Write: true}, "writer": {Password: "p@ss-w0rd", Write: true},
		"reader": {Password: "p@ss-w0rd", ReadAll: true},
	}
}

// TestOpenRefuses: whatever is wrong is said within seconds, with what to do, without the password, and nothing is made.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	plain := esdbtest.Start(t, esdbtest.Options{})
	secure := esdbtest.Start(t, esdbtest.Options{TLS: true, Accounts: accounts()})
	old := esdbtest.Start(t, esdbtest.Options{Version: "22.10.5"})
	ancient := esdbtest.Start(t, esdbtest.Options{Version: "none"})
	silent := esdbtest.Start(t, esdbtest.Options{})
	silent.Hang()
	ca := "?tls=true&tlsCAFile=" + secure.CAFile()
	for _, c := range []struct{ name, url, want string }{
		{"no scheme", "localhost:2113", "esdb://name:password@host"},
		{"no host", "esdb://", "host"},
		{"odd password", "esdb://admin:a/b" + password + "@" + secure.Addr(), "%2F"},
		{"unknown setting", "esdb://" + plain.Addr() + "?tls=false&retries=3", "retries"},
		{"the client's broken deadline", "esdb://" + plain.Addr() + "?tls=false&defaultDeadline=abc", "defaultDeadline"},
		{"a preference for followers", "esdb://" + plain.Addr() + "?tls=false&nodePreference=follower", "leader"},
		{"a password in the clear", "esdb://admin:" + password + "@" + plain.Addr() + "?tls=false", "tls=false"},
		{"system prefix", "esdb://" + plain.Addr() + "?tls=false&prefix=$x", "prefix"},
		{"a CA that is not there", "esdb://" + secure.Addr() + "?tls=true&tlsCAFile=/nowhere.pem", "nowhere"},
		{"nobody listens", "esdb://" + freePort(t) + "?tls=false", "does not answer"},
		{"no such name", "esdb://no-such-host.invalid:2113?tls=false", "does not answer"},
		{"somebody silent", "esdb://" + silent.Addr() + "?tls=false&gossipTimeout=1", "does not answer"},
		{"TLS to a server without", "esdb://" + plain.Addr() + "?tls=true", "tls=true"},
		{"no TLS to a server with", "esdb://" + secure.Addr() + "?tls=false", "tls=false"},
		{"a CA nobody trusts", "esdb://admin:" + password + "@" + secure.Addr() + "?tls=true", "tlsCAFile"},
		{"wrong password", "esdb://admin:wrong-" + password + "@" + secure.Addr() + ca, `refuses the name or password of "admin"`},
		{"no account", "esdb://" + secure.Addr() + ca, "without name and password"},
		{"may not read $all", "esdb://writer:" + password + "@" + secure.Addr() + ca, "$admins"},
		{"may not append", "esdb://reader:" + password + "@" + secure.Addr() + ca, "$admins"},
		{"too old", "esdb://" + old.Addr() + "?tls=false", "22.10.5"},
		{"much too old", "esdb://" + ancient.Addr() + "?tls=false", "too old"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "index")
			began := time.Now()
			l, err := esdblog.Open(t.Context(), esdblog.Options{URL: c.url, Dir: dir, Now: time.Now, Timeout: 5 * time.Second})
			if err == nil {
				_ = l.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error does not say %q: %v", c.want, err)
			}
			if strings.Contains(err.Error(), "w0rd") {
				t.Errorf("the error tells the password: %v", err)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %v to say so", took)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s was made", dir)
			}
		})
	}
	t.Cleanup(func() {
		for _, node := range []*esdbtest.Node{plain, secure, old, ancient, silent} {
			if n := len(node.Streams()); n != 0 {
				t.Errorf("%d streams were made on %s", n, node.Addr())
			}
		}
	})
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func TestOpenSecure(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{TLS: true, Accounts: accounts(), Version: "25.1.0"})
	url := "kurrentdb://admin:" + password + "@" + node.Addr() + "?tls=true&tlsCAFile=" + node.CAFile()
	l := open(t, esdblog.Options{URL: url, Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now})
	fill(t, l, 0, 10)
}

// TestOpenMayNotAppend: an account that lost the right to append is found out when a log that exists is opened.
func TestOpenMayNotAppend(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{TLS: true, Accounts: accounts()})
	at := "@" + node.Addr() + "?tls=true&tlsCAFile=" + node.CAFile()
	l := open(t, esdblog.Options{URL: "esdb://admin:" + password + at, Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now})
	fill(t, l, 0, 1)
	_, err := esdblog.Open(t.Context(), esdblog.Options{URL: "esdb://reader:" + password + at, Dir: filepath.Join(t.TempDir(), "index"), Now: time.Now})
	if err == nil || !strings.Contains(err.Error(), "append") {
		t.Errorf("an account without the right: %v", err)
	}
}

func TestOpenNeeds(t *testing.T) {
	t.Parallel()
	if _, err := esdblog.Open(context.Background(), esdblog.Options{URL: "esdb://h"}); err == nil {
		t.Error("opened without Dir and Now")
	}
}

// fill appends n events to ten streams.
func fill(t *testing.T, l events.Log, from, n int) []events.Result {
	t.Helper()
	results, err := l.Append(t.Context(), entries(from, n)...)
	if err != nil {
		t.Fatalf("Append: %v", err)
	}
	return results
}
