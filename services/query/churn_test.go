package query_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/churns"
)

const week = 7 * day

// rhythmRule flags a silence of more than twice the own usual gap.
const rhythmRule = `{"version":1,"rhythm":{"factor":2,"min_visits":4,"floor_days":7},"until_days":365,"signals":{"complaint":0.5}}`

// comes lets somebody visit once a week for so many weeks, the last time so long ago.
func (h *house) comes(who string, weeks int, last time.Duration) events.Position {
	h.t.Helper()
	var p events.Position
	for i := weeks - 1; i >= 0; i-- {
		p = h.appends(touch(last+time.Duration(i)*week, events.ChannelWeb, "page.viewed", `{"title":"home"}`, "user_id:"+who))
	}
	must(h.t, h.generations.Live().Await(h.t.Context(), p))
	return p
}

// idOf returns the id of the customer with an identifier.
func (h *house) idOf(identifier string) uuid.UUID {
	h.t.Helper()
	var found query.SearchAnswer
	h.get("searchCustomers", "/v1/customers?identifier="+identifier, http.StatusOK, &found)
	if len(found.Customers) != 1 {
		h.t.Fatalf("%s is %d customers", identifier, len(found.Customers))
	}
	return found.Customers[0].ID
}

// tells makes a call with a body.
func (h *house) tells(operation, method, path, body string, status int, into any) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.server.URL+path, strings.NewReader(body))
	must(h.t, err)
	r.Header.Set("Content-Type", "application/json")
	h.do(operation, r, status, into)
}

// decides puts a policy and waits until everybody was judged.
func (h *house) decides(name, rule, since string) churns.PolicyAccepted {
	h.t.Helper()
	var a churns.PolicyAccepted
	body := fmt.Sprintf(`{"title":{"ko":"조용해진 고객","en":"Gone quiet"},"rule":%s,"since":%q}`, rule, since)
	h.tells("putChurnPolicy", http.MethodPut, "/v1/churn/policies/"+name, body, http.StatusAccepted, &a)
	h.screened(name, a.Position)
	return a
}

func (h *house) screened(name string, at events.Position) churns.PolicyAnswer {
	h.t.Helper()
	for {
		var p churns.PolicyAnswer
		h.get("churnPolicy", fmt.Sprintf("/v1/churn/policies/%s?wait=%d", name, at), http.StatusOK, &p)
		if p.Judging == nil {
			return p
		}
	}
}

func (h *house) flags(query string) churns.FlagsAnswer {
	h.t.Helper()
	var a churns.FlagsAnswer
	h.get("churn", "/v1/churn"+query, http.StatusOK, &a)
	return a
}

func (h *house) churnOf(id uuid.UUID, query string) churns.CustomerFlags {
	h.t.Helper()
	var a churns.CustomerFlags
	h.get("customerChurn", "/v1/customers/"+id.String()+"/churn"+query, http.StatusOK, &a)
	return a
}

func TestChurnList(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.comes("quiet", 20, 40*day)
	h.comes("quieter", 20, 100*day)
	h.comes("steady", 20, day)
	h.happens(touch(50*day, events.ChannelStore, "order.completed", `{"order_id":"O-1","total":50000,"currency":"KRW"}`, "user_id:quiet"))
	last := h.happens(touch(45*day, events.ChannelStore, "order.refunded", `{"order_id":"O-1","total":20000}`, "user_id:quiet"))
	accepted := h.decides("quiet", rhythmRule, "2025-06-01")
	if accepted.Position <= last || !accepted.Changed {
		t.Errorf("the policy was accepted as %+v", accepted)
	}
	a := h.flags("")
	if a.Policy == nil || a.Policy.Name != "quiet" || a.Policy.Kind != "rhythm" || a.Policy.Title.Ko != "조용해진 고객" || a.Missing != nil {
		t.Fatalf("the policy is %+v", a.Policy)
	}
	if len(a.Flags) != 2 || a.Totals.Flagged != 2 || a.Next != "" || a.Ranked == nil || !a.Ranked.Exact || a.Ranked.Of != 2 {
		t.Fatalf("got %+v", a)
	}
	first, second := a.Flags[0], a.Flags[1]
	if first.ID != h.idOf("user_id:quieter") || first.Risk <= second.Risk || second.Risk <= 50 {
		t.Errorf("the order is %+v", a.Flags)
	}
	if second.SilentDays == nil || *second.SilentDays != 40 || second.UsualGapDays == nil || len(second.Value) != 1 || second.Value[0].Amount != 30000*10_000 {
		t.Errorf("the flag is %+v", second)
	}
	r := second.Reasons[0]
	if r.Code != "silence" || r.Weight != second.Risk || len(r.Evidence) != 3 || r.Evidence[0].Position == 0 || r.Numbers["silence_days"] != 40 {
		t.Errorf("the reason is %+v", r)
	}
	if !strings.Contains(r.Text.En, "silent for 40 days") || !strings.Contains(r.Text.Ko, "40일째") {
		t.Errorf("the reason says %+v", r.Text)
	}
	if a.Outcome.Raised != 2 || a.Outcome.Lost != 1 || a.Outcome.Pending != 1 {
		t.Errorf("the outcomes are %+v", a.Outcome)
	}
	if a.Totals.Month != (churns.FlagsMoved{Raised: 1}) || a.Totals.Week != (churns.FlagsMoved{}) {
		t.Errorf("the totals are %+v", a.Totals)
	}
}

func TestChurnListInPages(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for i := range 7 {
		h.comes(fmt.Sprintf("c%d", i), 10, time.Duration(30+7*i)*day)
	}
	h.decides("quiet", rhythmRule, "2026-01-01")
	for _, order := range []string{"risk", "since"} {
		whole := h.flags("?limit=100&order=" + order)
		if len(whole.Flags) != 7 {
			t.Fatalf("by %s there are %d", order, len(whole.Flags))
		}
		var paged []churns.Flag
		for cursor := ""; ; {
			a := h.flags("?limit=2&order=" + order + "&cursor=" + cursor)
			paged = append(paged, a.Flags...)
			if cursor = a.Next; cursor == "" {
				break
			}
		}
		x, _ := json.Marshal(whole.Flags)
		y, _ := json.Marshal(paged)
		if string(x) != string(y) {
			t.Errorf("pages by %s differ from the whole:\n%s\n%s", order, x, y)
		}
		for i := 1; i < len(whole.Flags); i++ {
			a, b := whole.Flags[i-1], whole.Flags[i]
			if order == "risk" && a.Risk < b.Risk || order == "since" && a.Since.Before(b.Since) {
				t.Errorf("by %s, place %d: %d %s before %d %s", order, i, a.Risk, a.Since, b.Risk, b.Since)
			}
		}
	}
}

func TestChurnOfOneCustomer(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.comes("quiet", 20, 40*day)
	complaint := h.happens(touch(43*day, events.ChannelInquiry, "inquiry.opened", `{"inquiry_id":"I-1","complaint":true}`, "user_id:quiet"))
	id := h.idOf("user_id:quiet")
	if a := h.churnOf(id, ""); len(a.Flags) != 0 || a.Missing == nil || !strings.Contains(a.Missing.En, "c360 churn calibrate") {
		t.Errorf("without a policy it says %+v", a)
	}
	h.decides("quiet", rhythmRule, "2026-01-01")
	a := h.churnOf(id, "")
	if len(a.Flags) != 1 || a.Missing != nil {
		t.Fatalf("got %+v", a)
	}
	f := a.Flags[0]
	if !f.Flagged || f.Since == nil || !f.Known || f.Risk <= 50 || len(f.Trend) != 12 || f.Policy.Version != 1 {
		t.Errorf("the flag is %+v", f)
	}
	sum := 0
	for _, r := range f.Reasons {
		sum += r.Weight
	}
	if sum != f.Risk || len(f.Reasons) != 2 || f.Reasons[1].Code != "complaint" || f.Reasons[1].Evidence[0].Position != complaint {
		t.Errorf("the reasons are %+v", f.Reasons)
	}
	if len(f.Past) != 1 || f.Past[0].Outcome != "pending" || f.Past[0].Lowered != nil {
		t.Errorf("the past is %+v", f.Past)
	}
	var page query.CustomerAnswer
	h.get("customer", "/v1/customers/"+id.String(), http.StatusOK, &page)
	if b := page.Churn; b == nil || !b.Flagged || b.Risk != f.Risk || b.Policy != "quiet" || len(b.Reasons) != 2 || !b.Since.Equal(*f.Since) {
		t.Errorf("the page says %+v", page.Churn)
	}
}

// A flag is raised and lowered; the win-back shows, whoever asks: the live room, the history of the policy, the customer.
func TestChurnWinback(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.comes("back", 12, 60*day)
	h.decides("quiet", rhythmRule, "2026-01-01")
	id := h.idOf("user_id:back")
	if a := h.flags(""); len(a.Flags) != 1 {
		t.Fatalf("%d are flagged", len(a.Flags))
	}
	order := h.happens(touch(10*day, events.ChannelStore, "order.completed", `{"order_id":"O-9","total":9000,"currency":"KRW"}`, "user_id:back"))
	a := h.flags(fmt.Sprintf("?wait=%d", order))
	if len(a.Flags) != 0 || a.Totals.Flagged != 0 || a.Totals.Month.Lowered != 1 || a.Outcome.Bought != 1 || a.Outcome.Raised != 1 {
		t.Errorf("after the order: %+v", a)
	}
	f := h.churnOf(id, "").Flags[0]
	if f.Flagged || f.Since != nil || len(f.Past) != 1 || f.Past[0].Outcome != "bought" || f.Past[0].Cause == nil || f.Past[0].Cause.Position != order {
		t.Errorf("the customer says %+v", f)
	}
	var past churns.PolicyHistory
	h.get("churnHistory", fmt.Sprintf("/v1/churn/policies/quiet/history?wait=%d", order), http.StatusOK, &past)
	if len(past.Changes) != 2 || past.Changes[0].Raised || past.Changes[0].Cause == nil || past.Changes[0].Cause.Position != order ||
		!past.Changes[1].Raised || past.Changes[1].Outcome != "bought" || past.Changes[1].Cause != nil || past.Changes[1].ID != id {
		t.Errorf("the history is %+v", past.Changes)
	}
	var one churns.PolicyHistory
	h.get("churnHistory", fmt.Sprintf("/v1/churn/policies/quiet/history?limit=1&wait=%d", order), http.StatusOK, &one)
	h.get("churnHistory", fmt.Sprintf("/v1/churn/policies/quiet/history?limit=1&wait=%d&before=%s", order, one.Next), http.StatusOK, &one)
	if len(one.Changes) != 1 || !one.Changes[0].Raised || one.Next != "" {
		t.Errorf("the second page is %+v", one)
	}
}

// What was so is told as it was, by the policies of that moment.
func TestChurnAsOf(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	before := h.comes("quiet", 12, 60*day)
	id := h.idOf("user_id:quiet")
	accepted := h.decides("quiet", rhythmRule, "2026-09-01")
	back := h.happens(touch(5*day, events.ChannelWeb, "page.viewed", `{}`, "user_id:quiet"))
	if f := h.churnOf(id, fmt.Sprintf("?wait=%d", back)).Flags[0]; f.Flagged {
		t.Errorf("they are back, and flagged: %+v", f)
	}
	asOf := "?as_of=" + now.Add(-20*day).Format(time.DateOnly)
	if f := h.churnOf(id, asOf).Flags[0]; !f.Flagged || len(f.Past) != 1 || f.Past[0].Outcome != "pending" {
		t.Errorf("20 days ago: %+v", f)
	}
	if f := h.churnOf(id, fmt.Sprintf("?known_at=%d", accepted.Position)).Flags[0]; !f.Flagged {
		t.Errorf("before they were back: %+v", f)
	}
	if a := h.churnOf(id, fmt.Sprintf("?known_at=%d", before)); len(a.Flags) != 0 {
		t.Errorf("before there was a policy: %+v", a)
	}
	if a := h.churnOf(id, "?as_of=2026-08-15"); len(a.Flags) != 0 {
		t.Errorf("before the policy held: %+v", a)
	}
	var page query.CustomerAnswer
	h.get("customer", "/v1/customers/"+id.String()+asOf, http.StatusOK, &page)
	if page.Churn == nil || !page.Churn.Flagged {
		t.Errorf("the page of then says %+v", page.Churn)
	}
}

// A late event, a link and an unlink restate flags, live and asked for.
func TestChurnIsRestated(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.comes("quiet", 12, 60*day)
	h.happens(touch(2*day, events.ChannelStore, "order.completed", `{"order_id":"O-2","total":9000}`, "loyalty_id:LM-1"))
	h.decides("quiet", rhythmRule, "2026-01-01")
	id, other := h.idOf("user_id:quiet"), h.idOf("loyalty_id:LM-1")
	flagged := func(at events.Position) bool {
		t.Helper()
		live := h.flags(fmt.Sprintf("?wait=%d", at)).Totals.Flagged == 1
		asked := h.churnOf(id, "").Flags[0].Flagged
		if live != asked {
			t.Errorf("at %d the list says %t, the customer %t", at, live, asked)
		}
		return live
	}
	var linked query.AcceptedAnswer
	if !flagged(0) {
		t.Error("quiet for 60 days is not flagged")
	}
	h.post("link", "/v1/identity/links", pair(id, other, ""), http.StatusAccepted, &linked)
	if flagged(linked.Position) {
		t.Error("somebody who bought two days ago is flagged")
	}
	h.post("unlink", "/v1/identity/unlinks", pair(id, other, ""), http.StatusAccepted, &linked)
	if !flagged(linked.Position) {
		t.Error("the unlink did not bring the flag back")
	}
	if flagged(h.happens(touch(9*day, events.ChannelWeb, "page.viewed", `{}`, "user_id:quiet"))) {
		t.Error("a late visit did not lower the flag")
	}
}

func TestPoliciesAreWritten(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.comes("quiet", 12, 60*day)
	first := h.decides("quiet", rhythmRule, "")
	again := h.decides("quiet", rhythmRule, "")
	if again.Changed || again.Position != first.Position {
		t.Errorf("to say the same again: %+v after %+v", again, first)
	}
	path := "/v1/churn/policies/quiet"
	softer := strings.Replace(rhythmRule, `"factor":2`, `"factor":30`, 1)
	h.tells("putChurnPolicy", http.MethodPut, path, fmt.Sprintf(`{"rule":%s,"position":%d}`, softer, first.Position-1), http.StatusConflict, nil)
	h.tells("putChurnPolicy", http.MethodPut, path, fmt.Sprintf(`{"rule":%s,"since":"2026-01-01"}`, softer), http.StatusConflict, nil)
	var second, removed churns.PolicyAccepted
	h.tells("putChurnPolicy", http.MethodPut, path, fmt.Sprintf(`{"rule":%s,"position":%d}`, softer, first.Position), http.StatusAccepted, &second)
	p := h.screened("quiet", second.Position)
	if p.Version != 2 || p.Flagged != 0 || len(p.Versions) != 2 || p.Actor != "operator" || !strings.Contains(string(p.Rule), `"until_days":365`) {
		t.Errorf("the second version is %+v", p)
	}
	h.tells("removeChurnPolicy", http.MethodDelete, path, "", http.StatusAccepted, &removed)
	if p = h.screened("quiet", removed.Position); !p.Removed || len(p.Versions) != 3 {
		t.Errorf("removed, it is %+v", p)
	}
	var all churns.PoliciesAnswer
	h.get("churnPolicies", "/v1/churn/policies", http.StatusOK, &all)
	if len(all.Policies) != 0 || all.Default != "" || all.Missing == nil {
		t.Errorf("the policies are %+v", all)
	}
	h.tells("removeChurnPolicy", http.MethodDelete, "/v1/churn/policies/nobody", "", http.StatusNotFound, nil)
}

func TestChurnRefusals(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.comes("quiet", 12, 60*day)
	h.decides("quiet", rhythmRule, "")
	for _, c := range []struct {
		operation, method, path, body string
		status                        int
		pointer, remedy               string
	}{
		{"churn", "GET", "/v1/churn?policy=nobody", "", 404, "?policy", "GET /v1/churn/policies"},
		{"churn", "GET", "/v1/churn?limit=101", "", 400, "?limit", "from 1 to 100"},
		{"churn", "GET", "/v1/churn?order=name", "", 400, "?order", "risk or since"},
		{"churn", "GET", "/v1/churn?cursor=zz", "", 400, "?cursor", "as it is"},
		{"churnPolicy", "GET", "/v1/churn/policies/nobody", "", 404, "", "GET /v1/churn/policies"},
		{"churnHistory", "GET", "/v1/churn/policies/nobody/history", "", 404, "", "GET /v1/churn/policies"},
		{"churnHistory", "GET", "/v1/churn/policies/quiet/history?before=zz", "", 400, "?before", "as it is"},
		{"putChurnPolicy", "PUT", "/v1/churn/policies/Quiet", `{"rule":` + rhythmRule + `}`, 400, "?name", "lower-case"},
		{"putChurnPolicy", "PUT", "/v1/churn/policies/q", `{}`, 400, "/rule", "one of rhythm"},
		{"putChurnPolicy", "PUT", "/v1/churn/policies/q", `{"rule":{"version":1}}`, 400, "/rule", "give one"},
		{"putChurnPolicy", "PUT", "/v1/churn/policies/q", `{"rule":{"version":1,"rhythm":{"factor":-1}}}`, 400, "/rule/rhythm/factor", "give 0.01 to 100"},
		{"putChurnPolicy", "PUT", "/v1/churn/policies/q", `{"rule":{"version":1,"rhythm":{"fctor":1}}}`, 400, "/rule/rhythm/fctor", "no such member"},
		{"putChurnPolicy", "PUT", "/v1/churn/policies/q", `{"rule":{"version":1,"model":{"name":"pareto_nbd","parameters":{"r":1}}}}`, 400, "/rule/model/parameters", "give"},
		{"putChurnPolicy", "PUT", "/v1/churn/policies/q", `{"rule":` + rhythmRule + `,"since":"2027-01-01"}`, 400, "/since", "future"},
		{"putChurnPolicy", "PUT", "/v1/churn/policies/q", `{"rule":` + rhythmRule + `,"since":"soon"}`, 400, "/since", "give 2011"},
		{"putChurnPolicy", "PUT", "/v1/churn/policies/q", `{"rules":1}`, 400, "/rules", "does not know"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{}`, 400, "/rule", "name and rule"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{"name":"nobody"}`, 404, "/name", "GET /v1/churn/policies"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{"name":"quiet","cutoffs":["2026-11-20"]}`, 400, "/cutoffs/0", "shorter horizon"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{"name":"quiet","cutoffs":["yesterday"]}`, 400, "/cutoffs/0", "2026-03-31"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{"name":"quiet","months":3,"cutoffs":["2026-01-31"]}`, 400, "/months", "one of them"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{"name":"quiet","months":40}`, 400, "/months", "1 to 36"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{"name":"quiet","label":"gone"}`, 400, "/label", "no_visit"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{"name":"quiet","choose":{}}`, 400, "/choose", "one of"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{"name":"quiet","choose":{"precision":2}}`, 400, "/choose/precision", "at most 1"},
		{"backtestChurn", "POST", "/v1/churn/backtest", `{"name":"quiet","horizon_days":9999}`, 400, "/horizon_days", "1 to 366"},
		{"calibrateChurn", "POST", "/v1/churn/calibration", `{"budget":0.9}`, 400, "/budget", "0.01 to 0.5"},
		{"calibrateChurn", "POST", "/v1/churn/calibration", `{"precision":-1}`, 400, "/precision", "0 to 1"},
		{"customerChurn", "GET", "/v1/customers/00000000-0000-5000-8000-000000000001/churn", "", 404, "", "q="},
		{"customerChurn", "GET", "/v1/customers/" + h.idOf("user_id:quiet").String() + "/churn?policy=nobody", "", 404, "?policy", "GET /v1/churn/policies"},
	} {
		t.Run(c.operation+" "+shortened(c.path+" "+c.body), func(t *testing.T) {
			t.Parallel()
			var p struct {
				Detail, Pointer string
				Status          int
			}
			h.tells(c.operation, c.method, c.path, c.body, c.status, &p)
			if p.Pointer != c.pointer || !strings.Contains(p.Detail, c.remedy) {
				t.Errorf("refused with %+v, want place %q and remedy %q", p, c.pointer, c.remedy)
			}
		})
	}
}

func TestChurnNeedsItsRooms(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(c *query.Config) { c.Churn = nil })
	tellSeoyeon(h)
	h.get("churn", "/v1/churn", http.StatusConflict, nil)
	var page query.CustomerAnswer
	h.get("customer", "/v1/customers/"+h.search("김서연").Customers[0].ID.String(), http.StatusOK, &page)
	if page.Churn != nil {
		t.Errorf("without its rooms, the page says %+v", page.Churn)
	}
}
