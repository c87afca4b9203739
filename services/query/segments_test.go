package query_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/segments"
)

const (
	waiting = `{"all":[{"trait":"tier","in":["골드","gold"]},{"sequence":[{"event":"inquiry.opened"},{"event":"inquiry.answered","absent":true}],"same":"inquiry_id","ago":{"<=":"30d"}}]}`
	bought  = `{"event":"order.completed","count":{">=":2},"within":"1y"}`
)

// callsSegments makes every call about segments.
func (h *house) callsSegments() {
	h.puts("waiting", waiting, now.AddDate(0, -1, 0))
	h.get("segments", "/v1/segments", http.StatusOK, nil)
	h.get("segmentMembers", "/v1/segments/waiting/members", http.StatusOK, nil)
	h.get("segmentHistory", "/v1/segments/waiting/history", http.StatusOK, nil)
	h.get("customerSegments", "/v1/customers/"+h.customerOf("phone:010-4821-7730").String()+"/segments", http.StatusOK, nil)
	h.post("previewSegment", "/v1/segments/preview", `{"rule":`+waiting+`}`, http.StatusOK, nil)
	h.post("backtestSegment", "/v1/segments/backtest", `{"name":"waiting"}`, http.StatusOK, nil)
	h.send("removeSegment", http.MethodDelete, "/v1/segments/waiting", "", http.StatusAccepted, nil)
}

// TestSegment defines a segment, changes it and removes it, and asks about it in between.
func TestSegment(t *testing.T) {
	t.Parallel()
	h := openHouse(t, withClock(advancing()))
	story := tellSeoyeon(h)
	id := h.customerOf("phone:010-4821-7730")
	h.puts("waiting", waiting, now.AddDate(0, -1, 0))

	page := h.judged("waiting", 1)
	for page.Week.Entered == 0 { // it may be some moments old
		page = h.judged("waiting", 1)
	}
	if page.Members != 1 || page.Version != 1 || page.Title.Ko != "waiting 고객" || page.Day.Entered != 1 || page.Week.Entered != 1 || page.Fault != nil ||
		len(page.Versions) != 1 || page.Versions[0].Actor != "operator" || !page.From.Equal(now.AddDate(0, -1, 0)) {
		t.Errorf("the segment is %+v", page)
	}
	opened := now.Add(-41 * time.Minute)
	if diff := cmp.Diff(map[uuid.UUID]time.Time{id: opened}, h.members("waiting", "")); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	var list segments.SegmentList
	h.get("segments", "/v1/segments", http.StatusOK, &list)
	if len(list.Segments) != 1 || list.Segments[0].Name != "waiting" || list.Segments[0].Members != 1 {
		t.Errorf("the list is %+v", list)
	}

	var told segments.SegmentHistory
	h.get("segmentHistory", "/v1/segments/waiting/history", http.StatusOK, &told)
	if len(told.Changes) != 1 || !told.Changes[0].Entered || told.Changes[0].Customer.Name != "김서연" || told.Changes[0].Cause.Kind != "event" ||
		told.Changes[0].Cause.Event.Position != story.inquiry || !told.Changes[0].At.Equal(opened) {
		t.Errorf("the history is %+v", told.Changes)
	}

	why := h.why(id, "waiting", "")
	if !why.In || !why.Since.Equal(opened) || why.Cause.Event.Position != story.inquiry || why.Next == nil || len(why.Why.Parts) != 2 {
		t.Fatalf("she is in because %+v", why)
	}
	sequence := why.Why.Parts[1]
	if !sequence.Passed || sequence.Pointer != "/all/1" || len(sequence.Evidence) != 1 || sequence.Evidence[0].Position != story.inquiry ||
		!sequence.Evidence[0].Pivotal || !why.Cause.Event.Pivotal || !strings.HasPrefix(sequence.Words.En, "Inquiry") || !strings.Contains(sequence.Evidence[0].Headline.Ko, "배송 지연") {
		t.Errorf("the sequence is %+v", sequence)
	}
	h.isIn(id, "", "waiting")

	answered := h.happens(touch(time.Minute, events.ChannelInquiry, "inquiry.answered", `{"inquiry_id":"INQ-3391"}`, "user_id:u-seoyeon"))
	h.isIn(id, "", "")
	out := h.why(id, "waiting", "")
	if out.In || out.Cause.Event.Position != answered || out.Why.Parts[1].Passed {
		t.Errorf("she is out because %+v", out)
	}
	h.isIn(id, "?as_of="+now.Add(-2*time.Minute).Format(time.RFC3339), "waiting")
	h.isIn(id, fmt.Sprintf("?known_at=%d", answered-1), "waiting")
	h.isIn(id, fmt.Sprintf("?known_at=%d", story.call), "") // the segment was defined later
	if diff := cmp.Diff(map[uuid.UUID]time.Time{id: opened}, h.members("waiting", "&as_of="+now.Add(-2*time.Minute).Format(time.RFC3339))); diff != "" {
		t.Errorf("members then (-want +got):\n%s", diff)
	}

	h.puts("waiting", bought, now)
	page = h.judged("waiting", 1)
	if page.Version != 2 || len(page.Versions) != 2 || page.Versions[1].Until == nil || page.Members != 1 {
		t.Errorf("the changed segment is %+v", page)
	}
	if in := h.why(id, "waiting", ""); !in.In || in.Cause.Kind != "rule" || in.Version != 2 {
		t.Errorf("she is in because %+v", in)
	}
	var gone segments.SegmentAccepted
	h.send("removeSegment", http.MethodDelete, "/v1/segments/waiting", "", http.StatusAccepted, &gone)
	if page = h.judged("waiting", gone.Position); !page.Removed || page.Members != 0 || page.Versions[0].Removed != true {
		t.Errorf("the removed segment is %+v", page)
	}
	h.get("segments", "/v1/segments", http.StatusOK, &list)
	if len(list.Segments) != 0 {
		t.Errorf("the list still has %+v", list.Segments)
	}
	var again segments.SegmentAccepted
	h.send("removeSegment", http.MethodDelete, "/v1/segments/waiting", "", http.StatusAccepted, &again)
	if again.Changed || again.Position != gone.Position {
		t.Errorf("removing it again answers %+v, want position %d", again, gone.Position)
	}
}

// isIn demands what the page of a customer says about segments.
func (h *house) isIn(id uuid.UUID, query string, want string) {
	h.t.Helper()
	var a struct{ Segments []segments.CustomerSegment }
	h.get("customer", "/v1/customers/"+id.String()+query, http.StatusOK, &a)
	var names []string
	for _, s := range a.Segments {
		if !s.In || s.Since == nil || s.Title.Ko == "" {
			h.t.Errorf("the page says %+v", s)
		}
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != want {
		h.t.Errorf("%s is in %q, want %q", query, got, want)
	}
}

// To say what holds already changes nothing, whatever the order of keys.
func TestPutSegmentAgain(t *testing.T) {
	t.Parallel()
	h := openHouse(t, withClock(advancing()))
	put := func(body string) (a segments.SegmentAccepted) {
		h.send("putSegment", http.MethodPut, "/v1/segments/gold", body, http.StatusAccepted, &a)
		return a
	}
	first := put(`{"title":{"ko":"골드","en":"Gold"},"rule":{"trait":"tier","is":"gold"}}`)
	again := put(`{"rule":{"is":"gold","trait":"tier"},"title":{"en":"Gold","ko":"골드"}}`)
	if !first.Changed || again.Changed || again.Position != first.Position {
		t.Errorf("first %+v, then %+v", first, again)
	}
	for _, body := range []string{
		`{"title":{"ko":"골드","en":"Gold!"},"rule":{"trait":"tier","is":"gold"}}`, `{"title":{"ko":"골드","en":"Gold!"},"rule":{"trait":"tier","is":"vip"}}`,
	} {
		if again = put(body); !again.Changed || again.Position == first.Position {
			t.Errorf("%s: %+v", body, again)
		}
	}
	page := h.judged("gold", again.Position)
	if page.Title.En != "Gold!" || page.Version != 3 {
		t.Errorf("the segment is %+v", page)
	}
}

func TestSegmentRefusals(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	h.puts("gold", `{"trait":"tier","is":"gold"}`, now.Add(-time.Hour))
	h.puts("needs-gold", `{"segment":"gold"}`, now.Add(-time.Minute))
	put := func(rule, more string) string { return fmt.Sprintf(`{"title":{"en":"x"},"rule":%s%s}`, rule, more) }
	gold := `{"trait":"tier","is":"gold"}`
	for _, c := range []struct {
		operation, method, path, body string
		status                        int
		pointer, remedy               string
	}{
		{"putSegment", "PUT", "/v1/segments/Gold", put(gold, ""), 400, "?name", "lower-case"},
		{"putSegment", "PUT", "/v1/segments/x", `{"rule":{"trait":"tier","is":"gold"}}`, 400, "/title", "title"},
		{"putSegment", "PUT", "/v1/segments/x", `{"title":{"ko":"` + longText(201) + `"},"rule":` + gold + `}`, 400, "/title/ko", "shorten"},
		{"putSegment", "PUT", "/v1/segments/x", `{"title":{"en":"x"}}`, 400, "/rule", "missing"},
		{"putSegment", "PUT", "/v1/segments/x", put(`{"all":[{"event":"page.veiwed"}]}`, ""), 400, "/rule/all/0/event", "page.viewed?"},
		{"putSegment", "PUT", "/v1/segments/x", put(`{"segment":"silver"}`, ""), 400, "/rule", "define it first"},
		{"putSegment", "PUT", "/v1/segments/x", put(`{"any":[{"segment":"x"}]}`, ""), 400, "/rule/any/0", "circle"},
		{"putSegment", "PUT", "/v1/segments/gold", put(`{"not":{"segment":"needs-gold"}}`, ""), 400, "/rule/not", "circle"},
		{"putSegment", "PUT", "/v1/segments/x", put(`{"segment":"gold"}`, `,"since":"2026-01-01"`), 400, "/rule", "later since"},
		{"putSegment", "PUT", "/v1/segments/x", put(gold, `,"since":"2026-11-22"`), 400, "/since", "future"},
		{"putSegment", "PUT", "/v1/segments/x", put(gold, `,"since":"soon"`), 400, "/since", "give 2011"},
		{"putSegment", "PUT", "/v1/segments/x", put(gold, `,"since":"1969-12-31"`), 400, "/since", "before 1970"},
		{"putSegment", "PUT", "/v1/segments/gold", put(`{"trait":"tier","is":"vip"}`, `,"since":"2026-01-01"`), 409, "/since", "not earlier"},
		{"putSegment", "PUT", "/v1/segments/x", put(gold, `,"why":1`), 400, "/why", "does not know"},
		{"removeSegment", "DELETE", "/v1/segments/gold", "", 409, "", "needs-gold"},
		{"removeSegment", "DELETE", "/v1/segments/silver", "", 404, "?name", "GET /v1/segments"},
		{"segment", "GET", "/v1/segments/silver", "", 404, "?name", "GET /v1/segments"},
		{"segmentMembers", "GET", "/v1/segments/silver/members", "", 404, "?name", "GET /v1/segments"},
		{"segmentMembers", "GET", "/v1/segments/silver/members?as_of=2026-01-01", "", 404, "?name", "GET /v1/segments"},
		{"segmentMembers", "GET", "/v1/segments/gold/members?cursor=x", "", 400, "?cursor", "as it is"},
		{"segmentMembers", "GET", "/v1/segments/gold/members?order=name", "", 400, "?order", "latest or id"},
		{"segmentMembers", "GET", "/v1/segments/gold/members?as_of=2027-01-01", "", 400, "?as_of", "future"},
		{"segmentHistory", "GET", "/v1/segments/gold/history?before=x", "", 400, "?before", "as it is"},
		{"segmentHistory", "GET", "/v1/segments/silver/history", "", 404, "?name", "GET /v1/segments"},
		{"segments", "GET", "/v1/segments?wait=9999", "", 400, "?wait", "beyond the log"},
		{"previewSegment", "POST", "/v1/segments/preview", `{"rule":{"any":[{"segment":"silver"}]}}`, 400, "/rule/any/0", "define it first"},
		{"previewSegment", "POST", "/v1/segments/preview", `{"rule":{"segment":"needs-gold"},"name":"gold"}`, 400, "/rule", "circle"},
		{"previewSegment", "POST", "/v1/segments/preview?exact=2", `{"rule":` + gold + `}`, 400, "?exact", "from 0 to 1"},
		{"backtestSegment", "POST", "/v1/segments/backtest", `{}`, 400, "/rule", "give a rule"},
		{"backtestSegment", "POST", "/v1/segments/backtest", `{"name":"silver"}`, 404, "/name", "GET /v1/segments"},
		{"backtestSegment", "POST", "/v1/segments/backtest", `{"name":"gold","from":"2026-05-01","to":"2026-04-01"}`, 400, "/from", "earlier"},
		{"backtestSegment", "POST", "/v1/segments/backtest", `{"name":"gold","to":"2027-04-01"}`, 400, "/to", "future"},
		{"backtestSegment", "POST", "/v1/segments/backtest", `{"name":"gold","from":"1999-05-01"}`, 400, "/from", "10 years"},
		{"backtestSegment", "POST", "/v1/segments/backtest", `{"name":"gold","horizon_days":366}`, 400, "/horizon_days", "from 1 to 365"},
		{"customerSegments", "GET", "/v1/customers/00000000-0000-5000-8000-000000000001/segments", "", 404, "", "q="},
		{"customerSegments", "GET", "/v1/customers/" + h.customerOf("phone:010-4821-7730").String() + "/segments?name=silver", "", 404, "?name", "no segment"},
	} {
		t.Run(c.operation+" "+shortened(c.path+c.body), func(t *testing.T) {
			t.Parallel()
			var p struct {
				Detail, Pointer string
				Status          int
			}
			h.send(c.operation, c.method, c.path, c.body, c.status, &p)
			if p.Pointer != c.pointer || !strings.Contains(p.Detail, c.remedy) {
				t.Errorf("refused with %+v, want place %q and remedy %q", p, c.pointer, c.remedy)
			}
		})
	}
}

// A change that would make another segment useless is refused.
func TestPutSegmentThatOthersNeed(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	before := "a"
	h.puts("a", `{"trait":"tier","is":"gold"}`, now.Add(-time.Hour))
	for _, name := range []string{"b", "c", "d", "e", "f", "g", "h"} {
		h.puts(name, fmt.Sprintf(`{"segment":%q}`, before), now.Add(-time.Minute))
		before = name
	}
	h.puts("z", `{"trait":"tier","is":"vip"}`, now.Add(-time.Hour))
	h.puts("y", `{"segment":"z"}`, now.Add(-time.Minute))
	h.puts("x", `{"segment":"h"}`, now.Add(-time.Minute))
	var p struct{ Detail, Pointer string }
	h.send("putSegment", http.MethodPut, "/v1/segments/a", `{"title":{"en":"a"},"rule":{"segment":"y"}}`, http.StatusBadRequest, &p)
	if p.Pointer != "/rule" || !strings.Contains(p.Detail, "could not be used any more") {
		t.Errorf("refused with %+v", p)
	}
}

// TestPutSegmentOfLikeName refuses a name whose hash, by which rows tell segments apart, is that of another.
func TestPutSegmentOfLikeName(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.puts("costarring", `{"trait":"tier","is":"gold"}`, now.Add(-time.Hour))
	var p struct{ Detail, Pointer string }
	h.send("putSegment", http.MethodPut, "/v1/segments/liquid", `{"title":{"en":"a"},"rule":{"trait":"tier","is":"vip"}}`, http.StatusConflict, &p)
	if p.Pointer != "?name" || !strings.Contains(p.Detail, "costarring") {
		t.Errorf("refused with %+v", p)
	}
}

// TestNoSegments refuses calls where no segments are kept, and shows customers without.
func TestNoSegments(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(c *query.Config) { c.History, c.Segment = nil, nil })
	tellSeoyeon(h)
	id := h.customerOf("phone:010-4821-7730")
	h.isIn(id, "", "")
	for operation, path := range map[string]string{
		"segments": "", "segment": "/gold", "segmentMembers": "/gold/members", "segmentHistory": "/gold/history",
	} {
		h.get(operation, "/v1/segments"+path, http.StatusConflict, nil)
	}
	h.get("customerSegments", "/v1/customers/"+id.String()+"/segments", http.StatusConflict, nil)
	h.send("putSegment", http.MethodPut, "/v1/segments/x", `{"title":{"en":"x"},"rule":{}}`, http.StatusConflict, nil)
	h.post("previewSegment", "/v1/segments/preview", `{"rule":{}}`, http.StatusConflict, nil)
	h.post("backtestSegment", "/v1/segments/backtest", `{}`, http.StatusConflict, nil)
}

// A late event, a link and an unlink restate who is in, in the past too.
func TestSegmentRestated(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.happens(touch(10*day, events.ChannelStore, "order.completed", `{"order_id":"1","total":1000}`, "loyalty_id:A"))
	h.happens(touch(8*day, events.ChannelWeb, "order.completed", `{"order_id":"2","total":1000}`, "user_id:B"))
	a, b := h.customerOf("loyalty_id:A"), h.customerOf("user_id:B")
	h.puts("twice", bought, now.AddDate(-1, 0, 0))
	is := func(what string, want map[uuid.UUID]time.Time) {
		t.Helper()
		if diff := cmp.Diff(want, h.members("twice", "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		if diff := cmp.Diff(want, h.members("twice", "&as_of="+now.Format(time.RFC3339))); diff != "" {
			t.Errorf("%s, by a scan (-want +got):\n%s", what, diff)
		}
	}
	nobody := map[uuid.UUID]time.Time{}
	is("at first", nobody)
	first := a
	if strings.Compare(b.String(), a.String()) < 0 {
		first = b
	}
	var linked, unlinked query.AcceptedAnswer
	h.post("link", "/v1/identity/links", pair(a, b, ""), http.StatusAccepted, &linked)
	h.judged("twice", linked.Position)
	is("linked", map[uuid.UUID]time.Time{first: now.Add(-8 * day)})
	h.happens(touch(9*day, events.ChannelStore, "order.completed", `{"order_id":"3","total":1000}`, "loyalty_id:A"))
	is("a late order", map[uuid.UUID]time.Time{first: now.Add(-9 * day)})
	h.post("unlink", "/v1/identity/unlinks", pair(a, b, ""), http.StatusAccepted, &unlinked)
	h.judged("twice", unlinked.Position)
	is("unlinked", map[uuid.UUID]time.Time{a: now.Add(-9 * day)})
	if got := h.members("twice", "&as_of="+now.Add(-9*day-time.Minute).Format(time.RFC3339)); len(got) != 0 {
		t.Errorf("before the late order %v were in", got)
	}
	h.happens(touch(5*day, events.ChannelStore, "order.cancelled", `{"order_id":"3"}`, "loyalty_id:A"))
	is("cancelled", nobody)
}

// An answer is written as JSON the same way whichever scene it is of.
func TestSegmentsOfAGeneration(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	h.puts("waiting", waiting, now.AddDate(0, -1, 0))
	id := h.customerOf("phone:010-4821-7730")
	path := "/v1/customers/" + id.String() + "/segments"
	var live, other, then map[string]json.RawMessage
	h.get("customerSegments", path, http.StatusOK, &live)
	h.get("customerSegments", path+"?generation="+h.rebuilt(), http.StatusOK, &other)
	h.get("customerSegments", path+"?as_of="+now.Format(time.RFC3339), http.StatusOK, &then)
	for what, a := range map[string]map[string]json.RawMessage{"a rebuild": other, "as of now": then} {
		if string(a["segments"]) != string(live["segments"]) {
			t.Errorf("%s says\n%s\nlive is\n%s", what, a["segments"], live["segments"])
		}
	}
}

// There may be a thousand segments; one of them can still be changed.
func TestSegmentsAreBounded(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	var all []events.Entry
	for i := range segments.MaxSegments {
		all = append(all, events.Entry{Stream: fmt.Sprint(segment.Stream, "s", i), Event: events.Event{
			ID: fmt.Sprint("d", i), Source: "c360", Type: segment.Defined, Time: now.Add(-time.Hour), Received: now, Channel: events.ChannelOther,
			Data: []byte(`{"title":{"en":"x"},"rule":{"trait":"tier","is":"gold"}}`),
		}})
	}
	results, err := h.log.Append(t.Context(), all...)
	must(t, err)
	must(t, h.generations.Live().Await(t.Context(), results[len(results)-1].Position))
	put := func(name string, status int) {
		h.send("putSegment", http.MethodPut, "/v1/segments/"+name, `{"title":{"en":"x"},"rule":{"trait":"tier","is":"vip"}}`, status, nil)
	}
	put("one-more", http.StatusConflict)
	put("s7", http.StatusAccepted)
	h.send("removeSegment", http.MethodDelete, "/v1/segments/s8", "", http.StatusAccepted, nil)
	put("one-more", http.StatusAccepted)
}

// Two who change a segment at once both have their say, one after the other.
func TestPutSegmentAtOnce(t *testing.T) {
	t.Parallel()
	h := openHouse(t, withClock(advancing()))
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			body := fmt.Sprintf(`{"title":{"en":"x"},"rule":{"trait":"visits",">=":%d}}`, i)
			h.send("putSegment", http.MethodPut, "/v1/segments/x", body, http.StatusAccepted, nil)
		})
	}
	all.Wait()
	head, err := h.log.Head(t.Context())
	must(t, err)
	if page := h.judged("x", head.Position); page.Version != 6 || head.Position != 6 {
		t.Errorf("after six changes the log ends at %d and the segment is %+v", head.Position, page.Segment)
	}
}
