package analytics

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// FunnelTable is a funnel, step by step.
type FunnelTable struct {
	At     time.Time `json:"at"`
	Period Span      `json:"period"`
	// Within is how long an attempt may take, in seconds.
	Within int64        `json:"within_s"`
	Steps  []FunnelStep `json:"steps"`
	// Conversion is the share of those at the first step who came to the last, null for none.
	Conversion *float64 `json:"conversion"`
}

// FunnelStep is one step.
type FunnelStep struct {
	Step
	// Customers came to this step; Share is that of those at the first step, FromBefore that of those at the step before.
	Customers  int64    `json:"customers"`
	Share      *float64 `json:"share"`
	FromBefore *float64 `json:"from_before,omitempty"`
	// Lost came to this step and no further, and their time is over; Open still have time.
	Lost int64 `json:"lost"`
	Open int64 `json:"open"`
	// Seconds is the median time from the step before.
	Seconds *float64 `json:"median_s,omitempty"`
	// Sample are ids of the lost, all of them if they are MaxSample or fewer.
	Sample []uuid.UUID `json:"lost_customers"`
}

// Result returns the funnel.
func (f *Funnel) Result() FunnelTable {
	t := FunnelTable{At: instant(f.o.At), Period: f.o.Period.span(), Within: f.o.Within / Second}
	first := f.levels[0].customers
	for i := range f.levels {
		l := &f.levels[i]
		s := FunnelStep{
			Step: f.o.Steps[i], Customers: l.customers, Share: share(l.customers, first), Lost: l.lost, Open: l.open,
			Sample: append([]uuid.UUID{}, l.sample.ids...),
		}
		if i > 0 {
			s.FromBefore = share(l.customers, f.levels[i-1].customers)
		}
		if took, ok := quantile(slices.Clone(l.took), .5); ok {
			took = scaled(took, 1e-6)
			s.Seconds = &took
		}
		t.Steps = append(t.Steps, s)
	}
	t.Conversion = share(f.levels[len(f.levels)-1].customers, first)
	return t
}
