package segment_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/segment"
)

// TestExplain is the explanation of one case, word by word.
func TestExplain(t *testing.T) {
	t.Parallel()
	l := life{0: said("tier", `"gold"`), 1: happened("call.ended"), 30: happened("call.ended"), 31: happened("page.viewed"), 40: order("completed", "1", 30_000)}
	h := l.history()
	ref := func(at int64) history.Ref {
		for i := range h.Touchpoints {
			if h.Touchpoints[i].At == start+at*hour {
				return h.Touchpoints[i].Ref()
			}
		}
		t.Fatalf("nothing happened at %d", at)
		return history.Ref{}
	}
	p := compile(t, words(t), `{"all":[{"segment":"loud"},{"not":{"event":"order.completed","sum":"amount",">=":50000}},{"last":"order.completed","ago":{"<":"1d"}}]}`)
	got := p.Explain(h, start+41*hour)
	calls, vip := events.Text{Ko: "최근 3일 통화: ≥ 2회", En: "Call: ≥ 2 times in the last 3 days"}, events.Text{Ko: "등급: gold, vip 중 하나", En: "tier is one of gold, vip"}
	want := segment.Explanation{
		In: true, At: start + 41*hour, Due: start + 64*hour, Pivotal: []history.Ref{ref(40)},
		Root: segment.Condition{Words: events.Text{Ko: "다음 모두", En: "All of these"}, Passed: true, Parts: []segment.Condition{
			{
				Pointer: "/all/0", Words: events.Text{Ko: "세그먼트 loud", En: "In segment loud"}, Passed: true, Parts: []segment.Condition{
					{Segment: "loud", Words: events.Text{Ko: "다음 중 하나 이상", En: "Any of these"}, Passed: true, Parts: []segment.Condition{
						{Pointer: "/any/0", Segment: "loud", Words: calls, Passed: true, Observed: "2", Wanted: "≥ 2", Evidence: []history.Ref{ref(30), ref(1)}, Total: 2},
						{Pointer: "/any/1", Segment: "loud", Words: events.Text{Ko: "세그먼트 vip", En: "In segment vip"}, Passed: true, Parts: []segment.Condition{
							{Segment: "vip", Words: vip, Passed: true, Observed: "gold", Wanted: "is one of gold, vip", Evidence: []history.Ref{ref(0)}, Total: 1},
						}},
					}},
				},
			},
			{Pointer: "/all/1", Words: events.Text{Ko: "다음이 아님", En: "Not this"}, Passed: true, Parts: []segment.Condition{
				{Pointer: "/all/1/not", Words: events.Text{Ko: "주문 금액 합계: ≥ 50000 KRW", En: "Order, amount in all: ≥ 50000 KRW"}, Observed: "30000", Wanted: "≥ 50000", Evidence: []history.Ref{ref(40)}, Total: 1},
			}},
			{
				Pointer: "/all/2", Words: events.Text{Ko: "마지막 주문: < 1일 전", En: "Last Order: < 1 day ago"}, Passed: true, Observed: "2026-02-15T07:00:00Z", Wanted: "< 1 day ago",
				Evidence: []history.Ref{ref(40)}, Total: 1,
			},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestEvidenceIsBounded shows the latest of many.
func TestEvidenceIsBounded(t *testing.T) {
	t.Parallel()
	l := life{}
	for i := range int64(50) {
		l[i] = happened("page.viewed")
	}
	h := l.history()
	root := compile(t, words(t), `{"event":"page.viewed"}`).Explain(h, start+100*hour).Root
	if len(root.Evidence) != segment.MaxEvidence || root.Total != 50 || root.Evidence[0] != h.Touchpoints[49].Ref() {
		t.Errorf("%d of %d, the first %+v", len(root.Evidence), root.Total, root.Evidence[0])
	}
}

// TestTogether judges and explains by one program in many goroutines, each with customers of their own, in many zones.
func TestTogether(t *testing.T) {
	t.Parallel()
	p := compile(t, words(t), `{"any":[{"birthday":{"within":"2d"}},{"all":[{"trait":"age",">=":30},{"event":"page.viewed"}]}]}`)
	want := judged(p, 1)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if diff := cmp.Diff(want, judged(p, 1)); diff != "" {
				t.Errorf("(-alone +together)\n%s", diff)
			}
		})
	}
	group.Wait()
}

func judged(p *segment.Program, seed uint64) []string {
	d := &dice{rand.New(rand.NewPCG(seed, 1))}
	var all []string
	for i := range 50 {
		h := drawHistory(d, 20)
		in, due := p.At(h, start+int64(i)*5*hour)
		all = append(all, fmt.Sprint(in, due, len(p.Explain(h, start+int64(i)*5*hour).Pivotal)))
	}
	return all
}

// BenchmarkExplain explains a customer of as many touchpoints as a fragment keeps.
func BenchmarkExplain(b *testing.B) {
	f := &history.Fragment{ID: uuid.UUID{1}}
	for i := range history.MaxTouchpoints {
		p := happened([]string{"page.viewed", "product.added", "call.ended", "order.completed"}[i%4], "category", "lens")
		p.At, p.Key, p.Amount, p.HasAmount, p.Currency = start+int64(i)*hour, uint64(i), 100_000, true, "KRW"
		f.Touchpoints = append(f.Touchpoints, p)
	}
	h, v := history.Merge(f), words(b)
	for name, rule := range map[string]string{
		"count":    `{"event":"page.viewed","where":[{"field":"category","is":"lens"}],"count":{">=":5},"within":"90d"}`,
		"edge":     `{"event":"page.viewed","count":{">=":1024}}`,
		"orders":   `{"event":"order.completed","sum":"amount",">=":5000}`,
		"sequence": `{"sequence":[{"event":"product.added"},{"event":"order.completed","absent":true}],"within":"24h"}`,
	} {
		p := compile(b, v, rule)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p.Explain(h, start+5000*hour)
			}
		})
	}
}
