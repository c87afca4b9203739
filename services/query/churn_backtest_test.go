package query_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/churns"
)

// backtests puts a policy to the test.
func (h *house) backtests(body string) churns.BacktestAnswer {
	h.t.Helper()
	var a churns.BacktestAnswer
	h.tells("backtestChurn", http.MethodPost, "/v1/churn/backtest", body, http.StatusOK, &a)
	return a
}

func TestChurnBacktest(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for i := range 20 {
		h.comes(fmt.Sprintf("steady%d", i), 60, time.Duration(i%7)*day)
	}
	for i := range 10 { // gone since April, one day apart
		h.comes(fmt.Sprintf("gone%d", i), 30, 210*day+time.Duration(i)*day)
	}
	a := h.backtests(`{"rule":` + rhythmRule + `,"cutoffs":["2026-06-30","2026-05-31"],"cost":{"contact":1000,"saved":30000},"choose":{"budget":5}}`)
	want := churns.FlagMetrics{
		Cutoff: "2026-05-31", Customers: 30, Slipped: 10, Flagged: 10, Right: 10, BaseRate: 1. / 3, Precision: 1, Recall: 1, F1: 1, Lift: 3, AUC: 1,
		Recency: churns.PlainRecency{Precision: 1, Recall: 1, F1: 1, AUC: 1},
	}
	if len(a.Cutoffs) != 2 || a.Cutoffs[0] != want || a.Label != "no_visit" || a.HorizonDays != 60 {
		t.Errorf("as of May it is %+v, want %+v", a.Cutoffs[0], want)
	}
	if a.All.Customers != 60 || a.All.Right != 20 || len(a.Calibration) != 10 || len(a.Curve) != 19 || a.Best == nil || a.Best.Net != 20*29_000*10_000 {
		t.Errorf("in all it is %+v, best %+v", a.All, a.Best)
	}
	if a.Chosen == nil || !a.Chosen.Found || a.Chosen.Threshold.Flagged > 10 || a.Chosen.Threshold.Flagged < 8 {
		t.Fatalf("chosen is %+v", a.Chosen)
	}
	h.decides("scaled", string(a.Chosen.Rule), "2026-06-30T23:59:59.999999+09:00")
	if p := h.flags("?policy=scaled").Policy; p.Measured == nil || p.Measured.Precision != 1 || p.Measured.HeldBack || len(p.Measured.Cutoffs) != 2 {
		t.Errorf("the scaled policy is %+v", p)
	}
	b := h.backtests(`{"name":"scaled","months":2}`)
	if len(b.Cutoffs) != 2 || b.Cutoffs[1].Cutoff != "2026-08-31" || b.Chosen != nil || b.Best != nil {
		t.Errorf("the last two months are %+v", b.Cutoffs)
	}
	none := h.backtests(`{"rule":` + rhythmRule + `,"months":1,"choose":{"budget":1}}`)
	if none.Chosen.Found && none.Chosen.Threshold.Flagged > 1 || !strings.HasPrefix(string(none.Rule), `{"version":1`) {
		t.Errorf("a budget of one gives %+v", none.Chosen)
	}
}

// growsUp makes a company of weekly visitors, of whom some stop every month. It returns how many events there were.
func (h *house) growsUp(people int) {
	h.t.Helper()
	var last events.Position
	for i := range people {
		stopped := time.Duration(i%7) * day
		if i%3 == 0 {
			stopped = time.Duration(20+(i*7)%200) * day
		}
		for n := range 40 {
			last = h.appends(touch(stopped+time.Duration(39-n)*week, events.ChannelWeb, "page.viewed", `{}`, fmt.Sprintf("user_id:p%d", i)))
		}
	}
	must(h.t, h.generations.Live().Await(h.t.Context(), last))
}

func TestFreshInstallIsCalibrated(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	must(t, h.service.CalibrateIfDue(t.Context())) // nothing to look at
	h.comes("one", 20, day)
	must(t, h.service.CalibrateIfDue(t.Context()))
	if a := h.flags(""); a.Policy != nil || len(a.Flags) != 0 || a.Missing == nil ||
		!strings.Contains(a.Missing.En, "200 are needed") || !strings.Contains(a.Missing.Ko, "필요 200명") {
		t.Errorf("with one customer it says %+v", a.Missing)
	}
	h.growsUp(300)
	must(t, h.service.CalibrateIfDue(t.Context()))
	head, err := h.log.Head(t.Context())
	must(t, err)
	a := h.flags(fmt.Sprintf("?wait=%d", head.Position))
	if a.Policy == nil || a.Policy.Name != "default" || a.Policy.Actor != "c360" || a.Missing != nil {
		t.Fatalf("with 300 customers it says %+v, %+v", a.Policy, a.Missing)
	}
	m := a.Policy.Measured
	// More than a tenth have stopped, and a tenth is flagged.
	if m == nil || !m.HeldBack || m.Precision < .9 || m.Recall < .3 || m.Flagged*10 > m.Customers || m.Text.Ko == "" {
		t.Errorf("it was measured as %+v", m)
	}
	t.Logf("measured %+v", *m)
	must(t, h.service.CalibrateIfDue(t.Context())) // not due
	if now, _ := h.log.Head(t.Context()); now.Position != head.Position {
		t.Error("it was calibrated again although nothing is new")
	}
}

// What a calibration finds depends on the data and on nothing else; a person's word is never written over.
func TestCalibrationKeepsOutOfTheWay(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.growsUp(250)
	var a, b churns.CalibrationAnswer
	h.tells("calibrateChurn", http.MethodPost, "/v1/churn/calibration", `{}`, http.StatusOK, &a)
	h.tells("calibrateChurn", http.MethodPost, "/v1/churn/calibration", `{}`, http.StatusOK, &b)
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if string(x) != string(y) || !a.Enough || a.Applied || len(a.Tried) < 6 {
		t.Errorf("twice the same data give\n%s\n%s", x, y)
	}
	h.decides("mine", rhythmRule, "")
	must(t, h.service.CalibrateIfDue(t.Context()))
	var all churns.PoliciesAnswer
	h.get("churnPolicies", "/v1/churn/policies", http.StatusOK, &all)
	if len(all.Policies) != 1 || all.Default != "mine" {
		t.Errorf("beside the policy of a person there are %+v", all.Policies)
	}
	h.tells("calibrateChurn", http.MethodPost, "/v1/churn/calibration", `{"apply":true}`, http.StatusOK, &a)
	if !a.Applied {
		t.Errorf("asked to apply, it answers %+v", a)
	}
	h.screened("default", a.Position)
	var removed churns.PolicyAccepted
	h.tells("removeChurnPolicy", http.MethodDelete, "/v1/churn/policies/default", "", http.StatusAccepted, &removed)
	h.tells("calibrateChurn", http.MethodPost, "/v1/churn/calibration", `{"apply":true}`, http.StatusConflict, nil)
}

// makesChurnCalls makes every call about churn.
func (h *house) makesChurnCalls(customer string) {
	h.t.Helper()
	h.decides("every", rhythmRule, "")
	h.flags("")
	h.get("churnPolicies", "/v1/churn/policies", http.StatusOK, nil)
	h.get("churnHistory", "/v1/churn/policies/every/history", http.StatusOK, nil)
	h.get("customerChurn", "/v1/customers/"+customer+"/churn", http.StatusOK, nil)
	h.backtests(`{"name":"every"}`)
	h.tells("calibrateChurn", http.MethodPost, "/v1/churn/calibration", `{}`, http.StatusOK, nil)
	h.tells("removeChurnPolicy", http.MethodDelete, "/v1/churn/policies/every", "", http.StatusAccepted, nil)
}
