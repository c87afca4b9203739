package projections

import "github.com/c360hq/c360/events"

// Position returns what the live generation has folded and committed, without asking anybody; 0 if none is live.
func (l *Live) Position() events.Position {
	h, _, err := l.get()
	if err != nil {
		return 0
	}
	return h.engine.Position()
}
