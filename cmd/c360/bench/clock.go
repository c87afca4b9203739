package bench

import (
	"context"
	"slices"
	"time"
)

// now is the wall clock: measuring is what this package is for.
func now() time.Time {
	return time.Now() //nolint:forbidigo // a benchmark measures time
}

// pause waits, or returns early when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// latencies collects durations and answers for their quantiles.
type latencies []time.Duration

func (l latencies) quantile(q float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
