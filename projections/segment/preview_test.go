package segment_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
)

// people draws customers with ids of their own.
func people(d *dice, n int) []*history.History {
	all := make([]*history.History, n)
	for i := range all {
		h := drawHistory(d, 14)
		all[i] = history.Merge(&history.Fragment{ID: uuid.UUID{byte(i), 1}, Touchpoints: h.Touchpoints, Kinds: h.Kinds})
	}
	return all
}

// TestPreview counts by leaving each line out in turn.
func TestPreview(t *testing.T) {
	t.Parallel()
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		d := roll(t)
		lines := []string{drawRule(d, 1), drawRule(d, 0), drawRule(d, 0)}
		p, all, at := compile(t, v, `{"all":[`+lines[0]+","+lines[1]+","+lines[2]+`]}`), people(d, 30), start+9*day
		whole, half, rest := segment.NewPreview(p, at), segment.NewPreview(p, at), segment.NewPreview(p, at)
		for i, h := range all {
			whole.Add(h)
			[]*segment.Preview{half, rest}[i%2].Add(h)
		}
		rest.Merge(half)
		got := whole.Result()
		if diff := cmp.Diff(got, rest.Result()); diff != "" {
			t.Fatalf("counted in two parts (-whole +parts)\n%s", diff)
		}
		members := count(all, at, p)
		for i := range lines {
			others := slices.Delete(slices.Clone(lines), i, i+1)
			without := count(all, at, compile(t, v, `{"all":[`+others[0]+","+others[1]+`]}`))
			fails := int64(len(all)) - count(all, at, compile(t, v, lines[i]))
			if l := got.Lines[i]; l.Loses != without-members || l.Fails != fails || l.Pointer != fmt.Sprint("/all/", i) {
				t.Fatalf("line %+v; %d members, %d without it, %d fail it", l, members, without, fails)
			}
		}
		if got.Members != members || got.Customers != 30 || len(got.Examples) != int(min(members, 10)) || !slices.IsSortedFunc(got.Examples, byBytes) {
			t.Fatalf("%d members, counted %+v", members, got)
		}
	})
}

func byBytes(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }

func count(all []*history.History, at int64, p *segment.Program) (n int64) {
	for _, h := range all {
		if in, _ := p.At(h, at); in {
			n++
		}
	}
	return n
}

// TestPreviewOfOneCondition has that one as its only line.
func TestPreviewOfOneCondition(t *testing.T) {
	t.Parallel()
	p := segment.NewPreview(compile(t, words(t), `{"trait":"tier","is":"gold"}`), start)
	p.Add(life{0: said("tier", `"gold"`)}.history())
	p.Add(life{1: said("tier", `"gold"`)}.history()) // an hour later
	got := p.Result()
	if got.Members != 1 || len(got.Lines) != 1 || got.Lines[0].Pointer != "" || got.Lines[0].Fails != 1 || got.Lines[0].Loses != 1 || len(got.Near) != 1 {
		t.Errorf("%+v", got)
	}
}

// TestBacktestCase is a case that can be counted by hand: two customers, two months and a bit.
func TestBacktestCase(t *testing.T) {
	t.Parallel()
	at := func(date string) int64 {
		when, err := time.ParseInLocation("2006-01-02", date, history.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return (when.UnixMicro() - start) / hour
	}
	bought := life{
		at("2026-02-20"): order("completed", "1", 50_000), at("2026-03-10"): order("completed", "2", 30_000),
		at("2026-03-12"): order("refunded", "2", 10_000), at("2026-04-02"): order("completed", "3", 7_000), at("2026-04-05"): order("cancelled", "3", 0),
	}.history()
	looked := life{at("2026-03-01"): happened("page.viewed"), at("2026-03-20"): happened("message.sent")}.history()
	b := segment.NewBacktest(compile(t, words(t), `{"last":"order.completed","ago":{"<":"14d"}}`),
		start, start+at("2026-05-10")*hour, 30*24*time.Hour)
	b.Add(bought)
	b.Add(looked)
	won := func(n int64) []history.Amount {
		return []history.Amount{{Currency: "KRW", Amount: events.Money(n * 10_000)}}
	}
	end := func(date string) int64 { return start + at(date)*hour - 1 }
	want := segment.BacktestResult{
		From: start, To: start + at("2026-05-10")*hour, Horizon: 30 * 24 * time.Hour,
		Months: []segment.Month{
			{End: end("2026-03-01"), Members: 1, Customers: 1, Entered: 1, Next: segment.Outcome{Customers: 1, Ordered: 1, Orders: 1, Net: won(20_000)}},
			// The second order left the window on 24 March. What it did in April was cancelled, but it did something.
			{End: end("2026-04-01"), Customers: 2, Entered: 1, Left: 2, Others: segment.Outcome{Customers: 2, Silent: 1}},
			{End: end("2026-05-01"), Customers: 2, Entered: 1, Left: 1},
			{End: start + at("2026-05-10")*hour, Customers: 2},
		},
		// After 20 February and 10 March, each for 30 days; the third was cancelled within its.
		Entered: segment.Outcome{Customers: 3, Ordered: 1, Orders: 1, Net: won(20_000)},
		Members: segment.Outcome{Customers: 1, Ordered: 1, Orders: 1, Net: won(20_000)},
		Others:  segment.Outcome{Customers: 2, Silent: 1},
	}
	if diff := cmp.Diff(want, b.Result()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestBacktest compares members with asking at the ends of the months, and parts with the whole; adding what happens after
// the end changes nothing.
func TestBacktest(t *testing.T) {
	t.Parallel()
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		d := roll(t)
		p, all := compile(t, v, drawRule(d, 2)), people(d, 12)
		from, to, next := start-40*day, start+20*day, 5*24*time.Hour
		whole, half, rest, later := segment.NewBacktest(p, from, to, next), segment.NewBacktest(p, from, to, next), segment.NewBacktest(p, from, to, next), segment.NewBacktest(p, from, to, next)
		for i, h := range all {
			whole.Add(h)
			[]*segment.Backtest{half, rest}[i%2].Add(h)
			p := drawTouchpoint(d, h.Customer, 1<<40)
			p.At = to + 1 + int64(d.between(0, 30))*day
			later.Add(history.Merge(&history.Fragment{ID: h.Customer, Touchpoints: append(slices.Clip(h.Touchpoints), p), Kinds: h.Kinds}))
		}
		rest.Merge(half)
		got := whole.Result()
		if diff := cmp.Diff(got, rest.Result()); diff != "" {
			t.Fatalf("counted in two parts (-whole +parts)\n%s", diff)
		}
		if diff := cmp.Diff(got, later.Result()); diff != "" {
			t.Fatalf("with what came later (-without +with)\n%s", diff)
		}
		begun, balance := int64(0), int64(0)
		for _, h := range all {
			if c := standing.Changes(p, h, from, from); len(c) > 0 {
				begun++
			}
		}
		for _, m := range got.Months {
			balance += m.Entered - m.Left
			if n := count(all, m.End, p); m.Members != n || begun+balance != n {
				t.Fatalf("at %d there are %d members; counted %d, and %d began, %d came", m.End, n, m.Members, begun, balance)
			}
		}
	})
}
