package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/c360hq/c360/events/natslog/natstest"
)

// documented is a line of the table of deploy/METRICS.md.
type documented struct {
	kind string
	// labels are the values that each label may have; none means that the set is elsewhere.
	labels map[string][]string
}

// metricsTable reads the table that operators read.
func metricsTable(t *testing.T) map[string]documented {
	t.Helper()
	text, err := os.ReadFile("../../deploy/METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]documented{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(c360_[a-z_]+)` \\| (\\w+) \\| ([^|]*) \\|").FindAllStringSubmatch(string(text), -1) {
		d := documented{kind: m[2], labels: map[string][]string{}}
		for label := range strings.FieldsSeq(strings.ReplaceAll(m[3], "`", "")) {
			name, values, _ := strings.Cut(label, "=")
			d.labels[name] = strings.FieldsFunc(values, func(r rune) bool { return r == ',' })
		}
		table[m[1]] = d
	}
	return table
}

// startApp runs a whole c360 in this process until the test ends.
func startApp(t *testing.T, c *config, getenv func(string) string) *app {
	t.Helper()
	a, end := runApp(t, c, getenv)
	t.Cleanup(end)
	return a
}

// runApp runs a whole c360 in this process until end is called.
func runApp(t *testing.T, c *config, getenv func(string) string) (a *app, end func()) {
	t.Helper()
	c.listen, c.region = "127.0.0.1:0", "KR"
	if c.data == "" {
		c.data = t.TempDir()
	}
	a, err := openApp(t.Context(), c, env{stdout: io.Discard, stderr: io.Discard, getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.run(ctx) }()
	return a, func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// ask sends a request whose answer does not matter.
func ask(t *testing.T, method, url, key, body string) {
	t.Helper()
	r, err := http.NewRequest(method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(key, "")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
}

// strange asks for what could become a label if a label came from outside.
func strange(t *testing.T, base string) {
	t.Helper()
	event := `{"type":"track","event":"E","userId":"u1","messageId":"m1"}`
	for _, path := range []string{"/v1/track", "/v1/batch", "/v1/events", "/v1/import?format=ndjson", "/v1/x" + event, "/v1/tra%00ck"} {
		for _, key := range []string{"KEY", "NOKEY", event} {
			ask(t, http.MethodPost, base+strings.ReplaceAll(path, `"`, "%22"), key, event)
			ask(t, http.MethodPost, base+"/v1/track", key, `{"broken`)
		}
	}
	for _, path := range []string{"/v1/customers/nobody", "/v1/customers?q=kim", "/v1/nothing", "/v1/segments/none", "/v1/parked?x=y", "/v1/generations/77"} {
		for _, method := range []string{http.MethodGet, http.MethodDelete, "BREW", http.MethodPut} {
			ask(t, method, base+path, "KEY", "")
		}
	}
}

// TestMetricsAreThoseOfTheTable: a running c360 shows what the table says and nothing else, and no label holds anything
// that came from outside.
func TestMetricsAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	a := startApp(t, &config{log: server.URL("C360"), nats: server.URL(""), sources: "web:KEY:claimed"}, runtimeOff)
	strange(t, a.url())
	routes := []string{"unknown"}
	for _, calls := range a.query.Document().Paths {
		for _, call := range calls {
			routes = append(routes, call.OperationID)
		}
	}
	table := metricsTable(t)
	families, err := a.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, f := range families {
		name := f.GetName()
		if !strings.HasPrefix(name, "c360_") {
			continue
		}
		shown[name] = true
		d, ok := table[name]
		if !ok || d.kind != strings.ToLower(f.GetType().String()) {
			t.Errorf("%s (%s) is not so in deploy/METRICS.md", name, f.GetType())
			continue
		}
		for _, m := range f.GetMetric() {
			if len(m.GetLabel()) != len(d.labels) {
				t.Errorf("%s has the labels %v", name, m.GetLabel())
			}
			for _, l := range m.GetLabel() {
				may, ok := d.labels[l.GetName()]
				switch {
				case l.GetName() == "route":
					may = routes
				case l.GetName() == "version":
					may = []string{version}
				case l.GetName() == "status" && len(may) == 0:
					may = []string{"400", "403", "404", "405", "409", "412", "413", "415", "422", "429", "500", "503"}
				}
				if !ok || !slices.Contains(may, l.GetValue()) {
					t.Errorf("%s has the label %s=%q", name, l.GetName(), l.GetValue())
				}
			}
		}
	}
	for name := range table {
		if !shown[name] {
			t.Errorf("deploy/METRICS.md has %s, a running c360 does not", name)
		}
	}
}
