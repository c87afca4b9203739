package life

import "sync"

// Bell wakes everybody who waits, each time it rings. The zero value is ready, and ringing costs nothing while nobody waits.
type Bell struct {
	mu sync.Mutex
	ch chan struct{} // nil while nobody waits
}

// Wait returns a channel that is closed when the bell rings next.
func (b *Bell) Wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

// Ring wakes everybody who waits now.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
