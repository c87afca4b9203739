package affinity

import (
	"slices"

	"github.com/c360hq/c360/events"
)

// variant is one way in which an item was told of, by orders or by looks.
type variant struct {
	item, category, brand, currency int32
	price                           events.Money
	looked                          bool
}

// facts are what was told of items. Sources contradict each other and prices change, so tellings have votes. A variant
// without votes gives its number to the next one.
type facts struct {
	ids    map[variant]int32
	list   []variant
	votes  []int32
	free   []int32   // numbers of variants without votes
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

func (f *facts) bytes() int { return 104*len(f.list) + 64*len(f.ofItem) }

// Product is what most tellings say of an article number.
type Product struct {
	SKU, Category, Brand string
	// Price is the price that orders told most often, in Currency; if they told none, the one that looks told most often, to
	// three digits. 0 if none was told.
	Price    events.Money
	Currency string
}

// ordered returns the number of what an order told, -1 if it names no item.
func (m *Model) ordered(it Item) int32 { return m.telling(it, false) }

// looked returns the number of what a look told, -1 if it names no item. Prices are kept to three digits: a shop may show
// everybody another one at every look, and there are only 900 of them up to ten times the price.
func (m *Model) looked(it Item) int32 {
	it.Price = threeDigits(it.Price)
	return m.telling(it, true)
}

func threeDigits(p events.Money) events.Money {
	unit := events.Money(1)
	for p/unit >= 1000 {
		unit *= 10
	}
	return p / unit * unit
}

func (m *Model) telling(it Item, looked bool) int32 {
	if it.SKU == "" {
		return -1
	}
	return m.variant(variant{m.items.id(it.SKU), m.words.id(it.Category), m.words.id(it.Brand), m.words.id(it.Currency), it.Price, looked})
}

// variant returns the number of a variant, a new one if it has none. It must be voted for at once.
func (m *Model) variant(v variant) int32 {
	f := &m.facts
	id, found := f.ids[v]
	if found {
		return id
	}
	m.reach()
	if last := len(f.free) - 1; last >= 0 {
		id, f.free = f.free[last], f.free[:last]
		f.list[id] = v
	} else {
		id = int32(len(f.list)) // #nosec G115 -- as with names
		f.list, f.votes = append(f.list, v), append(f.votes, 0)
	}
	f.ids[v] = id
	f.ofItem[v.item] = append(f.ofItem[v.item], id)
	return id
}

// vote counts tellings of one kind, and notes that more has to be found out. Who takes votes away must first have counted
// what else was given a number: what has no votes loses it.
func (m *Model) vote(v, tellings int32) {
	f := &m.facts
	f.votes[v] += tellings
	if k := &f.known[f.list[v].item]; !k.stale {
		k.stale = true
		m.stale = append(m.stale, f.list[v].item)
		m.settled.Store(false)
	}
	if f.votes[v] == 0 {
		f.drop(v)
	}
}

// drop forgets a variant. What the list says of it stays until the number is given to another.
func (f *facts) drop(v int32) {
	item := f.list[v].item
	delete(f.ids, f.list[v])
	all := f.ofItem[item]
	n := slices.Index(all, v)
	all[n] = all[len(all)-1]
	f.ofItem[item] = all[:len(all)-1]
	f.free = append(f.free, v)
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

// price returns the price that orders told most often, and in what currency; that of looks if no order told one.
func (m *Model) price(item int32) (price events.Money, currency int32) {
	if price, currency = m.priceBy(item, false); currency == none {
		return m.priceBy(item, true)
	}
	return price, currency
}

// priceBy returns the price that one of them told most often; of two as frequent the lower one.
func (m *Model) priceBy(item int32, looks bool) (price events.Money, currency int32) {
	type told struct {
		price    events.Money
		currency int32
	}
	votes := map[told]int32{}
	for _, v := range m.facts.ofItem[item] {
		if f := &m.facts.list[v]; f.price > 0 && f.looked == looks {
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
