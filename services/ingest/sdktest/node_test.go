package sdktest_test

import (
	"strings"
	"testing"
	"time"
)

const u1 = " store user_id:u1/asserted"

func TestSegmentNode(t *testing.T) {
	t.Parallel()
	e := newEdge(t, nil)
	e.run("segment-node.js")
	want := append(repeat(10, "order.completed"+u1), repeat(10, "custom.song_played"+u1)...)
	list := e.expect(append(want,
		"customer.identified"+u1+" anonymous_id:a1/asserted email:kim@example.com/asserted phone:+821048217730/asserted",
		"page.viewed web user_id:u1/asserted", "screen.viewed app user_id:u1/asserted", "customer.grouped"+u1, "customer.aliased"+u1+" user_id:u0/asserted")...)
	for _, r := range list {
		if r.Source != "pos" || r.Original.IsZero() || r.Sent.IsZero() || time.Since(r.Time) > time.Minute {
			t.Errorf("%s from %s: time %s, original %s, sent %s", r.Type, r.Source, r.Time, r.Original, r.Sent)
		}
		if r.Type == "order.completed" && (!strings.Contains(string(r.Data), `"items":[{"sku":"p-`) || !strings.Contains(string(r.Data), `"total":10`)) {
			t.Errorf("order became %s", r.Data)
		}
	}
}

func TestSegmentNodeLegacy(t *testing.T) {
	t.Parallel()
	e := newEdge(t, nil)
	e.run("segment-node-legacy.js")
	e.expect(append(repeat(25, "custom.song_played"+u1), "customer.identified"+u1+" email:kim@example.com/asserted")...)
}

func TestRudderNode(t *testing.T) {
	t.Parallel()
	e := newEdge(t, nil)
	e.run("rudder-node.js")
	list := e.expect(append(repeat(25, "custom.song_played"+u1),
		"customer.identified"+u1+" anonymous_id:a1/asserted email:kim@example.com/asserted phone:+821048217730/asserted",
		"page.viewed web user_id:u1/asserted", "screen.viewed app user_id:u1/asserted", "customer.grouped"+u1, "customer.aliased"+u1+" user_id:u0/asserted", "custom.long_ago"+u1)...)
	for _, r := range list {
		if r.ID == "old-1" && r.Time.Format(time.RFC3339) != "2020-02-03T04:05:06Z" {
			t.Errorf("a time set by hand became %s", r.Time)
		}
	}
}

func TestCloudEvents(t *testing.T) {
	t.Parallel()
	e := newEdge(t, nil)
	e.run("cloudevents.js")
	list := e.expect("order.completed"+u1, "order.completed"+u1, "till.photo"+u1, "order.completed"+u1, "order.completed"+u1)
	for _, r := range list {
		if r.Source != "pos" || r.Time.Format(time.RFC3339) != "2026-11-01T09:00:00Z" {
			t.Errorf("%s from %s at %s", r.ID, r.Source, r.Time)
		}
		if want := `"이름":"김서연"`; r.Type == "order.completed" && !strings.Contains(string(r.Data), want) {
			t.Errorf("%s holds %s", r.ID, r.Data)
		}
		if r.Type == "till.photo" && string(r.Data) != `{"base64":"/wAB"}` {
			t.Errorf("octets became %s", r.Data)
		}
	}
}

// TestRetries lets every Node SDK meet a server that is full, pushes back, and loses its acknowledgements: the events
// are there in the end, each once.
func TestRetries(t *testing.T) {
	t.Parallel()
	for _, script := range []string{"segment-node.js", "segment-node-legacy.js", "rudder-node.js"} {
		for name, statuses := range map[string][]int{"503": {503}, "429": {429}, "lost acknowledgement": {0}} {
			t.Run(script+" "+name, func(t *testing.T) {
				t.Parallel()
				between, posts := moody(statuses...)
				e := newEdge(t, between)
				e.run(script, "TRACKS=5")
				n := map[string]int{"segment-node.js": 5, "segment-node-legacy.js": 6, "rudder-node.js": 11}[script]
				seen := map[string]bool{}
				for _, r := range e.stored(n) {
					if seen[r.ID] {
						t.Errorf("%s is there twice", r.ID)
					}
					seen[r.ID] = true
				}
				if posts() < 2 {
					t.Errorf("the SDK sent %d requests; it did not try again", posts())
				}
			})
		}
	}
}
