package affinity

import (
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Model counts what was bought together, by whom again and when. Make one with New.
type Model struct {
	settings  Settings
	customers map[uuid.UUID]*holding
	items     names // article numbers
	words     names // categories, brands and currencies
	facts     facts
	baskets   tally              // what was in one basket
	buyers    tally              // what one customer bought
	days      map[int32]row      // baskets with the item by day
	gaps      []rhythms          // of each item
	kindGaps  map[int32]*rhythms // of each category
	stale     []int32            // items that were told of since it was found out what most say of them

	mu      sync.Mutex  // guards what readers make
	settled atomic.Bool // nothing is stale
	lately  *season
	ladders map[ladder][]events.Money
}

// New returns an empty model.
func New(s Settings) *Model {
	return &Model{
		settings: s, customers: map[uuid.UUID]*holding{}, items: newNames(), words: newNames(),
		facts: facts{ids: map[variant]int32{}}, days: map[int32]row{}, kindGaps: map[int32]*rhythms{},
	}
}

// Settings returns what the model is tuned by.
func (m *Model) Settings() Settings { return m.settings }

// Add feeds a customer's history as of a time, Unix microseconds. It is Put of Of.
func (m *Model) Add(h *history.History, at int64) { m.Put(Of(h, at)) }

// Put feeds what one customer bought. It takes the place of what was told of that customer before, unless that is of a later
// time. It costs the square of the number of products of the customer, and next to nothing if they are what they were. One
// customer at one time has one history: if two that differ are told, the one told last counts.
func (m *Model) Put(p *Purchases) {
	old := m.customers[p.Customer]
	if old != nil && old.at > p.At {
		return
	}
	h := m.hold(p)
	if old != nil && old.same(h) {
		old.at = h.at
		return
	}
	m.customers[p.Customer] = h
	m.count(h, 1)
	if old != nil {
		m.count(old, -1)
	}
}

// Remove takes a customer out, as if they had never been fed. It reports whether they were in.
func (m *Model) Remove(customer uuid.UUID) bool {
	h := m.customers[customer]
	if h == nil {
		return false
	}
	m.count(h, -1)
	delete(m.customers, customer)
	return true
}

// Keep takes out every customer for whom in says no.
func (m *Model) Keep(in func(customer uuid.UUID) bool) {
	for customer := range m.customers {
		if !in(customer) {
			m.Remove(customer)
		}
	}
}

// Customers returns how many customers were fed.
func (m *Model) Customers() int { return len(m.customers) }

// Size says how much a model was fed with.
type Size struct {
	// Customers were fed; Buyers of them bought something, in so many Baskets; Items were bought.
	Customers, Buyers, Baskets, Items int
	// Bytes is about how much memory the model takes.
	Bytes int
}

// Size returns how much the model was fed with.
func (m *Model) Size() Size {
	s := Size{Customers: len(m.customers), Buyers: m.buyers.all, Baskets: m.baskets.all, Items: m.sold()}
	s.Bytes = m.baskets.bytes() + m.buyers.bytes() + m.facts.bytes()
	for i := range m.gaps {
		s.Bytes += m.gaps[i].bytes() + 8
	}
	for _, r := range m.days {
		s.Bytes += r.bytes()
	}
	for _, h := range m.customers {
		s.Bytes += 64 + h.bytes()
	}
	for _, n := range m.items.list {
		s.Bytes += 2*len(n) + 64
	}
	return s
}

// sold returns how many items were bought at all.
func (m *Model) sold() int { return m.buyers.sold }

// changed forgets what readers made of what was so before.
func (m *Model) changed() {
	m.lately, m.ladders = nil, nil
	m.settled.Store(false)
}
