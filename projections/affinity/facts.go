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
	known  []known   // by item
}

// known is what most tellings say of an item, in numbers of words; none where nobody says.
type known struct {
	category, brand, currency int32
	price                     events.Money
	stale                     bool // told of since this was found out; then it is in Model.stale
}

const none = -1

func (f *facts) bytes() int { return 72*len(f.list) + 64*len(f.ofItem) }

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
		m.vote(id, 0)
	}
	return id
}

// vote counts tellings of one kind, and notes that more has to be found out.
func (m *Model) vote(v, tellings int32) {
	m.facts.votes[v] += tellings
	if k := &m.facts.known[m.facts.list[v].item]; !k.stale {
		k.stale = true
		m.stale = append(m.stale, m.facts.list[v].item)
		m.settled.Store(false)
	}
}

// reach makes room for all items that have a number.
func (m *Model) reach() {
	n := len(m.items.list)
	m.baskets.reach(n)
	m.buyers.reach(n)
	for len(m.gaps) < n {
		m.gaps = append(m.gaps, rhythms{})
		m.facts.ofItem = append(m.facts.ofItem, nil)
		m.facts.known = append(m.facts.known, known{category: none, brand: none, currency: none})
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
	k := m.known(i)
	return Product{SKU: m.items.list[i], Category: m.word(k.category), Brand: m.word(k.brand), Price: k.price, Currency: m.word(k.currency)}
}

// word returns a word by its number.
func (m *Model) word(n int32) string {
	if n == none {
		return ""
	}
	return m.words.list[n]
}

// known returns what most tellings say of an item.
func (m *Model) known(item int32) *known {
	m.settle()
	return &m.facts.known[item]
}

// settle finds out again what most say of the items that were told of since. Whoever reads does, the first one for all.
func (m *Model) settle() {
	if m.settled.Load() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, item := range m.stale {
		k := known{
			category: m.elect(item, func(v *variant) int32 { return v.category }),
			brand:    m.elect(item, func(v *variant) int32 { return v.brand }),
		}
		k.price, k.currency = m.price(item)
		m.facts.known[item] = k
	}
	m.stale = nil
	m.settled.Store(true)
}

// elect returns the word that most tellings have for an item; of two with as many votes the one first in the alphabet.
func (m *Model) elect(item int32, word func(*variant) int32) int32 {
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
	best, most := int32(none), int32(0)
	for _, s := range words {
		if s.count > most || s.count == most && s.count > 0 && m.words.list[s.key] < m.words.list[best] {
			best, most = s.key, s.count
		}
	}
	return best
}

// price returns the price that was told most often, and in what currency; of two as frequent the lower one.
func (m *Model) price(item int32) (price events.Money, currency int32) {
	type told struct {
		price    events.Money
		currency int32
	}
	votes := map[told]int32{}
	for _, v := range m.facts.ofItem[item] {
		if f := &m.facts.list[v]; f.price > 0 {
			votes[told{f.price, f.currency}] += m.facts.votes[v]
		}
	}
	best, most := told{currency: none}, int32(0)
	for t, n := range votes {
		lower := t.price < best.price || t.price == best.price && m.word(t.currency) < m.word(best.currency)
		if n > most || n == most && n > 0 && lower {
			best, most = t, n
		}
	}
	return best.price, best.currency
}
