package query_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/headline"
)

func TestCustomerPage(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	story := tellSeoyeon(h)
	found := h.search("010-4821-7730")
	if len(found.Customers) != 1 {
		t.Fatalf("found %d customers, want 1", len(found.Customers))
	}
	var a query.CustomerAnswer
	h.get("customer", "/v1/customers/"+found.Customers[0].ID.String(), http.StatusOK, &a)

	if a.Name != "김서연" || a.Initials != "서연" || a.LastChannel != "call" || a.Position != story.call {
		t.Errorf("got name %q, initials %q, last channel %q, position %d", a.Name, a.Initials, a.LastChannel, a.Position)
	}
	if len(a.Fragments) != 4 { // card, user id, browser, phone
		t.Errorf("she has %d fragments, want 4: %+v", len(a.Fragments), a.Fragments)
	}
	want := query.Totals{
		Events: 29, ByChannel: map[string]int64{"store": 3, "web": 23, "message": 1, "inquiry": 1, "call": 1},
		Orders: 2, Revenue: []query.Amount{{Currency: "KRW", Amount: 318000 * 10_000}},
	}
	got := query.Totals{Events: a.Totals.Events, ByChannel: a.Totals.ByChannel, Orders: a.Totals.Orders, Revenue: a.Totals.Revenue}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("totals differ (-want +got):\n%s", diff)
	}
	if string(a.Traits["tier"].Value) != `"골드"` || a.Traits["tier"].Grade != "asserted" {
		t.Errorf("tier is %+v", a.Traits["tier"])
	}
	if len(a.Notes) != 1 || !a.Notes[0].Pinned || a.Notes[0].Text != "오전 통화 꺼림" {
		t.Errorf("notes are %+v", a.Notes)
	}
	if len(a.Consents) != 1 || !a.Consents[0].Given {
		t.Errorf("consents are %+v", a.Consents)
	}
	if len(a.Cases) != 1 || a.Cases[0].State != "open" || !a.Cases[0].Complaint || a.Cases[0].OrderID != "ORD-87950" {
		t.Errorf("cases are %+v", a.Cases)
	}
	checkRibbon(t, &a)
	checkBrief(t, &a, story)
}

func checkRibbon(t *testing.T, a *query.CustomerAnswer) {
	t.Helper()
	if a.Ribbon.Weeks != 78 || a.Ribbon.Start != "2025-05-26" {
		t.Errorf("the ribbon has %d weeks from %s, want 78 from 2025-05-26", a.Ribbon.Weeks, a.Ribbon.Start)
	}
	if lane := a.Ribbon.Channels["call"]; len(lane) != 78 || lane[77] != 1 {
		t.Errorf("the call of today is not in the last week: %v", lane)
	}
	if a.Rhythm.SilentDays == nil || *a.Rhythm.SilentDays != 0 || a.Rhythm.UsualGapDays == nil {
		t.Errorf("rhythm is %+v", a.Rhythm)
	}
}

func checkBrief(t *testing.T, a *query.CustomerAnswer, story seoyeon) {
	t.Helper()
	b := a.Brief
	if b == nil {
		t.Fatal("there is no brief")
	}
	want := headline.Text{
		Ko: "ORD-87950 출고 확인이 먼저, 결제 오류는 그다음. 문의 내용을 다시 묻지 마세요.",
		En: "First the shipping of ORD-87950, then the failed payment. Do not ask again what the inquiry already says.",
	}
	if b.Reason != want {
		t.Errorf("the reason is %+v, want %+v", b.Reason, want)
	}
	var positions []events.Position
	for _, s := range b.Steps {
		positions = append(positions, s.Position)
	}
	if diff := cmp.Diff([]events.Position{story.status, story.inquiry, story.failed, story.call}, positions); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
	if b.Events != 23 || b.Channels != 3 || b.Steps[3].Tone != headline.Live || !slices.Contains(b.Evidence, story.inquiry) {
		t.Errorf("the brief is %+v", b)
	}
}

func TestEveryFragmentLeadsToTheCustomer(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	h.counted()
	id := h.search("김서연").Customers[0].ID
	h.get("customerValue", "/v1/customers/"+id.String()+"/value", http.StatusOK, nil) // from now on the page shows it
	var a query.CustomerAnswer
	h.get("customer", "/v1/customers/"+id.String(), http.StatusOK, &a)
	for _, f := range a.Fragments {
		var b query.CustomerAnswer
		h.get("customer", "/v1/customers/"+f.ID.String(), http.StatusOK, &b)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("the page of fragment %s differs (-customer +fragment):\n%s", f.ID, diff)
		}
	}
}

func TestCustomerWithoutAnything(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.happens(touch(day, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:lonely"))
	var found query.SearchAnswer
	h.get("searchCustomers", "/v1/customers?identifier=anonymous_id:lonely", http.StatusOK, &found)
	var a query.CustomerAnswer
	h.get("customer", "/v1/customers/"+found.Customers[0].ID.String(), http.StatusOK, &a)
	if a.Name != "" || a.Initials != "" || a.Totals.Events != 1 || a.Rhythm.UsualGapDays != nil {
		t.Errorf("got %+v", a)
	}
}

// What somebody looked at a month ago is not why they call today; an inquiry that still waits is.
func TestBriefIsRecent(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.happens(touch(30*day, events.ChannelWeb, "product.added", `{"sku":"K1","name":"니트"}`, "user_id:old"))
	var found query.SearchAnswer
	h.get("searchCustomers", "/v1/customers?identifier=user_id:old", http.StatusOK, &found)
	path := "/v1/customers/" + found.Customers[0].ID.String()
	var a query.CustomerAnswer
	h.get("customer", path, http.StatusOK, &a)
	if a.Brief != nil {
		t.Errorf("the brief tells of a month ago: %+v", a.Brief)
	}
	h.happens(touch(29*day, events.ChannelInquiry, "inquiry.opened", `{"inquiry_id":"I1","subject":"재입고"}`, "user_id:old"))
	h.get("customer", path, http.StatusOK, &a)
	if a.Brief == nil || len(a.Brief.Steps) != 1 || a.Brief.Reason.Ko != "답변 없는 “재입고” 문의 건일 가능성이 큽니다. 문의 내용을 다시 묻지 마세요." {
		t.Errorf("the brief is %+v", a.Brief)
	}
}
