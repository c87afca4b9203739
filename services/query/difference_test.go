package query_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/services/query"
)

// builds builds a generation and returns its id when it is ready.
func (h *house) builds(body string) string {
	h.t.Helper()
	var accepted query.GenerationAccepted
	h.post("createGeneration", "/v1/generations", body, http.StatusAccepted, &accepted)
	for {
		var g query.GenerationState
		h.get("generation", "/v1/generations/"+accepted.ID, http.StatusOK, &g)
		if g.State == projections.GenerationReady {
			return g.ID
		}
		if g.State == projections.GenerationFailed {
			h.t.Fatalf("generation %s failed: %s", g.ID, g.Error)
		}
	}
}

// differs asks for all pages of a comparison, limit customers a page.
func (h *house) differs(id, with string, limit int) query.DifferenceAnswer {
	h.t.Helper()
	path := fmt.Sprintf("/v1/generations/%s/diff?limit=%d&with=%s", id, limit, with)
	all := h.differencePage(path)
	for next := all.Next; next != ""; {
		page := h.differencePage(fmt.Sprintf("/v1/generations/%s/diff?limit=%d&cursor=%s", id, limit, next))
		if page.Summary.Changed != all.Summary.Changed || page.Position != all.Position || len(page.Customers) > limit {
			h.t.Errorf("a page of another comparison: %+v", page.Summary)
		}
		all.Customers = append(all.Customers, page.Customers...)
		next = page.Next
	}
	if len(all.Customers) != all.CustomersTotal {
		h.t.Errorf("%d customers on all pages of %d", len(all.Customers), all.CustomersTotal)
	}
	return all
}

// differencePage asks until the comparison is done.
func (h *house) differencePage(path string) query.DifferenceAnswer {
	h.t.Helper()
	for {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, h.server.URL+path, nil)
		must(h.t, err)
		resp, err := h.server.Client().Do(r)
		must(h.t, err)
		must(h.t, resp.Body.Close())
		if resp.StatusCode == http.StatusAccepted {
			continue
		}
		var a query.DifferenceAnswer
		h.get("difference", path, http.StatusOK, &a)
		return a
	}
}

// town fills the log with a small town, and returns the people whose refund was in dollars.
func (h *house) town() (dollars map[uuid.UUID]bool) {
	h.t.Helper()
	list := roomtest.Generate(3, roomtest.Options{People: 40, Events: 700, Shared: 20})
	dollars = map[uuid.UUID]bool{}
	for i := range 60 {
		currency := []string{"KRW", "USD", "JPY"}[i%3]
		id := events.Identifier{Kind: events.KindLoyaltyID, Value: fmt.Sprintf("L%05d", i*7%40), Grade: events.Asserted}
		list = append(list, events.Event{
			ID: fmt.Sprintf("refund-%d", i), Source: "pos", Type: "order.refunded", Channel: events.ChannelStore, Time: now.AddDate(0, 0, -i),
			Received: now, Identifiers: []events.Identifier{id}, Data: fmt.Appendf(nil, `{"order_id":"R%d","total":%d,"currency":%q}`, i, 10+i, currency),
		})
		if f, ok := list[len(list)-1].Fragment(); ok && currency == "USD" {
			dollars[f] = true
		}
	}
	var last events.Position
	for _, e := range list {
		last = h.appends(e)
	}
	must(h.t, h.generations.Live().Await(context.Background(), last))
	return dollars
}

// blind is the profile room with a planted bug: it does not see the amount of a refund in dollars.
type blind struct{ projections.Room }

func (r blind) Want(b *projections.Batch, t *projections.Touch) { r.Room.Want(b, forget(t)) }

func (r blind) Fold(b *projections.Batch, t *projections.Touch) error {
	return r.Room.Fold(b, forget(t))
}

func forget(t *projections.Touch) *projections.Touch {
	if t.Type != "order.refunded" || t.Body.Currency != "USD" {
		return t
	}
	other := *t
	other.Body.Total, other.Body.HasTotal = 0, false
	return &other
}

// TestDifferenceFindsPlantedBug: a fold that loses the refunds of one currency is found, and told by exactly the customers
// that had one and by the one field that is wrong, with the amounts.
func TestDifferenceFindsPlantedBug(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.planted = func(rooms []projections.Room) { rooms[1] = blind{rooms[1]} }
	dollars := h.town()
	want := map[uuid.UUID]string{} // customer: refunded in dollars
	for f := range dollars {
		var a query.CustomerAnswer
		h.get("customer", "/v1/customers/"+f.String(), http.StatusOK, &a)
		i := slices.IndexFunc(a.Totals.Refunded, func(x query.Amount) bool { return x.Currency == "USD" })
		text, err := a.Totals.Refunded[i].Amount.MarshalJSON()
		must(t, err)
		want[a.ID] = string(text)
	}
	d := h.differs(h.builds(`{"kind":"what-if","rules":{"version":2}}`), "", 7)
	got := map[uuid.UUID]string{}
	for _, c := range d.Customers {
		for _, change := range c.Changes {
			if !strings.HasPrefix(change.Field, "/totals/refunded/USD") {
				t.Errorf("%s is said to differ in %s: %s -> %s", c.ID, change.Field, change.Before, change.After)
			}
			got[c.ID] += string(change.Before)
		}
		if c.Kind != "changed" || fmt.Sprint(c.Tables) != "[profile_fragments profile_orders]" {
			t.Errorf("%s: %+v", c.ID, c)
		}
	}
	for id, amount := range want {
		want[id] = fmt.Sprintf(`{"amount":%s}`, amount)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the customers concerned (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]query.FieldCount{{Field: "/totals/refunded", Customers: len(want)}}, d.Summary.Fields); diff != "" {
		t.Error(diff)
	}
	for _, table := range d.Tables {
		if table.Same == (table.Table == "profile_fragments" || table.Table == "profile_orders") {
			t.Errorf("%+v", table)
		}
	}
}

// TestWhatIfRules: with stricter rules for phones families come apart, with a decision in between they are merged; and
// what serves is not touched.
func TestWhatIfRules(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	family := "phone:+82212345678"
	h.happens(touch(3*day, events.ChannelStore, "customer.identified", `{"traits":{"name":"이하늘"}}`, "loyalty_id:A", family))
	h.happens(touch(2*day, events.ChannelStore, "order.completed", `{"order_id":"1","total":42000,"currency":"KRW"}`, "loyalty_id:B", family))
	h.happens(touch(2*day, events.ChannelStore, "order.completed", `{"order_id":"2","total":1000,"currency":"KRW"}`, "loyalty_id:C"))
	before := h.digest()
	split := h.builds(`{"kind":"what-if","rules":{"limits":{"phone":1}}}`)
	d := h.differs(split, "", 50)
	if d.Summary.Split != 1 || d.CustomersTotal != 1 || d.A.Customers != 2 || d.B.Customers != 3 || d.Position != 3 || !d.Complete {
		t.Fatalf("%+v", d)
	}
	c := d.Customers[0]
	if c.Kind != "split" || len(c.IDsBefore) != 1 || len(c.IDsAfter) != 2 || c.ID != c.IDsBefore[0] {
		t.Errorf("%+v", c)
	}
	fields := map[string]string{}
	for _, change := range c.Changes {
		fields[change.Field] = string(change.Before) + " -> " + string(change.After)
	}
	// Whoever keeps the id has lost the other one's fragment.
	gone := "/fragments/" + c.IDsAfter[1].String()
	if !strings.HasSuffix(fields[gone], "-> null") || fields["/identifiers/"+family+"/inert"] != "false -> true" {
		t.Errorf("the changes are %+v", fields)
	}
	merged := h.differs("000001", split, 50)
	if merged.Summary.Merged != 1 || merged.A.ID != split || merged.Customers[0].Kind != "merged" || len(merged.Customers[0].IDsBefore) != 2 {
		t.Errorf("the other way round: %+v", merged.Summary)
	}
	if after := h.digest(); after != before {
		t.Errorf("what serves was\n%sand is\n%s", before, after)
	}
	var p struct{ Pointer string }
	h.post("createGeneration", "/v1/generations", `{"kind":"what-if","rules":{"limits":{"phone":0}}}`, http.StatusBadRequest, &p)
	if p.Pointer != "/rules/limits/phone" {
		t.Errorf("refused at %q", p.Pointer)
	}
}

// digest sums up what serves.
func (h *house) digest() string {
	h.t.Helper()
	v, err := h.generations.Live().View(context.Background())
	must(h.t, err)
	defer v.Close()
	var tables []*projections.Table
	for _, room := range h.rooms {
		tables = append(tables, room.Tables()...)
	}
	sums, err := projections.Digest(context.Background(), v, tables, true)
	must(h.t, err)
	return sums.String()
}

// TestDifferenceOfNothing: a rebuild does not differ, and what cannot be compared is refused with a word on it.
func TestDifferenceOfNothing(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	rebuilt := h.builds(`{"kind":"rebuild"}`)
	last := h.happens(touch(day, events.ChannelStore, "order.completed", `{}`, "loyalty_id:C"))
	d := h.differs(rebuilt, "", 50)
	if d.CustomersTotal != 0 || d.Position != last || len(d.Tables) < 10 || d.A.Code != "test" || d.A.Kind != "first" || d.B.Kind != "rebuild" {
		t.Errorf("%+v", d)
	}
	for _, table := range d.Tables {
		if !table.Identical || table.RowsA != table.RowsB {
			t.Errorf("%+v", table)
		}
	}
	for path, status := range map[string]int{
		"000001/diff": http.StatusBadRequest, "7/diff": http.StatusNotFound, rebuilt + "/diff?with=7": http.StatusNotFound,
		rebuilt + "/diff?cursor=x": http.StatusBadRequest, rebuilt + "/diff?cursor=AwcA": http.StatusBadRequest,
		rebuilt + "/diff?limit=0": http.StatusBadRequest,
	} {
		var p struct{ Detail string }
		h.get("difference", "/v1/generations/"+path, status, &p)
		if len(p.Detail) < 20 {
			t.Errorf("%s is refused with %q", path, p.Detail)
		}
	}
}

// TestDifferenceSinceThen: one that stands still is compared as it is: what came in since is the difference.
func TestDifferenceSinceThen(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	at := h.happens(touch(3*day, events.ChannelStore, "order.completed", `{"order_id":"1","total":42000,"currency":"KRW"}`, "loyalty_id:A"))
	then := h.builds(fmt.Sprintf(`{"kind":"as-of","known_at":"%d"}`, at))
	h.happens(touch(2*day, events.ChannelStore, "order.completed", `{"order_id":"2","total":1000,"currency":"KRW"}`, "loyalty_id:A"))
	h.happens(touch(2*day, events.ChannelStore, "order.completed", `{"order_id":"3","total":1000,"currency":"KRW"}`, "loyalty_id:B"))
	d := h.differs("000001", then, 50)
	if d.A.Position != at || d.B.Position != at+2 || d.Position != 0 || d.Summary.OnlyB != 1 || d.Summary.Changed != 1 {
		t.Errorf("%+v", d)
	}
	for _, c := range d.Customers {
		if c.Kind == "changed" && !slices.ContainsFunc(c.Changes, func(x query.FieldChange) bool {
			return x.Field == "/totals/revenue/KRW/amount" && string(x.Before) == "42000" && string(x.After) == "43000"
		}) {
			t.Errorf("the changes are %+v", c.Changes)
		}
	}
}

// TestIdentityRules: the rules in force are told in the form in which others are asked about.
func TestIdentityRules(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	var a query.RulesAnswer
	h.get("identityRules", "/v1/identity/rules", http.StatusOK, &a)
	rules, err := identity.ParseRules(a.Rules)
	must(t, err)
	if rules.Hash() != a.Hash || a.Hash != identity.DefaultRules().Hash() {
		t.Errorf("%s has the hash %s", a.Rules, a.Hash)
	}
}

// gated lets nobody compare before the gate is open.
type gated struct {
	*projections.Generations
	gate chan struct{}
}

func (g gated) Pair(ctx context.Context, before, after string, report projections.Report) (*projections.Pair, error) {
	report(projections.Progress{Phase: projections.PhaseCatchingUp, Position: 3, Head: 7})
	select {
	case <-g.gate:
		return g.Generations.Pair(ctx, before, after, report)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestLongDifference: a comparison that takes long is told of, does not stop when its caller leaves, and keeps others
// waiting with a word on it.
func TestLongDifference(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	h := openHouse(t, func(c *query.Config) { c.Generations = gated{c.Generations.(*projections.Generations), gate} })
	tellSeoyeon(h)
	one, two := h.builds(`{"kind":"rebuild"}`), h.builds(`{"kind":"rebuild"}`)
	left, leave := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer leave()
	r, err := http.NewRequestWithContext(left, http.MethodGet, h.server.URL+"/v1/generations/"+one+"/diff", nil)
	must(t, err)
	if resp, err := h.server.Client().Do(r); err == nil {
		must(t, resp.Body.Close())
		t.Fatal("it was compared while the gate was shut")
	}
	var a query.DifferenceAnswer
	resp := h.get("difference", "/v1/generations/"+one+"/diff", http.StatusAccepted, &a)
	want := query.DifferenceProgress{Phase: projections.PhaseCatchingUp, Done: 3, Of: 7}
	if resp.Header.Get("Retry-After") != "1" || a.State != "comparing" || a.Progress == nil || *a.Progress != want || a.Next == "" || a.B.ID != one {
		t.Errorf("%+v, %+v", a, a.Progress)
	}
	if resp := h.get("difference", "/v1/generations/"+two+"/diff", http.StatusConflict, nil); resp.Header.Get("Retry-After") == "" {
		t.Error("nobody says when to come back")
	}
	close(gate)
	h.get("difference", "/v1/generations/"+one+"/diff?cursor="+a.Next, http.StatusOK, &a)
	if a.State != "done" || a.Progress != nil || len(a.Tables) < 10 {
		t.Errorf("%+v", a)
	}
	h.differs(two, "", 50)
}

// TestDifferenceEndsWithTheService: a comparison under way is ended when the service closes.
func TestDifferenceEndsWithTheService(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(c *query.Config) { c.Generations = gated{c.Generations.(*projections.Generations), nil} })
	one := h.builds(`{"kind":"rebuild"}`)
	h.get("difference", "/v1/generations/"+one+"/diff", http.StatusAccepted, nil)
	h.service.Close()
	h.get("difference", "/v1/generations/"+one+"/diff", http.StatusServiceUnavailable, nil)
}

// TestDropEndsDifference: a generation can be dropped while it is compared, which ends that.
func TestDropEndsDifference(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(c *query.Config) { c.Generations = gated{c.Generations.(*projections.Generations), nil} })
	one := h.builds(`{"kind":"rebuild"}`)
	var a query.DifferenceAnswer
	h.get("difference", "/v1/generations/"+one+"/diff", http.StatusAccepted, &a)
	h.drops(one)
	h.get("difference", "/v1/generations/"+one+"/diff?cursor="+a.Next, http.StatusServiceUnavailable, nil)
}

// TestKeptDifferences: the last few comparisons can be paged through; the cursor of an older one is refused.
func TestKeptDifferences(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	first := h.happens(touch(3*day, events.ChannelStore, "order.completed", `{}`, "loyalty_id:A"))
	h.happens(touch(3*day, events.ChannelStore, "order.completed", `{}`, "loyalty_id:B"))
	h.happens(touch(3*day, events.ChannelStore, "order.completed", `{}`, "loyalty_id:C"))
	var next []string
	for range 5 {
		then := h.builds(fmt.Sprintf(`{"kind":"sandbox","known_at":"%d"}`, first))
		next = append(next, h.differencePage("/v1/generations/000001/diff?limit=1&with="+then).Next)
	}
	h.get("difference", "/v1/generations/000001/diff?cursor="+next[0], http.StatusBadRequest, nil)
	for _, cursor := range next[1:] {
		var a query.DifferenceAnswer
		h.get("difference", "/v1/generations/000001/diff?cursor="+cursor, http.StatusOK, &a)
		if len(a.Customers) != 1 || a.CustomersTotal != 2 || a.Next != "" {
			t.Errorf("the second page is %+v", a)
		}
	}
}
