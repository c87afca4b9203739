package analytics_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
)

const won = events.Money(10_000)

func TestValues(t *testing.T) {
	t.Parallel()
	at := kst(t, "2026-06-01 00:00")
	o := analytics.ValueOptions{
		At: at, Period: analytics.Period{From: kst(t, "2026-01-01 00:00"), To: at},
		Margin: func(s *history.OrderStep) events.Money { return s.Net / 4 },
		Costs:  map[string]events.Money{"call.ended": 3000 * won, "inquiry.opened": 1500 * won},
	}
	vip := person("vip", ordered(kst(t, "2026-05-01 00:00"), history.OrderCompleted, "A", 100_000), ordered(kst(t, "2026-05-20 00:00"), history.OrderCompleted, "B", 60_000),
		ordered(kst(t, "2026-05-21 00:00"), history.OrderRefunded, "B", 20_000), did(kst(t, "2026-05-22 00:00"), "call.ended", events.ChannelCall))
	gone := person("gone", ordered(kst(t, "2026-01-10 00:00"), history.OrderCompleted, "C", 40_000), did(kst(t, "2026-01-12 00:00"), "inquiry.opened", events.ChannelInquiry),
		did(kst(t, "2026-05-30 00:00"), "message.sent", events.ChannelMessage))
	empty := func() *analytics.Values {
		v, err := analytics.NewValues(o, func(h *history.History) []string {
			if h.Customer == vip.Customer {
				return []string{"vip", "buyers", "vip"}
			}
			return []string{"buyers"}
		})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	table := result(t, empty, vip, gone)
	churned := .5
	want := analytics.GroupValue{
		Group: "buyers", Customers: 2, Buyers: 2, Orders: 3, Returned: 1,
		Revenue: []analytics.Worth{{Currency: "KRW", Amount: 180_000 * won, PerCustomer: 90_000 * won}},
		Margin:  []analytics.Worth{{Currency: "KRW", Amount: 45_000 * won, PerCustomer: 22_500 * won}},
		Calls:   1, Inquiries: 1, Cost: 4500 * won, CostPerCustomer: 2250 * won, Churned: 1, ChurnedShare: &churned,
	}
	if d := cmp.Diff(want, table.Groups[0]); d != "" {
		t.Error(d)
	}
	if g := table.Groups[1]; g.Group != "vip" || g.Customers != 1 || *g.ChurnedShare != 0 || g.Revenue[0].Amount != 140_000*won {
		t.Errorf("%+v", g)
	}
	want.Group = ""
	if d := cmp.Diff(want, table.All); d != "" {
		t.Error(d)
	}
}

func TestReturns(t *testing.T) {
	t.Parallel()
	day := func(d int) int64 { return kst(t, "2026-01-01 00:00") + int64(d)*analytics.Day }
	buys := func(d int) history.Touchpoint {
		return ordered(day(d), history.OrderCompleted, strconv.Itoa(d), 10_000)
	}
	gives := func(d, order int) history.Touchpoint {
		return ordered(day(d), history.OrderRefunded, strconv.Itoa(order), 10_000)
	}
	o := analytics.ReturnOptions{At: day(200), Period: analytics.Period{From: day(0), To: day(180)}, Days: 30}
	got := result(
		t, made(t, analytics.NewReturns, o),
		person("back", buys(1), gives(10, 1), buys(40)),
		person("not back", buys(1), buys(5), gives(10, 1)),
		person("too late", buys(1), gives(10, 1), buys(41)),
		person("open", buys(150), gives(175, 150), buys(176)),
		person("buys", buys(1), buys(20)), person("buys not", buys(1)), person("before", buys(-5)),
	)
	if r := got.Returned; r.Customers != 3 || r.Bought != 1 || r.Open != 1 {
		t.Errorf("returned: %+v", r)
	}
	if r := got.Others; r.Customers != 2 || r.Bought != 1 || r.Open != 0 {
		t.Errorf("others: %+v", r)
	}
	if got.Enough || math.Abs(*got.Difference+1.0/6) > 1e-12 || got.Interval.Low > *got.Difference || got.Interval.High < *got.Difference {
		t.Errorf("%+v", got)
	}
}

// TestNewcombe holds the interval against the paper's own example, 56/70 - 48/80: .0524 to .3339 (Newcombe 1998, table II, a,
// method 10).
func TestNewcombe(t *testing.T) {
	t.Parallel()
	got := analytics.Newcombe(56, 70, 48, 80)
	if math.Abs(got.Low-.0524) > 5e-5 || math.Abs(got.High-.3339) > 5e-5 {
		t.Errorf("%+v, want .0524 to .3339", got)
	}
}

// TestSurvivalOfLeukemia rebuilds the remissions of 21 children on 6-MP (Freireich et al. 1963) as customers who buy every month
// until they are lost or watched no longer; the curve is in every textbook (Kleinbaum & Klein, table 2.3).
func TestSurvivalOfLeukemia(t *testing.T) {
	t.Parallel()
	at := kst(t, "2026-06-01 00:00")
	lost := []int{6, 6, 6, 7, 10, 13, 16, 22, 23}
	watched := []int{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}
	month := 30 * analytics.Day
	var all []*history.History
	for i, n := range lost { // lost n months after the first purchase, long ago
		all = append(all, person(fmt.Sprint("lost", i), every(at-40*month, month, n)...))
	}
	for i, n := range watched {
		all = append(all, person(fmt.Sprint("watched", i), every(at-int64(n)*month, month, n+1)...))
	}
	got := result(t, made(t, analytics.NewSurvival, analytics.SurvivalOptions{At: at, Silence: 30}), all...)
	want := map[int]float64{0: 1, 5: 1, 6: .8571, 7: .8067, 10: .7529, 13: .6902, 16: .6275, 22: .5378, 23: .4482, 35: .4482}
	for n, s := range want {
		p := got.Curve[n]
		if p.Days != int64(n)*30 || math.Abs(p.Share-s) > 5e-5 || p.Around.Low > p.Share || p.Around.High < p.Share {
			t.Errorf("month %d: %+v, want %v", n, p, s)
		}
	}
	if got.Customers != 21 || got.Lost != 9 || got.Median == nil || *got.Median != 23*30 {
		t.Errorf("%d customers, %d lost, median %v", got.Customers, got.Lost, got.Median)
	}
}

// every is so many purchases, one a span.
func every(from, span int64, n int) []history.Touchpoint {
	list := make([]history.Touchpoint, n)
	for i := range list {
		list[i] = bought(from + int64(i)*span)
	}
	return list
}

func TestWhoWasLostMayComeBack(t *testing.T) {
	t.Parallel()
	at := kst(t, "2026-06-01 00:00")
	day := func(d int) history.Touchpoint { return bought(at + int64(d)*analytics.Day) }
	got := result(
		t, made(t, analytics.NewSurvival, analytics.SurvivalOptions{At: at}), // 90 days
		person("back after 20", day(-300), day(-190)), person("back after 100", day(-400), day(-210)), person("never", day(-600)),
		person("just lost", day(-100)), person("stays", day(-200), day(-120), day(-40)), person("later", day(1)),
	)
	if got.Customers != 5 || got.Lost != 4 || got.Returned != 2 || *got.ReturnedShare != .5 || *got.BackMedian != 60 {
		t.Errorf("%+v", got)
	}
	month, quarter := got.Back[0], got.Back[2]
	if month.Customers != 3 || month.Bought != 1 || month.Open != 1 || quarter.Customers != 3 || quarter.Bought != 2 {
		t.Errorf("within 30 days %+v, within 180 %+v", month, quarter)
	}
}

func TestRetentionMarksTheMonthInProgress(t *testing.T) {
	t.Parallel()
	h := person("p", bought(kst(t, "2026-01-31 23:59")), bought(kst(t, "2026-03-01 00:00")), did(kst(t, "2026-02-03 00:00"), "store.visited", events.ChannelStore))
	table := result(t, made(t, analytics.NewRetention, analytics.RetentionOptions{At: kst(t, "2026-03-31 23:58")}), h)
	want := []analytics.JoiningMonth{{Month: "2026-01", Customers: 1, Since: []analytics.MonthSince{
		{Months: 0, Customers: 1, Share: 1}, {Months: 1}, {Months: 2, Customers: 1, Share: 1, InProgress: true},
	}}}
	if d := cmp.Diff(want, table.Months); d != "" {
		t.Error(d)
	}
	visits := result(t, made(t, analytics.NewRetention, analytics.RetentionOptions{At: kst(t, "2026-04-01 00:00") - 1, Active: analytics.ByVisits}), h)
	if s := visits.Months[0].Since; s[1].Customers != 1 || s[2].InProgress {
		t.Errorf("by visits: %+v", s)
	}
}
