package affinity_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
)

// town is a model of 60 customers: everybody who buys a knit buys a scarf soon after, half of them gloves; frames go with
// lenses; cleaner is bought by everybody every 30 days; soap sells best lately.
func town() *affinity.Model {
	m := affinity.New(affinity.Default())
	for n := range 60 {
		s := &tale{name: fmt.Sprint("town", n)}
		if n%2 == 0 {
			s.order(noon(n%7), fmt.Sprint("K", n), thing("knit", "니트", 100))
			s.order(noon(20+n%7), fmt.Sprint("S", n), thing("scarf", "머플러", 40))
			if n%4 == 0 {
				s.order(noon(40+n%7), fmt.Sprint("G", n), thing("gloves", "머플러", 90))
			}
		} else {
			s.order(noon(n%7), fmt.Sprint("F", n), thing("frame", "안경테", 120), thing("lens", "안경렌즈", 80))
			if n%6 == 1 {
				s.order(noon(50), fmt.Sprint("FF", n), thing("frame 2", "안경테", 300))
			}
		}
		for k := range 5 {
			s.order(noon(10+30*k+n%3), fmt.Sprint("C", n, k), thing("cleaner", "케어", 5))
		}
		if n%3 == 0 {
			s.order(noon(130), fmt.Sprint("Z", n), thing("soap", "케어", 3))
		}
		s.look(noon(100), "scarf", "머플러").look(noon(101), "knit", "니트")
		m.Add(s.history(), noon(140))
	}
	return m
}

func skus(a affinity.Advice) []string {
	var list []string
	for _, r := range a.List {
		list = append(list, r.SKU)
	}
	return list
}

func TestRecommendationsHaveReasons(t *testing.T) {
	t.Parallel()
	m := town()
	s := (&tale{name: "new"}).order(noon(120), "N1", thing("knit", "니트", 100))
	a := m.Recommend(affinity.Of(s.history(), noon(140)), 2)
	if a.Cold || len(a.List) != 2 || len(a.Popular) != 2 {
		t.Fatalf("%d recommendations beside %d of the baseline, cold %v; want 2 and 2", len(a.List), len(a.Popular), a.Cold)
	}
	best := a.List[0]
	if best.SKU != "scarf" || best.Category != "머플러" || best.Brand != "MARU" || len(best.Why) != 1 {
		t.Fatalf("the best is %+v, want the scarf because of the knit", best)
	}
	why := best.Why[0]
	if why.Both != 30 || why.IfCount != 30 || why.ThenCount != 30 || why.All != 60 || why.Support != 0.5 || why.Confidence != 1 || why.Lift != 2 || why.Share != 1 {
		t.Errorf("the reason is %+v; want 30 of 30 who bought the knit, 60 in all", why)
	}
	if len(why.Evidence) != 1 || why.Evidence[0] != s.history().Touchpoints[0].Ref() {
		t.Errorf("the evidence is %v, want the customer's own order", why.Evidence)
	}
	if want := "30 of the 30 customers who bought knit (100%) also bought scarf: 2.0 times the usual share."; best.Text.En != want {
		t.Errorf("it says %q, want %q", best.Text.En, want)
	}
	if want := "knit 구매 고객 30명 중 30명(100%)이 scarf 상품도 구매했습니다. 평소의 2.0배입니다."; best.Text.Ko != want {
		t.Errorf("it says %q, want %q", best.Text.Ko, want)
	}
	fork := m.Recommend(affinity.Of(s.history().Without(why.Evidence[0]), noon(140)), 3)
	if !fork.Cold || len(fork.List[0].Why) != 0 {
		t.Errorf("without its evidence the recommendation still has reasons: %+v", fork.List[0])
	}
}

func TestNothingKnownIsWhatSells(t *testing.T) {
	t.Parallel()
	m := town()
	a := m.Recommend(&affinity.Purchases{At: noon(140)}, 2)
	want := m.Popular(noon(140), 2)
	if !a.Cold || len(a.List) != 2 || a.List[0].SKU != want[0].SKU || a.List[1].SKU != want[1].SKU || a.List[0].PopularPlace != 1 {
		t.Errorf("to a stranger %v is recommended, cold %v; want the best sellers %v", skus(a), a.Cold, want)
	}
	if want[0].SKU != "cleaner" || want[1].SKU != "soap" || want[1].Baskets != 20 {
		t.Errorf("the best sellers of 30 days are %v, want cleaner, then soap in 20 baskets", want)
	}
	if got := m.Popular(noon(300), 5); len(got) != 0 {
		t.Errorf("nothing sold for 160 days, and %v is popular", got)
	}
	t.Log(a.List[0].Text.En, a.List[0].Text.Ko)
}

func TestNotAgain(t *testing.T) {
	t.Parallel()
	m := town()
	s := (&tale{name: "new"}).
		order(noon(60), "A", thing("scarf", "머플러", 40), thing("knit", "니트", 100)).
		refund(noon(65), "A", thing("scarf", "머플러", 40)).
		order(noon(100), "B", thing("frame", "안경테", 120))
	a := m.Recommend(affinity.Of(s.history(), noon(140)), 10)
	out := map[string]affinity.LeftOut{}
	for _, l := range a.LeftOut {
		out[l.SKU] = l
	}
	if slices.Contains(skus(a), "scarf") || out["scarf"].Rule != "returned" || out["scarf"].Evidence.At != noon(65) {
		t.Errorf("the scarf came back: %v, left out %+v", skus(a), a.LeftOut)
	}
	if slices.Contains(skus(a), "frame 2") || out["frame 2"].Rule != "durable" || out["frame 2"].Evidence.At != noon(100) {
		t.Errorf("a frame lasts 180 days: %v, left out %+v", skus(a), a.LeftOut)
	}
	for _, gone := range []string{"frame", "knit"} {
		if slices.Contains(skus(a), gone) {
			t.Errorf("%s is not new to the customer", gone)
		}
	}
	if later := m.Recommend(affinity.Of(s.history(), noon(281)), 10); !slices.Contains(skus(later), "frame 2") {
		t.Errorf("after 180 days a frame may be offered again: %v, left out %+v", skus(later), later.LeftOut)
	}
}

func TestBasketCompletion(t *testing.T) {
	t.Parallel()
	m := town()
	a := m.Complete([]string{"lens"}, noon(140), 1)
	if len(a.List) != 1 || a.List[0].SKU != "frame" || a.List[0].Why[0].Both != 30 || a.List[0].Why[0].Evidence != nil {
		t.Errorf("a basket with lenses is completed by %+v, want the frame", a.List)
	}
	if got := m.Complete([]string{"never seen"}, noon(140), 2); !got.Cold || len(got.List) != 2 {
		t.Errorf("a basket with something unknown: %+v, want what sells", got)
	}
}

func TestCategoriesGoTogether(t *testing.T) {
	t.Parallel()
	rules, err := town().CategoryRules(0.05, 0.5, 2)
	if err != nil || len(rules) != 2 {
		t.Fatalf("%+v (%v), want frames with lenses and lenses with frames", rules, err)
	}
	// 30 baskets of 435 have a frame and lenses; 10 have another frame.
	if r := rules[0]; r.If[0] != "안경렌즈" || r.Then != "안경테" || r.Both != 30 || r.IfCount != 30 || r.ThenCount != 40 || r.All != 435 {
		t.Errorf("%+v", r)
	}
}

func TestDueAgain(t *testing.T) {
	t.Parallel()
	m := town()
	timing, known := m.Timing("cleaner")
	if !known || timing.Customers != 60 || timing.Median != 30 {
		t.Errorf("cleaner is bought again after %+v, want 30 days of 60 customers", timing)
	}
	if c, known := m.CategoryTiming("케어"); !known || c.Customers != 60 || c.Quarter > c.Median || c.Median > c.Most {
		t.Errorf("care goods are bought again after %+v", c)
	}
	if _, known := m.Timing("knit"); known {
		t.Error("a knit is bought once and has a rhythm")
	}
	once := (&tale{name: "new"}).order(noon(100), "A", thing("cleaner", "케어", 5))
	due := m.Due(affinity.Of(once.history(), noon(128)), noon(140), 9)
	if len(due) != 1 || due[0].DueOn != noon(130)-day/2 || due[0].Own || due[0].Customers != 60 || due[0].Evidence[0].At != noon(100) {
		t.Fatalf("due is %+v, want cleaner on day 130", due)
	}
	own := once.order(noon(110), "B", thing("cleaner", "케어", 5)).order(noon(120), "C", thing("cleaner", "케어", 5))
	mine := m.Due(affinity.Of(own.history(), noon(128)), noon(140), 9)
	if len(mine) != 0 {
		t.Errorf("it was bought 8 days ago: %+v", mine)
	}
	mine = m.Due(affinity.Of(own.history(), noon(136)), noon(140), 9)
	if len(mine) != 1 || mine[0].DueOn != noon(130)-day/2 || !mine[0].Own || mine[0].Days != 10 {
		t.Errorf("due is %+v, want cleaner on day 130 by the customer's own rhythm of 10 days", mine)
	}
	if late := m.Due(affinity.Of(own.history(), noon(151)), noon(160), 9); len(late) != 0 {
		t.Errorf("three rhythms went by: %+v", late)
	}
	t.Log(due[0].Text.En, mine[0].Text.Ko)
	other := (&tale{name: "other"}).order(noon(100), "A", thing("wipes", "케어", 4))
	kind := m.Due(affinity.Of(other.history(), noon(128)), noon(140), 9)
	if len(kind) != 1 || kind[0].SKU != "" || kind[0].Category != "케어" || kind[0].Customers != 60 || kind[0].Days < 20 {
		t.Errorf("due is %+v, want something of the care goods", kind)
	}
}

func TestUpSell(t *testing.T) {
	t.Parallel()
	m := town()
	up := m.UpSell("frame", 5)
	if len(up) != 1 || up[0].SKU != "frame 2" || up[0].Tier <= up[0].FromTier || up[0].Rule.Both != 10 || up[0].Rule.IfCount != 30 {
		t.Fatalf("from a frame up to %+v, want frame 2, that 10 of 30 bought", up)
	}
	if got := up[0].Uplift.Units(); got != 51 { // 180 won more, times 10 of 30 + 5
		t.Errorf("the uplift is %d, want 51", got)
	}
	if down := m.UpSell("frame 2", 5); len(down) != 0 {
		t.Errorf("up from the dearest: %+v", down)
	}
	s := (&tale{name: "new"}).order(noon(20), "A", thing("frame", "안경테", 120))
	if soon := m.UpSellTo(affinity.Of(s.history(), noon(140)), 5); len(soon) != 0 {
		t.Errorf("a frame of 120 days ago lasts: %+v", soon)
	}
	later := m.UpSellTo(affinity.Of(s.history(), noon(220)), 5)
	if len(later) != 1 || later[0].SKU != "frame 2" || len(later[0].Evidence) != 1 || later[0].Evidence[0].At != noon(20) {
		t.Errorf("after 180 days up to %+v, want frame 2 because of the frame", later)
	}
	if has := m.UpSellTo(affinity.Of(s.order(noon(21), "B", thing("frame 2", "안경테", 300)).history(), noon(220)), 5); len(has) != 0 {
		t.Errorf("up to what the customer has: %+v", has)
	}
	t.Log(up[0].Text.En, up[0].Text.Ko)
}

func TestInterests(t *testing.T) {
	t.Parallel()
	m := town()
	s := (&tale{name: "new"}).
		order(noon(20), "A", thing("scarf", "", 40)).
		look(noon(80), "knit", "니트").look(noon(80)+1, "knit", "니트").look(noon(140), "knit", "니트").look(noon(200), "knit", "니트")
	list := m.Interests(affinity.Of(s.history(), noon(140)))
	if len(list) != 2 || list[0].Name != "니트" || list[0].Looks != 2 || list[1].Name != "머플러" || list[1].Purchases != 1 {
		t.Fatalf("interests are %+v, want two looks at knits and a scarf", list)
	}
	// A look now and one a half-life ago; a purchase, worth five, two half-lives ago.
	if math.Abs(list[0].Weight-1.5) > 1e-9 || math.Abs(list[1].Weight-1.25) > 1e-9 || math.Abs(list[0].Share+list[1].Share-1) > 1e-9 {
		t.Errorf("they weigh %g and %g, want 1.5 and 1.25", list[0].Weight, list[1].Weight)
	}
	if b := m.Brands(affinity.Of(s.history(), noon(140))); len(b) != 1 || b[0].Name != "MARU" || b[0].Looks != 2 || b[0].Purchases != 1 {
		t.Errorf("brands are %+v, want MARU alone", b)
	}
	t.Log(list[0].Text.En, list[0].Text.Ko)
}

func TestWhoCares(t *testing.T) {
	t.Parallel()
	m := town()
	a := m.WhoCares("니트", "MARU", noon(140))
	fan := (&tale{name: "fan"}).look(noon(138), "knit", "니트").look(noon(139), "knit", "니트").order(noon(139), "A", thing("knit", "니트", 100))
	knits := a.Match(affinity.Of(fan.history(), noon(140)))
	half := a.Match(affinity.Of((&tale{name: "half"}).look(noon(139), "scarf", "머플러").history(), noon(140)))
	if half.Cares || half.Looks != 0 || half.Score <= a.Share {
		t.Errorf("somebody who looks at another thing of the brand: %+v", half)
	}
	stranger := a.Match(&affinity.Purchases{At: noon(140)})
	other := a.Match(affinity.Of((&tale{name: "other"}).order(noon(139), "A", thing("soap", "케어", 3)).history(), noon(140)))
	if !knits.Cares || knits.Looks != 2 || knits.Purchases != 1 || len(knits.Evidence) != 3 {
		t.Errorf("somebody who looks at knits and buys one: %+v", knits)
	}
	if !stranger.Cold || stranger.Cares || stranger.Score != a.Share {
		t.Errorf("a stranger: %+v, want the share of all that sold, %g", stranger, a.Share)
	}
	if other.Cold || other.Cares || other.Score >= stranger.Score && a.Share > 0 {
		t.Errorf("somebody who buys other things: %+v", other)
	}
	t.Log(knits.Text.En, knits.Text.Ko, stranger.Text.En)
}

// A trial over histories is a pass that feeds up to a day, and one that asks what was bought after it.
func TestTrialOfHistories(t *testing.T) {
	t.Parallel()
	m := affinity.New(affinity.Default())
	var all []*history.History
	for n := range 40 {
		s := (&tale{name: fmt.Sprint("trial", n)}).order(noon(n%5), fmt.Sprint("K", n), thing("knit", "니트", 100)).
			order(noon(5), fmt.Sprint("Z", n), thing("soap", "케어", 3))
		after := noon(10)
		if n%2 == 1 {
			after = noon(30) // these buy after the day of the trial
		}
		s.order(after, fmt.Sprint("S", n), thing("scarf", "머플러", 40), thing("gloves", "머플러", 90))
		all = append(all, s.history())
		m.Add(s.history(), noon(20))
	}
	whole, half := affinity.NewTrial(m, 2), affinity.NewTrial(m, 2)
	for n, h := range all {
		whole.AddHistory(h, noon(20), noon(40))
		if n < 20 {
			half.AddHistory(h, noon(20), noon(40))
		}
	}
	other := affinity.NewTrial(m, 2)
	for _, h := range all[20:] {
		other.AddHistory(h, noon(20), noon(40))
	}
	half.Merge(other)
	v := whole.Verdict()
	if v.Next.Cases != 20 || v.Basket.Cases != 20 || v.Next.NDCG != 1 || v.Basket.Hit != 1 || v.Next.Hit != 1 {
		t.Errorf("20 customers buy scarf and gloves next, as those before them did: %+v", v)
	}
	if half.Verdict() != v {
		t.Errorf("two halves make %+v, the whole %+v", half.Verdict(), v)
	}
	t.Log(v.Text.Ko, v.Text.En)
}

// A customer of two fragments that are linked is taken out twice and put in once.
func TestLinkedCustomersAreOne(t *testing.T) {
	t.Parallel()
	a := (&tale{name: "web"}).order(noon(1), "A", thing("knit", "니트", 100)).history()
	b := (&tale{name: "store"}).order(noon(2), "B", thing("scarf", "머플러", 40)).history()
	both := history.Merge(
		&history.Fragment{ID: a.Customer, Touchpoints: a.Touchpoints}, &history.Fragment{ID: b.Customer, Touchpoints: b.Touchpoints})
	want, m := affinity.New(affinity.Default()), affinity.New(affinity.Default())
	want.Add(both, noon(3))
	m.Add(a, noon(3))
	m.Add(b, noon(3))
	m.Remove(a.Customer)
	m.Remove(b.Customer)
	m.Add(both, noon(3))
	if diff := cmp.Diff(want.Counts(), m.Counts()); diff != "" || want.Counts()["buyer knit + scarf"] != 1 {
		t.Errorf("two fragments linked count otherwise than one customer:\n%s", diff)
	}
}

// A model may be asked by many at once.
func TestAskedByMany(t *testing.T) {
	t.Parallel()
	m := town()
	p := affinity.Of((&tale{name: "new"}).order(noon(120), "N1", thing("knit", "니트", 100)).history(), noon(140))
	want := fmt.Sprintf("%+v", m.Recommend(p, 5))
	var g errgroup.Group
	for n := range 8 {
		g.Go(func() error {
			m.Popular(noon(100+n), 3) // another day each, so that the season is worked out again and again
			if got := fmt.Sprintf("%+v", m.Recommend(p, 5)); got != want {
				return fmt.Errorf("%s, want %s", got, want)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}
