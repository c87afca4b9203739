package affinity

import (
	"slices"

	"github.com/c360hq/c360/events"
)

// variant is one way in which an item was told of.
type variant struct {
	item, category, brand, currency int32
	price                           events.Money
}

// facts are what was told of items. Sources contradict each other and prices change, so tellings have votes.
type facts struct {
	ids    map[variant]int32
	list   []variant
	votes  []int32
	ofItem [][]int32 // the variants of an item
}

func (f *facts) bytes() int { return 72*len(f.list) + 32*len(f.ofItem) }

// Product is what most tellings say of an article number.
type Product struct {
	SKU, Category, Brand string
	// Price is the price told most often, in Currency; 0 if none was told.
	Price    events.Money
	Currency string
}

// variant returns the number of a telling, -1 if it names no item.
func (m *Model) variant(it Item) int32 {
	if it.SKU == "" {
		return -1
	}
	v := variant{m.items.id(it.SKU), m.words.id(it.Category), m.words.id(it.Brand), m.words.id(it.Currency), it.Price}
	id, found := m.facts.ids[v]
	if !found {
		id = int32(len(m.facts.list)) // #nosec G115 -- as with names
		m.facts.ids[v] = id
		m.facts.list = append(m.facts.list, v)
		m.facts.votes = append(m.facts.votes, 0)
		m.reach()
		m.facts.ofItem[v.item] = append(m.facts.ofItem[v.item], id)
	}
	return id
}

// reach makes room for all items that have a number.
func (m *Model) reach() {
	n := len(m.items.list)
	m.baskets.reach(n)
	m.buyers.reach(n)
	for len(m.gaps) < n {
		m.gaps = append(m.gaps, row{})
		m.facts.ofItem = append(m.facts.ofItem, nil)
	}
}

// Product returns what is known of an article number, false if it was never told of.
func (m *Model) Product(sku string) (Product, bool) {
	i, found := m.items.find(sku)
	if !found {
		return Product{SKU: sku}, false
	}
	return m.product(i), true
}

func (m *Model) product(i int32) Product {
	p := Product{SKU: m.items.list[i]}
	p.Category = m.elect(i, func(v *variant) int32 { return v.category })
	p.Brand = m.elect(i, func(v *variant) int32 { return v.brand })
	p.Price, p.Currency = m.price(i)
	return p
}

// elect returns the word that most tellings have for an item; of two with as many votes the one first in the alphabet.
func (m *Model) elect(item int32, word func(*variant) int32) string {
	words := make([]slot, 0, 4) // there are few, however many prices there were
	for _, v := range m.facts.ofItem[item] {
		w := word(&m.facts.list[v])
		if m.words.list[w] == "" {
			continue
		}
		n := slices.IndexFunc(words, func(s slot) bool { return s.key == w })
		if n < 0 {
			n = len(words)
			words = append(words, slot{key: w})
		}
		words[n].count += m.facts.votes[v]
	}
	best, most := "", int32(0)
	for _, s := range words {
		if name := m.words.list[s.key]; s.count > most || s.count == most && s.count > 0 && name < best {
			best, most = name, s.count
		}
	}
	return best
}

// price returns the price that was told most often; of two as frequent the lower one.
func (m *Model) price(item int32) (price events.Money, currency string) {
	votes := map[Item]int32{}
	for _, v := range m.facts.ofItem[item] {
		if f := &m.facts.list[v]; f.price > 0 {
			votes[Item{Price: f.price, Currency: m.words.list[f.currency]}] += m.facts.votes[v]
		}
	}
	var best Item
	most := int32(0)
	for it, n := range votes {
		lower := it.Price < best.Price || it.Price == best.Price && it.Currency < best.Currency
		if n > most || n == most && n > 0 && lower {
			best, most = it, n
		}
	}
	return best.Price, best.Currency
}
