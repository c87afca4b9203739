package churn_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
)

// epoch is the first day of the test histories.
var epoch = time.Date(2025, 1, 1, 0, 0, 0, 0, history.Zone)

const oneDay = int64(24 * 60 * 60 * 1_000_000)

// on returns a time of a day after epoch, at noon.
func on(day int) int64 { return epoch.UnixMicro() + int64(day)*oneDay + oneDay/2 }

// touch makes a touchpoint.
func touch(at int64, kind string, channel events.Channel, fields ...string) history.Touchpoint {
	t := history.Touchpoint{At: at, Type: kind, Channel: channel, Grade: events.Verified}
	for i := 0; i+1 < len(fields); i += 2 {
		t.Fields = append(t.Fields, history.Field{Name: fields[i], Value: fields[i+1]})
	}
	return t
}

// order makes an order.
func order(at int64, number string, units int64) history.Touchpoint {
	t := touch(at, history.OrderCompleted, events.ChannelWeb)
	t.Order, t.Amount, t.HasAmount, t.Currency = number, events.Money(units*10000), true, "KRW"
	return t
}

// historyOf puts touchpoints in the order that histories have.
func historyOf(list ...history.Touchpoint) *history.History {
	return customer(0, list...)
}

func customer(n int, list ...history.Touchpoint) *history.History {
	f := uuid.NewSHA1(uuid.NameSpaceOID, []byte(fmt.Sprint("customer", n)))
	list = slices.Clone(list)
	for i := range list {
		list[i].Fragment = f
		if list[i].Key == 0 {
			list[i].Key = history.KeyOf("test", fmt.Sprint(n, i))
		}
	}
	slices.SortFunc(list, byTime)
	return history.Merge(&history.Fragment{ID: f, Touchpoints: list})
}

func byTime(a, b history.Touchpoint) int {
	switch {
	case a.At != b.At:
		return int(min(max(a.At-b.At, -1), 1))
	case a.Key < b.Key:
		return -1
	case a.Key > b.Key:
		return 1
	}
	return 0
}

// visits are web visits on these days.
func visits(days ...int) []history.Touchpoint {
	var list []history.Touchpoint
	for _, d := range days {
		list = append(list, touch(on(d), "page.viewed", events.ChannelWeb))
	}
	return list
}

func every(days, from, to int) []int {
	var list []int
	for d := from; d <= to; d += days {
		list = append(list, d)
	}
	return list
}

func compile(t testing.TB, text string) *churn.Program {
	t.Helper()
	policy, err := churn.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return program(t, policy)
}

func program(t testing.TB, policy churn.Policy) *churn.Program {
	t.Helper()
	p, err := churn.Compile(policy)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const (
	rhythmText  = `{"version":1,"rhythm":{"factor":2,"min_visits":3}}`
	declineText = `{"version":1,"counts":{"of":"visits","channels":["web"]},"decline":{"window_days":28}}`
	// The parameters are those of CDNOW in Fader, Hardie & Lee (2005), "RFM and CLV", table of Pareto/NBD estimates.
	modelText = `{"version":1,"counts":{"of":"purchases"},"model":{"name":"pareto_nbd","parameters":{"r":0.553,"alpha":10.578,"s":0.606,"beta":11.669}}}`
)

// span is how many days random histories cover.
const span = 500

// drawHistory draws a customer with one to three fragments.
func drawHistory(t *rapid.T) *history.History {
	n := rapid.IntRange(1, 3).Draw(t, "fragments")
	parts := make([]*history.Fragment, n)
	for i := range parts {
		parts[i] = &history.Fragment{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(i)})}
	}
	pace := rapid.IntRange(1, 40).Draw(t, "pace")
	day := rapid.IntRange(0, span/2).Draw(t, "first")
	count := rapid.IntRange(0, 40).Draw(t, "touchpoints")
	for k := range count {
		at := epoch.UnixMicro() + int64(day)*oneDay + int64(rapid.IntRange(0, 3).Draw(t, "quarter"))*oneDay/4
		p := drawTouchpoint(t, at)
		p.Key = history.KeyOf("drawn", strconv.Itoa(k))
		f := parts[rapid.IntRange(0, n-1).Draw(t, "fragment")]
		p.Fragment = f.ID
		f.Touchpoints = append(f.Touchpoints, p)
		day += rapid.IntRange(0, pace).Draw(t, "gap")
	}
	for _, f := range parts {
		slices.SortFunc(f.Touchpoints, byTime)
	}
	return history.Merge(parts...)
}

func drawTouchpoint(t *rapid.T, at int64) history.Touchpoint {
	number := fmt.Sprint("A-", rapid.IntRange(1, 9).Draw(t, "order"))
	switch rapid.IntRange(0, 11).Draw(t, "sort") {
	case 0, 1:
		return order(at, number, 10)
	case 2:
		cancelled := touch(at, history.OrderCancelled, events.ChannelWeb)
		cancelled.Order = number
		return cancelled
	case 3:
		return touch(at, "inquiry.opened", events.ChannelInquiry, "complaint", rapid.SampledFrom([]string{"true", "false"}).Draw(t, "complaint"))
	case 4:
		return touch(at, "call.ended", events.ChannelCall, "direction", rapid.SampledFrom([]string{"inbound", "outbound"}).Draw(t, "direction"))
	case 5:
		return touch(at, "message.sent", events.ChannelMessage)
	case 6:
		return touch(at, "message.unsubscribed", events.ChannelMessage)
	case 7:
		return touch(at, "store.visited", events.ChannelStore)
	}
	return touch(at, "page.viewed", events.ChannelWeb)
}

// drawPolicy draws a policy of any kind.
func drawPolicy(t *rapid.T) churn.Policy {
	p := churn.Policy{Version: 1, Counts: churn.Counts{Of: rapid.SampledFrom([]string{churn.Visits, churn.Purchases}).Draw(t, "of")}}
	p.UntilDays = rapid.SampledFrom([]int{0, 30, 200}).Draw(t, "until")
	if rapid.Bool().Draw(t, "news") {
		p.Signals = churn.Signals{Days: 60, Complaint: .5, Refund: .3, Unsubscribe: .5, Trouble: .1}
	}
	if rapid.Bool().Draw(t, "web only") {
		p.Counts.Channels = []events.Channel{events.ChannelWeb}
	}
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		p.Rhythm = drawRhythm(t)
	case 1:
		p.Decline = &churn.Decline{
			WindowDays: rapid.IntRange(5, 40).Draw(t, "window"), Windows: 4, MinWindows: rapid.IntRange(1, 4).Draw(t, "least"),
			Fall: rapid.Float64Range(.1, .9).Draw(t, "fall"), Significance: rapid.Float64Range(.01, .5).Draw(t, "significance"),
		}
	default:
		p.Model = drawModel(t)
	}
	return p
}

func drawRhythm(t *rapid.T) *churn.Rhythm {
	return &churn.Rhythm{
		Factor: rapid.Float64Range(.5, 4).Draw(t, "factor"), Gap: rapid.SampledFrom([]string{churn.Median, churn.Mean}).Draw(t, "middle"),
		Gaps: rapid.IntRange(3, 30).Draw(t, "gaps"), MinVisits: rapid.IntRange(2, 4).Draw(t, "min"), FloorDays: 3, CeilingDays: 120,
		PriorDays: 20, PriorGaps: rapid.SampledFrom([]float64{0, 2}).Draw(t, "prior"),
	}
}

func drawModel(t *rapid.T) *churn.Model {
	m := &churn.Model{Threshold: rapid.Float64Range(.1, .9).Draw(t, "threshold"), MinDays: 1, WithinWeeks: rapid.SampledFrom([]float64{0, 13}).Draw(t, "within")}
	if rapid.Bool().Draw(t, "pareto") {
		m.Name, m.Parameters = churn.ParetoNBD, map[string]float64{"r": .553, "alpha": 10.578, "s": .606, "beta": 11.669}
	} else {
		m.Name, m.Parameters = churn.MBGNBD, map[string]float64{"r": .525, "alpha": 6.183, "a": .891, "b": 1.614}
	}
	return m
}
