package main

import (
	"context"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// The lag at which imports slow down, and at which producers are asked to come back later: about half a second
// and five seconds of folding on two cores.
const (
	importLag   = 30_000
	producerLag = 300_000
)

// lagGate pushes back when the live generation falls behind the log: ingest and projection share one machine.
type lagGate struct {
	log  events.Log
	live *projections.Live
}

// Imports returns the pause before an import's next chunk.
func (g lagGate) Imports() time.Duration {
	if g.lag() > importLag {
		return 20 * time.Millisecond
	}
	return 0
}

// Producers returns after how long a producer should try again.
func (g lagGate) Producers() time.Duration {
	if g.lag() > producerLag {
		return time.Second
	}
	return 0
}

func (g lagGate) lag() events.Position {
	head, err := g.log.Head(context.Background())
	if err != nil {
		return 0
	}
	if at := g.live.Position(); at < head.Position {
		return head.Position - at
	}
	return 0
}
