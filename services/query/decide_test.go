package query_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
)

// two are two people who share nothing.
func two(h *house) (a, b uuid.UUID) {
	h.happens(touch(day, events.ChannelStore, "customer.identified", `{"traits":{"name":"이하늘"}}`, "loyalty_id:A"))
	h.happens(touch(day, events.ChannelStore, "customer.identified", `{"traits":{"name":"이하늘"}}`, "loyalty_id:B"))
	found := h.search("이하늘").Customers
	return found[0].ID, found[1].ID
}

func pair(a, b uuid.UUID, more string) string {
	return fmt.Sprintf(`{"a":%q,"b":%q%s}`, a, b, more)
}

func (h *house) fragments(id uuid.UUID, wait events.Position) int {
	h.t.Helper()
	var a query.CustomerAnswer
	h.get("customer", fmt.Sprintf("/v1/customers/%s?wait=%d", id, wait), http.StatusOK, &a)
	return len(a.Fragments)
}

func TestLinkAndUnlink(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	a, b := two(h)
	var linked, again, unlinked query.AcceptedAnswer
	h.post("link", "/v1/identity/links", pair(a, b, `,"reason":"same person at the desk"`), http.StatusAccepted, &linked)
	if n := h.fragments(a, linked.Position); n != 2 {
		t.Fatalf("after linking the customer has %d fragments, want 2", n)
	}
	h.post("link", "/v1/identity/links", pair(b, a, ""), http.StatusAccepted, &again)
	if again != linked {
		t.Errorf("deciding it again answers %+v, want %+v", again, linked)
	}
	var why query.IdentityAnswer
	h.get("identity", "/v1/customers/"+b.String()+"/identity", http.StatusOK, &why)
	if len(why.Links) != 1 || why.Links[0].Because != "decision" || len(why.Decisions) != 1 ||
		why.Decisions[0].Reason != "same person at the desk" || why.Decisions[0].Actor != "operator" {
		t.Errorf("the evidence is %+v, %+v", why.Links, why.Decisions)
	}
	h.post("unlink", "/v1/identity/unlinks", pair(a, b, ""), http.StatusAccepted, &unlinked)
	if n := h.fragments(a, unlinked.Position); n != 1 {
		t.Errorf("after unlinking the customer has %d fragments, want 1", n)
	}
}

// A decision that was made under a clock that was ahead is overruled all the same: the read model goes by time.
func TestDecisionAfterTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	ahead.Store(int64(time.Minute))
	h := openHouse(t, withClock(func() time.Time { return now.Add(time.Duration(ahead.Load())) }))
	a, b := two(h)
	for round := range 2 {
		for _, c := range []struct {
			operation, path string
			fragments       int
		}{{"link", "/v1/identity/links", 2}, {"unlink", "/v1/identity/unlinks", 1}} {
			var first, again query.AcceptedAnswer
			h.post(c.operation, c.path, pair(a, b, ""), http.StatusAccepted, &first)
			if n := h.fragments(a, first.Position); n != c.fragments {
				t.Fatalf("round %d: after %s the customer has %d fragments, want %d", round, c.operation, n, c.fragments)
			}
			ahead.Store(0)
			h.post(c.operation, c.path, pair(a, b, ""), http.StatusAccepted, &again)
			if again != first {
				t.Errorf("round %d: to %s again answers %+v, want %+v", round, c.operation, again, first)
			}
		}
	}
}

// What another process decided with an older time holds for nobody, so the opposite is still to be decided.
func TestDecisionThatCameTooLateInTime(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	a, b := two(h)
	h.post("link", "/v1/identity/links", pair(a, b, ""), http.StatusAccepted, nil)
	results, err := h.log.Append(t.Context(), events.Entry{Stream: "identity", Event: events.Event{
		ID: "late", Source: "c360", Type: "identity.unlinked", Time: now.Add(-time.Minute), Received: now, Channel: events.ChannelOther,
		Data: []byte(pair(a, b, "")),
	}})
	must(t, err)
	if n := h.fragments(a, results[0].Position); n != 2 {
		t.Fatalf("a decision with an older time left %d fragments, want 2", n)
	}
	var unlinked query.AcceptedAnswer
	h.post("unlink", "/v1/identity/unlinks", pair(a, b, ""), http.StatusAccepted, &unlinked)
	if n := h.fragments(a, unlinked.Position); n != 1 || unlinked.Position == results[0].Position {
		t.Errorf("unlinking at position %d left %d fragments, want 1", unlinked.Position, n)
	}
}

// Who decides on an answer that is no longer so is told.
func TestLaterDecisionIsNotOverrun(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	a, b := two(h)
	var first query.AcceptedAnswer
	h.post("link", "/v1/identity/links", pair(a, b, ""), http.StatusAccepted, &first)
	h.post("unlink", "/v1/identity/unlinks", pair(a, b, `,"position":1`), http.StatusConflict, nil)
	h.post("unlink", "/v1/identity/unlinks", pair(a, b, fmt.Sprintf(`,"position":%d`, first.Position)), http.StatusAccepted, nil)
}

// Decisions that other processes append meanwhile cost a retry, not an answer.
func TestDecisionsAtOnce(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	a, b := two(h)
	h.happens(touch(day, events.ChannelStore, "order.completed", `{}`, "loyalty_id:C"))
	var c query.SearchAnswer
	h.get("searchCustomers", "/v1/customers?identifier=loyalty_id:C", http.StatusOK, &c)
	var all sync.WaitGroup
	for _, body := range []string{pair(a, b, ""), pair(b, c.Customers[0].ID, ""), pair(a, c.Customers[0].ID, "")} {
		all.Go(func() { h.post("link", "/v1/identity/links", body, http.StatusAccepted, nil) })
	}
	all.Wait()
	head, err := h.log.Head(t.Context())
	must(t, err)
	if n := h.fragments(a, head.Position); n != 3 {
		t.Errorf("the customer has %d fragments, want 3", n)
	}
}

func TestDecisionRefusals(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	a, b := two(h)
	cases := []struct {
		name, body string
		status     int
		pointer    string
	}{
		{"nothing", `{}`, 400, "/a"},
		{"no b", fmt.Sprintf(`{"a":%q}`, a), 400, "/b"},
		{"the same", pair(a, a, ""), 400, "/b"},
		{"nobody", pair(a, uuid.MustParse("00000000-0000-5000-8000-000000000001"), ""), 404, "/b"},
		{"no id", `{"a":"x","b":"y"}`, 400, "/a"},
		{"an unknown member", pair(a, b, `,"because":"x"`), 400, "/because"},
		{"a member twice", pair(a, b, fmt.Sprintf(`,"a":%q`, b)), 400, "/a"},
		{"not JSON", `a=b`, 400, ""},
		{"an array", `[]`, 400, ""},
		{"a long reason", pair(a, b, `,"reason":"`+longText(501)+`"`), 400, "/reason"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var p struct{ Pointer, Detail string }
			h.post("link", "/v1/identity/links", c.body, c.status, &p)
			if p.Pointer != c.pointer || p.Detail == "" {
				t.Errorf("refused with %+v, want the place %q", p, c.pointer)
			}
		})
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+"/v1/identity/links", nil)
	must(t, err)
	h.do("link", r, http.StatusUnsupportedMediaType, nil)
	r, err = http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+"/v1/identity/links", nil)
	must(t, err)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	h.do("link", r, http.StatusForbidden, nil)
}

func longText(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'x'
	}
	return string(b)
}
