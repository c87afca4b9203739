package lookalike

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Model says how much like a seed group a customer is: the log odds of being in it, a sum of one term a feature. It is JSON and
// complete: what reads it back scores the same. It must not be changed and may be used by many at once.
type Model struct {
	// At is the instant as of which it was fitted.
	At time.Time `json:"at"`
	// Seeds and Others are how many customers were in the group and in the rest.
	Seeds  int64 `json:"seeds"`
	Others int64 `json:"others"`
	// Base is the log odds of somebody who has none of the features.
	Base    float64  `json:"base"`
	Weights []Weight `json:"weights"`
	HoldOut HoldOut  `json:"hold_out"`

	at map[Key]int // not in JSON: made anew when it is missing
}

// Weight is one term: Weight * ((x - Mean) / Scale), where x is the feature's value, for rates and figures ln(1 + value). A
// number that is missing adds nothing.
type Weight struct {
	Key
	Weight float64 `json:"weight"`
	Mean   float64 `json:"mean"`
	Scale  float64 `json:"scale"`
	// Usual is what the term is for the average customer.
	Usual float64 `json:"usual"`
}

func newModel(o *Options, columns []column, w weights, examples []example) *Model {
	m := &Model{At: time.UnixMicro(o.At).In(history.Zone), Base: w[len(w)-1]}
	usual := make([]float64, len(columns))
	for i := range examples {
		for _, c := range examples[i].cells {
			usual[c.column] += c.value
		}
	}
	for i, c := range columns {
		m.Weights = append(m.Weights, Weight{c.key, w[i], c.mean, c.scale, w[i] * usual[i] / float64(len(examples))})
	}
	m.index()
	return m
}

// Ready makes a model that was read from JSON usable by many at once.
func (m *Model) Ready() *Model {
	m.index()
	return m
}

func (m *Model) index() {
	m.at = make(map[Key]int, len(m.Weights))
	for i := range m.Weights {
		m.at[m.Weights[i].Key] = i
	}
}

// term is what a feature adds.
func (w *Weight) term(value float64) float64 { return w.Weight * (w.input(value) - w.Mean) / w.Scale }

func (m *Model) score(features []feature) float64 {
	z := m.Base
	for _, f := range features {
		z += m.term(f.key, f.value)
	}
	return z
}

// scoreHeld is score of a customer who was kept.
func (m *Model) scoreHeld(features []held) float64 {
	z := m.Base
	for _, f := range features {
		z += m.term(*f.key, f.value)
	}
	return z
}

// term is what a feature adds.
func (m *Model) term(k Key, value float64) float64 {
	if i, ok := m.at[k]; ok {
		return m.Weights[i].term(value)
	}
	return 0
}

// Score is the log odds of a customer being in the group, as of the instant of o; false if nothing had been heard of them.
func (m *Model) Score(o Options, h *history.History) (float64, bool) {
	features := o.collect(h)
	return m.score(features), features != nil
}

// Driver is what puts a customer where they are.
type Driver struct {
	Key
	// Has is how much the customer has of it: 1 or 0 for what one has or has not.
	Has float64 `json:"has"`
	// Adds is by how much it moves the log odds from those of the average customer.
	Adds float64     `json:"adds"`
	Text events.Text `json:"text"`
}

// drivers are the features that move a customer most, up or down.
func (m *Model) drivers(o *Options, features []feature, top int) []Driver {
	has := make(map[Key]float64, len(features))
	for _, f := range features {
		has[f.key] = f.value
	}
	list := make([]Driver, 0, len(m.Weights))
	for i := range m.Weights {
		w := &m.Weights[i]
		value, ok := has[w.Key]
		d := Driver{Key: w.Key, Has: value, Adds: -w.Usual}
		if ok {
			d.Adds += w.term(value)
		}
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b Driver) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Adds), math.Abs(a.Adds)), compareKeys(a.Key, b.Key))
	})
	list = list[:min(len(list), top)]
	for i := range list {
		list[i].Text = o.driverText(&list[i])
	}
	return list
}
