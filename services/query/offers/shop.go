package offers

import (
	"sync"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/affinity"
)

// Shop is what everybody bought, counted, and what the counts are true at. Many may ask at once, while one turns it.
type Shop struct {
	// Whoever changes the counts takes both locks, long first. Who reads for long takes that one only: to wait for them then
	// holds up nobody who reads for a moment.
	long  sync.RWMutex
	mu    sync.RWMutex
	model *affinity.Model // nil until it was opened
	who   sample          // who is counted
	names map[string]string
	at    OfferModel
	moved chan struct{} // closed and replaced when the position is another
}

// NewShop returns a shop that is not open yet.
func NewShop() *Shop { return &Shop{moved: make(chan struct{})} }

// Counts are the counts while nobody changes them.
type Counts struct {
	shop  *Shop
	model *affinity.Model
	names map[string]string
	at    OfferModel
}

// Ask lends the counts to read, which must not keep them nor wait for anything. It returns false if there are none yet.
func (s *Shop) Ask(read func(*Counts)) bool { return s.ask(&s.mu, read) }

// AskLong is Ask for what takes longer than some milliseconds.
func (s *Shop) AskLong(read func(*Counts)) bool { return s.ask(&s.long, read) }

func (s *Shop) ask(lock *sync.RWMutex, read func(*Counts)) bool {
	lock.RLock()
	defer lock.RUnlock()
	if s.model == nil {
		return false
	}
	read(&Counts{shop: s, model: s.model, names: s.names, at: s.at})
	return true
}

// Reached returns what the counts are true at, and a channel that is closed when that is something else.
func (s *Shop) Reached() (at OfferModel, moved <-chan struct{}) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.at, s.moved
}

// Open puts new counts in the place of those there are. They belong to the shop from then on.
func (s *Shop) Open(c *Counting, names map[string]string, generation string, position events.Position) {
	at := OfferModel{Generation: generation, Position: position, Share: c.sample.share()}
	at.measure(c.model)
	s.change(func() {
		s.model, s.who, s.names, s.at = c.model, c.sample, names, at
		s.tell()
	})
}

// Has reports whether a customer is among those who are counted.
func (s *Shop) Has(customer uuid.UUID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.who.has(customer)
}

// change runs what changes the counts while nobody reads them.
func (s *Shop) change(do func()) {
	s.long.Lock()
	defer s.long.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// measure fills in how much a model holds.
func (m *OfferModel) measure(of *affinity.Model) {
	size := of.Size()
	m.Customers, m.Buyers, m.Baskets, m.Products, m.Bytes = size.Customers, size.Buyers, size.Baskets, size.Items, size.Bytes
}

// tell wakes who waits for a position. The caller is within change.
func (s *Shop) tell() {
	close(s.moved)
	s.moved = make(chan struct{})
}
