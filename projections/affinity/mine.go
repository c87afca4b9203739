package affinity

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// maxSets bounds the frequent sets that mining finds, and so its memory.
const maxSets = 1 << 19

// TooManyError says that a search for rules would find more than can be kept.
type TooManyError struct{ MinSupport float64 }

func (e *TooManyError) Error() string {
	return fmt.Sprintf("more than %d sets of products have a support of %g: ask for more support or shorter rules", maxSets, e.MinSupport)
}

// Rules finds every association rule over baskets with one product on the right, at least one on the left and at most maxLen
// in all, that has the support and the confidence asked for, the surest first. It is exact: Eclat over bit sets (Zaki, 2000).
// Q is corrected for all rules with the support, sure or not. It returns a TooManyError rather than fill the memory.
func (m *Model) Rules(minSupport, minConfidence float64, maxLen int) ([]Rule, error) {
	return m.rules(minSupport, minConfidence, maxLen, func(i int32) string { return m.items.list[i] })
}

// CategoryRules is Rules over the categories of what is in a basket. Products without one are left out.
func (m *Model) CategoryRules(minSupport, minConfidence float64, maxLen int) ([]Rule, error) {
	return m.rules(minSupport, minConfidence, maxLen, func(i int32) string { return m.categoryOf(m.items.list[i], "") })
}

func (m *Model) rules(minSupport, minConfidence float64, maxLen int, name func(item int32) string) ([]Rule, error) {
	d := &mine{least: max(1, int(math.Ceil(minSupport*float64(m.baskets.all)-1e-9))), most: maxLen, support: map[string]int{}}
	d.load(m, name)
	for i := range d.columns {
		d.grow([]int32{int32(i)}, d.columns[i].bits, d.columns[i].count) // #nosec G115 -- a column
	}
	if d.full {
		return nil, &TooManyError{minSupport}
	}
	rules := d.rules(m.baskets.all)
	adjust(rules, len(rules))
	rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.Confidence < minConfidence-1e-12 })
	slices.SortFunc(rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(b.Both, a.Both),
			slices.Compare(a.If, b.If), cmp.Compare(a.Then, b.Then))
	})
	for i := range rules {
		rules[i].Text = togetherText(&rules[i])
	}
	return rules, nil
}

// mine is one search for rules.
type mine struct {
	least, most int
	columns     []column
	sets        [][]int32      // frequent sets of two and more columns
	support     map[string]int // of frequent sets, by key
	full        bool
}

// column is something frequent with the baskets that have it, one bit each.
type column struct {
	name  string
	bits  []uint64
	count int
}

// load makes the columns, in the order of their names.
func (d *mine) load(m *Model, name func(item int32) string) {
	of := d.columnsOf(m, name)
	basket := 0
	for _, h := range m.customers {
		for n := range h.days {
			for _, v := range h.basket(n) {
				if c := of[m.facts.list[v].item]; c != nil {
					c.bits[basket/64] |= 1 << (basket % 64)
				}
			}
			basket++
		}
	}
	seen := map[*column]bool{}
	for _, c := range of {
		if c != nil && !seen[c] {
			seen[c] = true
			if c.count = meet(c.bits, c.bits, c.bits); c.count >= d.least {
				d.columns = append(d.columns, *c)
			}
		}
	}
	slices.SortFunc(d.columns, func(a, b column) int { return cmp.Compare(a.name, b.name) })
}

// columnsOf returns the column of each item, nil if it cannot be frequent: what its items count together is too little.
func (d *mine) columnsOf(m *Model, name func(item int32) string) []*column {
	atMost, names := map[string]int{}, make([]string, len(m.items.list))
	for i, n := range m.baskets.of {
		names[i] = name(int32(i)) // #nosec G115 -- an item
		atMost[names[i]] += int(n)
	}
	byName, of := map[string]*column{}, make([]*column, len(names))
	for i, s := range names {
		if s == "" || atMost[s] < d.least {
			continue
		}
		if byName[s] == nil {
			byName[s] = &column{name: s, bits: make([]uint64, (m.baskets.all+63)/64)}
		}
		of[i] = byName[s]
	}
	return of
}

// grow notes a frequent set and goes on with every column after its last one.
func (d *mine) grow(set []int32, in []uint64, count int) {
	d.support[key(set)] = count
	if len(set) > 1 {
		d.sets = append(d.sets, slices.Clone(set))
	}
	d.full = d.full || len(d.support) > maxSets
	if len(set) >= d.most || d.full {
		return
	}
	both := make([]uint64, len(in))
	for next := int(set[len(set)-1]) + 1; next < len(d.columns); next++ {
		if n := meet(both, in, d.columns[next].bits); n >= d.least {
			d.grow(append(slices.Clip(set), int32(next)), slices.Clone(both), n) // #nosec G115 -- a column
		}
	}
}

// meet sets into to what is in a and in b, and returns how many that are.
func meet(into, a, b []uint64) int {
	n := 0
	for i := range into {
		into[i] = a[i] & b[i]
		n += bits.OnesCount64(into[i])
	}
	return n
}

// rules makes every rule of the frequent sets.
func (d *mine) rules(all int) []Rule {
	var rules []Rule
	for _, set := range d.sets {
		both := d.support[key(set)]
		for n, right := range set {
			left := slices.Delete(slices.Clone(set), n, n+1)
			names := make([]string, len(left))
			for i, c := range left {
				names[i] = d.columns[c].name
			}
			rules = append(rules, newRule(names, d.columns[right].name, both, d.support[key(left)], d.columns[right].count, all))
		}
	}
	return rules
}

// key names a set.
func key(set []int32) string {
	var b strings.Builder
	for _, c := range set {
		b.Write([]byte{byte(c), byte(c >> 8), byte(c >> 16)}) // #nosec G115 -- its three bytes
	}
	return b.String()
}
