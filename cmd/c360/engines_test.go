package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/c360hq/c360/events/esdblog/esdbtest"
	"github.com/c360hq/c360/events/natslog/natstest"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
)

// TestVerbsOnEngines runs the verbs that open a data folder on every pair of engines that shares something.
func TestVerbsOnEngines(t *testing.T) {
	t.Parallel()
	server, postgres := natstest.Start(t), pgtest.Start(t)
	for i, pair := range [][2]string{{"pebble", "postgres"}, {"nats", "sqlite"}, {"nats", "postgres"}, {"esdb", "sqlite"}, {"esdb", "postgres"}} {
		t.Run(strings.Join(pair[:], "+"), func(t *testing.T) {
			t.Parallel()
			urls := map[string]string{"pebble": "pebble:", "sqlite": "sqlite:"}
			switch pair[0] {
			case "nats":
				urls["nats"] = server.URL(fmt.Sprintf("VERBS%d", i))
			case "esdb":
				urls["esdb"] = esdbtest.Start(t, esdbtest.Options{}).URL("")
			}
			if pair[1] == "postgres" {
				urls["postgres"] = postgres.NewDatabase(t)
			}
			testscript.Run(t, testscript.Params{
				Dir: "testdata/engines",
				Setup: func(e *testscript.Env) error {
					e.Setenv("C360_LOG", urls[pair[0]])
					store := urls[pair[1]]
					if pair[1] == "sqlite" {
						store += e.WorkDir + "/views"
					}
					e.Setenv("C360_STORE", store)
					return freeAddress(e)
				},
				Cmds: map[string]func(*testscript.TestScript, bool, []string){"ready": ready, "settled": settled},
				Condition: func(name string) (bool, error) {
					if name != "shared" {
						return false, errors.New("what is " + name)
					}
					return pair[0] != "pebble", nil
				},
			})
		})
	}
}

// freeAddress gives a script an address that was free a moment ago.
func freeAddress(e *testscript.Env) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	e.Setenv("ADDR", l.Addr().String())
	return l.Close()
}

func TestRedact(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{
		"nats://me:SECRET@a:4222/C360?replicas=3", "nats://me:SECRET@a:4222,b:4222/C360", "nats://SECRET@a:4222", "tls://a:4222?password=SECRET",
		"postgres://me:SECRET@h/db", "postgres://h/db?user=me&password=SECRET", "postgres://me:SEC%zzRET@h/db", "esdb://admin:SECRET@h:2113?tls=true",
		"host=h user=me password=SECRET",
	} {
		if got := redact(secret); strings.Contains(got, "SEC") {
			t.Errorf("%s is printed as %s", secret, got)
		}
	}
	if got := redact("nats://me:SECRET@a:4222/C360?replicas=3"); got != "nats://me@a:4222/C360?replicas=3" {
		t.Errorf("too much is gone: %s", got)
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "[ingest project query console]", "query, console": "[query console]", "project": "[project]", "console,ingest,ingest": "[ingest console]",
	} {
		r, err := parseRoles(text)
		if got := fmt.Sprint(r.names()); err != nil || got != want {
			t.Errorf("%q is %s, %v; want %s", text, got, err, want)
		}
	}
	for text, fits := range map[string]bool{"": true, "ingest,project,query": true, "ingest": false, "project,query": false, "console": true} {
		r, err := parseRoles(text)
		if err != nil || (r.fits(enginePebble) == nil) != fits || r.fits(engineNATS) != nil {
			t.Errorf("roles %q: %v", text, err)
		}
	}
}

func TestWhoMayListenWhere(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		roles, listen string
		open, fine    bool
	}{
		{"", "127.0.0.1:1", false, true},
		{"", "0.0.0.0:1", false, false},
		{"", "0.0.0.0:1", true, true},
		{"query", ":1", false, false},
		{"ingest", ":1", false, true},
		{"console", "0.0.0.0:1", false, true},
		{"project", "[::]:1", false, true},
		{"", "nowhere", true, false},
	} {
		c := config{roles: x.roles, listen: x.listen, openReads: x.open, log: "nats://127.0.0.1:1"}
		if err := c.check(); (err == nil) != x.fine {
			t.Errorf("%+v: %v", x, err)
		}
	}
}
