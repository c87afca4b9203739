package affinity

// Merge adds what another model was fed with, as if this one had been fed with it: so two halves can be fed side by side.
// The other is not changed. Of a customer in both what was told as of the later time counts. Settings stay as they are.
func (m *Model) Merge(other *Model) {
	if m == other {
		return
	}
	t := m.translate(other)
	m.addCounts(other, t)
	m.changed()
	for customer, theirs := range other.customers {
		theirs = t.holding(theirs)
		mine := m.customers[customer]
		switch {
		case mine == nil:
			m.customers[customer] = theirs
		case mine.at > theirs.at:
			m.count(theirs, -1)
		default:
			m.count(mine, -1)
			m.customers[customer] = theirs
		}
	}
}

// translation says which numbers another model's items, words and variants have here.
type translation struct{ items, words, variants []int32 }

func (m *Model) translate(other *Model) *translation {
	t := &translation{}
	for _, name := range other.items.list {
		t.items = append(t.items, m.items.id(name))
	}
	for _, name := range other.words.list {
		t.words = append(t.words, m.words.id(name))
	}
	m.reach()
	for n, v := range other.facts.list {
		if other.facts.votes[n] == 0 {
			t.variants = append(t.variants, none)
			continue
		}
		t.variants = append(t.variants, m.variant(variant{
			t.items[v.item], t.words[v.category], t.words[v.brand], t.words[v.currency], v.price, v.looked,
		}))
	}
	return t
}

func (t *translation) holding(h *holding) *holding {
	c := &holding{at: h.at, days: h.days, ends: h.ends, lines: make([]int32, len(h.lines)), looks: make([]int32, len(h.looks))}
	for i, v := range h.lines {
		c.lines[i] = t.variants[v]
	}
	for i, v := range h.looks {
		c.looks[i] = t.variants[v]
	}
	return c
}

// addCounts adds the counts of another model, those of customers in both too.
func (m *Model) addCounts(other *Model, t *translation) {
	m.baskets.merge(&other.baskets, t.items)
	m.buyers.merge(&other.buyers, t.items)
	for v, votes := range other.facts.votes {
		if votes != 0 {
			m.vote(t.variants[v], votes)
		}
	}
	for day, theirs := range other.days {
		r := m.days[day]
		theirs.each(func(i, n int32) { r.add(t.items[i], n, len(m.items.list)) })
		m.days[day] = r
	}
	for i := range other.gaps {
		mine := &m.gaps[t.items[i]]
		other.gaps[i].each(func(days, n int32) { mine.add(days, n) })
	}
	for word, theirs := range other.kindGaps {
		theirs.each(func(days, n int32) { m.rhythmsOf(t.words[word]).add(days, n) })
	}
}
