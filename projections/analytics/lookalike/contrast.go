package lookalike

import (
	"strings"

	"github.com/c360hq/c360/projections/history"
)

// Contrast compares a group of customers with the rest. It is for one goroutine; several can be merged.
type Contrast struct {
	o         Options
	in        func(*history.History) bool
	customers [2]int64 // in the group, in the rest
	features  map[Key]*[2]moments
	traits    valueCount
}

// NewContrast returns a comparison without a customer. in says who is in the group.
func NewContrast(o Options, in func(*history.History) bool) *Contrast {
	return &Contrast{o: o, in: in, features: map[Key]*[2]moments{}, traits: valueCount{limit: o.maxValues()}}
}

// Add takes a customer in.
func (c *Contrast) Add(h *history.History) {
	list := c.o.collect(h)
	if list == nil {
		return
	}
	side := 1
	if c.in(h) {
		side = 0
	}
	c.customers[side]++
	for _, f := range list {
		if c.traits.takes(f.key) {
			c.moments(f.key)[side].take(f)
		}
	}
}

func (c *Contrast) moments(k Key) *[2]moments {
	m := c.features[k]
	if m == nil {
		m = &[2]moments{}
		c.features[k.clone()] = m
	}
	return m
}

// Merge takes in what another Contrast of the same options has seen.
func (c *Contrast) Merge(o *Contrast) {
	for side := range c.customers {
		c.customers[side] += o.customers[side]
	}
	c.traits.merge(&o.traits)
	for k, m := range o.features {
		if !c.traits.takes(k) {
			continue
		}
		mine := c.moments(k)
		for side := range m {
			mine[side].merge(&m[side])
		}
	}
}

// valueCount notes which values traits have, and which traits have too many to be compared.
type valueCount struct {
	limit  int
	values map[string]map[string]bool
}

// takes notes a feature and reports whether it may still be compared.
func (v *valueCount) takes(k Key) bool {
	if k.Kind != KindTrait {
		return true
	}
	if v.values == nil {
		v.values = map[string]map[string]bool{}
	}
	list := v.values[k.Name]
	if list == nil {
		list = map[string]bool{}
		v.values[strings.Clone(k.Name)] = list
	}
	if len(list) <= v.limit && !list[k.Value] {
		list[strings.Clone(k.Value)] = true
	}
	return !v.tooMany(k)
}

// tooMany reports whether the trait of a feature has too many values.
func (v *valueCount) tooMany(k Key) bool {
	return k.Kind == KindTrait && len(v.values[k.Name]) > v.limit
}

func (v *valueCount) merge(o *valueCount) {
	for name, list := range o.values {
		for value := range list {
			v.takes(Key{KindTrait, name, value})
		}
	}
}
