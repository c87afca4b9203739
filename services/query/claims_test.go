package query_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
)

// flood lets n browsers claim something before and after its owner says it. It returns the owner's customer.
func flood(h *house, n int, owner, claim events.Event) uuid.UUID {
	h.t.Helper()
	var last events.Position
	for i := range n {
		if i == n/2 {
			h.appends(owner)
		}
		e := claim
		e.Identifiers = []events.Identifier{{Kind: events.KindAnonymousID, Value: fmt.Sprintf("%s-%d", claim.Type, i), Grade: events.Claimed}}
		last = h.appends(e)
	}
	must(h.t, h.generations.Live().Await(context.Background(), last))
	var a query.SearchAnswer
	h.get("searchCustomers", "/v1/customers?identifier="+owner.Identifiers[0].String(), http.StatusOK, &a)
	if len(a.Customers) != 1 {
		h.t.Fatalf("%s is %d customers", owner.Identifiers[0], len(a.Customers))
	}
	return a.Customers[0].ID
}

// everyHit reads all pages of a search.
func everyHit(h *house, q string) []query.Hit {
	h.t.Helper()
	var all []query.Hit
	for next := ""; ; {
		var a query.SearchAnswer
		h.get("searchCustomers", "/v1/customers?limit=50&q="+url.QueryEscape(q)+"&cursor="+next, http.StatusOK, &a)
		all = append(all, a.Customers...)
		if next = a.Next; next == "" {
			return all
		}
	}
}

// Whoever has a browser key can claim somebody's order, inquiry or name hundreds of times. The owner is found first
// and alone as proven.
func TestClaimsNeverHideTheOwner(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	web := func(kind, data string) events.Event {
		return touch(day, events.ChannelWeb, kind, data, "anonymous_id:x")
	}
	order := flood(h, 130, touch(day, events.ChannelStore, "order.completed", `{"order_id":"LO-7"}`, "user_id:late7"),
		web("order.completed", `{"order_id":"LO-7"}`))
	inquiry := flood(h, 1, touch(day, events.ChannelInquiry, "inquiry.opened", `{"inquiry_id":"VO-1"}`, "user_id:voice1"),
		web("inquiry.opened", `{"inquiry_id":"VO-1","case_id":"VO-1"}`))
	name := flood(h, 230, touch(day, events.ChannelStore, "customer.identified", `{"traits":{"name":"한가람"}}`, "user_id:river"),
		web("customer.identified", `{"traits":{"name":"한가람"}}`))
	for _, c := range []struct {
		q, kind string
		owner   uuid.UUID
		hits    int
	}{
		{"LO-7", "order", order, 101},
		{"lo7", "order", order, 101},
		{"VO-1", "inquiry", inquiry, 2},
		{"한가람", "name", name, 200},
		{"ㅎㄱㄹ", "initials", name, 200},
	} {
		t.Run(c.q, func(t *testing.T) {
			t.Parallel()
			all := everyHit(h, c.q)
			if len(all) != c.hits || all[0].ID != c.owner || !all[0].Matched.Proven || all[0].Matched.Kind != c.kind {
				t.Fatalf("%d hits, first %+v; want %d, first the owner %s by %s", len(all), all[0], c.hits, c.owner, c.kind)
			}
			for i, hit := range all[1:] {
				if hit.Matched.Proven {
					t.Fatalf("hit %d is proven: %+v", i+1, hit)
				}
			}
		})
	}
}

// Proven ones come before claimed ones over all pages, even if only the claimed ones match exactly.
func TestProvenComeFirstOverAllPages(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	const each = 60
	var last events.Position
	for i := range each {
		h.appends(touch(day, events.ChannelWeb, "order.completed", `{"order_id":"PG-5"}`, fmt.Sprintf("claimed anonymous_id:a%d", i)))
		last = h.appends(touch(day, events.ChannelStore, "order.completed", fmt.Sprintf(`{"order_id":"PG-5%02d"}`, i), fmt.Sprintf("user_id:p%d", i)))
	}
	must(t, h.generations.Live().Await(context.Background(), last))
	all := everyHit(h, "PG-5")
	if len(all) != 2*each {
		t.Fatalf("%d hits, want %d", len(all), 2*each)
	}
	for i, hit := range all {
		if hit.Matched.Proven != (i < each) {
			t.Fatalf("hit %d is %+v, want %d proven ones and then the claimed ones", i, hit.Matched, each)
		}
	}
}

// Who has not typed anything sees whose touchpoints came in last, each once, whoever says so.
func TestRecent(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.appends(touch(day, events.ChannelStore, "customer.identified", `{"traits":{"name":"한가람"}}`, "user_id:first"))
	h.appends(touch(2*day, events.ChannelWeb, "customer.identified", `{"traits":{"name":"오민재"}}`, "claimed anonymous_id:b"))
	h.appends(touch(day, events.ChannelStore, "store.visited", `{}`, "user_id:second"))
	h.happens(touch(3*day, events.ChannelStore, "store.visited", `{}`, "user_id:first"))
	var names []string
	for _, hit := range h.search("").Customers {
		names = append(names, hit.Name)
		if hit.Matched != (query.Matched{Kind: "recent", Proven: true}) {
			t.Errorf("%s is there because of %+v", hit.Name, hit.Matched)
		}
	}
	if diff := cmp.Diff([]string{"한가람", "", "오민재"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
