package offers_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/offers"
)

// buyer is a customer with one order of some things each, a day apart.
func buyer(n int, baskets ...[]string) *history.History {
	f := &history.Fragment{ID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n))}
	for i, skus := range baskets {
		at := time.Date(2026, 1, 1+i, 12, 0, 0, 0, history.Zone).UnixMicro()
		t := history.Touchpoint{
			At: at, Key: history.KeyOf("till", fmt.Sprint(n, i)), Fragment: f.ID, Type: history.OrderCompleted, Order: fmt.Sprint(n, i),
		}
		for _, sku := range skus {
			t.Items = append(t.Items, history.Item{SKU: sku})
		}
		f.Touchpoints = append(f.Touchpoints, t)
	}
	return history.Merge(f)
}

// open opens a shop in which so many buy an A and an AB together, and as many a C.
func open(t *testing.T, buyers int, names map[string]string) *offers.Shop {
	t.Helper()
	one, two := offers.NewCounting(), offers.NewCounting()
	for n := range buyers {
		one.Add(buyer(n, []string{"A", "AB"}))
		two.Add(buyer(n+buyers, []string{"C"}))
	}
	one.Merge(two)
	s := offers.NewShop()
	s.Open(one, names, "g1", 7)
	return s
}

// A shop that was not opened is asked in vain.
func TestClosedShop(t *testing.T) {
	t.Parallel()
	s := offers.NewShop()
	if at, _ := s.Reached(); at.Generation != "" || s.Ask(func(*offers.Counts) { t.Error("it is open") }) {
		t.Errorf("a shop that never was opened is at %+v", at)
	}
}

// Sentences call products by their names: each number that stands alone, and no part of another one.
func TestSentencesHaveNames(t *testing.T) {
	t.Parallel()
	s := open(t, 10, map[string]string{"A": "AB coat", "AB": "scarf A"})
	s.Ask(func(c *offers.Counts) {
		a, known := c.Together("A", 5)
		if !known || len(a.Together) != 1 {
			t.Fatalf("with A goes %+v", a)
		}
		const want = "10 of the 10 orders with AB coat (100%) also have scarf A: 2.0 times the usual share."
		if got := a.Together[0].Reason.En; got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	})
}

// Many ask while the shop turns; at the end it says what it would had it been counted so.
func TestAskedWhileItTurns(t *testing.T) {
	t.Parallel()
	s := open(t, 200, map[string]string{})
	_, moved := s.Reached()
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for n := range 4 {
		ask := []func(func(*offers.Counts)) bool{s.Ask, s.AskLong}[n%2]
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					ask(func(c *offers.Counts) { c.Basket([]string{"A"}, 0, 3) })
				}
			}
		})
	}
	turn := s.Turn()
	for n := range 200 {
		turn.Put(affinity.Of(buyer(n, []string{"A", "C"}), offers.Forever))
		turn.Remove(buyer(n + 200).Customer)
	}
	turn.End(9, map[string]string{"C": "cap"})
	close(stop)
	readers.Wait()
	<-moved
	s.Ask(func(c *offers.Counts) {
		a, _ := c.Together("A", 5)
		m := c.Model()
		if m.Position != 9 || m.Customers != 200 || m.Baskets != 200 || len(a.AlsoBought) != 0 {
			t.Errorf("it counts %+v, with A goes %+v", m, a.AlsoBought)
		}
		if p, known := c.Product("C"); !known || p.Name != "cap" {
			t.Errorf("C is called %q", p.Name)
		}
	})
}
