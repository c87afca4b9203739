package ingest_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/ingest"
)

// TestHijack lets somebody with the browser key claim the mails and user ids of 1,000 known customers, in every way
// the wire has. None of it may land in a fragment of theirs or count for more than a claim.
func TestHijack(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	victims := map[string]bool{}
	for i := range 1000 {
		user := fmt.Sprintf("user-%d", i)
		got := e.one(call{path: "/v1/identify", key: posKey, body: fmt.Sprintf(`{"userId":%q,"anonymousId":"%s","traits":{"email":"%s@example.com"}}`, user, anonOf(i), user)})
		victims[got.Stream] = true
	}
	before := len(e.all())
	for i := range 1000 {
		user := fmt.Sprintf("user-%d", i)
		for path, body := range map[string]string{
			"/v1/identify": `{"anonymousId":"evil","userId":"%[1]s","traits":{"email":"%[1]s@example.com"}}`,
			"/v1/track":    `{"event":"Order Completed","userId":"%[1]s","properties":{"order_id":"x","email":"%[1]s@example.com"}}`,
			"/v1/alias":    `{"anonymousId":"evil","userId":"evil","previousId":"%[1]s"}`,
			"/v1/merge":    `{"mergeProperties":[{"type":"email","value":"%[1]s@example.com"},{"type":"anonymousId","value":"%[1]s"}]}`,
			"/v1/page":     `{"anonymousId":"evil","context":{"externalIds":[{"type":"anonymous_id","id":"%[2]s"},{"type":"anonymousId","id":"%[2]s"},{"type":"device","id":"%[2]s"}]}}`,
		} {
			if a := e.do(call{path: path, key: webKey, body: fmt.Sprintf(body+"%.0[2]s", user, anonOf(i))}); a.StatusCode != http.StatusOK {
				t.Fatalf("%s: %s", path, a.body)
			}
		}
	}
	for _, r := range e.all()[before:] {
		if victims[r.Stream] {
			t.Fatalf("%s landed in a victim's stream", idents(r))
		}
		for _, id := range r.Identifiers {
			if id.Grade != events.Claimed || id.Links() && id.Value != "evil" {
				t.Fatalf("%s is more than a claim", idents(r))
			}
		}
	}
}

func anonOf(i int) string { return fmt.Sprintf("6f0d1c1e-3a30-4a86-9a0f-%012d", i) }

func TestNothingPersonalIsLogged(t *testing.T) {
	t.Parallel()
	var out lockedBuffer
	e := newEdge(t, func(c *ingest.Config) {
		c.Logger = slog.New(slog.NewJSONHandler(&out, nil))
		c.Log = &refusingLog{Log: memlog.New(c.Now), err: nil, bad: "canary-id"}
	})
	const canary = "canary"
	for _, c := range []call{
		{path: "/v1/batch", key: posKey, body: `{"batch":[{"type":"track","event":"canary","userId":"canary","userId":"canary2"},{"type":"canary","x":"canary"}]}`},
		{path: "/v1/track", key: posKey, body: `{"event":"E","userId":"canary","messageId":"canary-id"}`},
		{path: "/v1/track", key: "canary", body: `canary`},
		importing("ndjson", `{"canary":"canary"}`),
		ce(structuredType, `{"specversion":"1.0","id":"canary","source":"canary","type":"canary","email":"canary"}`),
	} {
		a := e.do(c)
		if a.StatusCode/100 == 5 {
			t.Errorf("%s: %d", c.path, a.StatusCode)
		}
	}
	if text := out.String(); strings.Contains(text, canary) || !strings.Contains(text, "events rejected") {
		t.Errorf("logged: %s", text)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.do(call{path: "/v1/batch", key: posKey, body: `{"batch":[` + strings.ReplaceAll(track, `{"event"`, `{"type":"track","event"`) + `,{"type":"track"}]}`})
	e.do(call{path: "/v1/track", key: posKey, body: track})
	families, err := e.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			names := []string{f.GetName()}
			for _, l := range m.GetLabel() {
				names = append(names, l.GetValue())
			}
			got[strings.Join(names, " ")] = m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	for name, want := range map[string]float64{
		"c360_edge_events_total accepted": 1, "c360_edge_events_total duplicate": 1, "c360_edge_events_total rejected": 1,
		"c360_edge_rejects_total field": 1, "c360_log_append_seconds": 2,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}

func TestOnlyOperatorsReadRejects(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(c *ingest.Config) {
		c.Operator = func(r *http.Request) bool { return r.Header.Get("X-Operator") == "yes" }
	})
	if a := e.do(call{method: http.MethodGet, path: "/v1/rejects"}); a.StatusCode != http.StatusForbidden {
		t.Errorf("anybody: %d", a.StatusCode)
	}
	a := e.do(call{method: http.MethodGet, path: "/v1/rejects", header: map[string]string{"X-Operator": "yes"}})
	if a.StatusCode != http.StatusOK || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("an operator: %d %v", a.StatusCode, a.Header)
	}
}
