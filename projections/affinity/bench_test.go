package affinity_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/c360hq/c360/projections/affinity"
)

// independent makes customers with one basket each, every product in it or not by a throw of its own.
func independent(seed uint64, customers, products int) *affinity.Model {
	dice := rand.New(rand.NewPCG(seed, seed))
	m := affinity.New(affinity.Default())
	for c := range customers {
		b := affinity.Basket{At: noon(c % 30)}
		for p := range products {
			if dice.Float64() < 0.02+0.2*float64(p)/float64(products) {
				b.Items = append(b.Items, affinity.Item{SKU: fmt.Sprintf("P%03d", p)})
			}
		}
		m.Put(&affinity.Purchases{Customer: who(fmt.Sprint("i", c)), At: noon(60), Baskets: []affinity.Basket{b}})
	}
	return m
}

// hundredThousand is 100,000 baskets of 30,000 customers over 5,000 products.
func hundredThousand(b *testing.B) []*affinity.Purchases {
	b.Helper()
	all, n := crowd(rand.New(rand.NewPCG(1, 1)), 30_000, 6, 5000), 0
	for _, p := range all {
		n += len(p.Baskets)
	}
	if n < 100_000 {
		b.Fatalf("%d baskets", n)
	}
	return all
}

// BenchmarkBoughtTogether feeds 100,000 baskets and asks for the partners of every product: at most 3 s.
func BenchmarkBoughtTogether(b *testing.B) {
	all := hundredThousand(b)
	start, runs := worked(b), 0
	for b.Loop() {
		runs++
		m, pairs := feed(all...), 0
		for _, sku := range m.SKUs() {
			pairs += len(m.BoughtTogether(sku, 10))
		}
		b.ReportMetric(float64(m.Size().Baskets), "baskets")
		b.ReportMetric(float64(m.Size().Bytes)/1e6, "MB")
		b.ReportMetric(float64(pairs), "pairs")
	}
	b.ReportMetric((worked(b)-start).Seconds()/float64(runs), "cpu-s/op") // what it takes where nothing else runs
}

// worked returns the processor time that the program has taken.
func worked(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkOneMoreOrder is what it costs that a customer who is in the model has one order more.
func BenchmarkOneMoreOrder(b *testing.B) {
	all := hundredThousand(b)
	m, n := feed(all...), 0
	for b.Loop() {
		p := *all[n%len(all)]
		p.Baskets = append(slices.Clone(p.Baskets), affinity.Basket{At: noon(181), Items: goods("P00001", "P00002")})
		p.At++
		m.Put(&p)
		n++
	}
}

// BenchmarkRecommend reports the 99th percentile of a recommendation over 5,000 products: at most 10 ms.
func BenchmarkRecommend(b *testing.B) {
	all := hundredThousand(b)
	m := feed(all...)
	percentiles(b, len(all), func(n int) { m.Recommend(all[n], 10) })
}

// BenchmarkRecommendRetail is the same over the customers of Online Retail, some of whom have bought 1,500 products.
func BenchmarkRecommendRetail(b *testing.B) {
	sales, ok := retail(b)
	if !ok {
		return
	}
	s := split(sales, month(time.September), month(time.October))
	m := s.model(affinity.Default())
	percentiles(b, len(s.names), func(n int) { m.Recommend(s.before[s.names[n]], 10) })
	b.ReportMetric(float64(m.Size().Bytes)/1e6, "MB")
}

// percentiles reports how long questions took.
func percentiles(b *testing.B, cases int, ask func(n int)) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		ask(len(took) % cases)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
}
