package inlet_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/ingest"
)

const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func TestFormsOfAMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start(settings{})
	js := h.js()
	for _, m := range []*nats.Msg{
		{Subject: "c360.touchpoints.pos", Data: cloudEvent("plain")},
		{
			Subject: "c360.touchpoints.pos", Data: cloudEvent("structured"),
			Header: nats.Header{"content-type": {"application/cloudevents+json; charset=utf-8"}, "traceparent": {parent}, "Nats-Msg-Id": {"x"}},
		},
		{
			Subject: "c360.touchpoints.web", Data: []byte(`{"a":1}`),
			Header: nats.Header{
				"ce-specversion": {"1.0"}, "ce-id": {"binary"}, "ce-source": {"shop"}, "ce-type": {"page.seen"}, "CE-Subject": {"%EA%B9%80"},
				"Content-Type": {"application/json"},
			},
		},
	} {
		if _, err := js.PublishMsg(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	list := h.holds(3)
	for i, want := range []string{
		`pos plain store {"n":"plain"} phone:+821048217730/asserted`,
		`pos structured store {"n":"structured"} phone:+821048217730/asserted`,
		`web shop#binary web {"a":1} user_id:김/claimed`,
	} {
		e := list[i]
		got := fmt.Sprintf("%s %s %s %s %s/%s", e.Source, e.ID, e.Channel, e.Data, e.Identifiers[0], e.Identifiers[0].Grade)
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if list[1].TraceParent != parent || list[0].TraceParent != "" {
		t.Errorf("traces %q and %q", list[1].TraceParent, list[0].TraceParent)
	}
	if age := time.Since(list[2].Received); list[2].Time != list[2].Received || age < 0 || age > time.Minute {
		t.Errorf("an event without a time happened at %s, was received at %s", list[2].Time, list[2].Received)
	}
	h.settled()
}

// TestWhatCameWhileC360WasAway: an event without a time of its own happened when NATS took it, not when c360 was back.
func TestWhatCameWhileC360WasAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	h.publish(js, 0, 10)
	m := &nats.Msg{Subject: "c360.touchpoints.pos", Data: []byte(`{"specversion":"1.0","id":"late","source":"pos","type":"t"}`)}
	if _, err := js.PublishMsg(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	later := func() time.Time { return time.Now().Add(time.Hour) }
	h.start(settings{ingest: func(c *ingest.Config) { c.Now = later }})
	list := h.holds(11)
	if e := list[10]; time.Since(e.Time) > 30*time.Minute || time.Until(e.Time) > 30*time.Minute {
		t.Errorf("it happened at %s", e.Time)
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const n = 5000
	h.publish(h.stream(), 0, n)
	p := h.start(settings{})
	for i, e := range h.holds(n) {
		if want := fmt.Sprintf("pos-%d", i); e.ID != want {
			t.Fatalf("position %d holds %s, want %s", e.Position, e.ID, want)
		}
	}
	if info := h.settled(); info.NumRedelivered != 0 || p.value("c360_inlet_messages_total", "stored") != n {
		t.Errorf("%d came again, %v stored", info.NumRedelivered, p.value("c360_inlet_messages_total", "stored"))
	}
	if p.value("c360_edge_events_total", "accepted") != n {
		t.Errorf("the edge counted %v", p.value("c360_edge_events_total", "accepted"))
	}
}

func TestPoison(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	bad := []struct{ subject, body, media, reason, source string }{
		{"pos", `{`, "", "json", "pos"},
		{"pos", `{"specversion":"1.0","id":"1","id":"2","source":"pos","type":"t"}`, "", "json", "pos"},
		{"pos", `{"specversion":"0.3","id":"1","source":"pos","type":"t"}`, "", "field", "pos"},
		{"pos", `{"specversion":"1.0","id":"1","source":"pos","type":"identity.linked"}`, "", "field", "pos"},
		{"pos", string(cloudEvent("proto")), "application/cloudevents+protobuf", "field", "pos"},
		{"pos", "[" + string(cloudEvent("batch")) + "]", "application/cloudevents-batch+json", "field", "pos"},
		{"pos", strings.Repeat("x", events.MaxEvent+1), "", "size", "pos"},
		{"pos", "\xff\xfe", "", "json", "pos"},
	}
	for i, b := range bad {
		m := &nats.Msg{Subject: "c360.touchpoints." + b.subject, Data: []byte(b.body)}
		if b.media != "" {
			m.Header = nats.Header{"content-type": {b.media}}
		}
		if _, err := js.PublishMsg(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		h.publish(js, i, i+1) // between two bad ones stands a good one
	}
	p := h.start(settings{})
	h.holds(len(bad))
	if info := h.settled(); info.NumRedelivered != 0 {
		t.Errorf("%d messages go round", info.NumRedelivered)
	}
	if n := p.value("c360_inlet_messages_total", "refused"); int(n) != len(bad) {
		t.Errorf("%v refused, want %d", n, len(bad))
	}
	rejects := readRejects(t, p.ingest)
	if len(rejects) != len(bad) {
		t.Fatalf("%d rejects, want %d", len(rejects), len(bad))
	}
	for i, r := range rejects {
		if r.Reason != bad[i].reason || r.Source != bad[i].source || r.Size != len(bad[i].body) || r.Detail == "" {
			t.Errorf("%.40q was refused as %s from %s: %s", bad[i].body, r.Reason, r.Source, r.Detail)
		}
	}
}

func readRejects(t *testing.T, s *ingest.Service) (list []ingest.Reject) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/v1/rejects", nil)
	r.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	for line := range strings.Lines(w.Body.String()) {
		var x ingest.Reject
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		list = append(list, x)
	}
	return list
}

// TestRepeats: what a producer sends twice, under one id, is one event and is acknowledged.
func TestRepeats(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	js := h.stream()
	for range 3 {
		h.publish(js, 0, 100)
	}
	p := h.start(settings{})
	h.settled()
	h.holds(100)
	if n := p.value("c360_edge_events_total", "duplicate"); n != 200 {
		t.Errorf("%v duplicates, want 200", n)
	}
}
