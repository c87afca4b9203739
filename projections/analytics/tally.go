package analytics

import "slices"

// cell names what is tallied: a measure, in one currency if it is money, and of a part of what happened ("channel",
// "call") or, with no dimension, of all of it.
type cell struct {
	measure                  Measure
	currency, dimension, key string
}

// part is a part of what happened.
type part struct{ dimension, key string }

// fact is one thing to tally: an answer, an order, a customer who was asked about.
type fact struct {
	top, bottom int64
	// value is kept apart for medians, if valued.
	value  int64
	valued bool
	// waiting facts have no value yet: an inquiry without an answer.
	waiting bool
}

// tally is what a cell holds within one window.
type tally struct {
	customers, events, waiting int64
	top, bottom                int64
	values                     []int64
	// last is the customer counted last, by the number of its Add.
	last int64
}

// add takes a fact of a customer in.
func (t *tally) add(f fact, customer int64) {
	if t.last != customer {
		t.last = customer
		t.customers++
	}
	if f.waiting {
		t.waiting++
		return
	}
	t.events++
	t.top, t.bottom = t.top+f.top, t.bottom+f.bottom
	if f.valued {
		t.values = append(t.values, f.value)
	}
}

func (t *tally) merge(o *tally) {
	t.customers, t.events, t.waiting = t.customers+o.customers, t.events+o.events, t.waiting+o.waiting
	t.top, t.bottom = t.top+o.top, t.bottom+o.bottom
	t.values = append(t.values, o.values...)
}

// value is what a measure makes of the tally, nil if there is nothing to make it of.
func (t *tally) value(m *measure) *float64 {
	v, ok := 0.0, true
	switch m.way {
	case waySum:
		v = float64(t.top)
	case wayShare, wayMean:
		if ok = t.bottom > 0; ok {
			v = float64(t.top) / float64(t.bottom)
		}
	case wayMedian:
		v, ok = quantile(t.values, .5)
	case wayP90:
		v, ok = quantile(t.values, .9)
	}
	if !ok {
		return nil
	}
	v = scaled(v, m.scale)
	return &v
}

// scaled multiplies by a scale; by a power of ten below 1 it divides, which is exact where multiplying is not.
func scaled(v, scale float64) float64 {
	switch scale {
	case 1e-4:
		return v / 1e4
	case 1e-6:
		return v / 1e6
	}
	return v * scale
}

// size is how much the value of a measure rests on.
func (t *tally) size(m *measure) int64 {
	switch m.way {
	case wayShare, wayMean:
		return t.bottom
	case wayMedian, wayP90:
		return int64(len(t.values))
	case waySum:
	}
	return t.events
}

// clone copies the values, so that sorting them leaves the tally alone.
func (t *tally) clone() tally {
	c := *t
	c.values = slices.Clone(t.values)
	return c
}
