package query_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/numbers"
)

// TestNumbersAsOf: what a call says of an instant is what it said then, when nothing later had happened.
func TestNumbersAsOf(t *testing.T) {
	t.Parallel()
	then := now.AddDate(0, 0, -100)
	all := company()
	place, _ := slices.BinarySearchFunc(all, then, func(e events.Event, at time.Time) int { return e.Time.Compare(at.Add(time.Nanosecond)) })
	today, past := openCountingHouse(t), openCountingHouse(t, withClock(func() time.Time { return then }))
	today.happenAll(all)
	past.happenAll(all[:place])
	for _, h := range []*house{today, past} {
		h.defines("women", womenRule, then.AddDate(-1, 0, 0))
		h.defines("later", womenRule, then.AddDate(0, 0, 1))
	}
	for operation, path := range numberCalls() {
		if operation == "segmentValues" {
			continue // it shows the model of now, which as_of has not
		}
		asOf := and(path, "as_of", then.Format(time.RFC3339))
		if got, want := today.answer(operation, asOf), past.answer(operation, path); got != want {
			t.Errorf("seed %d: %s as of then is not what it was then\n%s\n%s", seed, operation, got, want)
		}
	}
	one := all[place-1].Identifiers
	id, _ := events.FragmentOf(one)
	worth := "/v1/customers/" + id.String() + "/value"
	var got, want query.WorthAnswer
	today.get("customerValue", and(worth, "as_of", then.Format(time.RFC3339)), http.StatusOK, &got)
	past.get("customerValue", worth, http.StatusOK, &want)
	got.Moment, got.Position, got.Model.Position, want.Position, want.Model.Position = query.Moment{}, 0, 0, 0, 0
	if got.Life == nil || got.RFM == nil || got.CLV == nil || got.Tier == nil || textOf(t, got) != textOf(t, want) {
		t.Errorf("seed %d: the worth of a customer as of then is not what it was then\n%s\n%s", seed, textOf(t, got), textOf(t, want))
	}
}

// TestNumbersOfASegment: a segment's numbers are those of a company that has nobody else.
func TestNumbersOfASegment(t *testing.T) {
	t.Parallel()
	all := company()
	women := map[string]bool{}
	for _, e := range all {
		if strings.Contains(string(e.Data), `"female"`) {
			women[e.Identifiers[0].Value] = true
		}
	}
	everybody, only := openCountingHouse(t), openCountingHouse(t)
	everybody.happenAll(all)
	everybody.defines("women", womenRule, now.AddDate(-3, 0, 0))
	only.happenAll(slices.DeleteFunc(all, func(e events.Event) bool { return !women[e.Identifiers[0].Value] }))
	for operation, path := range numberCalls() {
		if operation == "segmentValues" {
			continue // it lists the segments, of which the other company has none
		}
		if got, want := everybody.answer(operation, and(path, "segment", "women")), only.answer(operation, path); got != want {
			t.Errorf("seed %d: %s of a segment is not that of its members\n%s\n%s", seed, operation, got, want)
		}
	}
	var a numbers.KPIAnswer
	everybody.get("kpi", "/v1/analytics/kpi?segment=women", http.StatusOK, &a)
	if int(a.Customers) != len(women) || a.Segment != "women" || !a.Enough {
		t.Errorf("%d customers of %q, want %d", a.Customers, a.Segment, len(women))
	}
}

// TestNumbersOfAGeneration: a rebuild of the same log says the same.
func TestNumbersOfAGeneration(t *testing.T) {
	t.Parallel()
	h := openCountingHouse(t)
	h.happenAll(company()[:600])
	h.defines("women", womenRule, now.AddDate(-3, 0, 0))
	id := h.rebuilt()
	for operation, path := range numberCalls() {
		if operation == "segmentValues" {
			continue // it shows the model of the generation that serves
		}
		if got, want := h.answer(operation, and(path, "generation", id)), h.answer(operation, path); got != want {
			t.Errorf("seed %d: %s of a rebuild is another\n%s\n%s", seed, operation, got, want)
		}
	}
}

// TestNumbersAddUp checks answers against what was put in, and against each other.
func TestNumbersAddUp(t *testing.T) {
	t.Parallel()
	h, all := openCountingHouse(t), company()
	h.happenAll(all)
	h.defines("women", womenRule, now.AddDate(-3, 0, 0))
	orders := int64(0)
	for _, e := range all {
		if e.Type == "order.completed" {
			orders++
		}
	}
	var kpi numbers.KPIAnswer
	h.get("kpi", "/v1/analytics/kpi?from=2020-01-01&target=orders:1", http.StatusOK, &kpi)
	for _, tile := range kpi.Tiles {
		if !slices.Contains(numbers.Measures(), tile.Measure) {
			t.Errorf("%s is not listed among the measures", tile.Measure)
		}
		if tile.Measure == "orders" && (*tile.Value != float64(orders) || tile.Met == nil || !*tile.Met) {
			t.Errorf("%v orders, met %v, want %d and met", *tile.Value, tile.Met, orders)
		}
	}
	var retention numbers.RetentionAnswer
	h.get("retention", "/v1/analytics/retention", http.StatusOK, &retention)
	if retention.Orders != orders || retention.Joined != 400 || retention.Customers != 400 || retention.Position == 0 {
		t.Errorf("%+v, want %d orders of 400 customers", retention.Basis, orders)
	}
	h.gridAddsUp()
	h.lifeAddsUp()
	h.valuesAddUp(orders)
}

// gridAddsUp walks the pages of every place of the grid.
func (h *house) gridAddsUp() {
	h.t.Helper()
	var grid numbers.RFMAnswer
	h.get("rfm", "/v1/analytics/rfm", http.StatusOK, &grid)
	sum := int64(0)
	for _, c := range grid.Cells {
		sum += c.Customers
		if n := len(h.corner(c.R, c.F)); int64(n) != c.Customers {
			h.t.Errorf("r %d f %d: %d customers are listed, want %d", c.R, c.F, n, c.Customers)
		}
	}
	if sum != grid.Buyers || grid.Buyers != 400 || len(grid.Cells) != 25 || grid.Currency != "KRW" {
		h.t.Errorf("the grid holds %d of %d buyers in %s", sum, grid.Buyers, grid.Currency)
	}
}

func (h *house) corner(r, f int) map[uuid.UUID]bool {
	h.t.Helper()
	seen := map[uuid.UUID]bool{}
	path := fmt.Sprintf("/v1/analytics/rfm/customers?r=%d&f=%d&limit=7", r, f)
	for next := ""; ; {
		var page numbers.CornerAnswer
		h.get("rfmCustomers", and(path, "after", next), http.StatusOK, &page)
		for _, c := range page.Listed {
			if seen[c.ID] {
				h.t.Errorf("%s is listed twice", c.ID)
			}
			seen[c.ID] = true
		}
		if page.Next == nil {
			return seen
		}
		next = page.Next.String()
	}
}

func (h *house) lifeAddsUp() {
	h.t.Helper()
	var life numbers.LifecycleAnswer
	h.get("lifecycle", "/v1/analytics/lifecycle?months=24", http.StatusOK, &life)
	sum := int64(0)
	for _, c := range life.Classes {
		sum += c.Customers
	}
	if sum != 400 || !life.Enough || len(life.Months) != 24 || !life.Months[23].InProgress {
		h.t.Errorf("%d customers in classes, %d months: %+v", sum, len(life.Months), life.Basis)
	}
	for i, m := range life.Months[1:] {
		for class, n := range m.AtEnd {
			for _, move := range m.Transitions {
				if move.To == class {
					n -= move.Times
				}
				if move.From == class {
					n += move.Times
				}
			}
			if was := life.Months[i].AtEnd[class]; class != "none" && n != was {
				h.t.Errorf("%s: %d were %s before it, and %d by its transitions", m.Month, was, class, n)
			}
		}
	}
}

func (h *house) valuesAddUp(orders int64) {
	h.t.Helper()
	var a numbers.GroupsAnswer
	h.get("segmentValues", "/v1/analytics/value?from=2020-01-01&cost=call.ended:3000", http.StatusOK, &a)
	if a.All.Orders != orders || len(a.Segments) != 1 || a.Segments[0].Group != "women" || a.Segments[0].ChurnedShare == nil {
		h.t.Errorf("%+v", a)
	}
	if a.All.Cost != events.Money(a.All.Calls)*3000*10_000 {
		h.t.Errorf("%d calls cost %v", a.All.Calls, a.All.Cost)
	}
	var m numbers.ModelAnswer
	h.get("valueModel", "/v1/analytics/value/model?model=bg_nbd", http.StatusOK, &m)
	if !m.Enough || m.Fitted == nil || m.Fitted.Holdout == nil || m.Fitted.Customers != 400 || len(m.Fitted.Params) != 4 || m.Fitted.Spend == nil {
		h.t.Fatalf("%+v", m)
	}
	h.t.Logf("hold-out: %+v", m.Fitted.Holdout)
}

// TestWorthOfACustomer looks at one customer, now and on the page.
func TestWorthOfACustomer(t *testing.T) {
	t.Parallel()
	h, all := openCountingHouse(t), company()
	h.happenAll(all)
	id, _ := events.FragmentOf(all[0].Identifiers)
	bought := 0
	for _, e := range all {
		if e.Type == "order.completed" && e.Identifiers[0] == all[0].Identifiers[0] {
			bought++
		}
	}
	var a query.WorthAnswer
	h.get("customerValue", "/v1/customers/"+id.String()+"/value?years=5&discount=0", http.StatusOK, &a)
	switch {
	case !a.Enough || a.RFM == nil || a.Life == nil || a.Tier == nil || a.CLV == nil || a.Model == nil || len(a.Forecasts) != 2:
		t.Fatalf("%+v", a)
	case a.Purchases > bought || a.Purchases == 0 || a.Forecasts[0].Purchases >= a.Forecasts[1].Purchases || a.CLV.Years != 5:
		t.Errorf("%d of %d purchases, %+v, %+v", a.Purchases, bought, a.Forecasts, a.CLV)
	case len(a.Life.History) == 0 || a.Life.History[len(a.Life.History)-1].To != a.Life.Class:
		t.Errorf("%+v", a.Life)
	case a.CLV.Value < a.Forecasts[1].Value:
		t.Errorf("five years undiscounted are worth %v, one is worth %v", a.CLV.Value, a.Forecasts[1].Value)
	}
	var page query.CustomerAnswer
	h.get("customer", "/v1/customers/"+id.String(), http.StatusOK, &page)
	if page.Value == nil || page.Value.Purchases != a.Purchases || page.Value.Class != a.Life.Class || *page.Value.RFM != *a.RFM {
		t.Errorf("the page says %+v, want what %+v says", page.Value, a.Worth)
	}
}

// TestMeasuredAnew: what customers are measured by is kept for ten minutes, and made anew once the log has grown.
func TestMeasuredAnew(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	h, all := openCountingHouse(t, withClock(func() time.Time { return now.Add(time.Duration(passed.Load())) })), company()
	half := len(all) / 2
	h.happenAll(all[:half])
	id, _ := events.FragmentOf(all[0].Identifiers)
	fitted := func() events.Position {
		var page query.CustomerAnswer
		h.get("customer", "/v1/customers/"+id.String(), http.StatusOK, &page)
		if page.Value == nil {
			return 0
		}
		return page.Value.FittedAt
	}
	first := events.Position(half)
	until(t, func() bool { return fitted() == first })
	h.happenAll(all[half:])
	passed.Store(int64(9 * time.Minute))
	h.get("customerValue", "/v1/customers/"+id.String()+"/value", http.StatusOK, nil)
	if at := fitted(); at != first {
		t.Errorf("measured at %d after nine minutes, want still %d", at, first)
	}
	passed.Store(int64(11 * time.Minute))
	until(t, func() bool { return fitted() == events.Position(len(all)) })
	passed.Store(int64(22 * time.Minute)) // the log has not grown
	if fitted(); fitted() != events.Position(len(all)) {
		t.Error("measured anew, and there was nothing new")
	}
}

// until waits for what happens in the background.
func until(t *testing.T, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); {
		if time.Now().After(deadline) {
			t.Fatal("it did not come to that in 20 s")
		}
	}
}

// TestTooLittleToSay: a company of three customers is told that nothing can be said, in both languages.
func TestTooLittleToSay(t *testing.T) {
	t.Parallel()
	h := openCountingHouse(t)
	for operation, path := range numberCalls() {
		var a numbers.Basis
		h.get(operation, path, http.StatusOK, &a)
		if a.Enough || a.Why == nil || a.Why.Ko == "" || a.Why.En == "" || a.Customers != 0 {
			t.Errorf("%s of nobody: %+v", operation, a)
		}
	}
	h.happenAll(company()[:3])
	h.defines("women", womenRule, now.AddDate(-3, 0, 0))
	for operation, path := range numberCalls() {
		var a numbers.Basis
		h.get(operation, path, http.StatusOK, &a)
		if a.Enough || a.Why == nil || a.Why.Ko == "" || a.Why.En == "" || a.Customers == 0 {
			t.Errorf("%s of few: %+v", operation, a)
		}
	}
	var contrast numbers.ContrastAnswer
	h.get("contrast", "/v1/analytics/contrast?segment=women", http.StatusOK, &contrast)
	var likes numbers.LookalikesAnswer
	h.post("lookalikes", "/v1/analytics/lookalikes", `{"seed_segment":"women"}`, http.StatusOK, &likes)
	if contrast.Enough || contrast.Why == nil || likes.Enough || likes.Why == nil || likes.Model != nil {
		t.Errorf("%+v, %+v", contrast, likes)
	}
}

// TestWhoIsLikeThem: women buy more often here, so what they do gives them away, without the trait they are chosen by.
func TestWhoIsLikeThem(t *testing.T) {
	t.Parallel()
	h := openCountingHouse(t)
	h.happenAll(company())
	h.defines("women", womenRule, now.AddDate(-3, 0, 0))
	h.defines("men", `{"trait":"gender","is":"male"}`, now.AddDate(-3, 0, 0))
	var contrast numbers.ContrastAnswer
	h.get("contrast", "/v1/analytics/contrast?segment=women", http.StatusOK, &contrast)
	if !contrast.Enough || contrast.Group+contrast.Rest != 400 || contrast.Segment != "women" || contrast.Significant == 0 || !slices.Equal(contrast.LeftOut, []string{"trait:gender"}) {
		t.Errorf("%+v", contrast.Basis)
	}
	for _, d := range contrast.Differences {
		if d.Name == "gender" {
			t.Error("the trait that the segment is chosen by is compared")
		}
	}
	var a numbers.LookalikesAnswer
	h.post("lookalikes", "/v1/analytics/lookalikes", `{"seed_segment":"women","prospects_segment":"men","limit":5}`, http.StatusOK, &a)
	if len(a.Prospects) != 5 || a.Looked != contrast.Rest || a.Better == nil || len(a.Prospects[0].Drivers) == 0 || a.Model.HoldOut.AUC < .7 {
		t.Fatalf("%+v", a)
	}
	t.Logf("hold-out %.3f beside %.3f of %v", a.Model.HoldOut.AUC, a.Model.HoldOut.SingleAUC, a.Model.HoldOut.Single)
}

// TestFunnelWithConditions asks for steps with conditions.
func TestFunnelWithConditions(t *testing.T) {
	t.Parallel()
	h := openCountingHouse(t)
	h.happenAll(company())
	var plain, narrow numbers.FunnelAnswer
	h.get("funnel", "/v1/analytics/funnel?steps=product.viewed,order.completed&days=90", http.StatusOK, &plain)
	body := `{"steps":[{"type":"product.viewed","where":[{"field":"category","in":["shoes"]}]},{"type":"order.completed","where":[{"field":"amount","least":30000}]}]}`
	h.post("funnelWhere", "/v1/analytics/funnel?days=90", body, http.StatusOK, &narrow)
	if narrow.Steps[0].Customers != plain.Steps[0].Customers || narrow.Steps[1].Customers >= plain.Steps[1].Customers || *narrow.Conversion == 0 {
		t.Errorf("%+v, %+v", plain.Steps, narrow.Steps)
	}
}

// TestNumbersRefused: what is wrong is named with its place and the remedy.
func TestNumbersRefused(t *testing.T) {
	t.Parallel()
	h := openCountingHouse(t)
	h.happenAll(company()[:10])
	h.defines("women", womenRule, now.AddDate(0, 0, -3))
	for _, bad := range []struct {
		operation, path, pointer string
		status                   int
	}{
		{"kpi", "/v1/analytics/kpi?target=csat", "?target", 400},
		{"kpi", "/v1/analytics/kpi?target=cash:1", "?target", 400},
		{"kpi", "/v1/analytics/kpi?from=2026-05-02&to=2026-05-01", "?from", 400},
		{"kpi", "/v1/analytics/kpi?from=yesterday", "?from", 400},
		{"kpi", "/v1/analytics/kpi?from=2027-05-02&to=2027-06-01", "?from", 400},
		{"kpi", "/v1/analytics/kpi?as_of=2030-01-01", "?as_of", 400},
		{"kpi", "/v1/analytics/kpi?known_at=5", "?known_at", 400},
		{"kpi", "/v1/analytics/kpi?weeks=0", "?weeks", 400},
		{"kpi", "/v1/analytics/kpi?segment=men", "?segment", 404},
		{"kpi", "/v1/analytics/kpi?segment=women&as_of=2026-05-01", "?segment", 404},
		{"kpi", "/v1/analytics/kpi?generation=none", "?generation", 404},
		{"retention", "/v1/analytics/retention?by=love", "?by", 400},
		{"funnel", "/v1/analytics/funnel?steps=page.viewed", "?steps", 400},
		{"funnel", "/v1/analytics/funnel", "?steps", 400},
		{"rfm", "/v1/analytics/rfm?currency=won", "?currency", 400},
		{"trend", "/v1/analytics/trend?measure=revenue&currency=USD", "?currency", 400},
		{"segmentValues", "/v1/analytics/value?cost=call.ended", "?cost", 400},
		{"contrast", "/v1/analytics/contrast", "?segment", 400},
		{"contrast", "/v1/analytics/contrast?segment=women&leave=tier", "?leave", 400},
		{"valueModel", "/v1/analytics/value/model?model=tea_leaves", "?model", 400},
	} {
		h.refused(bad.operation, bad.path, bad.status, bad.pointer)
	}
	for body, pointer := range map[string]string{
		`{}`: "/seed_segment", `{"seed_segment":"men"}`: "/seed_segment", `{"seed_segment":"women","limit":-1}`: "/limit",
		`{"seed_segment":"women","prospects_segment":"x"}`: "/prospects_segment", `{"seed_segment":"women","leave":["x"]}`: "/leave",
	} {
		status := http.StatusBadRequest
		if strings.Contains(body, "men\"}") && !strings.Contains(body, "women") || strings.Contains(body, `"x"}`) {
			status = http.StatusNotFound
		}
		var p struct{ Pointer string }
		h.post("lookalikes", "/v1/analytics/lookalikes", body, status, &p)
		if p.Pointer != pointer {
			t.Errorf("%s is refused at %q, want %q", body, p.Pointer, pointer)
		}
	}
	var p struct{ Pointer, Detail string }
	h.post("funnelWhere", "/v1/analytics/funnel", `{"steps":[{"type":"a"},{"type":"b","where":[{"field":"shoe_size","in":["9"]}]}]}`, http.StatusBadRequest, &p)
	if p.Pointer != "/steps" || !strings.Contains(p.Detail, "shoe_size") {
		t.Errorf("%+v", p)
	}
	h.get("customerValue", "/v1/customers/"+uuid.NewString()+"/value", http.StatusNotFound, nil)
	plain := openHouse(t, func(c *query.Config) { c.History = nil })
	plain.get("kpi", "/v1/analytics/kpi", http.StatusConflict, nil)
}

// refused demands a refusal at a place.
func (h *house) refused(operation, path string, status int, pointer string) {
	h.t.Helper()
	var p struct{ Pointer, Detail string }
	h.get(operation, path, status, &p)
	if p.Pointer != pointer || p.Detail == "" {
		h.t.Errorf("%s is refused at %q: %s; want %q", path, p.Pointer, p.Detail, pointer)
	}
}
