package affinity

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/events"
)

// Rule says that sets with some products often have another one too. A set is a basket or all that one customer bought.
type Rule struct {
	// If and Then are article numbers or, of CategoryRules, categories. If is in order.
	If   []string
	Then string
	// Both sets have all of If and Then, IfCount have all of If, ThenCount have Then; All is how many sets there are.
	Both, IfCount, ThenCount, All int
	// Support is Both/All, Confidence Both/IfCount, Lift how many times as many sets have both as if they were independent
	// (Agrawal, Imieliński and Swami, 1993; Brin, Motwani, Ullman and Tsur, 1997).
	Support, Confidence, Lift float64
	// P is the chance of as many or more sets with both if the two sides were independent (Fisher's exact test, one-sided).
	// Q is P corrected for how many pairs or rules were looked at.
	P, Q float64
	Text events.Text
}

func newRule(left []string, right string, both, ifCount, thenCount, all int) Rule {
	r := Rule{If: left, Then: right, Both: both, IfCount: ifCount, ThenCount: thenCount, All: all}
	r.share()
	r.test()
	return r
}

// share fills in what follows from the counts without much work.
func (r *Rule) share() {
	if r.All == 0 || r.IfCount == 0 || r.ThenCount == 0 {
		return
	}
	r.Support = float64(r.Both) / float64(r.All)
	r.Confidence = float64(r.Both) / float64(r.IfCount)
	r.Lift = float64(r.Both) * float64(r.All) / (float64(r.IfCount) * float64(r.ThenCount))
}

// test fills in P; Q is left as it is, but where there is nothing to test.
func (r *Rule) test() {
	if r.All == 0 || r.IfCount == 0 || r.ThenCount == 0 {
		r.P, r.Q = 1, 1
		return
	}
	r.P = fisher(r.Both, r.IfCount, r.ThenCount, r.All)
}

// pair makes the rule of two items.
func (m *Model) pair(t *tally, left, right int32) Rule {
	r := m.untested(t, left, right)
	r.test()
	return r
}

// untested is pair without the test.
func (m *Model) untested(t *tally, left, right int32) Rule {
	r := Rule{
		If: []string{m.items.list[left]}, Then: m.items.list[right],
		Both: int(t.both(left, right)), IfCount: int(t.of[left]), ThenCount: int(t.of[right]), All: t.all,
	}
	r.share()
	return r
}

// BoughtTogether returns what is found in one basket with an article more often than chance has it, most alike first. Q is
// corrected for all other articles. It is empty for an article nobody bought.
func (m *Model) BoughtTogether(sku string, limit int) []Rule {
	rules := m.partners(&m.baskets, sku, limit)
	for i := range rules {
		rules[i].Text = togetherText(&rules[i])
	}
	return rules
}

// AlsoBought is BoughtTogether for what one customer bought in any of their baskets.
func (m *Model) AlsoBought(sku string, limit int) []Rule {
	rules := m.partners(&m.buyers, sku, limit)
	for i := range rules {
		rules[i].Text = buyersText(&rules[i])
	}
	return rules
}

// partners returns the significant pairs of an article, the most alike by Jaccard's coefficient first.
func (m *Model) partners(t *tally, sku string, limit int) []Rule {
	left, found := m.items.find(sku)
	if !found || t.of[left] == 0 {
		return nil
	}
	var rules []Rule
	t.with[left].each(func(right, both int32) {
		byChance := float64(t.of[left]) * float64(t.of[right]) / float64(t.all)
		if int(both) >= m.settings.MinBoth && float64(both) > byChance {
			rules = append(rules, m.pair(t, left, right))
		}
	})
	adjust(rules, m.sold()-1) // those left out count as tests that failed
	rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.Q > m.settings.MaxQ })
	slices.SortFunc(rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(m.jaccard(&b), m.jaccard(&a)), cmp.Compare(a.Then, b.Then))
	})
	return rules[:min(max(limit, 0), len(rules))]
}

func (m *Model) jaccard(r *Rule) float64 {
	return alike(int32(r.IfCount), int32(r.ThenCount), int32(r.Both), m.settings.Shrink) // #nosec G115 -- they were int32
}
