package churn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// beginning returns when a day after epoch begins.
func beginning(day int) int64 { return on(day) - oneDay/2 }

func TestRhythm(t *testing.T) {
	t.Parallel()
	weekly := visits(every(10, 0, 50)...) // every 10 days; the limit is 2 × 10
	for _, c := range []struct {
		name    string
		touches []history.Touchpoint
		day     int
		in      bool
		due     int64
	}{
		{"in rhythm", weekly, 55, false, beginning(71)},
		{"on the last day of patience", weekly, 70, false, beginning(71)},
		{"flagged on the day after", weekly, 71, true, standing.Never},
		{"lowered by a visit", append(visits(80), weekly...), 80, false, beginning(101)},
		{"not lowered by our messages", append([]history.Touchpoint{touch(on(75), "message.sent", events.ChannelMessage)}, weekly...), 80, true, standing.Never},
		{"not lowered by our calls", append([]history.Touchpoint{touch(on(75), "call.ended", events.ChannelCall, "direction", "outbound")}, weekly...), 80, true, standing.Never},
		{"lowered by their call", append([]history.Touchpoint{touch(on(75), "call.ended", events.ChannelCall, "direction", "inbound")}, weekly...), 80, false, beginning(96)},
		{"too few visits", visits(0, 10), 400, false, standing.Never},
		{"nobody", nil, 5, false, standing.Never},
		{"many pages a day are one visit", append(visits(0, 0, 0, 10, 10), visits(20, 20)...), 41, true, standing.Never},
		{"the floor keeps daily visitors from being flagged at once", visits(every(1, 0, 9)...), 23, false, beginning(24)},
	} {
		in, due := compile(t, rhythmText).At(historyOf(c.touches...), on(c.day))
		if in != c.in || due != c.due {
			t.Errorf("%s: %v until %d; want %v until %d", c.name, in, due, c.in, c.due)
		}
	}
}

func TestGoneIsNotSlipping(t *testing.T) {
	t.Parallel()
	p := compile(t, `{"version":1,"until_days":100,"rhythm":{"factor":2,"min_visits":3}}`)
	h := historyOf(visits(0, 10, 20)...)
	in, due := p.At(h, on(60))
	if !in || due != beginning(121) {
		t.Errorf("slipping: %v until %d; want true until %d", in, due, beginning(121))
	}
	s := p.Score(h, on(121))
	if s.In || s.Due != standing.Never || s.Note.En == "" {
		t.Errorf("gone: %+v", s)
	}
}

func TestChangesOfRhythm(t *testing.T) {
	t.Parallel()
	h := historyOf(append(visits(every(10, 0, 50)...), visits(90, 100)...)...)
	got := standing.Changes(compile(t, rhythmText), h, on(0), on(200))
	want := []standing.Change{
		{At: beginning(71), In: true},
		{At: on(90), Cause: h.Touchpoints[6].Ref()},
		{At: beginning(121), In: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The seed's case: web visits fall, while the store is visited as ever.
func TestDeclineOfOneChannel(t *testing.T) {
	t.Parallel()
	p := compile(t, declineText)
	list := visits(every(3, 0, 168)...)
	for _, d := range every(7, 0, 220) {
		list = append(list, touch(on(d), "store.visited", events.ChannelStore))
	}
	list = append(list, visits(185, 200)...)
	h := historyOf(list...)
	got := standing.Changes(p, h, on(0), on(220))
	if len(got) != 1 || !got[0].In {
		t.Fatalf("changes: %+v; want the flag to go up once", got)
	}
	if day := (got[0].At - epoch.UnixMicro()) / oneDay; day < 175 || day > 200 {
		t.Errorf("flagged on day %d", day)
	}
	checkFall(t, p.Score(h, on(205)))
}

func checkFall(t *testing.T, s churn.Score) {
	t.Helper()
	if !s.In || len(s.Reasons) != 1 || s.Reasons[0].Code != "decline" || s.Reasons[0].Points != s.Points {
		t.Fatalf("score: %+v", s)
	}
	numbers := map[string]float64{}
	for _, n := range s.Reasons[0].Numbers {
		numbers[n.Name] = n.Value
	}
	if numbers["now"] > 2 || numbers["before"] < 7 || numbers["before"] > 10 {
		t.Errorf("before and after: %v", numbers)
	}
	for _, ref := range s.Reasons[0].Touchpoints {
		if ref.Type != "page.viewed" {
			t.Errorf("a fall of web visits stands on %s", ref.Type)
		}
	}
}

func TestDeclineNeedsMoreThanChance(t *testing.T) {
	t.Parallel()
	p := compile(t, `{"version":1,"decline":{"window_days":28,"windows":1,"min_windows":1}}`)
	for _, c := range []struct {
		name string
		days []int
		in   bool
	}{
		{"1 after 2 says nothing", []int{0, 10, 30, 50}, false},
		{"1 after 12 does", append(every(2, 5, 28), 0, 40), true},
	} {
		if in, _ := p.At(historyOf(visits(c.days...)...), on(58)); in != c.in {
			t.Errorf("%s: flagged %v", c.name, in)
		}
	}
}

// A decline flag is not lowered by time, only by visits that make up for the fall.
func TestDeclineIsLoweredByVisits(t *testing.T) {
	t.Parallel()
	p := compile(t, declineText)
	list := visits(every(3, 0, 168)...)
	for _, day := range []int{220, 400, 2000} {
		if in, _ := p.At(historyOf(list...), on(day)); !in {
			t.Errorf("not flagged on day %d, when nobody has come back", day)
		}
	}
	list = append(list, visits(every(3, 230, 260)...)...)
	if in, _ := p.At(historyOf(list...), on(260)); in {
		t.Error("still flagged, though as often there as ever")
	}
}

func TestModel(t *testing.T) {
	t.Parallel()
	p := compile(t, modelText)
	var list []history.Touchpoint
	for i, d := range every(7, 0, 70) {
		list = append(list, order(on(d), string(rune('a'+i)), 10))
	}
	h := historyOf(list...)
	in, due := p.At(h, on(77))
	if in || due == standing.Never {
		t.Fatalf("a week after the last of eleven weekly orders: %v until %d", in, due)
	}
	if before, _ := p.At(h, due-1); before {
		t.Error("flagged before due")
	}
	s := p.Score(h, due)
	if !s.In || s.Points != 50 && s.Points != 51 {
		t.Errorf("at due: %v, %d points; want flagged, just above 50", s.In, s.Points)
	}
	alive := s.Reasons[0].Numbers[0]
	if alive.Name != "alive" || alive.Value > .5 || alive.Value < .47 {
		t.Errorf("probability at the day of the flag: %+v; want just below .5", alive)
	}
}

// A complaint makes the flag go up sooner, and is a reason with its share of the points.
func TestBadNewsWeighsIn(t *testing.T) {
	t.Parallel()
	p := compile(t, `{"version":1,"rhythm":{"factor":2,"min_visits":3},"signals":{"complaint":0.5,"unsubscribe":0.5}}`)
	plain := historyOf(visits(every(10, 0, 50)...)...)
	upset := historyOf(append(visits(every(10, 0, 40)...), touch(on(50), "inquiry.opened", events.ChannelInquiry, "complaint", "true"))...)
	_, due := p.At(plain, on(55))
	_, sooner := p.At(upset, on(55))
	if due != beginning(71) || sooner != beginning(64) { // 20/1.5 is 13.3 days
		t.Errorf("due on days %d and %d; want 71 and 64", (due-epoch.UnixMicro())/oneDay, (sooner-epoch.UnixMicro())/oneDay)
	}
	s := p.Score(upset, on(70))
	if s.Points != 60 || len(s.Reasons) != 2 || s.Reasons[0].Points != 40 || s.Reasons[1].Points != 20 || s.Reasons[1].Code != "complaint" {
		t.Errorf("score: %+v; want silence +40, complaint +20", s)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	s := compile(t, rhythmText).Score(historyOf(visits(every(14, 0, 56)...)...), on(118))
	want := events.Text{Ko: "62일째 방문 없음 (평소 14일마다 방문)", En: "silent for 62 days (usually comes every 14 days)"}
	if s.Reasons[0].Words != want || s.Points != 69 {
		t.Errorf("%d points, %+v", s.Points, s.Reasons[0].Words)
	}
	s = compile(t, rhythmText).Score(historyOf(visits(0, 3)...), on(118))
	want = events.Text{Ko: "방문한 날이 2일뿐입니다. 판단하려면 3일이 필요합니다.", En: "There are days of visits: 2; 3 are needed to judge."}
	if s.Note != want || s.Known || s.Points != 0 || s.Reasons != nil {
		t.Errorf("too little is known: %+v", s)
	}
}

func TestTrend(t *testing.T) {
	t.Parallel()
	p := compile(t, rhythmText)
	h := historyOf(visits(every(10, 0, 50)...)...)
	for _, c := range []struct {
		step churn.Step
		last string
	}{{churn.Monthly, "2025-04-30 23:59"}, {churn.Weekly, "2025-05-04 23:59"}} {
		trend := p.Trend(h, on(128), c.step, 12) // 2025-05-09
		if len(trend) != 12 {
			t.Fatalf("%d points", len(trend))
		}
		if got := clock(trend[11].At); got != c.last {
			t.Errorf("the last end is %s; want %s", got, c.last)
		}
		for i, point := range trend {
			s := p.Score(h, point.At)
			if s.Points != point.Points || s.In != point.In || i > 0 && point.At <= trend[i-1].At {
				t.Errorf("point %d: %+v; Score says %d, %v", i, point, s.Points, s.In)
			}
		}
	}
}

func TestConcerns(t *testing.T) {
	t.Parallel()
	p := compile(t, `{"version":1,"rhythm":{},"signals":{"refund":0.2}}`)
	for kind, want := range map[string]bool{"page.viewed": true, "order.refunded": true, "message.sent": false, "message.opened": false, "made.up": false} {
		if p.Concerns(kind) != want {
			t.Errorf("Concerns(%q) is %v", kind, !want)
		}
	}
	if !compile(t, modelText).Concerns("order.cancelled") || compile(t, modelText).Concerns("page.viewed") {
		t.Error("a model looks at orders only")
	}
}

// Every type of the catalogue is either the customer's own doing, or known not to be, or left to choice.
func TestDefaultTypesAreOfTheCatalogue(t *testing.T) {
	t.Parallel()
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	theirs, notTheirs := churn.Types()
	for _, name := range slices.Concat(theirs, notTheirs) {
		if _, known := catalogue.Lookup(name); !known {
			t.Errorf("the catalogue has no %s", name)
		}
	}
	for _, name := range theirs {
		if slices.Contains(notTheirs, name) {
			t.Errorf("%s is on both lists", name)
		}
	}
}

// The conditional test of two Poisson counts against values computed by hand: P(X <= k), X ~ Binomial(n, p).
func TestChance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		k, n int
		p    float64
		want float64
	}{
		{0, 3, .5, .125},
		{1, 3, .5, .5},
		{0, 12, .25, .031676352},        // .75^12
		{1, 4, 1. / 3, 16./81 + 32./81}, // (2/3)^4 + 4·(1/3)(2/3)^3
		{3, 3, .2, 1},
		{450, 1000, .5, .000865}, // by the normal approximation with continuity, z = 3.13: .00087
	} {
		if got := math.Exp(churn.LogChance(c.k, c.n, c.p)); math.Abs(got-c.want) > .01*c.want {
			t.Errorf("P(X <= %d of %d at %g) is %g; want %g", c.k, c.n, c.p, got, c.want)
		}
	}
	if got := churn.LogChance(1900, 4000, .5); got > -6 || got < -8 { // z = 3.16
		t.Errorf("large counts: %g", got)
	}
}
