package main

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/c360hq/c360/"

// law says what the packages of a room may import of this module and of the outside. A package is judged by the
// first law whose room it lies in.
type law struct {
	room string
	// may lists the prefixes inside the module that the room may import.
	may []string
	// never lists packages of the outside it must not touch.
	never []string
}

var pure = []string{
	"net/http", "net", "math/rand", "math/rand/v2", "os", "database/sql",
	"zombiezen.com/go/sqlite", "github.com/cockroachdb/pebble",
}

// drivers of engines, and of collectors: rooms and services make spans with the API alone, and only cmd says where they go.
var drivers = []string{
	"zombiezen.com/go/sqlite", "github.com/cockroachdb/pebble", "github.com/nats-io", "github.com/jackc/pgx",
	"go.opentelemetry.io/otel/sdk", "go.opentelemetry.io/otel/exporters",
}

// withoutNATS are the drivers that the ways over NATS, which are drivers themselves, must not touch.
var withoutNATS = []string{"zombiezen.com/go/sqlite", "github.com/cockroachdb/pebble", "github.com/jackc/pgx"}

var laws = []law{
	{room: "events/pebblelog", may: []string{"events"}},
	{room: "events/latchfs"}, // a Pebble file system, for the logs that stand on Pebble
	{room: "events/logindex", may: []string{"events"}},
	{room: "events/natslog", may: []string{"events", "events/logindex"}},
	{room: "events/esdblog", may: []string{"events", "events/logindex"}},
	{room: "events/memlog", may: []string{"events"}, never: drivers},
	{room: "events/logtest", may: []string{"events"}, never: drivers},
	{room: "events/logcopy", may: []string{"events"}, never: append([]string{"os"}, drivers...)},
	{room: "events", never: append([]string{"net/http"}, drivers...)},
	{room: "projections/sqlitestore", may: []string{"events", "projections"}},
	{room: "projections/pgstore", may: []string{"events", "projections"}, never: []string{"zombiezen.com/go/sqlite", "github.com/cockroachdb/pebble", "github.com/nats-io"}},
	{room: "projections/natshints", may: []string{"events", "projections"}, never: append([]string{"github.com/nats-io/nats-server"}, withoutNATS...)},
	{room: "projections/memstore", may: []string{"events", "projections"}, never: drivers},
	{room: "projections/storetest", may: []string{"events", "projections"}, never: drivers},
	{room: "projections/roomtest", may: []string{"events", "projections"}, never: drivers},
	{room: "projections/identity", may: []string{"events", "projections"}, never: pure},
	{room: "projections/profile", may: []string{"events", "projections"}, never: pure},
	{room: "projections/timeline", may: []string{"events", "projections"}, never: pure},
	{room: "projections/history", may: []string{"events", "projections"}, never: pure},
	{room: "projections/standing", may: []string{"events", "projections"}, never: pure},
	{room: "projections/segment", may: []string{"events", "projections"}, never: pure},
	{room: "projections/churn", may: []string{"events", "projections"}, never: pure},
	{room: "projections/value", may: []string{"events", "projections"}, never: pure},
	{room: "projections/affinity", may: []string{"events", "projections"}, never: pure},
	{room: "projections/analytics", may: []string{"events", "projections"}, never: pure},
	{room: "projections", may: []string{"events"}, never: append([]string{"net/http"}, drivers...)},
	{room: "services/clock", may: []string{"events", "projections"}, never: drivers},
	{room: "services/auth", may: []string{"events", "services/web"}, never: drivers},
	{room: "services/web", never: drivers},
	{room: "services/ingest/inlet", may: []string{"events", "services/ingest", "services/auth", "services/web"}, never: append([]string{"github.com/nats-io/nats-server"}, withoutNATS...)},
	{room: "services/ingest", may: []string{"events", "services/auth", "services/web"}, never: drivers},
	{room: "services/query", may: []string{"events", "projections", "services/auth", "services/web"}, never: drivers},
	{room: "services/replay/sqlitefile", may: []string{"services/replay"}, never: []string{"github.com/cockroachdb/pebble"}},
	{room: "services/replay/pgschema", may: []string{"services/replay"}, never: []string{"github.com/cockroachdb/pebble", "zombiezen.com/go/sqlite"}},
	{room: "services/replay", may: []string{"events", "projections", "services/auth", "services/web"}, never: drivers},
	{room: "services/console", may: []string{"services/web"}, never: drivers},
	{room: "deploy", never: drivers}, // tests only
	{room: "cmd", may: []string{"events", "projections", "services", "cmd"}},
}

// readModels may import the engine but no other room. What all rules and models read, projections/history, and what they
// are made of, projections/standing, are not among them.
var readModels = []string{
	"projections/identity", "projections/profile", "projections/timeline", "projections/segment", "projections/churn",
	"projections/affinity", "projections/analytics",
}

func TestLaws(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "../../...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		pkg := strings.TrimPrefix(fields[0], module)
		l, ok := lawOf(pkg)
		if !ok {
			t.Errorf("%s: no law covers it; add one to the list above", pkg)
			continue
		}
		for _, imported := range fields[1:] {
			if problem := l.judge(pkg, imported); problem != "" {
				t.Errorf("%s imports %s: %s", pkg, imported, problem)
			}
		}
	}
}

func lawOf(pkg string) (law, bool) {
	for _, l := range laws {
		if under(pkg, l.room) {
			return l, true
		}
	}
	return law{}, false
}

func (l law) judge(pkg, imported string) string {
	inside, ok := strings.CutPrefix(imported, module)
	if !ok {
		for _, n := range l.never {
			if imported == n || strings.HasPrefix(imported, n+"/") {
				return "the law of " + l.room + " forbids it"
			}
		}
		return ""
	}
	if under(inside, l.room) {
		return driverOutsideCmd(pkg, inside)
	}
	for _, r := range readModels {
		if under(inside, r) && under(pkg, "projections") {
			return "a room may not lean on another room"
		}
	}
	for _, m := range l.may {
		if under(inside, m) {
			return driverOutsideCmd(pkg, inside)
		}
	}
	return "data flows one way: the law of " + l.room + " does not list it"
}

// driverOutsideCmd refuses drivers named anywhere but in cmd and tests.
func driverOutsideCmd(pkg, inside string) string {
	for _, d := range []string{
		"events/pebblelog", "events/natslog", "events/esdblog", "events/memlog",
		"projections/sqlitestore", "projections/pgstore", "projections/memstore", "projections/natshints",
	} {
		if under(inside, d) && !under(pkg, "cmd") && !under(pkg, d) {
			return "drivers are named only in cmd and tests"
		}
	}
	return ""
}

func under(pkg, room string) bool { return pkg == room || strings.HasPrefix(pkg, room+"/") }

func TestLawsBite(t *testing.T) {
	t.Parallel()
	wrong := [][2]string{
		{"events", module + "projections"},
		{"events", "net/http"},
		{"projections/profile", module + "projections/identity"},
		{"projections/profile", "math/rand"},
		{"projections", module + "services/query"},
		{"services/query", module + "services/ingest"},
		{"services/query", module + "projections/sqlitestore"},
		{"projections", module + "projections/memstore"},
		{"services/ingest", module + "events/pebblelog"},
		{"services/ingest", "github.com/cockroachdb/pebble/v2"},
		{"services/ingest", "github.com/nats-io/nats.go"},
		{"projections", "go.opentelemetry.io/otel/sdk/trace"},
	}
	for _, w := range wrong {
		l, ok := lawOf(w[0])
		if !ok || l.judge(w[0], w[1]) == "" {
			t.Errorf("the laws let %s import %s", w[0], w[1])
		}
	}
}
