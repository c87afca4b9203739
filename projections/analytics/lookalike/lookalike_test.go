package lookalike_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics/lookalike"
	"github.com/c360hq/c360/projections/history"
)

const day = int64(24 * 3600 * 1_000_000)

// town are 400 customers, every fourth a VIP. VIPs live in Seoul more often (75 % to 25 %), buy shoes more often, are older and
// call more; the colour of their eyes says nothing, and everybody has a number of their own.
func town() []*history.History {
	all := make([]*history.History, 0, 400)
	for i := range 400 {
		vip, n := i%4 == 0, i/4
		city, age, calls, category := "부산", 30+n%10, 1, "모자"
		if vip {
			age, calls = 40+n%10, 3
		}
		if (n%4 == 0) != vip {
			city, category = "서울", "신발"
		}
		traits := []events.Trait{
			{Name: "city", Value: `"` + city + `"`},
			{Name: "age", Value: strconv.Itoa(age)},
			{Name: "eyes", Value: fmt.Sprintf(`"%d"`, n%2)},
			{Name: "badge", Value: fmt.Sprintf(`"B%d"`, i)},
			{Name: "vip", Value: strconv.FormatBool(vip)},
		}
		list := []history.Touchpoint{{At: now - 60*day, Type: "customer.identified", Channel: events.ChannelWeb, Traits: traits}}
		for c := range calls {
			list = append(list, history.Touchpoint{At: now - int64(50-c)*day, Type: "call.ended", Channel: events.ChannelCall})
		}
		list = append(list, history.Touchpoint{
			At: now - 40*day, Type: history.OrderCompleted, Channel: events.ChannelStore, Order: fmt.Sprint("O", i), Amount: 10_000_000,
			HasAmount: true, Currency: "KRW", Items: []history.Item{{SKU: "S", Category: category, Quantity: 10_000, Price: 10_000_000}},
		})
		all = append(all, person(fmt.Sprint("town", i), list...))
	}
	return all
}

func vip(h *history.History) bool {
	value, _ := h.Trait("vip", now)
	return value == "true"
}

var blind = lookalike.Options{
	At: now, Leave: func(k lookalike.Key) bool { return k.Name == "vip" },
	Titles: func(string) events.Text { return events.Text{Ko: "통화", En: "Call"} },
}

func contrast(all ...*history.History) *lookalike.Contrast {
	c := lookalike.NewContrast(blind, vip)
	for _, h := range all {
		c.Add(h)
	}
	return c
}

func TestContrast(t *testing.T) {
	t.Parallel()
	r := contrast(town()...).Result(0)
	if r.Group != 100 || r.Rest != 300 || !r.Enough || !slices.Equal(r.TooMany, []string{"badge"}) {
		t.Errorf("%d against %d, enough %v, too many values %v", r.Group, r.Rest, r.Enough, r.TooMany)
	}
	seoul := find(t, r, lookalike.Key{Kind: lookalike.KindTrait, Name: "city", Value: "서울"})
	if seoul.Group != .75 || seoul.Rest != .25 || seoul.Difference != .5 || !seoul.Significant || seoul.P > 1e-15 || seoul.Interval.Low < .39 || seoul.Interval.High > .6 {
		t.Errorf("%+v", seoul)
	}
	// The odds are 75/25 to 75/225: with half a customer more in each cell (75.5/25.5)/(75.5/225.5), as an effect ln(…)*√3/π.
	if want := math.Log(75.5/25.5/(75.5/225.5)) * math.Sqrt(3) / math.Pi; math.Abs(seoul.Effect-want) > 1e-12 {
		t.Errorf("the effect is %v, want %v", seoul.Effect, want)
	}
	age := find(t, r, lookalike.Key{Kind: lookalike.KindNumber, Name: "age"})
	if age.Group != 44.5 || age.Rest != 34.5 || age.Difference != 10 || age.Effect < 3 || age.EffectInterval.Low < 2.9 {
		t.Errorf("%+v", age)
	}
	eyes := find(t, r, lookalike.Key{Kind: lookalike.KindTrait, Name: "eyes", Value: "1"})
	if eyes.Significant || eyes.Difference != 0 || eyes.P != 1 {
		t.Errorf("%+v", eyes)
	}
	calls := find(t, r, lookalike.Key{Kind: lookalike.KindRate, Name: "call.ended"})
	// All VIPs called three times and all others once: chance would deal that once in C(400, 100) times.
	if !calls.Significant || calls.Effect != 10 || calls.P > 1e-90 {
		t.Errorf("%+v", calls)
	}
	if calls.Group != 1.5 || calls.Rest != .5 || calls.Text.Ko != "통화 (30일당 횟수): 1.50 (나머지 0.50)" || calls.Text.En != "Call in 30 days: 1.50 against 0.50" {
		t.Errorf("%+v", calls)
	}
	if seoul.Text.Ko != "city: 서울: 75.0 % (나머지 25.0 %)" {
		t.Errorf("%+v", seoul.Text)
	}
	for i := 1; i < len(r.Differences); i++ {
		if !r.Differences[i-1].Significant && r.Differences[i].Significant {
			t.Errorf("%v comes before %v", r.Differences[i-1].Key, r.Differences[i].Key)
		}
	}
}

func find(t *testing.T, r lookalike.Report, k lookalike.Key) lookalike.Difference {
	t.Helper()
	i := slices.IndexFunc(r.Differences, func(d lookalike.Difference) bool { return d.Key == k })
	if i < 0 {
		t.Fatalf("nothing is said of %v", k)
	}
	return r.Differences[i]
}

// TestFalseAlarms compares two groups that differ in nothing but chance by 200 traits: hardly any may be significant.
func TestFalseAlarms(t *testing.T) {
	t.Parallel()
	r, c := splitmix(12), lookalike.NewContrast(lookalike.Options{At: now}, func(h *history.History) bool { return h.Customer[15]%2 == 0 })
	for i := range 600 {
		var traits []events.Trait
		for n := range 60 {
			traits = append(traits, events.Trait{Name: fmt.Sprint("t", n), Value: strconv.FormatBool(r.next()%2 == 0)})
		}
		c.Add(person(fmt.Sprint("even", i), history.Touchpoint{At: now - day, Type: "customer.identified", Channel: events.ChannelWeb, Traits: traits}))
	}
	got := c.Result(0)
	if got.Tested < 120 || got.Significant > 1 {
		t.Errorf("seed 12: %d of %d differ", got.Significant, got.Tested)
	}
}

type splitmix uint64

func (r *splitmix) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	all := town()
	want := jsonOf(t, contrast(all...).Result(0))
	left, right := contrast(all[:150]...), contrast(all[150:]...)
	left.Merge(right)
	if d := cmp.Diff(want, jsonOf(t, left.Result(0))); d != "" {
		t.Errorf("merged (-want +got):\n%s", d)
	}
	model := jsonOf(t, fit(t, blind, vip, all...))
	prospects := jsonOf(t, rank(t, all, 20))
	slices.Reverse(all)
	if d := cmp.Diff(model, jsonOf(t, fit(t, blind, vip, all...))); d != "" {
		t.Errorf("fitted backwards (-want +got):\n%s", d)
	}
	a, b := lookalike.NewTrainer(blind, vip), lookalike.NewTrainer(blind, vip)
	for i, h := range all {
		[]*lookalike.Trainer{a, b}[i%2].Add(h)
	}
	a.Merge(b)
	if m, err := a.Fit(); err != nil || jsonOf(t, m) != model {
		t.Errorf("of two halves it is another model: %v", err)
	}
	if got := jsonOf(t, rank(t, all, 20)); got != prospects {
		t.Errorf("ranked backwards:\n%s", cmp.Diff(prospects, got))
	}
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// rank ranks those who are no VIPs.
func rank(t *testing.T, all []*history.History, top int) lookalike.Prospects {
	t.Helper()
	m := fit(t, blind, vip, all...)
	none := func(h *history.History) bool { return !vip(h) }
	a, b := lookalike.NewRanking(m, blind, none, top), lookalike.NewRanking(m, blind, none, top)
	for i, h := range all {
		[]*lookalike.Ranking{a, b}[i%2].Add(h)
	}
	a.Merge(b)
	return a.Result()
}

func TestRanking(t *testing.T) {
	t.Parallel()
	all := town()
	got := rank(t, all, 20)
	if got.Looked != 300 || len(got.Prospects) != 20 {
		t.Fatalf("%d of %d", len(got.Prospects), got.Looked)
	}
	by := map[string]*history.History{}
	for _, h := range all {
		by[h.Customer.String()] = h
	}
	for i, p := range got.Prospects {
		if i > 0 && p.Score > got.Prospects[i-1].Score {
			t.Errorf("place %d scores more than the one before", i)
		}
		h := by[p.Customer.String()]
		city, _ := h.Trait("city", now)
		if vip(h) || city != `"서울"` || len(p.Drivers) == 0 || p.Likeness <= 0 || p.Likeness >= 1 {
			t.Errorf("place %d: %v of %s", i, p, city)
		}
		for _, d := range p.Drivers {
			if (d.Adds < 0) != strings.HasPrefix(d.Text.En, "less alike: ") || d.Name == "badge" || d.Name == "vip" {
				t.Errorf("place %d: %+v", i, d)
			}
		}
	}
}

func TestAModelReadBackScoresTheSame(t *testing.T) {
	t.Parallel()
	all := town()
	m := fit(t, blind, vip, all...)
	var back lookalike.Model
	if err := json.Unmarshal([]byte(jsonOf(t, m)), &back); err != nil {
		t.Fatal(err)
	}
	back.Ready()
	for _, h := range all {
		want, _ := m.Score(blind, h)
		if got, _ := back.Score(blind, h); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestTooFewToFit(t *testing.T) {
	t.Parallel()
	trainer := lookalike.NewTrainer(blind, vip)
	for _, h := range town()[:100] {
		trainer.Add(h)
	}
	if _, err := trainer.Fit(); err == nil || !strings.Contains(err.Error(), "25 customers in the group and 75 in the rest") {
		t.Error(err)
	}
}

func TestAUC(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scores []float64
		want   float64
	}{
		{[]float64{1, 2, 3, 4}, 1}, {[]float64{4, 3, 2, 1}, 0}, {[]float64{1, 1, 1, 1}, .5}, {[]float64{1, 3, 2, 4}, .75}, {[]float64{1, 2, 2, 4}, .875},
	} {
		if got := lookalike.AUC(c.scores, []bool{false, false, true, true}); got != c.want {
			t.Errorf("%v: %v, want %v", c.scores, got, c.want)
		}
	}
}
