package analytics_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
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

func TestKPIOfService(t *testing.T) {
	t.Parallel()
	open := func(at, id string) history.Touchpoint {
		return did(kst(t, at), "inquiry.opened", events.ChannelInquiry, "inquiry_id", id)
	}
	after := func(at, kind, id string) history.Touchpoint {
		return did(kst(t, at), "inquiry."+kind, events.ChannelInquiry, "inquiry_id", id, "agent", "송민아")
	}
	h := person(
		"p", did(kst(t, "2026-01-05 10:00"), "page.viewed", events.ChannelWeb),
		open("2026-03-06 17:30", "Q1"), after("2026-03-09 09:30", "answered", "Q1"), after("2026-03-09 10:00", "answered", "Q1"), // over a weekend
		after("2026-03-10 10:00", "closed", "Q1"), after("2026-03-11 10:00", "reopened", "Q1"), after("2026-03-12 10:00", "closed", "Q1"),
		open("2026-03-12 10:00", "Q2"), after("2026-03-12 10:20", "closed", "Q2"),
		open("2026-03-13 10:00", "Q3"), after("2026-04-02 10:00", "answered", "Q3"), // after the instant
		did(kst(t, "2026-03-14 10:00"), "call.ended", events.ChannelCall, "wait_s", "12.5", "resolved", "true", "topic", "배송"),
		did(kst(t, "2026-03-14 11:00"), "call.ended", events.ChannelCall, "wait_s", "30", "resolved", "false"),
	)
	clock := kpis(t, march(t), h)
	response := tile(t, clock, analytics.FirstResponse)
	is(t, "first response", response.Figure, (64*3600+20*60)/2, 1, 2)
	if response.Waiting != 1 {
		t.Errorf("%d inquiries wait, want 1", response.Waiting)
	}
	o := march(t)
	o.Hours = analytics.OfficeHours()
	o.Targets = map[analytics.Measure]float64{analytics.FirstResponse: 3600}
	office := kpis(t, o, h)
	response = tile(t, office, analytics.FirstResponse)
	is(t, "first response in office hours", response.Figure, (60+20)*60/2, 1, 2)
	is(t, "of nine in ten", tile(t, office, analytics.FirstResponseP90).Figure, (20+.9*40)*60, 1, 2)
	is(t, "resolution in office hours", tile(t, office, analytics.Resolution).Figure, ((.5+9*3+1)*3600+20*60)/2, 1, 2)
	is(t, "wait for a call", tile(t, office, analytics.CallWait).Figure, 21.25, 1, 2)
	is(t, "calls that settled it", tile(t, office, analytics.CallResolved).Figure, .5, 1, 2)
	if !*response.Met {
		t.Error("40 minutes do not meet a target of an hour")
	}
	is(t, "by agent", partOf(t, response, "agent", "송민아"), (60+20)*60/2, 1, 2)
}

func partOf(t *testing.T, x analytics.Tile, dimension, key string) analytics.Figure {
	t.Helper()
	for _, p := range x.Parts {
		if p.Dimension == dimension && p.Key == key {
			return p.Figure
		}
	}
	t.Errorf("%s has no part %s %s", x.Measure, dimension, key)
	return analytics.Figure{}
}

func TestHolidaysAreNoOfficeHours(t *testing.T) {
	t.Parallel()
	o := march(t)
	o.Hours = analytics.OfficeHours()
	o.Hours.Holidays = []string{"2026-03-09"}
	h := person(
		"p", did(kst(t, "2026-03-06 17:30"), "inquiry.opened", events.ChannelInquiry, "inquiry_id", "Q1"),
		did(kst(t, "2026-03-10 09:30"), "inquiry.answered", events.ChannelInquiry, "inquiry_id", "Q1"),
	)
	is(t, "over a holiday", tile(t, kpis(t, o, h), analytics.FirstResponse).Figure, 3600, 1, 1)
}

func TestKPIOfSurveys(t *testing.T) {
	t.Parallel()
	answer := func(minute int, score, scale, kind string, more ...string) history.Touchpoint {
		at := kst(t, "2026-03-20 10:00") + int64(minute)*60*analytics.Second
		return did(at, "survey.answered", events.ChannelMessage, append([]string{"score", score, "scale", scale, "survey", kind}, more...)...)
	}
	k := kpis(
		t, march(t),
		person(
			"a", did(kst(t, "2026-03-19 10:00"), "call.ended", events.ChannelCall, "case_id", "C1", "agent", "박지훈"),
			answer(1, "4", "5", "csat", "case_id", "C1"), answer(2, "3", "5", "csat"), answer(3, "", "5", "csat"), answer(4, "8", "7", "csat"),
		),
		person("b", answer(1, "8", "10", "csat"), answer(2, "9", "10", "nps"), answer(3, "10", "", "nps"), answer(4, "7", "10", "nps"), answer(5, "6.5", "10", "nps")),
	)
	csat := tile(t, k, analytics.CSAT)
	is(t, "satisfaction", csat.Figure, 2.0/3, 2, 3)
	is(t, "by call", partOf(t, csat, "channel", "call"), 1, 1, 1)
	is(t, "by agent", partOf(t, csat, "agent", "박지훈"), 1, 1, 1)
	is(t, "nps", tile(t, k, analytics.NPS).Figure, 25, 1, 4)
	if csat.Enough || csat.Why == nil || csat.Why.Ko == "" {
		t.Error("three answers count as enough")
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

// TestKPIOfEvents folds events as they come in, so that the names of the catalogue are those that the tiles ask for.
func TestKPIOfEvents(t *testing.T) {
	t.Parallel()
	event := func(id, at, kind string, channel events.Channel, data string) events.Event {
		return events.Event{
			Source: "desk", ID: id, Type: kind, Time: time.UnixMicro(kst(t, at)), Channel: channel, Data: []byte(data),
			Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: "u1", Grade: events.Asserted}},
		}
	}
	all := scan(t, []events.Event{
		event("1", "2026-03-03 10:00", "inquiry.opened", events.ChannelInquiry, `{"inquiry_id":7,"case_id":"C7","category":"배송"}`),
		event("2", "2026-03-03 11:00", "inquiry.answered", events.ChannelInquiry, `{"inquiry_id":"7","agent":"송민아"}`),
		event("3", "2026-03-03 12:00", "inquiry.closed", events.ChannelInquiry, `{"inquiry_id":"7","agent":"송민아"}`),
		event("4", "2026-03-04 10:00", "survey.answered", events.ChannelMessage, `{"score":5,"scale":5,"kind":"csat","case_id":"C7","agent":"송민아"}`),
		event("5", "2026-03-04 11:00", "survey.answered", events.ChannelWeb, `{"score":3,"scale":10,"kind":"NPS"}`),
		event("6", "2026-03-05 11:00", "call.ended", events.ChannelCall, `{"call_id":"9","wait_s":41.5,"resolved":true,"agent":"박지훈"}`),
		event("7", "2026-03-06 11:00", "order.completed", events.ChannelStore, `{"order_id":"O","total":12000}`),
		event("8", "2026-03-07 11:00", "order.refunded", events.ChannelStore, `{"order_id":"O","total":2000}`),
	})
	k := kpis(t, march(t), all...)
	is(t, "response", partOf(t, tile(t, k, analytics.FirstResponse), "agent", "송민아"), 3600, 1, 1)
	is(t, "resolution", partOf(t, tile(t, k, analytics.Resolution), "channel", "inquiry"), 7200, 1, 1)
	is(t, "satisfaction", partOf(t, tile(t, k, analytics.CSAT), "channel", "inquiry"), 1, 1, 1)
	is(t, "satisfaction by agent", partOf(t, tile(t, k, analytics.CSAT), "agent", "송민아"), 1, 1, 1)
	is(t, "nps", tile(t, k, analytics.NPS).Figure, -100, 1, 1)
	is(t, "wait", partOf(t, tile(t, k, analytics.CallWait), "agent", "박지훈"), 41.5, 1, 1)
	is(t, "settled", tile(t, k, analytics.CallResolved).Figure, 1, 1, 1)
	is(t, "revenue", partOf(t, tile(t, k, analytics.Revenue), "channel", "store"), 10_000, 1, 1)
}
