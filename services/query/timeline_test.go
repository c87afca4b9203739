package query_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/headline"
)

func (h *house) timeline(id uuid.UUID, params string) query.TimelineAnswer {
	h.t.Helper()
	var a query.TimelineAnswer
	h.get("timeline", "/v1/customers/"+id.String()+"/timeline?"+params, http.StatusOK, &a)
	return a
}

func typesOf(rows []query.TimelineRow) []string {
	all := []string{}
	for _, r := range rows {
		all = append(all, r.Type)
	}
	return all
}

func TestTimelineGroupsRuns(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	a := h.timeline(h.search("김서연").Customers[0].ID, "limit=5")
	want := []string{"call.started", "payment.failed", "page.viewed", "inquiry.opened", "order.status_viewed"}
	if diff := cmp.Diff(want, typesOf(a.Events)); diff != "" {
		t.Errorf("rows differ (-want +got):\n%s", diff)
	}
	if run := a.Events[2]; run.Count != 14 || len(run.Group) != 14 || run.Until == nil || run.Group[0] != run.Position {
		t.Errorf("the run of page views is %+v", run)
	}
	order := h.timeline(h.search("김서연").Customers[0].ID, "type=order.completed").Events
	if want := (headline.Text{Ko: "주문 · 캐시미어 니트 외 1건", En: "Order · 캐시미어 니트 and 1 more"}); order[0].Headline != want {
		t.Errorf("says %+v, want %+v", order[0].Headline, want)
	}
	if order[1].Headline.Ko != "코엑스점 구매 · 실크 블라우스" || order[1].Tone != headline.Good || order[1].Data.Total != 129000*10_000 {
		t.Errorf("the purchase in the store is %+v", order[1])
	}
}

func TestTimelineSelects(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	id := h.search("김서연").Customers[0].ID
	for params, want := range map[string]int{
		"group=0&limit=200": 29, "group=0&channel=store": 3, "group=0&channel=call,message": 2, "group=0&type=page.viewed,payment.failed": 16,
		"channel=web&type=inquiry.opened": 0, "group=0&type=nothing.known": 0,
	} {
		if got := len(h.timeline(id, params).Events); got != want {
			t.Errorf("%s gives %d rows, want %d", params, got, want)
		}
	}
}

// Every page is asked for while new events arrive; together they hold each event that was there at the beginning, once.
func TestTimelineCursorsAreStable(t *testing.T) {
	t.Parallel()
	for _, group := range []string{"0", "1"} {
		t.Run("group="+group, func(t *testing.T) {
			t.Parallel()
			h := openHouse(t)
			tellSeoyeon(h)
			id := h.search("김서연").Customers[0].ID
			seen := map[events.Position]int{}
			for next, i := "", 0; ; i++ {
				a := h.timeline(id, "limit=3&group="+group+"&before="+next)
				for _, r := range a.Events {
					for _, p := range positionsOf(r) {
						seen[p]++
					}
				}
				h.happens(touch(-time.Duration(i)*time.Second, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:b-1"))
				if next = a.Next; next == "" {
					break
				}
			}
			for p := events.Position(1); p <= 29; p++ {
				if seen[p] != 1 {
					t.Errorf("event %d was seen %d times", p, seen[p])
				}
			}
			if len(seen) != 29 {
				t.Errorf("saw %d events, want those 29 that were there", len(seen))
			}
		})
	}
}

func positionsOf(r query.TimelineRow) []events.Position {
	if len(r.Group) > 0 {
		return r.Group
	}
	return []events.Position{r.Position}
}

func TestTimelineTowardsNow(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	id := h.search("김서연").Customers[0].ID
	first := h.timeline(id, "limit=5")
	if again := h.timeline(id, "after="+first.Newer); len(again.Events) != 0 || again.Newer != first.Newer {
		t.Errorf("there is something newer than the newest: %+v", again)
	}
	p := h.happens(touch(0, events.ChannelCall, "call.ended", `{"call_id":"C-1","resolved":true}`, "phone:+821048217730"))
	newer := h.timeline(id, "after="+first.Newer)
	if len(newer.Events) != 1 || newer.Events[0].Position != p {
		t.Errorf("newer are %+v, want event %d", newer.Events, p)
	}
	// From the oldest on, page by page, up to now.
	last := h.timeline(id, "group=0&limit=200").Events
	walked := 0
	var cursor string
	for page := h.timeline(id, "group=0&limit=200&before="+first.Next); ; page = h.timeline(id, "group=0&limit=7&after="+cursor) {
		if len(page.Events) == 0 {
			break
		}
		walked, cursor = walked+len(page.Events), page.Newer
	}
	if walked != len(last) {
		t.Errorf("walked over %d events, want %d", walked, len(last))
	}
}

func TestMonthsLeadThere(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	id := h.search("김서연").Customers[0].ID
	var a query.MonthsAnswer
	h.get("timelineMonths", "/v1/customers/"+id.String()+"/timeline/months", http.StatusOK, &a)
	total := int64(0)
	for _, m := range a.Months {
		total += m.Count
		rows := h.timeline(id, "group=0&limit=1&channel="+m.Channel+"&before="+url.QueryEscape(m.Cursor)).Events
		if len(rows) != 1 || rows[0].Time.In(time.FixedZone("KST", 9*3600)).Format("2006-01") != m.Month {
			t.Errorf("the cursor of %s %s leads to %+v", m.Channel, m.Month, rows)
		}
	}
	if total != 29 {
		t.Errorf("the months hold %d events, want 29", total)
	}
}

func TestEventIsWhole(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	p := h.happens(touch(time.Hour, events.ChannelWeb, "custom.song_played", `{"event":"Song Played","n":1.50}`, "anonymous_id:b-9", "claimed email:x@example.com"))
	var a query.EventAnswer
	h.get("event", fmt.Sprintf("/v1/events/%d", p), http.StatusOK, &a)
	if string(a.Data) != `{"event":"Song Played","n":1.50}` || a.Known || a.Headline.Ko != "song played" || a.Fragment == nil {
		t.Errorf("got %+v", a)
	}
	grades := []string{a.Identifiers[0].Grade, a.Identifiers[1].Grade}
	if !slices.Equal(grades, []string{"asserted", "claimed"}) {
		t.Errorf("grades are %v", grades)
	}
}

// What is written can be read at once with wait=.
func TestReadYourWrites(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for i := range 30 {
		p := h.appends(touch(time.Hour, events.ChannelStore, "order.completed", `{"order_id":"O"}`, fmt.Sprintf("loyalty_id:W%d", i)))
		var a query.SearchAnswer
		h.get("searchCustomers", fmt.Sprintf("/v1/customers?identifier=loyalty_id:W%d&wait=%d", i, p), http.StatusOK, &a)
		if len(a.Customers) != 1 || a.Position < p {
			t.Fatalf("after waiting for %d: %+v", p, a)
		}
	}
}

// Who waits for what is not folded in time is told to come back.
func TestWaitIsBounded(t *testing.T) {
	t.Parallel()
	h := openSlowHouse(t, time.Hour)
	h.happens(touch(time.Hour, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:b-1"))
	p := h.appends(touch(time.Hour, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:b-1"))
	resp := h.get("types", fmt.Sprintf("/v1/types?wait=%d", p), http.StatusServiceUnavailable, nil)
	if resp.Header.Get("Retry-After") == "" {
		t.Error("the answer does not say when to come back")
	}
	h.get("types", "/v1/types?wait=1", http.StatusOK, nil)
}

// When folding has stopped for good, reads say so instead of failing.
func TestStoppedHouse(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	must(t, h.generations.Stop())
	for operation, path := range map[string]string{
		"searchCustomers": "/v1/customers?q=7730", "types": "/v1/types", "readyz": "/readyz", "projections": "/v1/projections", "stream": "/v1/stream",
	} {
		h.get(operation, path, http.StatusServiceUnavailable, nil)
	}
	h.get("healthz", "/healthz", http.StatusOK, nil)
	h.get("event", "/v1/events/1", http.StatusOK, nil)
}

func FuzzCursor(f *testing.F) {
	h := openHouse(f)
	tellSeoyeon(h)
	id := h.search("김서연").Customers[0].ID
	f.Add(h.timeline(id, "limit=2").Next)
	f.Add("AAAA")
	f.Add("AQAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, token string) {
		for _, path := range []string{"/v1/customers/" + id.String() + "/timeline?before=", "/v1/customers/" + id.String() + "/timeline?after=", "/v1/customers?q=7730&cursor="} {
			resp, err := h.server.Client().Get(h.server.URL + path + url.QueryEscape(token))
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusBadRequest {
				t.Errorf("%s%q answered %d", path, token, resp.StatusCode)
			}
		}
	})
}
