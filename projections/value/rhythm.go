package value

import (
	"cmp"
	"maps"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// The quantiles that thresholds are found at: of five gaps between purchases four are shorter than Slip, of twenty nineteen
// are shorter than Lapse, and of ten customers who bought within the window one is a VIP.
const (
	slipQuantile  = 0.80
	lapseQuantile = 0.95
	vipQuantile   = 0.90
)

// Rhythm collects how long customers let pass between purchases and what they spend, to find [Thresholds] in it. Each
// customer is added once; in which order does not matter.
type Rhythm struct {
	at         int64
	currency   string
	window     int32
	gaps       map[int32]int64
	worth      map[events.Money]int64
	repeaters  int64
	gapCount   int64
	buyerCount int64
}

// NewRhythm begins one as of a time (Unix microseconds), over purchases in a currency, with the window in days that
// revenue is counted in.
func NewRhythm(at int64, currency string, window int32) *Rhythm {
	return &Rhythm{at: at, currency: currency, window: window, gaps: map[int32]int64{}, worth: map[events.Money]int64{}}
}

// Add takes a customer in.
func (r *Rhythm) Add(h *history.History) {
	list := Bought(h, r.at, r.currency)
	for i := 1; i < len(list); i++ {
		r.gaps[list[i].Day-list[i-1].Day]++
		r.gapCount++
	}
	if len(list) > 1 {
		r.repeaters++
	}
	orders := placedBy(h, r.at, r.currency)
	if n := len(orders); n > 0 && leavesAt(orders[n-1].at, r.window) > r.at {
		worth, _ := revenue(orders, r.at, r.window)
		r.worth[worth]++
		r.buyerCount++
	}
}

// Merge takes in other customers as of the same time.
func (r *Rhythm) Merge(o *Rhythm) {
	for gap, n := range o.gaps {
		r.gaps[gap] += n
	}
	for worth, n := range o.worth {
		r.worth[worth] += n
	}
	r.repeaters += o.repeaters
	r.gapCount += o.gapCount
	r.buyerCount += o.buyerCount
}

// Result returns the thresholds: Slip, Lapse and VIP are the least values that a share of .80 and .95 of all gaps, and of
// .90 of all customers' revenue, do not exceed. Gaps that are still open are not counted, so they lean to the short side:
// a customer is called slipping rather too soon. The error is a [TooLittleError].
func (r *Rhythm) Result() (*Thresholds, error) {
	if r.buyerCount < NeedCustomers || r.repeaters < NeedRepeaters {
		return nil, &TooLittleError{r.buyerCount, r.repeaters}
	}
	t := &Thresholds{Currency: r.currency, Window: r.window, Gaps: r.gapCount, Buyers: r.buyerCount}
	t.Slip, t.Lapse = quantile(r.gaps, r.gapCount, slipQuantile), quantile(r.gaps, r.gapCount, lapseQuantile)
	t.Lapse = max(t.Lapse, t.Slip+1)
	t.VIP = quantile(r.worth, r.buyerCount, vipQuantile)
	return t, nil
}

// quantile returns the least value that a share of all do not exceed.
func quantile[V cmp.Ordered](counts map[V]int64, all int64, share float64) (v V) {
	seen := int64(0)
	for _, v = range slices.Sorted(maps.Keys(counts)) {
		if seen += counts[v]; float64(seen) >= share*float64(all) {
			break
		}
	}
	return v
}
