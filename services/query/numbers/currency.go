package numbers

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/c360hq/c360/projections/history"
)

// Counter is an accumulator of histories.
type Counter[P any] interface {
	Add(h *history.History)
	Merge(other P)
}

// ByCurrency counts apart what customers bought in each currency, so that the one most of them buy in can be told
// afterwards. A customer counts in every currency they ever bought in by the instant.
type ByCurrency[P Counter[P]] struct {
	at     int64
	only   string
	made   func(currency string) P
	all    map[string]P
	buyers map[string]int64
}

// NewByCurrency returns one without a customer, as of an instant (Unix microseconds); only is a currency that alone counts,
// "" for every.
func NewByCurrency[P Counter[P]](at int64, only string, made func(currency string) P) *ByCurrency[P] {
	return &ByCurrency[P]{at, only, made, map[string]P{}, map[string]int64{}}
}

// Add takes a customer in.
func (b *ByCurrency[P]) Add(h *history.History) {
	var seen []string
	orders := h.Orders()
	for i := range orders {
		o, ok := orders[i].AsOf(b.at)
		if !ok || slices.Contains(seen, o.Currency) || b.only != "" && o.Currency != b.only {
			continue
		}
		currency := strings.Clone(o.Currency) // or a key would keep the row it was read from
		seen = append(seen, currency)
		b.of(currency).Add(h)
		b.buyers[currency]++
	}
}

func (b *ByCurrency[P]) of(currency string) P {
	p, ok := b.all[currency]
	if !ok {
		p = b.made(currency)
		b.all[currency] = p
	}
	return p
}

// Merge takes in other customers as of the same instant.
func (b *ByCurrency[P]) Merge(o *ByCurrency[P]) {
	for currency, p := range o.all {
		b.of(currency).Merge(p)
		b.buyers[currency] += o.buyers[currency]
	}
}

// usual is the currency of a company that has sold nothing yet.
const usual = "KRW"

// Main returns the currency that most customers buy in, of two the first by name, and what was counted in it.
func (b *ByCurrency[P]) Main() (string, P) {
	if len(b.all) == 0 {
		currency := cmp.Or(b.only, usual)
		return currency, b.made(currency)
	}
	main := slices.MinFunc(slices.Sorted(maps.Keys(b.all)), func(x, y string) int { return cmp.Compare(b.buyers[y], b.buyers[x]) })
	return main, b.all[main]
}
