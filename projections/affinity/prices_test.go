package affinity_test

import (
	"fmt"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/affinity"
)

// restless is a customer who looked at a product so often, at a price that was another one each time, and bought some.
func restless(name string, at, looks, orders int) *affinity.Purchases {
	p := &affinity.Purchases{Customer: who(name), At: noon(at)}
	price := func(n int) events.Money { return 59_900_0000 + 977*events.Money(n+looks*at) }
	for n := range looks {
		p.Looks = append(p.Looks, affinity.Look{At: noon(at), Item: affinity.Item{SKU: "A", Currency: "KRW", Price: price(n)}})
	}
	for n := range orders {
		b := affinity.Basket{At: noon(at), Items: []affinity.Item{{SKU: "A", Currency: "KRW", Price: price(n)}}}
		p.Baskets = append(p.Baskets, b)
	}
	return p
}

// TestPricesThatNeverStandStill: a shop that shows another price at each look takes no more memory for that.
func TestPricesThatNeverStandStill(t *testing.T) {
	t.Parallel()
	few, many := feed(restless("c", 1, 1_000, 0)), feed(restless("c", 1, 100_000, 0))
	if a, b := few.Size().Bytes, many.Size().Bytes; b > a+900*120 {
		t.Errorf("1,000 prices take %d bytes, 100,000 take %d", a, b)
	}
}

// TestWhatNobodyTellsAnyMoreIsForgotten: a model that is kept up takes the memory of one that is fed anew.
func TestWhatNobodyTellsAnyMoreIsForgotten(t *testing.T) {
	t.Parallel()
	kept, last := affinity.New(affinity.Default()), affinity.New(affinity.Default())
	for round := range 50 {
		for c := range 20 {
			kept.Put(restless(fmt.Sprint("c", c), round, 50, 20))
		}
	}
	for c := range 20 {
		last.Put(restless(fmt.Sprint("c", c), 49, 50, 20))
	}
	if a, b := last.Size().Bytes, kept.Size().Bytes; b > 2*a {
		t.Errorf("fed anew it takes %d bytes, kept up %d", a, b)
	}
}

// TestThePriceOfOrders counts before that of looks, which is told to three digits.
func TestThePriceOfOrders(t *testing.T) {
	t.Parallel()
	looked := restless("looker", 1, 50, 0)
	for n, want := range []events.Money{59_900_0000, 59_900_0977} {
		m := feed(looked)
		if n == 1 {
			b := affinity.Basket{At: noon(1), Items: []affinity.Item{{SKU: "A", Currency: "KRW", Price: 59_900_0977}}}
			m.Put(&affinity.Purchases{Customer: who("buyer"), At: noon(1), Baskets: []affinity.Basket{b}})
		}
		if p, known := m.Product("A"); !known || p.Price != want || p.Currency != "KRW" {
			t.Errorf("%+v, want %d", p, want)
		}
	}
}
