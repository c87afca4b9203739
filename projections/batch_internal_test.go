package projections

import "testing"

// TestAtEnd: what a room asked for is done once, when the batch ends or is taken back.
func TestAtEnd(t *testing.T) {
	t.Parallel()
	b := NewBatch(t.Context(), nil)
	done := 0
	b.AtEnd(func() { done++ })
	b.next(t.Context())
	b.next(t.Context())
	if done != 1 {
		t.Errorf("done %d times after one batch and another", done)
	}
	b.AtEnd(func() { done++ })
	b.forget()
	if b.next(t.Context()); done != 2 {
		t.Errorf("done %d times after a batch that was taken back", done)
	}
}
