package query_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/value"
	"github.com/c360hq/c360/services/query"
)

// openCountingHouse opens a house that has tiers.
func openCountingHouse(t testing.TB, options ...option) *house {
	t.Helper()
	return openHouse(t, append([]option{func(c *query.Config) { c.Tiers = tiers }}, options...)...)
}

var tiers = &value.Tiers{Window: 365, Currency: "KRW", Levels: []value.Level{
	{Name: "silver", Revenue: 100_000 * 10_000}, {Name: "gold", Revenue: 400_000 * 10_000},
}}

// defines writes a segment's rule into the log, as of a time.
func (h *house) defines(name, rule string, since time.Time) {
	h.t.Helper()
	results, err := h.log.Append(context.Background(), events.Entry{
		Stream: segment.Stream + name,
		Event: events.Event{
			ID: fmt.Sprintf("%s-%d", name, h.ids.Add(1)), Source: "c360", Type: segment.Defined, Time: since, Received: now,
			Channel: events.ChannelOther, Data: fmt.Appendf(nil, `{"rule":%s}`, rule),
		},
	})
	must(h.t, err)
	must(h.t, h.generations.Live().Await(context.Background(), results[0].Position))
}

// happenAll appends touchpoints and waits until all are folded.
func (h *house) happenAll(all []events.Event) {
	h.t.Helper()
	var last events.Position
	for _, e := range all {
		last = h.appends(e)
	}
	if last > 0 {
		must(h.t, h.generations.Live().Await(context.Background(), last))
	}
}

// seed is what the company of these tests is made by.
const seed = 41

// company is what 400 customers did in two years: some buy often, some stop, some return things, some call and
// answer surveys; women buy more. The earliest comes first.
func company() []events.Event {
	r := rand.New(rand.NewPCG(seed, 4))
	var all []events.Event
	for n := range 400 {
		all = append(all, lifeOf(r, n)...)
	}
	slices.SortStableFunc(all, func(a, b events.Event) int { return a.Time.Compare(b.Time) })
	return all
}

func lifeOf(r *rand.Rand, n int) []events.Event {
	var all []events.Event
	does := func(ago time.Duration, channel events.Channel, kind, data string) {
		e := touch(ago, channel, kind, data, fmt.Sprintf("user_id:c%03d", n))
		e.ID = fmt.Sprintf("c%03d-%d", n, len(all))
		all = append(all, e)
	}
	gender, every := "male", 40+r.IntN(120)
	if r.IntN(2) == 0 {
		gender, every = "female", 15+r.IntN(40)
	}
	begins := 720 - r.IntN(600)
	does(hours(begins*24+2), events.ChannelWeb, "customer.identified", fmt.Sprintf(`{"traits":{"gender":%q,"city":"city%d"}}`, gender, r.IntN(5)))
	for ago, order := begins, 0; ago > 0; order++ {
		at := hours(ago*24 - 1)
		does(at+90*time.Minute, events.ChannelWeb, "page.viewed", `{"path":"/"}`)
		does(at+time.Hour, events.ChannelWeb, "product.viewed", `{"sku":"S1","category":"shoes"}`)
		id := fmt.Sprintf("O-%d-%d", n, order)
		does(at, events.ChannelWeb, "order.completed", fmt.Sprintf(`{"order_id":%q,"total":%d,"currency":"KRW"}`, id, 10_000+r.IntN(60_000)))
		after(r, does, at, id)
		if r.IntN(6) == 0 {
			break // gone for good
		}
		ago -= 1 + r.IntN(2*every)
	}
	return all
}

// after is what follows an order now and then.
func after(r *rand.Rand, does func(time.Duration, events.Channel, string, string), at time.Duration, order string) {
	switch r.IntN(8) {
	case 0:
		does(at-min(at, 48*time.Hour), events.ChannelWeb, "order.refunded", fmt.Sprintf(`{"order_id":%q,"total":4000,"currency":"KRW"}`, order))
	case 1:
		does(at-min(at, 20*time.Hour), events.ChannelInquiry, "inquiry.opened", fmt.Sprintf(`{"inquiry_id":"Q-%s"}`, order))
		does(at-min(at, 23*time.Hour), events.ChannelInquiry, "inquiry.answered", fmt.Sprintf(`{"inquiry_id":"Q-%s"}`, order))
	case 2:
		does(at-min(at, 72*time.Hour), events.ChannelMessage, "survey.answered", fmt.Sprintf(`{"survey":"csat","score":%d,"scale":5}`, 1+r.IntN(5)))
	case 3:
		does(at-min(at, 30*time.Hour), events.ChannelCall, "call.ended", `{"duration_s":200,"wait_s":30,"resolved":true}`)
	}
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

const womenRule = `{"trait":"gender","is":"female"}`

// numberCalls are all calls about numbers that are GET, by operation.
func numberCalls() map[string]string {
	return map[string]string{
		"kpi":           "/v1/analytics/kpi?target=csat:0.8,revenue:1000000&days=90",
		"retention":     "/v1/analytics/retention?by=orders",
		"funnel":        "/v1/analytics/funnel?steps=page.viewed,product.viewed,order.completed&within=86400&days=60",
		"paths":         "/v1/analytics/paths?goal=order.completed&days=60",
		"rfm":           "/v1/analytics/rfm",
		"rfmCustomers":  "/v1/analytics/rfm/customers?r=5&f=5&limit=3",
		"segmentValues": "/v1/analytics/value?cost=call.ended:3000,inquiry.opened:2000",
		"valueModel":    "/v1/analytics/value/model",
		"survival":      "/v1/analytics/survival",
		"returns":       "/v1/analytics/returns?within_days=60",
		"lifecycle":     "/v1/analytics/lifecycle?months=6",
		"trend":         "/v1/analytics/trend?measure=orders&weeks=60",
	}
}

// and adds a parameter to a path.
func and(path, name, value string) string {
	u, _ := url.Parse(path)
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// answer reads an answer as a tree, without what tells only where the log stood.
func (h *house) answer(operation, path string) string {
	h.t.Helper()
	var tree map[string]any
	h.get(operation, path, http.StatusOK, &tree)
	for _, name := range []string{"position", "segment", "generation"} {
		delete(tree, name)
	}
	return textOf(h.t, tree)
}

func textOf(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	must(t, err)
	return string(text)
}

// makesNumberCalls makes every call about numbers.
func (h *house) makesNumberCalls(customer uuid.UUID) {
	h.t.Helper()
	h.defines("callers", `{"event":"call.ended"}`, now.AddDate(-1, 0, 0))
	for operation, path := range numberCalls() {
		h.get(operation, path, http.StatusOK, nil)
	}
	h.get("contrast", "/v1/analytics/contrast?segment=callers", http.StatusOK, nil)
	h.post("lookalikes", "/v1/analytics/lookalikes", `{"seed_segment":"callers"}`, http.StatusOK, nil)
	h.post("funnelWhere", "/v1/analytics/funnel", `{"steps":[{"type":"call.started"},{"type":"call.ended"}]}`, http.StatusOK, nil)
	h.get("customerValue", "/v1/customers/"+customer.String()+"/value", http.StatusOK, nil)
	h.get("scans", "/v1/analytics/scans", http.StatusOK, nil)
}
