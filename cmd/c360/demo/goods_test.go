package demo_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/demo"
)

// bought is what the touchpoints say about orders.
type bought struct {
	Order string `json:"order_id"`
	Items []struct {
		SKU      string `json:"sku"`
		Category string `json:"category"`
	} `json:"items"`
}

func boughtOf(t *testing.T, tp *demo.Touchpoint) bought {
	t.Helper()
	var b bought
	if err := json.Unmarshal(tp.Data, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// What the truth says goes together is in the baskets much more often than chance would have it.
func TestPlantedPairsAreInTheBaskets(t *testing.T) {
	t.Parallel()
	truth := whole().truth
	baskets, with, both := 0, map[string]int{}, map[[2]string]int{}
	for _, tp := range whole().all {
		if tp.Type != "order.completed" {
			continue
		}
		baskets++
		basket := map[string]bool{}
		for _, i := range boughtOf(t, &tp).Items {
			basket[i.SKU] = true
		}
		for sku := range basket {
			with[sku]++
		}
		for _, p := range truth.Together {
			if basket[p.SKU] && basket[p.With] {
				both[[2]string{p.SKU, p.With}]++
			}
		}
	}
	for _, p := range truth.Together {
		n := both[[2]string{p.SKU, p.With}]
		confidence := float64(n) / float64(with[p.SKU])
		lift := confidence * float64(baskets) / float64(with[p.With])
		t.Logf("%s + %s: %d of %d baskets (planted %.2f), confidence %.2f, lift %.1f", p.Name, p.WithName, n, baskets, float64(p.Permille)/1000, confidence, lift)
		if n < 15 || lift < 4 || p.Name == "" || p.WithName == "" {
			t.Errorf("%s and %s: %d baskets, lift %.1f", p.SKU, p.With, n, lift)
		}
	}
}

// Who uses something up buys it again when it has run out.
func TestConsumablesAreBoughtAgain(t *testing.T) {
	t.Parallel()
	people := whole().truth.People
	days := map[int]map[string][]int{}
	for _, tp := range whole().all {
		if tp.Type != "order.completed" || tp.Person < 0 || len(people[tp.Person].Uses) == 0 {
			continue
		}
		if days[tp.Person] == nil {
			days[tp.Person] = map[string][]int{}
		}
		for _, i := range boughtOf(t, &tp).Items {
			days[tp.Person][i.SKU] = append(days[tp.Person][i.SKU], int(tp.At.Unix()/86400))
		}
	}
	users, near := 0, 0
	for person, mine := range days {
		for _, u := range people[person].Uses {
			if gap, ok := medianGap(mine[u.SKU]); ok {
				if users++; gap*10 >= u.GapDays*8 && gap*10 <= u.GapDays*12 {
					near++
				}
			}
		}
	}
	t.Logf("%d of %d people with six purchases of a consumable have a median gap within 20 %% of the truth's", near, users)
	if users < 80 || near*10 < users*8 {
		t.Errorf("%d of %d buy again in their rhythm", near, users)
	}
}

func medianGap(days []int) (int, bool) {
	if len(days) < 6 {
		return 0, false
	}
	var gaps []int
	for i := 1; i < len(days); i++ {
		gaps = append(gaps, days[i]-days[i-1])
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2], true
}

// People buy what they like, nothing before it has arrived, and look at what is new.
func TestTasteAndArrivals(t *testing.T) {
	t.Parallel()
	truth := whole().truth
	items, liked, looks, announced := 0, 0, map[string]int{}, 0
	arrived := map[string]time.Time{}
	for _, a := range truth.Arrivals {
		arrived[a.SKU] = a.At
	}
	for _, tp := range whole().all {
		var view struct {
			SKU string `json:"sku"`
		}
		switch tp.Type {
		case "product.arrived":
			announced++
		case "product.viewed":
			if err := json.Unmarshal(tp.Data, &view); err != nil {
				t.Fatal(err)
			}
			if at, is := arrived[view.SKU]; is {
				looks[view.SKU]++
				if tp.At.Before(at) {
					t.Errorf("%s was looked at on %s, before it arrived", view.SKU, tp.At)
				}
			}
		case "order.completed":
			if tp.Person < 0 {
				continue
			}
			for _, i := range boughtOf(t, &tp).Items {
				if items++; slices.Contains(truth.People[tp.Person].Favourites, i.Category) {
					liked++
				}
			}
		}
	}
	t.Logf("%d of %d things bought are of a favourite category; %d arrivals, looked at %v times", liked, items, announced, looks)
	if liked*100 < items*45 || announced != len(truth.Arrivals) || len(looks) != announced || announced < 8 {
		t.Errorf("%d of %d things bought are liked; %d announced, %d arrived, %d looked at", liked, items, announced, len(truth.Arrivals), len(looks))
	}
}

// Some of those who sent something back buy again, others do not.
func TestSomeBuyAgainAfterAReturn(t *testing.T) {
	t.Parallel()
	back := map[int]time.Time{}
	returns, again := 0, 0
	for _, tp := range whole().all {
		switch {
		case tp.Person < 0 || !tp.At.Before(end.Add(-90*oneDay)) && tp.Type == "order.refunded":
		case tp.Type == "order.refunded":
			back[tp.Person] = tp.At
			returns++
		case tp.Type == "order.completed" && !back[tp.Person].IsZero():
			if tp.At.Sub(back[tp.Person]) < 90*oneDay {
				again++
			}
			delete(back, tp.Person)
		}
	}
	t.Logf("%d of %d returns are followed by another order within 90 days", again, returns)
	if returns < 100 || again*10 < returns*4 || again*10 > returns*9 {
		t.Errorf("%d of %d returns are followed by another order", again, returns)
	}
}
