package segment

import (
	"sync/atomic"
	"time"

	"github.com/c360hq/c360/projections/history"
)

// zone is where a customer's days begin.
type zone = *time.Location

// zones remembers the zones that customers live in. It may be used by many at once.
type zones struct {
	known atomic.Pointer[map[string]zone]
}

// of returns the customer's zone at a time: that of the trait time_zone if there is such a zone, else history.Zone.
func (z *zones) of(h *history.History, at int64) zone {
	value, _ := h.Trait(timeZone, at)
	if value == "" {
		return history.Zone
	}
	old := z.known.Load()
	if old != nil {
		if loc, ok := (*old)[value]; ok {
			return loc
		}
	}
	name := plain(value)
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "" {
		return history.Zone
	}
	z.remember(old, value, loc)
	return loc
}

// remember puts a zone into a copy of those known. Somebody else may do the same at the same time; then one is found anew.
func (z *zones) remember(old *map[string]zone, value string, loc zone) {
	more := map[string]zone{value: loc}
	if old != nil {
		for k, v := range *old {
			more[k] = v
		}
	}
	z.known.CompareAndSwap(old, &more)
}

// dayIn returns the day that a moment lies in.
func dayIn(z zone, at int64) int {
	y, m, d := time.UnixMicro(at).In(z).Date()
	return dayOf(y, m, d)
}

// startOf returns the first moment of a day: midnight, or what there is instead on a day that the clocks are set.
func startOf(z zone, day int) int64 {
	y, m, d := dateOf(day)
	t := time.Date(y, m, d, 0, 0, 0, 0, z)
	for before := t.Add(-30 * time.Minute); before.Day() == d; before = before.Add(-30 * time.Minute) {
		t = before
	}
	for t.Day() != d {
		t = t.Add(30 * time.Minute)
	}
	return t.UnixMicro()
}
