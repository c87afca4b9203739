package deploy_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/c360hq/c360/events/natslog/natstest"
)

// outside are metrics of Prometheus itself, of the machine and of Kubernetes.
var outside = []string{"up", "ALERTS", "node_filesystem_avail_bytes", "node_filesystem_size_bytes", "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"}

var (
	sample   = regexp.MustCompile(`(?m)^([a-z][a-z0-9_]*)(\{[^}]*\})? `)
	named    = regexp.MustCompile(`\b(up|ALERTS|[a-z][a-z0-9]*_[a-z0-9_]+)\b(\s*\{[^}]*\})?`)
	quoted   = regexp.MustCompile(`"[^"]*"`)
	grouping = regexp.MustCompile(`\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)`)
	label    = regexp.MustCompile(`([a-z_]+)\s*=~?\s*"([^"]*)"`)
)

// scrape is what a running c360 shows: metrics, the labels of each, and the names of its routes.
type scrape struct {
	labels map[string]map[string]bool
	routes map[string]bool
	asked  int // how many names were looked for
}

// scraped starts c360 beside a NATS server, where it shows most, has it answer and refuse, and reads its metrics.
func scraped(t *testing.T) *scrape {
	t.Helper()
	n := natstest.Start(t)
	s := serve(t, "C360_SOURCES=web:KEY:claimed", "C360_NATS="+n.URL(""), "C360_LOG="+n.URL("C360"))
	fetch(t, s.base+"/v1/customers/nobody")
	all := &scrape{labels: map[string]map[string]bool{}, routes: routeIDs(t, s.base)}
	for _, m := range sample.FindAllStringSubmatch(fetch(t, s.base+"/metrics"), -1) {
		if all.labels[m[1]] == nil {
			all.labels[m[1]] = map[string]bool{"job": true, "instance": true}
		}
		for _, l := range label.FindAllStringSubmatch(m[2], -1) {
			all.labels[m[1]][l[1]] = true
		}
	}
	if len(all.labels) < 30 || all.labels["c360_projection_position"] == nil {
		t.Fatalf("c360 shows %d metrics? that cannot be all", len(all.labels))
	}
	return all
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func routeIDs(t *testing.T, base string) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, calls := range document(t, base).Paths {
		for _, call := range calls {
			ids[call.ID] = true
		}
	}
	return ids
}

// api is the document of the API, as far as it is needed here.
type api struct {
	Paths map[string]map[string]struct {
		ID   string `json:"operationId"`
		Tags []string
	}
}

func document(t *testing.T, base string) *api {
	t.Helper()
	d := &api{}
	if err := json.Unmarshal([]byte(fetch(t, base+"/openapi.json")), d); err != nil {
		t.Fatal(err)
	}
	return d
}

// check says what an expression asks for that c360 does not show.
func (s *scrape) check(t *testing.T, where, expr string) {
	t.Helper()
	for _, l := range label.FindAllStringSubmatch(expr, -1) {
		if l[1] == "route" {
			for route := range strings.SplitSeq(l[2], "|") {
				if !s.routes[route] {
					t.Errorf("%s: c360 has no route %q", where, route)
				}
			}
		}
	}
	for _, m := range named.FindAllStringSubmatch(grouping.ReplaceAllString(quotedLabels(expr), ""), -1) {
		name := m[1]
		if slices.Contains(outside, name) || function(name) {
			continue
		}
		s.asked++
		has, ok := s.labels[name]
		if !ok {
			t.Errorf("%s: c360 shows no %s", where, name)
			continue
		}
		for _, l := range label.FindAllStringSubmatch(m[2], -1) {
			if !has[l[1]] {
				t.Errorf("%s: %s has no label %s", where, name, l[1])
			}
		}
	}
}

// quotedLabels empties the values of labels, which may hold anything.
func quotedLabels(expr string) string { return quoted.ReplaceAllString(expr, `""`) }

func function(name string) bool {
	return slices.Contains([]string{"histogram_quantile", "label_values"}, name)
}

type rules struct {
	Groups []struct {
		Rules []struct {
			Alert, Expr, For    string
			Labels, Annotations map[string]string
		}
	}
}

// TestAlerts: each alert asks for metrics that a running c360 shows, says how bad it is and what to do.
func TestAlerts(t *testing.T) {
	t.Parallel()
	var r rules
	if err := yaml.Unmarshal([]byte(read(t, "alerts.yml")), &r); err != nil {
		t.Fatal(err)
	}
	s, n := scraped(t), 0
	for _, g := range r.Groups {
		for _, rule := range g.Rules {
			n++
			s.check(t, rule.Alert, rule.Expr)
			if !slices.Contains([]string{"page", "ticket"}, rule.Labels["severity"]) {
				t.Errorf("%s: severity %q", rule.Alert, rule.Labels["severity"])
			}
			if rule.Annotations["summary"] == "" || !regexp.MustCompile(`c360 [a-z]+ |journalctl|curl|df |iostat`).MatchString(rule.Annotations["runbook"]) {
				t.Errorf("%s: the runbook names no command: %s", rule.Alert, rule.Annotations["runbook"])
			}
		}
	}
	if n < 10 || s.asked < 10 {
		t.Errorf("only %d alerts with %d metrics were read", n, s.asked)
	}
}

// TestAlertsByPromtool: Prometheus's own tool takes the rules, and each fires when it should and not before.
func TestAlertsByPromtool(t *testing.T) {
	t.Parallel()
	promtool, ok := tool(t, "promtool", "promtool check rules, check config, test rules")
	if !ok {
		return
	}
	t.Log(run(t, promtool, "check", "rules", "alerts.yml"))
	t.Log(run(t, promtool, "check", "config", "prometheus.yml"))
	t.Log(run(t, promtool, "test", "rules", "alerts.test.yml"))
}

type dashboard struct {
	Title  string
	Panels []panel
}

type panel struct {
	Type, Title string
	GridPos     struct{ X, Y, W, H int }
	Targets     []struct{ Expr string }
}

// TestDashboard: each panel asks for metrics that a running c360 shows, lies on no other, and nothing c360 shows is left out.
func TestDashboard(t *testing.T) {
	t.Parallel()
	var d dashboard
	text := read(t, "dashboard.json")
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	s := scraped(t)
	taken := map[[2]int]string{}
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			s.check(t, p.Title, strings.ReplaceAll(target.Expr, "$__rate_interval", "1m"))
		}
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if taken[at] != "" {
					t.Errorf("%s lies on %s", p.Title, taken[at])
				}
				taken[at] = p.Title
			}
		}
	}
	if s.asked < 30 {
		t.Errorf("only %d metrics were read", s.asked)
	}
	for _, name := range slices.Sorted(maps.Keys(s.labels)) {
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count")
		if strings.HasPrefix(name, "c360_") && !strings.Contains(text, base) {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

// TestPanelsByPromtool: Prometheus's own tool takes the expressions of the dashboard.
func TestPanelsByPromtool(t *testing.T) {
	t.Parallel()
	promtool, ok := tool(t, "promtool", "promtool check rules, of the dashboard's expressions")
	if !ok {
		return
	}
	var d dashboard
	if err := json.Unmarshal([]byte(read(t, "dashboard.json")), &d); err != nil {
		t.Fatal(err)
	}
	var all []any
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			all = append(all, map[string]string{"record": "panel:" + strings.Repeat("x", len(all)+1), "expr": strings.ReplaceAll(target.Expr, "$__rate_interval", "1m")})
		}
	}
	text, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "panels", "rules": all}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(run(t, promtool, "check", "rules", written(t, "panels.yml", string(text))))
}
