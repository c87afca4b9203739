package affinity

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// maxGap is the longest time between two purchases that is told apart, in days.
const maxGap = 3660

// rhythms counts customers by the days between two purchases of a thing.
type rhythms struct {
	row
	kept atomic.Pointer[Timing] // what the row says, nil if nobody asked since it changed
}

func (r *rhythms) add(days, customers int32) {
	r.row.add(days, customers, maxGap+1)
	r.kept.Store(nil)
}

// timing returns what the row says.
func (r *rhythms) timing() Timing {
	if t := r.kept.Load(); t != nil {
		return *t
	}
	t := r.quartiles()
	r.kept.Store(&t)
	return t
}

func (r *rhythms) quartiles() Timing {
	var t Timing
	var gaps []slot
	r.each(func(days, n int32) {
		t.Customers += int(n)
		gaps = append(gaps, slot{days, n})
	})
	slices.SortFunc(gaps, func(a, b slot) int { return cmp.Compare(a.key, b.key) })
	t.Quarter, t.Median, t.Most = quantile(gaps, t.Customers, 1), quantile(gaps, t.Customers, 2), quantile(gaps, t.Customers, 3)
	return t
}

// rhythmsOf returns those of a category, by its word.
func (m *Model) rhythmsOf(category int32) *rhythms {
	r := m.kindGaps[category]
	if r == nil {
		r = &rhythms{}
		m.kindGaps[category] = r
	}
	return r
}

// countGaps counts the customer's rhythm for each item and category that they bought often enough.
func (m *Model) countGaps(h *holding, sign int32) {
	if len(h.days) <= m.settings.MinRepeats {
		return
	}
	items, kinds := h.daysOf(&m.facts, m.words.list)
	for i, days := range items {
		if gap, often := rhythm(days, m.settings.MinRepeats); often {
			m.gaps[i].add(gap, sign)
		}
	}
	for k, days := range kinds {
		if gap, often := rhythm(days, m.settings.MinRepeats); often {
			m.rhythmsOf(k).add(gap, sign)
		}
	}
}

// daysOf returns the days of purchase of each item and each category, in order.
func (h *holding) daysOf(f *facts, words []string) (items, kinds map[int32][]int32) {
	items, kinds = map[int32][]int32{}, map[int32][]int32{}
	for n, day := range h.days {
		for _, v := range h.basket(n) {
			x := &f.list[v]
			items[x.item] = append(items[x.item], day)
			if words[x.category] != "" {
				kinds[x.category] = append(kinds[x.category], day)
			}
		}
	}
	return items, kinds
}

// rhythm returns the median of the days between purchases, the lower one of two, if there are enough. What was bought on one
// day was bought once. days must be in order.
func rhythm(days []int32, repeats int) (gap int32, often bool) {
	var gaps []int32
	for i := 1; i < len(days); i++ {
		if days[i] > days[i-1] {
			gaps = append(gaps, min(days[i]-days[i-1], maxGap))
		}
	}
	if len(gaps) < max(repeats, 1) {
		return 0, false
	}
	slices.Sort(gaps)
	return gaps[(len(gaps)-1)/2], true
}
