package affinity

import (
	"slices"
)

// maxGap is the longest time between two purchases that is told apart, in days.
const maxGap = 3660

// countGaps counts the customer's rhythm for each item and category that they bought often enough.
func (m *Model) countGaps(h *holding, sign int32) {
	if len(h.days) <= m.settings.MinRepeats {
		return
	}
	items, kinds := h.daysOf(&m.facts, m.words.list)
	for i, days := range items {
		if gap, often := rhythm(days, m.settings.MinRepeats); often {
			m.gaps[i].add(gap, sign, maxGap+1)
		}
	}
	for k, days := range kinds {
		if gap, often := rhythm(days, m.settings.MinRepeats); often {
			r := m.kindGaps[k]
			r.add(gap, sign, maxGap+1)
			m.kindGaps[k] = r
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
