package segment_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/segment"
)

// thirty is a customer of thirty touchpoints, as most are who do more than look once.
func thirty() *history.History {
	l := life{0: said("tier", `"gold"`, "birth_date", `"1988-05-03"`, "joined_on", `"2024-02-01"`, "city", `"서울"`)}
	for i := int64(1); i <= 21; i++ {
		l[i*7] = happened("page.viewed", "category", "lens", "path", "/p/1")
	}
	for i := range int64(3) {
		l[200+i*24] = order("completed", string(rune('1'+i)), 50_000, "S1", "S2")
		l[201+i*24] = happened("product.added", "sku", "S1")
	}
	l[300], l[301] = happened("inquiry.opened", "inquiry_id", "1"), happened("consent.given", "purpose", "marketing", "medium", "sms")
	return l.history()
}

// BenchmarkCondition times one condition each, of one customer of thirty touchpoints.
func BenchmarkCondition(b *testing.B) {
	v, h := words(b), thirty()
	for name, rule := range map[string]string{
		"trait":    `{"trait":"tier","in":["vip","gold"]}`,
		"count":    `{"event":"page.viewed","count":{">=":5},"within":"30d"}`,
		"absent":   `{"event":"call.ended","count":{"is":0},"within":"30d"}`,
		"where":    `{"event":"page.viewed","where":[{"field":"category","is":"lens"}],"count":{">=":5},"within":"30d"}`,
		"sum":      `{"event":"order.completed","sum":"amount",">=":100000,"within":"90d"}`,
		"last":     `{"last":"order.completed","ago":{">=":"90d"}}`,
		"last_one": `{"last":"page.viewed","ago":{">=":"90d"}}`,
		"sequence": `{"sequence":[{"event":"product.added"},{"event":"order.completed","absent":true}],"within":"24h","ago":{"<":"30d"}}`,
		"consent":  `{"consent":"marketing","medium":"sms"}`,
		"birthday": `{"birthday":{"within":"7d"}}`,
		"age":      `{"trait":"age",">=":30}`,
	} {
		p, at := compile(b, v, rule), start+400*hour
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.At(h, at)
			}
		})
	}
}

// BenchmarkHundred times a customer of thirty touchpoints under a hundred different segments of three conditions or so.
func BenchmarkHundred(b *testing.B) {
	v, h := words(b), thirty()
	d := &dice{rand.New(rand.NewPCG(1, 1))}
	var all []*segment.Program
	for range 100 {
		all = append(all, compile(b, v, `{"all":[{"any":[`+drawRule(d, 0)+","+drawRule(d, 0)+`]},`+drawRule(d, 0)+`]}`))
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range all {
			p.At(h, start+400*hour)
		}
	}
}

// BenchmarkPreview times adding a customer of thirty touchpoints to a preview of three lines.
func BenchmarkPreview(b *testing.B) {
	h := thirty()
	p := segment.NewPreview(compile(b, words(b), `{"all":[{"trait":"tier","in":["vip","gold"]},{"event":"page.viewed","count":{">=":5},"within":"30d"},
		{"event":"order.completed","sum":"amount",">=":100000,"within":"90d"}]}`), start+400*hour)
	b.ReportAllocs()
	for b.Loop() {
		p.Add(h)
	}
}

// BenchmarkBacktest times adding a customer of thirty touchpoints to a backtest of a year.
func BenchmarkBacktest(b *testing.B) {
	h := thirty()
	p := compile(b, words(b), `{"all":[{"trait":"tier","in":["vip","gold"]},{"event":"page.viewed","count":{">=":5},"within":"30d"}]}`)
	t := segment.NewBacktest(p, start-200*day, start+165*day, 30*24*time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		t.Add(h)
	}
}

// TestNoRoom makes sure that judging a customer whose orders are made takes no memory.
func TestNoRoom(t *testing.T) {
	v, h := words(t), thirty()
	h.Orders()
	d := &dice{rand.New(rand.NewPCG(1, 1))}
	for range 200 {
		p := compile(t, v, drawRule(d, 1))
		if n := testing.AllocsPerRun(5, func() { p.At(h, start+400*hour) }); n > 0 {
			t.Errorf("%s takes memory %v times", p.Rule().JSON(), n)
		}
	}
}
