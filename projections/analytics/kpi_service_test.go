package analytics_test

import (
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
)

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
