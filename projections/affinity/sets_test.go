package affinity_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/affinity"
	"github.com/c360hq/c360/projections/history"
)

// set opens a file of the public sets, or says loudly that it is not here.
func set(t testing.TB, name string) (io.Reader, bool) {
	t.Helper()
	root := os.Getenv("C360_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(root, name))
	if err != nil {
		t.Logf("NOT RUN: %v; set C360_TEST_DATA to the folder of the public sets", err)
		return nil, false
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, true
}

// lines reads a CSV file line by line.
func lines(t testing.TB, from io.Reader, each func([]string)) {
	t.Helper()
	r := csv.NewReader(from)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	for {
		line, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		each(line)
	}
}

// who makes a customer's id of a name.
func who(name string) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte(name)) }

func goods(skus ...string) []affinity.Item {
	items := make([]affinity.Item, len(skus))
	for i, s := range skus {
		items[i].SKU = s
	}
	return items
}

// groceries feeds every basket of the set as a customer of its own. The set: 9,835 baskets of a month at a grocery
// (M. Hahsler, K. Hornik and T. Reutterer, 2006), from the R package arules.
func groceries(t testing.TB) (*affinity.Model, bool) {
	from, ok := set(t, "groceries_arules/Groceries.basket.csv")
	if !ok {
		return nil, false
	}
	m, n := affinity.New(affinity.Default()), 0
	lines(t, from, func(line []string) {
		n++
		m.Put(&affinity.Purchases{Customer: who(strconv.Itoa(n)), Baskets: []affinity.Basket{{Items: goods(line...)}}})
	})
	return m, true
}

// sale is one line of the Online Retail set that counts: of a thing, to a known customer, not a cancellation, with a price.
type sale struct {
	invoice, customer string
	at                int64
	item              affinity.Item
}

// product matches the codes of things; the others are postage, fees and corrections.
var product = regexp.MustCompile(`^\d{5}`)

// retail reads the set: a British web shop, 2010-12-01 to 2011-09-30 (D. Chen, UCI Machine Learning Repository, 2015). Its
// times are taken as those of history.Zone so that its days are days.
func retail(t testing.TB) ([]sale, bool) {
	from, ok := set(t, "online_retail/online_retail_to_2011-09-30.csv.gz")
	if !ok {
		return nil, false
	}
	unzipped, err := gzip.NewReader(from)
	if err != nil {
		t.Fatal(err)
	}
	var sales []sale
	lines(t, unzipped, func(x []string) {
		quantity, _ := strconv.Atoi(x[3])
		price, _ := events.ParseMoney(x[5])
		at, err := time.ParseInLocation("2006-01-02 15:04:05", x[4], history.Zone)
		if err != nil || x[6] == "" || x[0][0] == 'C' || quantity <= 0 || price <= 0 || !product.MatchString(x[1]) {
			return
		}
		sales = append(sales, sale{x[0], x[6], at.UnixMicro(), affinity.Item{SKU: x[1], Price: price, Currency: "GBP"}})
	})
	return sales, true
}

// retailSplit is the set cut at a day: what each customer had bought by then, and what they bought in the month after.
type retailSplit struct {
	at      int64
	before  map[string]*affinity.Purchases
	names   []string            // of before, in the order of the file
	after   map[string][]string // customer → article numbers
	baskets [][]string          // of the month after
}

func split(sales []sale, cut, end time.Time) *retailSplit {
	s := &retailSplit{at: cut.UnixMicro() - 1, before: map[string]*affinity.Purchases{}, after: map[string][]string{}}
	place := map[string]int{}
	for _, x := range sales {
		switch {
		case x.at < cut.UnixMicro():
			s.buy(&x)
		case x.at < end.UnixMicro():
			s.after[x.customer] = append(s.after[x.customer], x.item.SKU)
			if _, known := place[x.invoice]; !known {
				place[x.invoice] = len(s.baskets)
				s.baskets = append(s.baskets, nil)
			}
			s.baskets[place[x.invoice]] = append(s.baskets[place[x.invoice]], x.item.SKU)
		}
	}
	return s
}

func (s *retailSplit) buy(x *sale) {
	p := s.before[x.customer]
	if p == nil {
		p = &affinity.Purchases{Customer: who(x.customer), At: s.at}
		s.before[x.customer] = p
		s.names = append(s.names, x.customer)
	}
	ref := history.Ref{Fragment: p.Customer, At: x.at, Key: history.KeyOf("retail", x.invoice), Type: history.OrderCompleted}
	n := len(p.Baskets) - 1
	if n < 0 || p.Baskets[n].Ref.Key != ref.Key {
		p.Baskets = append(p.Baskets, affinity.Basket{At: x.at, Ref: ref})
		n++
	}
	p.Baskets[n].Items = append(p.Baskets[n].Items, x.item)
}

func (s *retailSplit) model(settings affinity.Settings) *affinity.Model {
	m := affinity.New(settings)
	for _, p := range s.before {
		m.Put(p)
	}
	return m
}

// month is when a month of the set begins.
func month(m time.Month) time.Time { return time.Date(2011, m, 1, 0, 0, 0, 0, history.Zone) }
