package affinity

import (
	"cmp"
	"slices"
	"time"

	"github.com/c360hq/c360/projections/history"
)

// maxOwn bounds the products of one customer of which pairs are counted, the latest ones: the work grows with its square.
const maxOwn = 2048

// holding is what the model holds of one customer.
type holding struct {
	at    int64
	days  []int32 // of each basket, in order
	ends  []int32 // where each basket ends in lines
	lines []int32 // variants, each item once a basket
	looks []int32 // variants looked at, each once
}

func (h *holding) bytes() int { return 104 + 4*(cap(h.days)+cap(h.ends)+cap(h.lines)+cap(h.looks)) }

// same reports whether two tell the same, whenever they were told.
func (h *holding) same(other *holding) bool {
	return slices.Equal(h.days, other.days) && slices.Equal(h.ends, other.ends) &&
		slices.Equal(h.lines, other.lines) && slices.Equal(h.looks, other.looks)
}

// basket returns the variants of a basket.
func (h *holding) basket(n int) []int32 {
	from := int32(0)
	if n > 0 {
		from = h.ends[n-1]
	}
	return h.lines[from:h.ends[n]]
}

// hold packs what a customer bought, and gives numbers to what is new.
func (m *Model) hold(p *Purchases) *holding {
	h := &holding{at: p.At}
	baskets := slices.Clone(p.Baskets)
	slices.SortStableFunc(baskets, func(a, b Basket) int { return cmp.Compare(a.At, b.At) })
	for i := range baskets {
		start := len(h.lines)
		for _, it := range baskets[i].Items {
			if m.hasItem(h.lines[start:], it.SKU) {
				continue
			}
			if v := m.ordered(it); v >= 0 {
				h.lines = append(h.lines, v)
			}
		}
		if len(h.lines) > start {
			h.days = append(h.days, dayOf(baskets[i].At))
			h.ends = append(h.ends, int32(len(h.lines))) // #nosec G115 -- a customer's lines are few
		}
	}
	for i := range p.Looks {
		if v := m.looked(p.Looks[i].Item); v >= 0 {
			h.looks = append(h.looks, v)
		}
	}
	slices.Sort(h.looks)
	h.looks = slices.Clip(slices.Compact(h.looks))
	h.days, h.ends, h.lines = slices.Clip(h.days), slices.Clip(h.ends), slices.Clip(h.lines)
	return h
}

func (m *Model) hasItem(lines []int32, sku string) bool {
	item, known := m.items.find(sku)
	return known && slices.ContainsFunc(lines, func(l int32) bool { return m.facts.list[l].item == item })
}

// dayOf returns the day of a time in the company's zone, counted from 1970-01-01.
func dayOf(at int64) int32 {
	local := at + zoneOffset
	d := local / microsPerDay
	if local%microsPerDay < 0 {
		d--
	}
	return int32(d) // #nosec G115 -- 292,000 years are 107 million days
}

// startOf returns when a day begins in the company's zone.
func startOf(day int32) int64 { return int64(day)*microsPerDay - zoneOffset }

const microsPerDay = 24 * int64(time.Hour/time.Microsecond)

// zoneOffset is by how many microseconds the company's days begin before those of UTC. The zone has one offset.
var zoneOffset = func() int64 {
	_, seconds := time.Unix(0, 0).In(history.Zone).Zone()
	return int64(seconds) * int64(time.Second/time.Microsecond)
}()

// count counts a customer, sign 1, or takes them out again, sign -1.
func (m *Model) count(h *holding, sign int32) {
	m.changed()
	for _, v := range h.looks {
		m.vote(v, sign)
	}
	var own, items []int32
	for n := len(h.days) - 1; n >= 0; n-- {
		items = items[:0]
		for _, v := range h.basket(n) {
			m.vote(v, sign)
			items = append(items, m.facts.list[v].item)
		}
		m.baskets.add(items, sign)
		m.countDay(h.days[n], items, sign)
		own = append(own, items...)
	}
	m.buyers.add(latest(own), sign)
	m.countGaps(h, sign)
}

// latest returns the different items of a list, the first maxOwn of them.
func latest(items []int32) []int32 {
	if len(items) > maxOwn {
		seen := map[int32]bool{}
		items = slices.DeleteFunc(items, func(i int32) bool {
			again := seen[i] || len(seen) >= maxOwn
			seen[i] = seen[i] || !again
			return again
		})
	}
	slices.Sort(items)
	return slices.Compact(items)
}

func (m *Model) countDay(day int32, items []int32, sign int32) {
	r := m.days[day]
	for _, i := range items {
		r.add(i, sign, len(m.items.list))
	}
	m.days[day] = r
}
