package ingest

import (
	"context"
	"time"
)

// Gate says whether what reads the log keeps up with what is written to it. Ingest and projection share one
// machine, so when the projection falls behind imports slow down first, and then producers are pushed back.
type Gate interface {
	// Imports returns how long an import should pause before its next chunk; 0 is "go on".
	Imports() time.Duration
	// Producers returns after how long a producer should try again; 0 is "come in".
	Producers() time.Duration
}

// openGate lets everybody in.
type openGate struct{}

func (openGate) Imports() time.Duration   { return 0 }
func (openGate) Producers() time.Duration { return 0 }

// waitFor lets an import through when the gate does.
func waitFor(ctx context.Context, gate Gate) error {
	for pause := gate.Imports(); pause > 0; pause = gate.Imports() {
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
	return nil
}

// seconds rounds a pause up to what Retry-After can say.
func seconds(pause time.Duration) int {
	return max(1, int((pause+time.Second-1)/time.Second))
}
