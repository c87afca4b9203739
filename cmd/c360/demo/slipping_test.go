package demo_test

import (
	"slices"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/demo"
)

const oneDay = 24 * time.Hour

// visiting are the touchpoints that somebody makes by being there.
var visiting = []string{"page.viewed", "app.opened", "product.viewed", "store.visited", "order.completed", "order.status_viewed", "order.picked_up"}

// visitDays are the days, counted from the year 1, on which each person was there, in order.
func visitDays(people int) [][]int {
	days := make([][]int, people)
	for _, tp := range whole().all {
		if tp.Person < 0 || !slices.Contains(visiting, tp.Type) {
			continue
		}
		mine, today := days[tp.Person], int(tp.At.In(kst).Unix()+9*3600)/86400
		if len(mine) == 0 || mine[len(mine)-1] != today {
			days[tp.Person] = append(mine, today)
		}
	}
	return days
}

// plainRule flags a silence of more than twice the own median gap, after four visits at least. It looks at nothing after
// the day.
func plainRule(days []int, at time.Time) bool {
	today := int(at.Unix()+9*3600) / 86400
	n, _ := slices.BinarySearch(days, today+1)
	if n < 4 {
		return false
	}
	gaps := make([]int, 0, n)
	for i := 1; i < n; i++ {
		gaps = append(gaps, days[i]-days[i-1])
	}
	slices.Sort(gaps)
	return today-days[n-1] > gaps[(len(gaps)-1)/2]+gaps[len(gaps)/2]
}

// Somebody who slips away must be findable at all: a rule that a child could write finds most of them, and is right more often
// than not.
func TestSlippingCustomersCanBeFound(t *testing.T) {
	t.Parallel()
	people := whole().truth.People
	days := visitDays(len(people))
	type count struct{ people, flagged int }
	found := map[string]count{}
	slow, right, flagged, away := count{}, 0, 0, 0
	for i, p := range people {
		hit, n := plainRule(days[i], end), found[p.Slipping]
		n.people++
		gone := p.Slipping == demo.SlippingFading || p.Slipping == demo.SlippingStopped
		if gone {
			away++
		}
		if hit {
			n.flagged++
			flagged++
		}
		if hit && gone {
			right++
		}
		if found[p.Slipping] = n; p.Slipping == "" && p.RhythmDays >= 60 {
			if slow.people++; hit {
				slow.flagged++
			}
		}
	}
	recall, precision := float64(right)/float64(away), float64(right)/float64(flagged)
	t.Logf("silence > 2 × own median gap, ≥ 4 visits: recall %.3f, precision %.3f of %d flags; by kind %v; rare by nature %v", recall, precision, flagged, found, slow)
	if recall < .6 || precision < .5 {
		t.Errorf("recall %.3f, precision %.3f: who slips away cannot be told from the others", recall, precision)
	}
	if slow.flagged*20 > slow.people {
		t.Errorf("%d of %d people who come rarely by nature are flagged", slow.flagged, slow.people)
	}
	theReturned(t, people, days)
}

// theReturned are flagged while they are away, and not any more at the end.
func theReturned(t *testing.T, people []demo.TruePerson, days [][]int) {
	t.Helper()
	all, raised, lowered := 0, 0, 0
	for i, p := range people {
		if p.Slipping != demo.SlippingReturned {
			continue
		}
		all++
		if plainRule(days[i], p.ReturnedAt.Add(-time.Hour)) {
			raised++
			if !plainRule(days[i], end) {
				lowered++
			}
		}
	}
	t.Logf("%d returned, %d were flagged while they were away, %d of those no more at the end", all, raised, lowered)
	if all < 20 || raised*10 < all*6 || lowered*10 < raised*7 {
		t.Errorf("%d returned, %d flagged while away, %d of those not at the end", all, raised, lowered)
	}
}

func TestSlippingIsAsStated(t *testing.T) {
	t.Parallel()
	truth := whole().truth
	ordinary, slipping := 0, 0
	for _, p := range truth.People {
		if p.Slipping == "" && !p.SlippingSince.IsZero() || p.Slipping != "" && !p.SlippingSince.Before(end) {
			t.Errorf("%d: slipping %q since %s", p.Index, p.Slipping, p.SlippingSince)
		}
		if (p.Slipping == demo.SlippingReturned) != p.ReturnedAt.After(p.SlippingSince) {
			t.Errorf("%d: slipping %q since %s, returned at %s", p.Index, p.Slipping, p.SlippingSince, p.ReturnedAt)
		}
		if p.Story != "" {
			continue
		}
		if ordinary++; p.Slipping != "" {
			slipping++
		}
	}
	t.Logf("%d of %d ordinary people slip away: %v", slipping, ordinary, truth.Slipping)
	if slipping*100 < ordinary*6 || slipping*100 > ordinary*8 {
		t.Errorf("%d of %d ordinary people slip away, not 6 to 8 %%", slipping, ordinary)
	}
	if yujin := truth.People[2]; yujin.Slipping != demo.SlippingFading || yujin.SlippingSince.After(end.Add(-10*7*oneDay)) {
		t.Errorf("한유진 is slipping %q since %s", yujin.Slipping, yujin.SlippingSince)
	}
}

// The web visits of those who fade fall first, then the purchases, then there is nothing.
func TestVisitsFallBeforePurchases(t *testing.T) {
	t.Parallel()
	people := whole().truth.People
	// visits and purchases of the fading: per day in the hundred days before, in the first half of the fall, after it
	var visits, purchases, length [3]float64
	for _, p := range people {
		if p.Slipping == demo.SlippingFading && p.Story == "" {
			length[0] += 100
			length[1] += p.SilentFrom.Sub(p.SlippingSince).Hours() / 48
			length[2] += end.Sub(p.SilentFrom).Hours() / 24
		}
	}
	for _, tp := range whole().all {
		if tp.Person < 0 || people[tp.Person].Slipping != demo.SlippingFading || people[tp.Person].Story != "" {
			continue
		}
		when := stretchOf(&people[tp.Person], tp.At)
		switch {
		case when < 0:
		case tp.Type == "order.completed":
			purchases[when]++
		case tp.Type == "page.viewed" || tp.Type == "app.opened":
			visits[when]++
		}
	}
	for i := range length {
		visits[i], purchases[i] = visits[i]/length[i], purchases[i]/length[i]
	}
	t.Logf("a day: visits %.4f, purchases %.4f", visits, purchases)
	if visits[1] > visits[0]*.85 || purchases[1]/purchases[0] < visits[1]/visits[0]*1.15 || visits[2] > visits[0]*.05 || purchases[2] > purchases[0]*.05 {
		t.Errorf("before, in the first half of the fall, after it: visits a day %.4f, purchases %.4f", visits, purchases)
	}
}

// stretchOf is 0 in the hundred days before, 1 in the first half of the fall, 2 after it, -1 at other times.
func stretchOf(p *demo.TruePerson, at time.Time) int {
	half := p.SlippingSince.Add(p.SilentFrom.Sub(p.SlippingSince) / 2)
	switch {
	case at.Before(p.SlippingSince.Add(-100 * oneDay)):
		return -1
	case at.Before(p.SlippingSince):
		return 0
	case at.Before(half):
		return 1
	case at.Before(p.SilentFrom):
		return -1
	}
	return 2
}

// The plain rule looks at nothing that happened later.
func TestPlainRule(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Unix(int64(day)*86400, 0) }
	days := []int{100, 110, 120, 130, 200}
	for day, want := range map[int]bool{125: false, 130: false, 150: false, 151: true, 199: true, 200: false, 221: true} {
		if got := plainRule(days, at(day)); got != want {
			t.Errorf("day %d: %v", day, got)
		}
	}
}
