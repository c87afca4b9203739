package affinity

import (
	"cmp"
	"slices"
)

// Popular is a product and how many baskets of the last days had it.
type Popular struct {
	SKU     string
	Baskets int
}

// Popular returns what sold best in the last days before a time, Unix microseconds (see Settings.RecentDays): the plain
// baseline of every recommendation, and what is left when nothing is known of somebody.
func (m *Model) Popular(at int64, limit int) []Popular {
	list := m.seasonOf(at).list
	return slices.Clone(list[:min(max(limit, 0), len(list))])
}

// season is what sold in the last days before a day.
type season struct {
	day    int32
	recent []int32 // baskets, by item
	trend  []int32 // the same of the days that the trend is made of
	all    int     // baskets times items
	share  float64 // of 1: what fell into the days of the trend of all that was ever sold
	list   []Popular
	items  []int32 // of list
	place  []int32 // in list, from 1 on, by item; 0: it did not sell
}

// seasonOf returns the season of a time. It is worked out once a day and change.
func (m *Model) seasonOf(at int64) *season {
	m.mu.Lock()
	defer m.mu.Unlock()
	if day := dayOf(at); m.lately == nil || m.lately.day != day {
		m.lately = m.newSeason(day)
	}
	return m.lately
}

func (m *Model) newSeason(day int32) *season {
	s := &season{day: day, place: make([]int32, len(m.items.list))}
	s.recent, s.trend = m.lastDays(day, m.settings.RecentDays), m.lastDays(day, m.settings.TrendDays)
	s.share = float64(sum(s.trend)) / max(1, float64(sum(m.baskets.of)))
	for i, n := range s.recent {
		if n > 0 {
			s.all += int(n)
			s.list = append(s.list, Popular{m.items.list[i], int(n)})
		}
	}
	slices.SortFunc(s.list, func(a, b Popular) int {
		return cmp.Or(cmp.Compare(b.Baskets, a.Baskets), cmp.Compare(a.SKU, b.SKU))
	})
	s.items = make([]int32, len(s.list))
	for n, p := range s.list {
		s.items[n], _ = m.items.find(p.SKU)
		s.place[s.items[n]] = int32(n + 1) // #nosec G115 -- as many as items
	}
	return s
}

// lastDays counts baskets by item over so many days, of which day is the last.
func (m *Model) lastDays(day int32, days int) []int32 {
	counts := make([]int32, len(m.items.list))
	for back := range int32(days) { // #nosec G115 -- days
		r := m.days[day-back]
		r.each(func(i, n int32) { counts[i] += n })
	}
	return counts
}

func sum(counts []int32) int {
	all := 0
	for _, n := range counts {
		all += int(n)
	}
	return all
}
