package projections

import "errors"

// Failed gives the reason once, if the live generation stops folding for good, whichever generation that is by then.
// Reads go on, of what was folded. It never gives anything if folding is ended by Stop, a swap, or the ctx of Start.
func (g *Generations) Failed() <-chan error { return g.failed }

// watch waits for the end of an engine that is live. The end of one that was swapped out is no failure.
func (g *Generations) watch(h *handle) {
	go func() {
		<-h.engine.Done()
		err := h.engine.Err()
		if g.live.now() != h || errors.Is(err, ErrClosed) {
			return
		}
		g.fail(err)
	}()
}

func (g *Generations) fail(err error) {
	select {
	case g.failed <- err:
	default: // another has failed before
	}
}
