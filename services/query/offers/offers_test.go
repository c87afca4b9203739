package offers_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
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
	one, two := offers.NewCounting(offers.CountedAtMost), offers.NewCounting(offers.CountedAtMost)
	for n := range buyers {
		one.Add(buyer(n, []string{"A", "AB"}))
		two.Add(buyer(n+buyers, []string{"C"}))
	}
	one.Merge(two)
	s := offers.NewShop()
	s.Open(one, names, "g1", 7)
	return s
}

// Of too many a fair sample is counted, whoever comes first and in whichever half: the counts are those of its customers.
func TestSampleIsCounted(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		people := make([]*history.History, 100+r.IntN(300))
		for n := range people {
			people[n] = buyer(n, []string{"A", strconv.Itoa(n % 7)})
		}
		most := 1 + r.IntN(len(people))
		shops := make([]*offers.Shop, 2)
		for i := range shops {
			r.Shuffle(len(people), func(a, b int) { people[a], people[b] = people[b], people[a] })
			one, two := offers.NewCounting(most), offers.NewCounting(most)
			cut := r.IntN(len(people) + 1)
			for n, h := range people {
				if n < cut {
					one.Add(h)
				} else {
					two.Add(h)
				}
			}
			one.Merge(two)
			shops[i] = offers.NewShop()
			shops[i].Open(one, nil, "g1", 7)
		}
		wantSame(t, shops[0], shops[1])
		wantSample(t, shops[0], people, most)
	}
}

func wantSame(t *testing.T, one, two *offers.Shop) {
	t.Helper()
	told := func(s *offers.Shop) (all []any) {
		s.Ask(func(c *offers.Counts) {
			m := c.Model()
			a, _ := c.Together("A", 50)
			all = []any{m.Customers, m.Baskets, m.Share, a.Together, a.AlsoBought}
		})
		return all
	}
	if a, b := told(one), told(two); !reflect.DeepEqual(a, b) {
		t.Errorf("counted in other halves it says %+v, not %+v", b, a)
	}
}

// wantSample demands that those who should be are counted, and that a sample twice as large would be too large.
func wantSample(t *testing.T, s *offers.Shop, people []*history.History, most int) {
	t.Helper()
	at, _ := s.Reached()
	in, twice := 0, 0
	for _, h := range people {
		last := float64(h.Customer[15]) / 256
		if s.Has(h.Customer) != (last < at.Share) {
			t.Errorf("of a share of %g, %s is one: %v", at.Share, h.Customer, s.Has(h.Customer))
		}
		if last < at.Share {
			in++
		}
		if last < 2*at.Share {
			twice++
		}
	}
	if at.Customers != in || in > most && at.Share > 1./256 || at.Share < 1 && twice <= most {
		t.Errorf("%d of %d are counted, %d in the sample, %d in one twice as large, %d at most", at.Customers, len(people), in, twice, most)
	}
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
