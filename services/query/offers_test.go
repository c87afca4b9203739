package query_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/offers"
)

func TestWhatGoesTogether(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.openShop()
	var a offers.TogetherAnswer
	h.get("boughtTogether", "/v1/products/COAT-1/bought-together", http.StatusOK, &a)
	if len(a.Together) != 1 || len(a.AlsoBought) != 1 || a.Product.Name != "울 코트" || a.Product.Category != "아우터" || a.Product.Price != 300_000*10_000 {
		t.Fatalf("with a coat goes %+v", a)
	}
	// 16 baskets with coat and scarf, 16 with a hat, 16 with socks, 64 with lenses.
	p, text, _ := strings.Cut(a.Together[0].Reason.Ko, " 주문 16건 중 16건")
	got := a.Together[0].OfferCounts
	if a.Together[0].SKU != "SCARF" || got.Both != 16 || got.With != 16 || got.Of != 16 || got.All != 112 ||
		got.Support != 16./112 || got.Confidence != 1 || got.Lift != 7 || got.QValue > 1e-9 || p != "울 코트" || !strings.Contains(text, "캐시미어 머플러 상품") {
		t.Errorf("a scarf goes with it: %+v", a.Together[0])
	}
	if c := a.AlsoBought[0].OfferCounts; c.All != 48 || c.Both != 16 {
		t.Errorf("of 48 customers 16 bought both, the answer says %+v", c)
	}
	h.get("boughtTogether", "/v1/products/LENS/bought-together", http.StatusOK, &a)
	if len(a.Together) != 0 || a.Again == nil || *a.Again != (offers.OfferTiming{Customers: 16, Quarter: 30, Median: 30, Most: 30}) {
		t.Errorf("lenses go with %+v and are bought again %+v", a.Together, a.Again)
	}
	if a.Model.Customers != 48 || a.Model.Baskets != 112 || a.Model.Products != 5 || a.Model.Bytes == 0 || a.Position != a.Model.Position {
		t.Errorf("the counts are %+v at %d", a.Model, a.Position)
	}
}

func TestProductsAndRules(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.openShop()
	for q, want := range map[string]string{"": "LENS HAT SCARF SOCKS COAT-1", "잡화": "HAT SCARF SOCKS", "coat": "COAT-1", "머플러": "SCARF", "nothing": ""} {
		var a offers.ProductsAnswer
		h.get("products", "/v1/products?q="+url.QueryEscape(q), http.StatusOK, &a)
		var skus []string
		for _, p := range a.Products {
			skus = append(skus, p.SKU)
		}
		slices.Sort(skus)
		wanted := strings.Fields(want)
		slices.Sort(wanted)
		if !slices.Equal(skus, wanted) || a.Found != len(wanted) {
			t.Errorf("%q finds %v, want %v", q, skus, wanted)
		}
	}
	var rules offers.RulesAnswer
	h.get("productRules", "/v1/products/rules?min_support=0.01&min_confidence=0.5", http.StatusOK, &rules)
	if rules.Found != 2 || rules.Rules[0].If[0].Key != "COAT-1" || rules.Rules[0].Then != (offers.OfferThing{Key: "SCARF", Name: "캐시미어 머플러"}) || !rules.Rules[0].Significant {
		t.Errorf("the rules are %+v", rules)
	}
	h.get("productRules", "/v1/products/rules?of=categories&min_support=0.01", http.StatusOK, &rules)
	if rules.Found != 2 || rules.Rules[0].If[0].Key != "아우터" && rules.Rules[0].If[0].Key != "잡화" {
		t.Errorf("the rules of categories are %+v", rules.Rules)
	}
}

// A customer with a coat is offered the scarf that goes with it, and why; as of a time before it was bought, what sells.
func TestRecommendations(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.openShop(buys(5*day, "user_id:kim", "K1", "COAT-1"), looksAt(3*day, "user_id:kim", "LENS"), looksAt(2*day, "user_id:kim", "LENS"))
	kim := h.customerOf("user_id:kim")
	a := h.next(kim, "")
	if len(a.Recommendations) == 0 || a.Recommendations[0].SKU != "SCARF" || a.Recommendations[0].Kind != "fits" || a.Cold || a.Customer != kim {
		t.Fatalf("kim is offered %+v", a.Recommendations)
	}
	why := a.Recommendations[0].Why[0]
	if why.SKU != "COAT-1" || why.Name != "울 코트" || why.Share != 1 || len(why.Evidence) != 1 || why.Both != 16 || why.With != 17 {
		t.Errorf("because of %+v", why)
	}
	var event query.EventAnswer
	h.get("event", "/v1/events/"+number(why.Evidence[0].Position), http.StatusOK, &event)
	if !strings.Contains(string(event.Data), `"K1"`) || !event.Time.Equal(why.Evidence[0].Time) || event.Type != why.Evidence[0].Type {
		t.Errorf("the event behind it is %+v, want the order K1", event)
	}
	if len(a.Interests) != 2 || a.Interests[1].Name != "렌즈" || a.Interests[1].Looks != 2 || a.Interests[1].Evidence[0].Position == 0 || len(a.Popular) == 0 {
		t.Errorf("kim cares about %+v; popular is %+v", a.Interests, a.Popular)
	}
	then := h.next(kim, "?as_of="+url.QueryEscape(now.Add(-4*day).Format(time.RFC3339)))
	if len(then.Interests) != 1 || then.Model.Position != a.Model.Position || then.Recommendations[0].SKU != "SCARF" {
		t.Errorf("four days ago kim cared about %+v; the model is of %d", then.Interests, then.Model.Position)
	}
	h.get("recommendations", "/v1/customers/"+kim.String()+"/recommendations?as_of="+url.QueryEscape(now.Add(-6*day).Format(time.RFC3339)), http.StatusNotFound, nil)
	var page query.CustomerAnswer
	h.get("customer", "/v1/customers/"+kim.String(), http.StatusOK, &page)
	if len(page.Recommendations) == 0 || len(page.Recommendations) > 4 || page.Recommendations[0].SKU != "SCARF" ||
		page.Recommendations[0].Name != "캐시미어 머플러" || page.Recommendations[0].Reason.En == "" || page.OffersNote != nil {
		t.Errorf("the page offers %+v, %v", page.Recommendations, page.OffersNote)
	}
}

// Nobody is left without an offer, nor offered what came back or a second television; what runs out is due again.
func TestNotAgainAndDueAgain(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	back := touch(8*day, events.ChannelWeb, "order.refunded", `{"order_id":"L1","amount":60000,"currency":"KRW","items":`+lines("SCARF")+`}`, "user_id:lee")
	h.openShop(
		touch(3*day, events.ChannelCall, "call.started", `{}`, "user_id:new"),
		buys(10*day, "user_id:lee", "L1", "COAT-1", "SCARF"), back,
		buys(92*day, "user_id:park", "P1", "LENS"), buys(61*day, "user_id:park", "P2", "LENS"), buys(29*day, "user_id:park", "P3", "LENS"),
	)
	if a := h.next(h.customerOf("user_id:new"), "?limit=3"); !a.Cold || len(a.Recommendations) != 3 || a.Recommendations[0].Kind != "popular" || a.Recommendations[0].Recent == 0 {
		t.Errorf("somebody unknown is offered %+v", a)
	}
	lee := h.next(h.customerOf("user_id:lee"), "")
	if slices.ContainsFunc(lee.Recommendations, func(o offers.Offer) bool { return o.SKU == "SCARF" || o.SKU == "COAT-1" }) {
		t.Errorf("lee, who gave the scarf back, is offered %+v", lee.Recommendations)
	}
	if len(lee.LeftOut) != 1 || lee.LeftOut[0].SKU != "SCARF" || lee.LeftOut[0].Rule != "returned" || lee.LeftOut[0].Evidence.Type != "order.refunded" || lee.LeftOut[0].Evidence.Position == 0 {
		t.Errorf("left out is %+v", lee.LeftOut)
	}
	park := h.next(h.customerOf("user_id:park"), "")
	if len(park.Again) != 1 || park.Again[0].SKU != "LENS" || !park.Again[0].Own || park.Again[0].Days != 31 || len(park.Again[0].Evidence) != 3 {
		t.Fatalf("park is due %+v", park.Again)
	}
	if due := now.Add(-29*day).AddDate(0, 0, 31).In(profile.Zone).Format(time.DateOnly); park.Again[0].DueOn != due {
		t.Errorf("due on %s, want %s", park.Again[0].DueOn, due)
	}
	var page query.CustomerAnswer
	h.get("customer", "/v1/customers/"+park.Customer.String(), http.StatusOK, &page)
	if len(page.Recommendations) != 4 || page.Recommendations[0].Kind != "again" || page.Recommendations[0].DueOn != park.Again[0].DueOn {
		t.Errorf("the page offers %+v", page.Recommendations)
	}
}

func TestWhoCares(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.openShop(touch(20*day, events.ChannelStore, "customer.identified", `{"traits":{"name":"김하나"}}`, "user_id:hana"),
		looksAt(2*day, "user_id:hana", "COAT-2"), looksAt(day, "user_id:hana", "COAT-1"), buys(day, "user_id:hana", "H1", "COAT-2"))
	for operation, path := range map[string]string{
		"whoCares": "/v1/categories/" + url.PathEscape("아우터") + "/who-cares", "whoCaresProduct": "/v1/products/COAT-2/who-cares",
	} {
		var a query.WhoCaresAnswer
		h.get(operation, path+"?limit=5", http.StatusOK, &a)
		if len(a.Customers) != 5 || a.Caring != 17 || a.Asked != 49 || a.Category != "아우터" || a.From != .2 {
			t.Fatalf("%s: %d of %d who were asked care, %d are told; %+v", operation, a.Caring, a.Asked, len(a.Customers), a)
		}
		first := a.Customers[0]
		if first.ID != h.customerOf("user_id:hana") || first.Name != "김하나" || first.Looks != 2 || first.Purchases != 1 || len(first.Evidence) != 3 || first.Evidence[0].Position == 0 {
			t.Errorf("%s: the first is %+v", operation, first)
		}
	}
	var before query.WhoCaresAnswer
	h.get("whoCares", "/v1/categories/"+url.PathEscape("아우터")+"/who-cares?as_of="+url.QueryEscape(now.Add(-5*day).Format(time.RFC3339)), http.StatusOK, &before)
	if before.Caring != 16 || before.AsOf == nil {
		t.Errorf("five days ago %d cared", before.Caring)
	}
}

func TestCompleteBasket(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.openShop()
	var a offers.BasketAnswer
	h.post("completeBasket", "/v1/baskets/complete", `{"items":["COAT-1","COAT-1","NEVER"],"limit":2}`, http.StatusOK, &a)
	if len(a.Offers) != 2 || a.Offers[0].SKU != "SCARF" || a.Offers[0].Why[0].SKU != "COAT-1" || a.Cold || len(a.Items) != 2 || !slices.Equal(a.Unknown, []string{"NEVER"}) {
		t.Errorf("with the coat goes %+v", a)
	}
	h.post("completeBasket", "/v1/baskets/complete", `{"items":["NEVER"]}`, http.StatusOK, &a)
	if !a.Cold || len(a.Offers) == 0 || a.Offers[0].Kind != "popular" {
		t.Errorf("with something unknown goes %+v", a)
	}
}

func TestOfferRefusals(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.openShop()
	for _, c := range []struct {
		operation, path string
		status          int
		pointer, remedy string
	}{
		{"boughtTogether", "/v1/products/NEVER/bought-together", 404, "", "GET /v1/products"},
		{"boughtTogether", "/v1/products/COAT-1/bought-together?limit=0", 400, "?limit", "from 1 to 100"},
		{"whoCaresProduct", "/v1/products/NEVER/who-cares", 404, "", "GET /v1/products"},
		{"whoCares", "/v1/categories/x/who-cares?segment=none", 404, "?segment", "GET /v1/segments"},
		{"whoCares", "/v1/categories/x/who-cares?known_at=3", 400, "?known_at", "POST /v1/generations"},
		{"productRules", "/v1/products/rules?min_support=0.0001", 400, "?min_support", "from 0.0005 to 1"},
		{"productRules", "/v1/products/rules?min_confidence=NaN", 400, "?min_confidence", "from 0 to 1"},
		{"productRules", "/v1/products/rules?length=5", 400, "?length", "from 2 to 4"},
		{"productRules", "/v1/products/rules?of=people", 400, "?of", "products or categories"},
		{"products", "/v1/products?wait=99999", 400, "?wait", "the log"},
		{"products", "/v1/products?as_of=2026-05-03", 400, "?as_of", "leave it out"},
		{"recommendations", "/v1/customers/00000000-0000-4000-8000-000000000000/recommendations", 404, "", "GET /v1/customers"},
		{"recommendations", "/v1/customers/x/recommendations", 400, "?id", "36 characters"},
	} {
		resp := problemOf(h, c.operation, c.path, c.status)
		if resp.Pointer != c.pointer || !strings.Contains(resp.Detail, c.remedy) {
			t.Errorf("%s refuses %q: %s; want %q and %q", c.path, resp.Pointer, resp.Detail, c.pointer, c.remedy)
		}
	}
	for body, pointer := range map[string]string{
		`{"items":[]}`: "/items", `{}`: "/items", `{"items":["A",""]}`: "/items/1", `{"items":["A"],"limit":51}`: "/limit", `{"items":["A"],"x":1}`: "/x",
	} {
		var p struct{ Pointer string }
		h.post("completeBasket", "/v1/baskets/complete", body, http.StatusBadRequest, &p)
		if p.Pointer != pointer {
			t.Errorf("%s is refused at %q, want %q", body, p.Pointer, pointer)
		}
	}
}

func problemOf(h *house, operation, path string, status int) (p struct{ Pointer, Detail string }) {
	h.t.Helper()
	h.get(operation, path, status, &p)
	return p
}

// halting is a live generation whose views wait until they may be opened.
type halting struct {
	*projections.Live
	open chan struct{}
}

func (l halting) View(ctx context.Context) (projections.View, error) {
	select {
	case <-l.open:
		return l.Live.View(ctx)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// While everybody is counted for the first time, calls are refused with when to ask again; the page of a customer says so and
// is there. Without histories there is nothing to count.
func TestNotCountedYet(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.openShop()
	lives := halting{h.generations.Live(), make(chan struct{})}
	early := h.again(func(c *query.Config) { c.Live = lives })
	resp := early("/v1/products/COAT-1/bought-together")
	if resp.Code != http.StatusServiceUnavailable || resp.Header().Get("Retry-After") == "" || !strings.Contains(resp.Body.String(), "counted") {
		t.Errorf("before the count it answers %d: %s", resp.Code, resp.Body)
	}
	close(lives.open)
	head, err := h.log.Head(context.Background())
	must(t, err)
	if resp := early("/v1/products/COAT-1/bought-together?wait=" + number(head.Position)); resp.Code != http.StatusOK {
		t.Errorf("after the count it answers %d: %s", resp.Code, resp.Body)
	}
	without := h.again(func(c *query.Config) { c.History = nil })
	if resp := without("/v1/products"); resp.Code != http.StatusConflict {
		t.Errorf("without histories it answers %d: %s", resp.Code, resp.Body)
	}
}

// again opens a second service on the same generation, which counts anew.
func (h *house) again(options ...option) func(path string) *httptest.ResponseRecorder {
	h.t.Helper()
	c := h.config
	c.Registry = prometheus.NewRegistry()
	for _, change := range options {
		change(&c)
	}
	s, err := query.New(c)
	must(h.t, err)
	h.t.Cleanup(s.Close)
	mux := http.NewServeMux()
	s.Routes(mux)
	return func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		return rec
	}
}

func number(p events.Position) string {
	text, _ := json.Marshal(p)
	return string(text)
}
