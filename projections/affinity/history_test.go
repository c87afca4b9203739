package affinity_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
)

const day = 24 * int64(time.Hour/time.Microsecond)

// noon is 12:00 on a day counted from 2026-01-01.
func noon(n int) int64 { return time.Date(2026, 1, 1+n, 12, 0, 0, 0, history.Zone).UnixMicro() }

// tale tells the history of one customer.
type tale struct {
	name string
	all  []history.Touchpoint
}

func (s *tale) put(at int64, kind string, change func(*history.Touchpoint)) *tale {
	t := history.Touchpoint{At: at, Type: kind, Fragment: who(s.name), Currency: "KRW", Key: history.KeyOf(s.name, kind+string(rune('a'+len(s.all))))}
	change(&t)
	s.all = append(s.all, t)
	return s
}

func (s *tale) order(at int64, number string, items ...history.Item) *tale {
	return s.put(at, history.OrderCompleted, func(t *history.Touchpoint) {
		t.Order, t.Items, t.HasAmount = number, items, true
		for _, i := range items {
			t.Amount += i.Price
		}
	})
}

func (s *tale) refund(at int64, number string, items ...history.Item) *tale {
	s.order(at, number, items...)
	s.all[len(s.all)-1].Type = history.OrderRefunded
	return s
}

// look is a view of a product of the brand MARU.
func (s *tale) look(at int64, sku, category string) *tale {
	return s.put(at, "product.viewed", func(t *history.Touchpoint) {
		t.Fields = []history.Field{{Name: "sku", Value: sku}, {Name: "category", Value: category}, {Name: "brand", Value: "MARU"}}
	})
}

func (s *tale) history() *history.History {
	list := slices.Clone(s.all)
	slices.SortStableFunc(list, func(a, b history.Touchpoint) int { return int(min(max(a.At-b.At, -1), 1)) })
	return history.Merge(&history.Fragment{ID: who(s.name), Touchpoints: list})
}

func thing(sku, category string, won int64) history.Item {
	return history.Item{SKU: sku, Category: category, Price: events.Money(won * 10000), Quantity: 10000}
}

func TestOrdersCountAsOfATime(t *testing.T) {
	t.Parallel()
	s := (&tale{name: "kim"}).
		order(noon(1), "A", thing("coat", "아우터", 200), thing("gloves", "잡화", 30)).
		order(noon(2), "B", thing("scarf", "잡화", 40)).
		put(noon(3), history.OrderCancelled, func(t *history.Touchpoint) { t.Order = "B" }).
		refund(noon(5), "A", thing("gloves", "잡화", 30)).
		order(noon(6), "C", thing("socks", "잡화", 5)).
		refund(noon(8), "C").
		order(noon(9), "D", thing("hat", "잡화", 9), thing("hat", "잡화", 9))
	s.all[5].Amount, s.all[5].HasAmount = 50000, true // C is refunded without a word of what: all of it
	for _, c := range []struct {
		at           int64
		bought, back []string
	}{
		{noon(0), nil, nil},
		{noon(1), []string{"coat", "gloves"}, nil},
		{noon(2), []string{"coat", "gloves", "scarf"}, nil},
		{noon(4), []string{"coat", "gloves"}, nil},
		{noon(5), []string{"coat"}, []string{"gloves"}},
		{noon(7), []string{"coat", "socks"}, []string{"gloves"}},
		{noon(10), []string{"coat", "hat"}, []string{"gloves", "socks"}},
	} {
		p := affinity.Of(s.history(), c.at)
		var bought, back []string
		for _, b := range p.Baskets {
			for _, i := range b.Items {
				bought = append(bought, i.SKU)
			}
		}
		for _, r := range p.Returns {
			back = append(back, r.SKU)
		}
		if !slices.Equal(bought, c.bought) || !slices.Equal(back, c.back) {
			t.Errorf("day %d: bought %v, gave back %v; want %v and %v", (c.at-noon(0))/day, bought, back, c.bought, c.back)
		}
	}
}

// Telling an order twice under one number, by another event of the same or a lesser grade, changes no number.
func TestRepeatsChangeNothing(t *testing.T) {
	t.Parallel()
	once, twice := affinity.New(affinity.Default()), affinity.New(affinity.Default())
	for _, name := range []string{"kim", "lee", "park"} {
		s := (&tale{name: name}).order(noon(1), "A-"+name, thing("coat", "아우터", 200), thing("gloves", "잡화", 30)).look(noon(2), "hat", "잡화")
		once.Add(s.history(), noon(30))
		s.order(noon(1)+1, "A-"+name, thing("coat", "아우터", 200), thing("gloves", "잡화", 30)).order(noon(4), "A-"+name, thing("coat", "아우터", 200))
		twice.Add(s.history(), noon(30))
		twice.Add(s.history(), noon(30))
	}
	if diff := cmp.Diff(once.Counts(), twice.Counts()); diff != "" {
		t.Errorf("orders told twice count otherwise:\n%s", diff)
	}
	if once.Counts()["basket coat"] != 3 {
		t.Errorf("three coats count as %d", once.Counts()["basket coat"])
	}
}

// What happens after the time that was asked for is not looked at.
func TestNoLookAhead(t *testing.T) {
	t.Parallel()
	s := (&tale{name: "kim"}).order(noon(1), "A", thing("coat", "아우터", 200)).look(noon(1), "hat", "잡화")
	then := affinity.Of(s.history(), noon(2))
	s.order(noon(3), "B", thing("scarf", "잡화", 40)).look(noon(3), "gloves", "잡화").refund(noon(4), "A", thing("coat", "아우터", 200))
	if diff := cmp.Diff(then, affinity.Of(s.history(), noon(2))); diff != "" {
		t.Errorf("what happened later changed the past:\n%s", diff)
	}
}
