package analytics_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
)

// march is the period of these tests: four weeks from Monday 2 March 2026.
func march(t *testing.T) analytics.KPIOptions {
	t.Helper()
	return analytics.KPIOptions{
		At:     kst(t, "2026-04-01 12:00"),
		Period: analytics.Period{From: kst(t, "2026-03-02 00:00"), To: kst(t, "2026-03-30 00:00")},
	}
}

func kpis(t *testing.T, o analytics.KPIOptions, all ...*history.History) analytics.KPIs {
	t.Helper()
	return result(t, made(t, analytics.NewKPI, o), all...)
}

func tile(t *testing.T, k analytics.KPIs, m analytics.Measure) analytics.Tile {
	t.Helper()
	for _, x := range k.Tiles {
		if x.Measure == m {
			return x
		}
	}
	t.Fatalf("there is no tile %s", m)
	return analytics.Tile{}
}

// is checks a figure: its value, -1 for none, and on how many customers and events it rests.
func is(t *testing.T, what any, f analytics.Figure, value float64, customers, events int64) {
	t.Helper()
	got := -1.0
	if f.Value != nil {
		got = *f.Value
	}
	if got != value || f.Customers != customers || f.Events != events {
		t.Errorf("%v: %v of %d customers and %d events; want %v of %d and %d", what, got, f.Customers, f.Events, value, customers, events)
	}
}

func TestKPIOfOrders(t *testing.T) {
	t.Parallel()
	o := march(t)
	o.Targets = map[analytics.Measure]float64{analytics.Orders: 5, analytics.AverageBasket: 20_000}
	k := kpis(
		t, o,
		person("once", ordered(kst(t, "2026-03-03 10:00"), history.OrderCompleted, "A", 30_000)),
		person(
			"again", ordered(kst(t, "2026-02-10 10:00"), history.OrderCompleted, "B", 10_000),
			ordered(kst(t, "2026-03-10 10:00"), history.OrderCompleted, "C", 20_000),
			ordered(kst(t, "2026-03-20 10:00"), history.OrderCompleted, "D", 40_000),
			ordered(kst(t, "2026-03-25 10:00"), history.OrderRefunded, "D", 15_000),
		),
		person("gone", ordered(kst(t, "2026-02-20 10:00"), history.OrderCompleted, "E", 10_000)),
		person(
			"took back", ordered(kst(t, "2026-03-05 10:00"), history.OrderCompleted, "F", 90_000),
			ordered(kst(t, "2026-03-06 10:00"), history.OrderCancelled, "F", 90_000),
		),
		person("old", bought(kst(t, "2025-10-01 10:00")), bought(kst(t, "2026-03-29 23:59"))),
		person("too late", bought(kst(t, "2026-04-01 12:01"))),
	)
	revenue := tile(t, k, analytics.Revenue)
	is(t, "revenue", revenue.Figure, 30_000+20_000+25_000+10_000, 4, 5)
	is(t, "revenue before", revenue.Previous, 20_000, 2, 2)
	orders := tile(t, k, analytics.Orders)
	is(t, "orders", orders.Figure, 4, 3, 4)
	is(t, "basket", tile(t, k, analytics.AverageBasket).Figure, 25_000, 3, 4)
	is(t, "repeat", tile(t, k, analytics.RepeatPurchase).Figure, 2.0/3, 3, 3)
	is(t, "interval", tile(t, k, analytics.PurchaseInterval).Figure, 28, 2, 3) // 10, 28 and 179 days
	is(t, "active", tile(t, k, analytics.ActiveCustomers).Figure, 3, 3, 3)
	is(t, "new", tile(t, k, analytics.NewCustomers).Figure, 1, 1, 1)
	is(t, "retention", tile(t, k, analytics.RetentionRate).Figure, .5, 2, 2)
	is(t, "reactivation", tile(t, k, analytics.Reactivation).Figure, 1, 1, 1)
	if *orders.Met || !*tile(t, k, analytics.AverageBasket).Met {
		t.Error("4 orders meet a target of 5, or 25,000 does not meet 20,000")
	}
	if k.Customers != 5 {
		t.Errorf("%d customers had been heard of, want 5", k.Customers)
	}
}

func TestWeeksOfAKPI(t *testing.T) {
	t.Parallel()
	o := march(t)
	o.At = kst(t, "2026-03-26 12:00") // a Thursday of the last week
	h := person("p", bought(kst(t, "2025-12-29 00:00")), bought(kst(t, "2026-03-16 00:00")), bought(kst(t, "2026-03-22 23:59")))
	weeks := tile(t, kpis(t, o, h), analytics.Orders).Weeks
	var got []string
	for _, w := range weeks {
		got = append(got, fmt.Sprintf("%s %v %v", w.Week, *w.Value, w.InProgress))
	}
	want := []string{"2025-12-29 1 false"}
	for _, monday := range []string{"01-05", "01-12", "01-19", "01-26", "02-02", "02-09", "02-16", "02-23", "03-02", "03-09"} {
		want = append(want, "2026-"+monday+" 0 false")
	}
	want = append(want, "2026-03-16 2 false", "2026-03-23 0 true")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestEnoughData(t *testing.T) {
	t.Parallel()
	var all []*history.History
	for i := range 40 {
		day := int64(i%20) * analytics.Day
		all = append(all, person(strconv.Itoa(i), bought(kst(t, "2026-01-05 10:00")), bought(kst(t, "2026-02-03 10:00")+day), bought(kst(t, "2026-03-03 10:00")+day)))
	}
	k := kpis(t, march(t), all...)
	for _, m := range []analytics.Measure{analytics.RetentionRate, analytics.Revenue, analytics.AverageBasket, analytics.RepeatPurchase, analytics.PurchaseInterval} {
		if x := tile(t, k, m); !x.Enough || x.Why != nil {
			t.Errorf("%s rests on %d and that is not enough: %v", m, x.Events, x.Why)
		}
	}
	if x := tile(t, k, analytics.Revenue); x.Weeks[0].Enough {
		t.Error("a week before the data begins counts as told by enough data")
	}
	if x := tile(t, k, analytics.NPS); x.Enough || x.Value != nil {
		t.Error("without an answer there is an NPS")
	}
}

func TestKPIRefusesWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	good := march(t)
	for name, change := range map[string]func(*analytics.KPIOptions){
		"an empty period": func(o *analytics.KPIOptions) { o.Period.To = o.Period.From },
		"the future":      func(o *analytics.KPIOptions) { o.At = o.Period.From - 1 },
		"too many weeks":  func(o *analytics.KPIOptions) { o.Weeks = 1000 },
		"an activity":     func(o *analytics.KPIOptions) { o.Active = "sleeping" },
	} {
		o := good
		change(&o)
		if _, err := analytics.NewKPI(o); err == nil {
			t.Errorf("%s is not refused", name)
		}
	}
}
