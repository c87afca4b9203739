package offers

import (
	"maps"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/affinity"
)

// Turn is what became of some customers since the counts were made: what they have now, and who is a customer no longer.
type Turn struct {
	shop *Shop
	puts []*affinity.Purchases
	gone []uuid.UUID
}

// turnAtOnce bounds how many customers are counted while readers wait: some milliseconds.
const turnAtOnce = 32

// Turn begins one. There must be one at a time, and the shop must be open.
func (s *Shop) Turn() *Turn { return &Turn{shop: s} }

// Put counts what a customer has now.
func (t *Turn) Put(p *affinity.Purchases) {
	t.puts = append(t.puts, p)
	t.some(turnAtOnce)
}

// Remove takes a customer out who is there no longer.
func (t *Turn) Remove(customer uuid.UUID) {
	t.gone = append(t.gone, customer)
	t.some(turnAtOnce)
}

// End counts the rest and says up to which position everything is counted. names are those of products that were told since.
func (t *Turn) End(position events.Position, names map[string]string) {
	t.some(0)
	s := t.shop
	at := s.at // only turns change it
	at.Position = position
	at.measure(s.model)
	s.change(func() {
		maps.Copy(s.names, names)
		s.at = at
		s.tell()
	})
}

// some counts what waits, if that is more than a few.
func (t *Turn) some(few int) {
	if len(t.puts)+len(t.gone) <= few {
		return
	}
	t.shop.change(func() {
		for _, id := range t.gone {
			t.shop.model.Remove(id)
		}
		for _, p := range t.puts {
			t.shop.model.Put(p)
		}
	})
	t.puts, t.gone = t.puts[:0], t.gone[:0]
}
