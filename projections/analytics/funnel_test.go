package analytics_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
)

func TestFunnel(t *testing.T) {
	t.Parallel()
	day := func(d, hour int) int64 {
		return kst(t, "2026-03-01 00:00") + int64(d-1)*analytics.Day + int64(hour)*analytics.Hour
	}
	view := func(d, hour int, category string) history.Touchpoint {
		return did(day(d, hour), "product.viewed", events.ChannelWeb, "category", category)
	}
	cart := func(d, hour int) history.Touchpoint { return did(day(d, hour), "product.added", events.ChannelWeb) }
	o := analytics.FunnelOptions{
		At: day(30, 0), Period: analytics.Period{From: day(1, 0), To: day(28, 0)}, Within: 7 * analytics.Day,
		Steps: []analytics.Step{
			{Type: "product.viewed", Where: []analytics.Where{{Field: "category", In: []string{"신발", "구두"}}}},
			{Type: "product.added"},
			{Type: history.OrderCompleted},
		},
	}
	lost := person("lost", view(2, 0, "신발"), view(3, 0, "신발"), cart(3, 2), bought(day(11, 0)))
	f := result(
		t, made(t, analytics.NewFunnel, o),
		person("all", view(2, 0, "신발"), cart(2, 1), view(2, 2, "구두"), cart(2, 6), bought(day(8, 0))),
		lost,
		person("early", view(2, 0, "신발"), bought(day(2, 1)), cart(2, 2), view(27, 0, "신발")), // may still go on
		person("other category", view(2, 0, "모자"), cart(2, 1), bought(day(2, 2))),
		person("outside", view(29, 0, "신발"), cart(29, 1)),
		person("open", view(25, 0, "신발")),
	)
	var got []string
	for _, s := range f.Steps {
		line := fmt.Sprintf("%d lost %d open %d", s.Customers, s.Lost, s.Open)
		if s.Seconds != nil {
			line += fmt.Sprintf(" after %v h", *s.Seconds/3600)
		}
		got = append(got, line)
	}
	// Who ordered had viewed twice: the times are those from the second view on.
	want := []string{"4 lost 0 open 1", "3 lost 1 open 1 after 2 h", "1 lost 0 open 0 after 138 h"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if s := f.Steps[1].Sample; len(s) != 1 || s[0] != lost.Customer {
		t.Errorf("lost at the cart are %v, want %v", s, lost.Customer)
	}
	if *f.Conversion != .25 || *f.Steps[2].FromBefore != 1.0/3 {
		t.Errorf("conversion %v, from the cart %v", *f.Conversion, *f.Steps[2].FromBefore)
	}
}

func TestOneTouchpointIsOneStep(t *testing.T) {
	t.Parallel()
	at := kst(t, "2026-03-02 00:00")
	order := analytics.Step{Type: history.OrderCompleted}
	o := analytics.FunnelOptions{At: at + 9*analytics.Day, Period: analytics.Period{From: at, To: at + analytics.Day}, Steps: []analytics.Step{order, order, order}}
	f := result(t, made(t, analytics.NewFunnel, o), person("two", bought(at), bought(at+2*analytics.Day)))
	if f.Steps[1].Customers != 1 || f.Steps[2].Customers != 0 {
		t.Errorf("two orders are %d and %d", f.Steps[1].Customers, f.Steps[2].Customers)
	}
}

func TestLostCustomersAreASample(t *testing.T) {
	t.Parallel()
	at := kst(t, "2026-03-02 00:00")
	o := analytics.FunnelOptions{
		At: at + 90*analytics.Day, Period: analytics.Period{From: at, To: at + analytics.Day},
		Steps: []analytics.Step{{Type: "page.viewed"}, {Type: history.OrderCompleted}},
	}
	var all []*history.History
	for i := range 3 * analytics.MaxSample {
		all = append(all, person(strconv.Itoa(i), did(at, "page.viewed", events.ChannelWeb)))
	}
	f := result(t, made(t, analytics.NewFunnel, o), all...)
	if s := f.Steps[0]; s.Lost != 3*analytics.MaxSample || len(s.Sample) != analytics.MaxSample {
		t.Errorf("%d lost, %d ids", s.Lost, len(s.Sample))
	}
}

func TestStepsAreChecked(t *testing.T) {
	t.Parallel()
	least := events.Money(1)
	good := analytics.Step{Type: history.OrderCompleted, Where: []analytics.Where{{Field: "amount", Least: &least}}}
	for want, bad := range map[string][]analytics.Step{
		"give 2 to 8":       {good},
		"has no type":       {good, {}},
		"no field \"name\"": {good, {Type: "x", Where: []analytics.Where{{Field: "name", In: []string{"a"}}}}},
		"nothing is asked":  {good, {Type: "x", Where: []analytics.Where{{Field: "sku"}}}},
		"is no number":      {good, {Type: "x", Where: []analytics.Where{{Field: "sku", Least: &least}}}},
	} {
		_, err := analytics.NewFunnel(analytics.FunnelOptions{Steps: bad, Period: analytics.Period{To: 1}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
}

func TestWhere(t *testing.T) {
	t.Parallel()
	at := kst(t, "2026-03-02 00:00")
	big := ordered(at, history.OrderCompleted, "A", 50_000)
	big.Items = []history.Item{{SKU: "S1", Category: "신발"}}
	call := did(at, "call.ended", events.ChannelCall, "duration_s", "95.5", "topic", "배송")
	low, high := events.Money(900_000), events.Money(500_000_000)
	for _, c := range []struct {
		of    history.Touchpoint
		where analytics.Where
		holds bool
	}{
		{big, analytics.Where{Field: "amount", Least: &high}, true},
		{big, analytics.Where{Field: "amount", Most: &low}, false},
		{big, analytics.Where{Field: "item.sku", In: []string{"S0", "S1"}}, true},
		{big, analytics.Where{Field: "item.category", In: []string{"모자"}}, false},
		{big, analytics.Where{Field: "channel", In: []string{"web"}}, true},
		{big, analytics.Where{Field: "order_id", In: []string{"A"}}, true},
		{big, analytics.Where{Field: "currency", In: []string{"USD"}}, false},
		{call, analytics.Where{Field: "duration_s", Least: &low}, true},
		{call, analytics.Where{Field: "wait_s", Least: &low}, false},
		{call, analytics.Where{Field: "topic", In: []string{"배송"}}, true},
	} {
		o := analytics.FunnelOptions{
			At: at, Period: analytics.Period{From: at, To: at + 1},
			Steps: []analytics.Step{{Type: c.of.Type, Where: []analytics.Where{c.where}}, {Type: "x"}},
		}
		f := result(t, made(t, analytics.NewFunnel, o), person("p", c.of))
		if got := f.Steps[0].Customers == 1; got != c.holds {
			t.Errorf("%+v of %s: %v", c.where, c.of.Type, got)
		}
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	at := kst(t, "2026-03-02 00:00")
	way := func(name string, types ...string) *history.History {
		var list []history.Touchpoint
		for i, kind := range types {
			list = append(list, did(at+int64(i)*analytics.Hour, kind, events.ChannelWeb))
		}
		return person(name, list...)
	}
	const view, cart, order, sent = "page.viewed", "product.added", history.OrderCompleted, "message.sent"
	o := analytics.PathOptions{
		At: at + 90*analytics.Day, Period: analytics.Period{From: at, To: at + 9*analytics.Day}, Anchor: analytics.Step{Type: view},
		Goal: analytics.Step{Type: order}, Longest: 4,
	}
	p := result(
		t, made(t, analytics.NewPaths, o),
		way("a", cart, view, view, sent, view, cart, order, view, cart, order),
		way("b", view, order, order),
		way("c", view, cart, view, cart, view, order),
		way("d", view, cart),
	)
	var got []string
	for _, x := range p.Paths {
		got = append(got, fmt.Sprint(strings.Join(x.Types, " "), " ", x.Journeys, " by ", x.Customers))
	}
	want := []string{
		"page.viewed product.added order.completed 2 by 1", "page.viewed order.completed 1 by 1",
		"page.viewed product.added … order.completed 1 by 1",
	}
	if d := cmp.Diff(want, got); d != "" || !p.Exact || p.Journeys != 4 || p.Different != 3 {
		t.Errorf("%+v\n%s", p, d)
	}
}

// TestPathsWithoutRoomAreSampled counts 4,000 paths that one customer each went, and one that 4,000 did, with room for 500.
func TestPathsWithoutRoomAreSampled(t *testing.T) {
	t.Parallel()
	at := kst(t, "2026-03-02 00:00")
	o := analytics.PathOptions{
		At: at + 9*analytics.Day, Period: analytics.Period{From: at, To: at + 9*analytics.Day}, Goal: analytics.Step{Type: "goal"}, Room: 500,
	}
	var all []*history.History
	for i := range 4000 {
		all = append(all,
			person(fmt.Sprint("common", i), did(at, "page.viewed", events.ChannelWeb), did(at+1, "goal", events.ChannelWeb)),
			person(fmt.Sprint("rare", i), did(at, fmt.Sprint("custom.", i), events.ChannelWeb), did(at+1, "goal", events.ChannelWeb)))
	}
	p := result(t, made(t, analytics.NewPaths, o), all...)
	common := p.Paths[0]
	if p.Exact || p.OneIn < 8 || common.Types[0] != "page.viewed" {
		t.Fatalf("exact %v, one in %d, first %v", p.Exact, p.OneIn, common)
	}
	// One customer in 16 is some 250 of 4,000: the error is 4,000/sqrt(250) = 250 at one standard deviation.
	if off := common.Journeys - 4000; off < -1000 || off > 1000 {
		t.Errorf("4,000 journeys are estimated as %d", common.Journeys)
	}
	t.Logf("one in %d: 4,000 journeys estimated as %d", p.OneIn, common.Journeys)
}
