package segment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// life makes a customer of touchpoints, given as hours after start and what happened.
type life map[int64]history.Touchpoint

func (l life) history() *history.History {
	f := &history.Fragment{ID: uuid.UUID{1}}
	for at := int64(-10_000); at <= 10_000; at++ {
		if p, ok := l[at]; ok {
			p.At, p.Key, p.Fragment = start+at*hour, uint64(at+10_000), f.ID
			f.Touchpoints = append(f.Touchpoints, p)
		}
	}
	return history.Merge(f)
}

func happened(kind string, fields ...string) history.Touchpoint {
	p := history.Touchpoint{Type: kind, Channel: events.ChannelWeb, Grade: events.Asserted}
	for i := 0; i < len(fields); i += 2 {
		p.Fields = append(p.Fields, history.Field{Name: fields[i], Value: fields[i+1]})
	}
	return p
}

func said(traits ...string) history.Touchpoint {
	p := happened("customer.identified")
	for i := 0; i < len(traits); i += 2 {
		p.Traits = append(p.Traits, events.Trait{Name: traits[i], Value: traits[i+1]})
	}
	return p
}

func order(kind, number string, won int64, skus ...string) history.Touchpoint {
	p := happened("order." + kind)
	p.Order, p.Amount, p.Currency, p.HasAmount = number, events.Money(won*10_000), "KRW", won > 0
	for _, sku := range skus {
		p.Items = append(p.Items, history.Item{SKU: sku, Category: "of " + sku})
	}
	return p
}

// TestMeaning says of rules, in hours after start, when somebody comes and goes.
func TestMeaning(t *testing.T) {
	t.Parallel()
	v := words(t)
	for name, c := range map[string]struct {
		rule string
		life life
		want []int64 // entries and exits in turns
	}{
		"what happened exactly that long ago is out": {
			`{"event":"page.viewed","count":{">=":2},"within":"1d"}`,
			life{0: happened("page.viewed"), 23: happened("page.viewed"), 24: happened("page.viewed")},
			[]int64{23, 47},
		},
		"a window of exactly as long holds one end": {
			`{"event":"page.viewed","count":{">=":2},"within":"1d"}`, life{0: happened("page.viewed"), 24: happened("page.viewed")}, nil,
		},
		"not too many": {
			`{"event":"page.viewed","count":{">=":1,"<=":2},"within":"1d"}`,
			life{0: happened("page.viewed"), 1: happened("page.viewed"), 2: happened("page.viewed")},
			[]int64{0, 2, 24, 26},
		},
		"all time": {`{"event":"page.viewed","count":{"is":1}}`, life{0: happened("page.viewed"), 500: happened("page.viewed")}, []int64{0, 500}},
		"where": {
			`{"event":"page.viewed","where":[{"field":"category","is":"lens"},{"field":"channel","is":"web"}],"count":{">=":2}}`,
			life{0: happened("page.viewed", "category", "lens"), 1: happened("page.viewed", "category", "frame"), 2: happened("page.viewed", "category", "lens")},
			[]int64{2},
		},
		"an order counts once, and no more when it is cancelled": {
			`{"event":"order.completed","count":{">=":2}}`,
			life{0: order("completed", "1", 5000), 1: order("completed", "1", 5000), 2: order("completed", "2", 5000), 10: order("cancelled", "2", 0)},
			[]int64{2, 10},
		},
		"a part of an order that is cancelled or refunded is not spent": {
			`{"event":"order.completed","sum":"amount",">=":10000}`,
			life{0: order("completed", "1", 6000), 5: order("completed", "2", 6000), 9: order("cancelled", "1", 1000), 10: order("refunded", "2", 1500)},
			[]int64{5, 10},
		},
		"an order leaves the window when it was placed, not when it was told of again": {
			`{"event":"order.completed","within":"1d"}`, life{0: order("completed", "1", 6000), 12: order("completed", "1", 6000)}, []int64{0, 24},
		},
		"other currencies are other money": {
			`{"event":"order.completed","sum":"amount","currency":"USD",">=":1}`, life{0: order("completed", "1", 6000)}, nil,
		},
		"one item is enough": {
			`{"event":"order.completed","where":[{"field":"item.sku","is":"S2"}]}`, life{3: order("completed", "1", 1, "S1", "S2")}, []int64{3},
		},
		"no item may be it": {
			`{"event":"order.completed","where":[{"field":"item.category","is_not":"of S2"}]}`,
			life{3: order("completed", "1", 1, "S1", "S2"), 4: order("completed", "2", 1, "S1")},
			[]int64{4},
		},
		"ninety days without an order": {
			`{"last":"order.completed","ago":{">=":"90d"}}`, life{0: order("completed", "1", 1), 2400: order("completed", "2", 1)}, []int64{2160, 2400, 4560},
		},
		"the last order that was not cancelled": {
			`{"last":"order.completed","ago":{"<":"2d"}}`,
			life{0: order("completed", "1", 1), 40: order("completed", "2", 1), 50: order("cancelled", "2", 0)},
			[]int64{0, 50},
		},
		"first": {`{"first":"page.viewed","ago":{">":"1d","<=":"2d"}}`, life{0: happened("page.viewed"), 30: happened("page.viewed")}, []int64{24, 48}},
		"a basket that nothing came of": {
			`{"sequence":[{"event":"product.added"},{"event":"order.completed","absent":true}],"within":"1d","ago":{"<":"3d"}}`,
			life{0: happened("product.added"), 24: order("completed", "1", 1), 100: happened("product.added"), 125: order("completed", "2", 1)},
			[]int64{124, 172},
		},
		"a basket that nothing has come of yet": {
			`{"sequence":[{"event":"product.added"},{"event":"order.completed","absent":true}]}`,
			life{0: happened("product.added"), 30: order("completed", "1", 1)},
			[]int64{0, 30},
		},
		"one after the other, in time": {
			`{"sequence":[{"event":"page.viewed"},{"event":"product.added"},{"event":"order.completed"}],"within":"10h"}`,
			life{0: happened("page.viewed"), 1: happened("product.added"), 11: order("completed", "1", 1), 12: happened("page.viewed"), 13: happened("product.added"), 22: order("completed", "2", 1)},
			[]int64{22},
		},
		"of the same inquiry": {
			`{"sequence":[{"event":"inquiry.opened"},{"event":"inquiry.answered","absent":true}],"same":"inquiry_id","within":"2h"}`,
			life{0: happened("inquiry.opened", "inquiry_id", "1"), 1: happened("inquiry.answered", "inquiry_id", "2")},
			[]int64{2},
		},
		"traits": {
			`{"trait":"tier","in":["gold","vip"]}`, life{0: said("tier", `"gold"`), 5: said("tier", `"silver"`), 7: said("tier", `"vip"`)}, []int64{0, 5, 7},
		},
		"nothing known passes is_not":  {`{"trait":"tier","is_not":"gold"}`, life{0: happened("page.viewed"), 5: said("tier", `"gold"`)}, []int64{-24, 5}},
		"escapes and numbers as texts": {`{"all":[{"trait":"city","is":"서울"},{"trait":"visits",">=":3}]}`, life{0: said("city", `"\uc11c\uc6b8"`, "visits", `"3.0"`)}, []int64{0}},
		"lists":                        {`{"trait":"interests","contains":"lens"}`, life{0: said("interests", `["frame","lens"]`), 1: said("interests", `["lenses"]`), 2: said("interests", `"lenses"`)}, []int64{0, 1, 2}},
		"days":                         {`{"trait":"joined_on",">=":"2026-01-01","<":"2026-02-01"}`, life{0: said("joined_on", `"2026-01-31T23:00:00Z"`), 1: said("joined_on", `"2026-02-01"`)}, []int64{0, 1}},
		"consent": {
			`{"consent":"marketing","medium":"sms"}`,
			life{0: happened("consent.given", "purpose", "marketing", "medium", "sms"), 1: happened("consent.withdrawn", "purpose", "marketing", "medium", "email"), 2: happened("message.unsubscribed")},
			[]int64{0, 2},
		},
		"in another segment": {`{"not":{"segment":"vip"}}`, life{0: said("tier", `"gold"`), 5: said("tier", `"silver"`)}, []int64{-24, 0, 5}},
	} {
		var got []int64
		for _, change := range standing.Changes(compile(t, v, c.rule), c.life.history(), start-day, start+300*day) {
			got = append(got, (change.At-start)/hour)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got)\n%s", name, c.rule, diff)
		}
	}
}

// TestOlder counts what a history no longer keeps apart, once all of it has happened.
func TestOlder(t *testing.T) {
	t.Parallel()
	v := words(t)
	f := &history.Fragment{
		ID: uuid.UUID{1}, Touchpoints: life{20: happened("page.viewed")}.history().Touchpoints,
		Older: []history.Older{{Type: "page.viewed", Count: 9, First: start, Last: start + 10*hour, Amounts: []history.Amount{{Currency: "KRW", Amount: 50_000}}}},
	}
	h := history.Merge(f)
	for rule, want := range map[string][]int64{
		`{"event":"page.viewed","count":{">=":10}}`:                                               {20},
		`{"event":"page.viewed","count":{">=":9}}`:                                                {10},
		`{"event":"page.viewed","count":{">=":9},"within":"30d"}`:                                 nil,
		`{"event":"page.viewed","where":[{"field":"channel","is":"web"}],"count":{">=":9}}`:       nil,
		`{"event":"page.viewed","sum":"amount",">=":5}`:                                           {10},
		`{"first":"page.viewed","ago":{">=":"1d"}}`:                                               {24},
		`{"last":"page.viewed","ago":{"<":"1h"}}`:                                                 {10, 11, 20, 21},
		`{"last":"page.viewed","where":[{"field":"channel","is":"web"}],"ago":{"<":"1h"}}`:        {20, 21},
		`{"not":{"all":[{"event":"page.viewed"},{"last":"page.viewed","ago":{">=":"3h"}}]}}`:      {-24, 13, 20, 23},
		`{"event":"page.viewed","where":[{"field":"channel","is":"app"}],"count":{"is":0}}`:       {-24},
		`{"any":[{"event":"page.viewed","count":{">=":9}},{"event":"call.ended","within":"1h"}]}`: {10},
	} {
		var got []int64
		for _, change := range standing.Changes(compile(t, v, rule), h, start-day, start+300*day) {
			got = append(got, (change.At-start)/hour)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", rule, diff)
		}
	}
}
