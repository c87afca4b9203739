package affinity

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Timing says after how many days people buy a thing again: for each customer who bought it often enough the median of the
// days between their purchases, and over those customers the quartiles.
type Timing struct {
	// SKU or Category is the thing.
	SKU, Category string
	// Customers have a rhythm with it.
	Customers             int
	Quarter, Median, Most int // days: a quarter, half and three quarters of them buy sooner
}

// Timing returns when an article is bought again, false if too few customers have a rhythm with it.
func (m *Model) Timing(sku string) (Timing, bool) {
	i, found := m.items.find(sku)
	if !found {
		return Timing{SKU: sku}, false
	}
	t, enough := m.timing(&m.gaps[i])
	t.SKU = sku
	return t, enough
}

// CategoryTiming returns when something of a category is bought again, false if too few customers have a rhythm with it.
func (m *Model) CategoryTiming(category string) (Timing, bool) {
	k, found := m.words.find(category)
	if !found || category == "" || m.kindGaps[k] == nil {
		return Timing{Category: category}, false
	}
	t, enough := m.timing(m.kindGaps[k])
	t.Category = category
	return t, enough
}

// timing returns what rhythms say, their number alone if there are too few.
func (m *Model) timing(r *rhythms) (Timing, bool) {
	t := r.timing()
	if t.Customers < max(m.settings.MinRhythms, 1) {
		return Timing{Customers: t.Customers}, false
	}
	return t, true
}

// quantile returns the fourths-th quartile of counted values, the lower one where it falls between two.
func quantile(sorted []slot, all, fourths int) int {
	place := (all - 1) * fourths / 4
	for _, s := range sorted {
		if place -= int(s.count); place < 0 {
			return int(s.key)
		}
	}
	return 0
}

// Again says when a customer is due to buy something again.
type Again struct {
	// SKU is the article; empty if it is anything of the Category.
	SKU, Category string
	// Last is when they bought it last, DueOn the day they are due, at its beginning. Unix microseconds.
	Last, DueOn int64
	// Days is the rhythm; Own says it is the customer's, else it is that of Customers others.
	Days, Customers int
	Own             bool
	Text            events.Text
	// Evidence are the customer's own orders with it.
	Evidence []history.Ref
}

// Due returns what a customer is due to buy again by a time, Unix microseconds, what is due first first: articles, and the
// categories in which no article has a rhythm but the category has. What somebody let pass by more than two rhythms they no
// longer buy, and an article that a not-again rule holds back is left out.
func (m *Model) Due(p *Purchases, by int64, limit int) []Again { return m.About(p).Due(by, limit) }

// Due is [Model.Due].
func (a *About) Due(by int64, limit int) []Again {
	var due []Again
	rhythmic := map[string]bool{}
	for _, o := range a.own {
		x, found := a.m.again(o)
		rhythmic[x.Category] = rhythmic[x.Category] || found
		if found && x.soon(a.p.At, by) && a.ban.of(o.sku, "") == nil {
			due = append(due, x)
		}
	}
	for _, o := range a.kinds() {
		if rhythmic[o.category] {
			continue
		}
		if x, found := a.m.again(o); found && x.soon(a.p.At, by) {
			due = append(due, x)
		}
	}
	slices.SortFunc(due, func(a, b Again) int {
		return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Category, b.Category))
	})
	due = due[:min(max(limit, 0), len(due))]
	for i := range due {
		due[i].Text = againText(&due[i])
	}
	return due
}

// soon reports whether something is due by a time and was not let pass at another.
func (x *Again) soon(at, by int64) bool {
	return x.DueOn <= by && int(dayOf(at)-dayOf(x.Last)) <= 3*x.Days
}

// again finds the rhythm of one thing: the customer's own if they have one, else that of all who buy it again.
func (m *Model) again(o *owned) (Again, bool) {
	a := Again{SKU: o.sku, Category: o.category, Last: o.last, Evidence: o.refs}
	if gap, own := o.rhythm(m.settings.MinRepeats); own {
		a.Days, a.Own = int(gap), true
	} else if t, enough := m.timingOf(o); enough {
		a.Days, a.Customers = t.Median, t.Customers
	}
	a.DueOn = startOf(dayOf(o.last) + int32(a.Days)) // #nosec G115 -- at most maxGap
	return a, a.Days > 0
}

// rhythm is the customer's own, if they bought it often enough.
func (o *owned) rhythm(repeats int) (gap int32, often bool) {
	if len(o.times) <= max(repeats, 1) {
		return 0, false
	}
	days := make([]int32, len(o.times))
	for i, at := range o.times {
		days[i] = dayOf(at)
	}
	return rhythm(days, repeats)
}

func (m *Model) timingOf(o *owned) (Timing, bool) {
	if o.sku == "" {
		return m.CategoryTiming(o.category)
	}
	return m.Timing(o.sku)
}
