package projections

import "github.com/c360hq/c360/events"

// Hint says that a generation holds everything up to a position. It names nobody.
type Hint struct {
	Generation string          `json:"generation"`
	Position   events.Position `json:"position"`
}

// Hints carry the news of commits from the process that writes a generation to those that only read it
// (projections/natshints). Everything works without them, later: a reader looks at its store from time to time anyway,
// so a hint may be lost, doubled, or come too late.
type Hints interface {
	// Tell passes a hint on. It never blocks: of many at once the newest is told.
	Tell(h Hint)
	// Listen calls heard with what others tell, one at a time, until stop is called. heard must not block.
	Listen(heard func(Hint)) (stop func(), err error)
}
