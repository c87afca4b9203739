package analytics

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/c360hq/c360/projections/history"
)

// KPIOptions say which tiles to make. Two KPI can be merged only if their options are the same.
type KPIOptions struct {
	// At is the instant as of which everything is told, Unix microseconds. What happens at it has happened.
	At int64
	// Period is what the values are about.
	Period Period
	// Previous is what they are compared with; the zero Period stands for the one of the same length right before.
	Previous Period
	// Weeks is how many weeks the series has, the last of them the one in which Period (or the time until At) ends;
	// 0 stands for 13, at most 520.
	Weeks int
	// Active says what counts as being active; "" stands for ByOrders.
	Active Activity
	// Silence is after how many days without activity a customer counts as lapsed; 0 stands for 90.
	Silence int
	// Hours are the working hours that times to answer are counted in; nil counts every hour.
	Hours *Hours
	// Targets are the values that are aimed at, in the unit of the measure.
	Targets map[Measure]float64
}

const (
	defaultWeeks   = 13
	maxWeeks       = 520
	defaultSilence = 90
)

// KPI tallies the tiles. It is for one goroutine; several can be merged.
type KPI struct {
	o        KPIOptions
	periods  [2]Period // the period and the one before
	start    int64     // of the first week
	end      int64     // of the last week
	cells    map[cell][]tally
	customer int64 // how many there were
	first    int64 // the earliest touchpoint
}

// NewKPI returns tiles without a customer. It refuses a period that is empty or begins after At.
func NewKPI(o KPIOptions) (*KPI, error) {
	if o.Period.From >= o.Period.To || o.Period.From > o.At {
		return nil, errors.New("analytics: the period is empty or lies in the future; give one that begins before its end and before the instant")
	}
	if err := o.Active.check(); err != nil {
		return nil, fmt.Errorf("analytics: %w", err)
	}
	if o.Weeks == 0 {
		o.Weeks = defaultWeeks
	}
	if o.Weeks < 1 || o.Weeks > maxWeeks {
		return nil, fmt.Errorf("analytics: %d weeks; give 1 to %d", o.Weeks, maxWeeks)
	}
	if o.Silence <= 0 {
		o.Silence = defaultSilence
	}
	if o.Previous == (Period{}) {
		o.Previous = o.Period.before()
	}
	k := &KPI{o: o, cells: map[cell][]tally{}, first: math.MaxInt64}
	k.periods = [2]Period{k.clip(o.Period), k.clip(o.Previous)}
	k.end = weekStart(k.periods[0].To-1) + Week
	k.start = k.end - int64(o.Weeks)*Week
	return k, nil
}

// clip ends a period at the instant as of which everything is told.
func (k *KPI) clip(p Period) Period { return Period{p.From, min(p.To, k.o.At+1)} }

// windows counts the period, the one before and the weeks.
func (k *KPI) windows() int { return len(k.periods) + k.o.Weeks }

// window returns a window and the one before it, which retention compares it with.
func (k *KPI) window(i int) (now, before Period) {
	switch i {
	case 0:
		return k.periods[0], k.periods[1]
	case 1:
		return k.periods[1], k.o.Previous.before()
	}
	from := k.start + int64(i-len(k.periods))*Week
	week := Period{from, from + Week}
	return k.clip(week), week.before()
}

// Add takes a customer in.
func (k *KPI) Add(h *history.History) {
	if h.Until(k.o.At) == 0 {
		return
	}
	k.customer++
	k.first = min(k.first, earliest(h))
	k.addOrders(h)
	k.addSurveys(h)
	k.addInquiries(h)
	k.addCalls(h)
	k.addCustomer(h)
}

// earliest is when the customer was first heard of.
func earliest(h *history.History) int64 {
	first := h.Touchpoints[0].At
	for i := range h.Older {
		first = min(first, h.Older[i].First)
	}
	return first
}

// put tallies a fact in every window that it happened in, as a whole and by its parts.
func (k *KPI) put(m Measure, currency string, at int64, f fact, parts ...part) {
	for i := range k.periods {
		if k.periods[i].has(at) {
			k.putIn(i, m, currency, f, parts...)
		}
	}
	if at >= k.start && at < k.end && at <= k.o.At {
		k.putIn(len(k.periods)+int((at-k.start)/Week), m, currency, f, parts...)
	}
}

// putIn tallies a fact in one window.
func (k *KPI) putIn(window int, m Measure, currency string, f fact, parts ...part) {
	k.tallies(cell{measure: m, currency: currency})[window].add(f, k.customer)
	for _, p := range parts {
		if p.key != "" {
			k.tallies(cell{m, currency, p.dimension, p.key})[window].add(f, k.customer)
		}
	}
}

func (k *KPI) tallies(c cell) []tally {
	list, ok := k.cells[c]
	if !ok {
		list = make([]tally, k.windows())
		c.currency, c.key = strings.Clone(c.currency), strings.Clone(c.key) // or they would keep the row they were read from
		k.cells[c] = list
	}
	return list
}

// Merge takes in what another KPI of the same options has seen. The other must not be used afterwards.
func (k *KPI) Merge(o *KPI) {
	for c, list := range o.cells {
		mine := k.tallies(c)
		for i := range list {
			mine[i].merge(&list[i])
		}
	}
	k.customer += o.customer
	k.first = min(k.first, o.first)
}
