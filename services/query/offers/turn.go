package offers

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/affinity"
)

// Turn is what became of some customers since the counts were made: what they have now, and who is a customer no longer.
// It keeps the counts until it is ended; what was put is counted at once.
type Turn struct {
	shop *Shop
	puts []*affinity.Purchases
	gone []uuid.UUID
}

const (
	// turnAtOnce bounds how many customers are counted while readers wait: some milliseconds.
	turnAtOnce = 32
	// patience is how often a turn steps back for readers, a pause apart, before it insists.
	patience   = 500
	betweenTry = 2 * time.Millisecond
)

// Turn begins one. There must be one at a time, and the shop must be open.
func (s *Shop) Turn() *Turn { return &Turn{shop: s} }

// Put counts what a customer has now.
func (t *Turn) Put(ctx context.Context, p *affinity.Purchases) error {
	t.puts = append(t.puts, p)
	return t.some(ctx, turnAtOnce)
}

// Remove takes a customer out who is there no longer.
func (t *Turn) Remove(ctx context.Context, customer uuid.UUID) error {
	t.gone = append(t.gone, customer)
	return t.some(ctx, turnAtOnce)
}

// End counts the rest and says up to which position everything is counted. names are those of products that were told since.
func (t *Turn) End(ctx context.Context, position events.Position, names map[string]string) error {
	if err := t.some(ctx, 0); err != nil {
		return err
	}
	s := t.shop
	at := s.at // only turns change it
	at.Position = position
	at.measure(s.model)
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	for sku, name := range names {
		s.names[sku] = name
	}
	s.at = at
	s.tell()
	return nil
}

// some counts what waits, if that is more than a few.
func (t *Turn) some(ctx context.Context, few int) error {
	if len(t.puts)+len(t.gone) <= few {
		return nil
	}
	if err := t.shop.lock(ctx); err != nil {
		return err
	}
	defer t.shop.mu.Unlock()
	for _, id := range t.gone {
		t.shop.model.Remove(id)
	}
	for _, p := range t.puts {
		t.shop.model.Put(p)
	}
	t.puts, t.gone = t.puts[:0], t.gone[:0]
	return nil
}

// lock takes the lock for changing. A reader who takes long must not hold up all others, as a lock that waits would: so it
// tries, and insists only after a second.
func (s *Shop) lock(ctx context.Context) error {
	pause := time.NewTicker(betweenTry)
	defer pause.Stop()
	for range patience {
		if s.mu.TryLock() {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-pause.C:
		}
	}
	s.mu.Lock()
	return nil
}
