package churn_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
)

func drawCustomers(t *rapid.T, least int) []*history.History {
	return rapid.SliceOfN(rapid.Custom(drawHistory), least, 40).Draw(t, "customers")
}

func backtest(t interface{ Fatal(...any) }, p *churn.Program, trial churn.Trial, list []*history.History) *churn.Backtest {
	b, err := churn.NewBacktest(p, trial)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range list {
		b.Add(h)
	}
	return b
}

// judged is one customer at one cut-off date, worked out the slow way.
type judged struct {
	points, silence float64
	in, slipped     bool
}

// judge works out, one customer at a time and by other means, what a backtest counts.
func judge(p *churn.Program, h *history.History, cutoff int64, trial churn.Trial) (judged, bool) {
	var days []int64
	visit := program0(churn.Policy{Version: 1, Counts: p.Policy().Counts, Rhythm: &churn.Rhythm{
		Factor: 1, Gap: churn.Mean, Gaps: 1, MinVisits: 2, FloorDays: 3000, CeilingDays: 3000,
	}})
	then := until(h, cutoff)
	for i := range then.Touchpoints {
		if at := then.Touchpoints[i].At; counts(visit, &then.Touchpoints[i]) {
			days = append(days, (at-epoch.UnixMicro())/oneDay)
		}
	}
	if len(days) == 0 {
		return judged{}, false
	}
	s := p.Score(then, cutoff)
	j := judged{points: float64(s.Points), in: s.In, silence: float64((cutoff-epoch.UnixMicro())/oneDay - days[len(days)-1]), slipped: true}
	for i := range h.Touchpoints {
		if x := &h.Touchpoints[i]; x.At > cutoff && x.At <= cutoff+int64(trial.HorizonDays)*oneDay && counts(visit, x) {
			j.slipped = false
		}
	}
	return j, true
}

// counts asks the policy itself: a single touchpoint counts if a second visit a day before makes a rhythm of it.
func counts(p *churn.Program, x *history.Touchpoint) bool {
	before := touch(x.At-oneDay, "page.viewed", events.ChannelWeb)
	pair := history.Merge(&history.Fragment{ID: x.Fragment, Touchpoints: []history.Touchpoint{before, *x}})
	return p.Score(pair, x.At).Known
}

func program0(policy churn.Policy) *churn.Program {
	p, err := churn.Compile(policy)
	if err != nil {
		panic(err)
	}
	return p
}

func TestBacktestAgainstTheSlowWay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		policy := drawPolicy(t)
		policy.Counts = churn.Counts{Of: churn.Visits}
		p, list := program2(t, policy), drawCustomers(t, 1)
		trial := churn.Trial{Cutoffs: []int64{on(span / 2), on(span)}, HorizonDays: 40, Label: churn.NoVisit, Now: on(2 * span)}
		got := backtest(t, p, trial, list).Result()
		for i, cutoff := range trial.Cutoffs {
			var all []judged
			for _, h := range list {
				if j, there := judge(p, h, cutoff, trial); there {
					all = append(all, j)
				}
			}
			compareMetrics(t, got.Cutoffs[i], all)
		}
	})
}

func compareMetrics(t *rapid.T, got churn.Metrics, all []judged) {
	var slipped, flagged, right int64
	for _, j := range all {
		slipped, flagged, right = slipped+one(j.slipped), flagged+one(j.in), right+one(j.in && j.slipped)
	}
	if got.Customers != int64(len(all)) || got.Slipped != slipped || got.Flagged != flagged || got.Right != right {
		t.Fatalf("%+v; want %d customers, %d slipped, %d flagged, %d right", got, len(all), slipped, flagged, right)
	}
	if want := pairs(all, func(j judged) float64 { return j.silence }); math.Abs(got.Recency.AUC-want) > 1e-12 {
		t.Fatalf("AUC of recency %v; want %v", got.Recency.AUC, want)
	}
	if flagged > 0 && math.Abs(got.Precision-float64(right)/float64(flagged)) > 1e-12 {
		t.Fatalf("precision %v", got.Precision)
	}
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// pairs computes the AUC by its definition.
func pairs(all []judged, score func(judged) float64) float64 {
	won, n := 0.0, 0.0
	for _, a := range all {
		for _, b := range all {
			if !a.slipped || b.slipped {
				continue
			}
			n++
			switch x, y := score(a), score(b); {
			case x > y:
				won++
			case x == y:
				won += .5
			}
		}
	}
	if n == 0 {
		return .5
	}
	return won / n
}

// Halves scanned apart, in any order, give the same numbers; what happens after the horizons changes none.
func TestBacktestMergesAndLooksNotAhead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, list := program2(t, drawPolicy(t)), drawCustomers(t, 2)
		trial := churn.Trial{
			Cutoffs: []int64{on(span / 3), on(span / 2)}, HorizonDays: 30, Label: churn.NoPurchase, Now: on(span),
			Contact: 10000, Saved: 50000,
		}
		whole := backtest(t, p, trial, list).Result()
		left, right := backtest(t, p, trial, list[:len(list)/2]), backtest(t, p, trial, list[len(list)/2:])
		right.Merge(left)
		if diff := cmp.Diff(whole, right.Result()); diff != "" {
			t.Fatalf("halves:\n%s", diff)
		}
		end := trial.Cutoffs[1] + int64(trial.HorizonDays)*oneDay
		for i := range list {
			list[i] = until(list[i], end)
		}
		if diff := cmp.Diff(whole, backtest(t, p, trial, list).Result()); diff != "" {
			t.Fatalf("without what happened later:\n%s", diff)
		}
	})
}

// A threshold chosen becomes a policy that flags as many, and as rightly, as was told.
func TestChoiceBecomesPolicy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		policy := churn.Policy{Version: 1, Counts: churn.Counts{Of: churn.Visits}, Rhythm: drawRhythm(t)}
		list := drawCustomers(t, 5)
		trial := churn.Trial{Cutoffs: []int64{on(span / 2)}, HorizonDays: 40, Label: churn.NoVisit, Now: on(span)}
		b := backtest(t, program2(t, policy), trial, list)
		budget := int64(rapid.IntRange(1, 40).Draw(t, "budget"))
		choice, err := b.ByBudget(budget)
		if err != nil {
			return // so many share the first place that none fits
		}
		if choice.Flagged > budget {
			t.Fatalf("%+v flags more than %d", choice, budget)
		}
		scaled, err := policy.Scaled(choice.Ratio)
		if err != nil {
			return
		}
		got := backtest(t, program2(t, scaled), trial, list).Result().All
		if got.Flagged != choice.Flagged || got.Right != choice.Right {
			t.Fatalf("told %+v; flags %d, %d of them right", choice, got.Flagged, got.Right)
		}
	})
}

// planted makes customers who come every gap days; a share of them stops for good.
func planted(n int, stop func(i int) bool, last int) []*history.History {
	var list []*history.History
	for i := range n {
		gap, end := 5+i%20, last
		if stop(i) {
			end = last * 2 / 3
		}
		list = append(list, customer(i, visits(every(gap, i%gap, end)...)...))
	}
	return list
}

func TestBacktestFindsPlantedChurners(t *testing.T) {
	t.Parallel()
	list := planted(400, func(i int) bool { return i%5 == 0 }, 300)
	trial := churn.Trial{Cutoffs: []int64{on(255)}, HorizonDays: 45, Label: churn.NoVisit, Now: on(300), Contact: 1 * 10000, Saved: 10 * 10000}
	b := backtest(t, compile(t, rhythmText), trial, list)
	r := b.Result()
	if r.All.Slipped != 80 || r.All.Recall != 1 || r.All.Precision != 1 || r.All.AUC != 1 || r.All.Lift != 5 {
		t.Errorf("%+v; want all 80 found and nobody else", r.All)
	}
	if r.Best.Right != 80 || r.Best.Net != 80*9*10000 {
		t.Errorf("best choice: %+v; want 80 contacts that save 9 each", r.Best)
	}
	if c, err := b.ByPrecision(.99); err != nil || c.Right != 80 {
		t.Errorf("by precision: %+v, %v", c, err)
	}
	if c, err := b.ByBudget(40); err != nil || c.Flagged > 40 || c.Precision != 1 {
		t.Errorf("by budget: %+v, %v", c, err)
	}
	if !slices.IsSortedFunc(r.Curve, func(a, b churn.Choice) int { return int(a.Flagged - b.Flagged) }) {
		t.Error("lower thresholds do not flag more")
	}
	policy := churn.Default()
	m := r.Measured()
	policy.Measured = &m
	if err := policy.Validate(); err != nil || m.Precision != 1 || m.Words().Ko == "" {
		t.Errorf("measured: %+v, %v", m, err)
	}
	sum := int64(0)
	for _, bin := range r.Calibration {
		sum += bin.Customers
		if bin.Rate < bin.Low-1e-12 || bin.Rate > bin.High+1e-12 {
			t.Errorf("bin %+v", bin)
		}
	}
	if sum != r.All.Customers {
		t.Errorf("the calibration table has %d of %d customers", sum, r.All.Customers)
	}
}

// Those who come rarely by nature are not judged by a short horizon, but their flags are told.
func TestRareByNatureAreNotJudged(t *testing.T) {
	t.Parallel()
	list := planted(200, func(i int) bool { return i%5 == 0 }, 400)
	for i := range 100 {
		list = append(list, customer(1000+i, visits(every(90, i%90, 400)...)...))
	}
	trial := churn.Trial{Cutoffs: []int64{on(340)}, HorizonDays: 60, Label: churn.NoVisit, Now: on(400)}
	p := compile(t, `{"version":1,"rhythm":{"factor":1,"min_visits":3,"floor_days":45,"ceiling_days":45}}`) // plain recency
	all := backtest(t, p, trial, list).Result().All
	trial.MinTimes = 2
	judged := backtest(t, p, trial, list).Result().All
	if all.Customers != 300 || all.UnjudgedFlagged != 0 || all.Slipped <= judged.Slipped {
		t.Errorf("everybody: %+v", all)
	}
	if judged.Customers != 200 || judged.Slipped != 40 || judged.UnjudgedFlagged == 0 || judged.Flagged+judged.UnjudgedFlagged != all.Flagged {
		t.Errorf("those of whom the horizon tells something: %+v", judged)
	}
}

func TestTrialFaults(t *testing.T) {
	t.Parallel()
	p := compile(t, rhythmText)
	good := churn.Trial{Cutoffs: []int64{on(100)}, HorizonDays: 30, Label: churn.NoVisit, Now: on(130)}
	if _, err := churn.NewBacktest(p, good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*churn.Trial){
		"no dates":               func(x *churn.Trial) { x.Cutoffs = nil },
		"dates out of order":     func(x *churn.Trial) { x.Cutoffs = []int64{on(90), on(80)} },
		"no horizon":             func(x *churn.Trial) { x.HorizonDays = 0 },
		"no label":               func(x *churn.Trial) { x.Label = 0 },
		"a horizon not over yet": func(x *churn.Trial) { x.Now = on(129) },
	} {
		bad := good
		spoil(&bad)
		if _, err := churn.NewBacktest(p, bad); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestWinback(t *testing.T) {
	t.Parallel()
	p := compile(t, rhythmText)
	visit, buy := touch(on(20), "page.viewed", events.ChannelWeb), order(on(25), "a", 10)
	cancel := touch(on(40), history.OrderCancelled, events.ChannelWeb)
	cancel.Order = "a"
	h := historyOf(visit, buy, cancel)
	for _, c := range []struct {
		raised, at, within int
		want               churn.Outcome
	}{
		{0, 10, 30, churn.Pending},
		{0, 22, 30, churn.Returned},
		{0, 28, 30, churn.Bought},
		{0, 45, 30, churn.Returned}, // the order was cancelled
		{0, 45, 15, churn.Lost},
		{26, 40, 30, churn.Pending},
		{26, 60, 30, churn.Lost},
	} {
		if got := p.Winback(h, on(c.raised), on(c.at), c.within); got.Outcome != c.want {
			t.Errorf("raised on day %d, as of day %d, within %d: %s; want %s", c.raised, c.at, c.within, got.Outcome, c.want)
		}
	}
}

func TestWinbacks(t *testing.T) {
	t.Parallel()
	p := compile(t, rhythmText)
	whole, left, right := churn.NewWinbacks(p, on(0), on(200), 30), churn.NewWinbacks(p, on(0), on(200), 30), churn.NewWinbacks(p, on(0), on(200), 30)
	for i, list := range [][]history.Touchpoint{
		visits(every(10, 0, 50)...),
		append(visits(every(10, 0, 50)...), visits(90)...),
		append(visits(every(10, 0, 50)...), order(on(95), "a", 1)),
		visits(every(10, 0, 200)...),
		visits(every(10, 0, 175)...),
	} {
		h := customer(i, list...)
		whole.Add(h)
		[]*churn.Winbacks{left, right}[i%2].Add(h)
	}
	left.Merge(right)
	total, months := whole.Result()
	// Three flags on day 71, one returned, one bought, one lost; those who came back are flagged again on days 111 and 116, and
	// both are lost by then; the last one is flagged on day 191, which is pending.
	want := churn.Outcomes{Raised: 6, Pending: 1, Returned: 1, Bought: 1, Lost: 3}
	if total != want {
		t.Errorf("%+v; want %+v", total, want)
	}
	other, otherMonths := left.Result()
	if other != total || !cmp.Equal(months, otherMonths) {
		t.Errorf("halves: %+v %+v; whole: %+v %+v", other, otherMonths, total, months)
	}
	if months[0].Month != "2025-03" || months[0].Raised != 3 {
		t.Errorf("the first month: %+v", months[0])
	}
}

func TestCalibrate(t *testing.T) {
	t.Parallel()
	list := planted(1200, func(i int) bool { return i%4 == 0 }, 400)
	for i := range list { // some stop early, so that there is something to pick by
		if i%8 == 1 {
			gap := 5 + i%20
			list[i] = customer(i, visits(every(gap, i%gap, 120+i%150)...)...)
		}
	}
	scan := func(each func(*history.History)) error {
		for _, h := range list {
			each(h)
		}
		return nil
	}
	got, err := churn.Calibrate(churn.Goal{Now: on(330), Budget: .4}, scan)
	if err != nil {
		t.Fatal(err)
	}
	m := got.Policy.Measured
	if !got.Enough || m == nil || !m.HeldBack || got.Words.Ko == "" {
		t.Fatalf("%+v", got)
	}
	t.Log(got.Words.En)
	if m.Precision < 2*m.BaseRate || m.Recall < .4 || m.Precision < m.RecencyPrecision+.1 {
		t.Errorf("own rhythm is what was planted, and yet: %+v", m)
	}
	if again, err := churn.Parse(must(got.Policy.Marshal())); err != nil || !cmp.Equal(again, got.Policy) {
		t.Errorf("the policy with its measure does not come back: %v", err)
	}
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

func TestCalibrateSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]*history.History{
		"nobody":       nil,
		"few":          planted(30, func(i int) bool { return i%5 == 0 }, 300),
		"too short":    planted(500, func(i int) bool { return i%5 == 0 }, 40),
		"nobody slips": planted(500, func(int) bool { return false }, 400),
	} {
		now := on(400)
		if name == "too short" {
			now = on(40)
		}
		got, err := churn.Calibrate(churn.Goal{Now: now}, func(each func(*history.History)) error {
			for _, h := range list {
				each(h)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got.Enough || got.Policy.Measured != nil || got.Policy.Note == nil || got.Words.Ko == "" || got.Policy.Rhythm == nil {
			t.Errorf("%s: %+v", name, got)
		}
		t.Log(name+":", got.Words.En)
	}
}

func TestCalibrateHandsOnFaults(t *testing.T) {
	t.Parallel()
	fault := errors.New("the store is gone")
	if _, err := churn.Calibrate(churn.Goal{Now: on(400)}, func(func(*history.History)) error { return fault }); err == nil {
		t.Error("no error")
	}
}
