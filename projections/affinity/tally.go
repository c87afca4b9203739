package affinity

// tally counts products, and pairs of them, over sets of products: baskets, or all that a customer bought.
type tally struct {
	all  int     // sets
	sold int     // items that are in a set
	of   []int32 // sets with the item
	with []row   // sets with the item and another
}

// reach makes room for a number of items.
func (t *tally) reach(items int) {
	for len(t.of) < items {
		t.of = append(t.of, 0)
		t.with = append(t.with, row{})
	}
}

// add counts a set of different items, sign 1, or takes it out again, sign -1.
func (t *tally) add(set []int32, sign int32) {
	if len(set) == 0 {
		return
	}
	t.all += int(sign)
	for n, a := range set {
		t.count(a, sign)
		for _, b := range set[:n] {
			t.with[a].add(b, sign, len(t.of))
			t.with[b].add(a, sign, len(t.of))
		}
	}
}

// count changes in how many sets an item is.
func (t *tally) count(item, by int32) {
	before := t.of[item]
	t.of[item] += by
	switch after := t.of[item]; {
	case before <= 0 && after > 0:
		t.sold++
	case before > 0 && after <= 0:
		t.sold--
	}
}

// merge adds what another counted; id translates its items.
func (t *tally) merge(other *tally, id []int32) {
	t.all += other.all
	for i := range other.of {
		t.count(id[i], other.of[i])
		mine := &t.with[id[i]]
		other.with[i].each(func(j, n int32) { mine.add(id[j], n, len(t.of)) })
	}
}

// both returns how many sets have both items.
func (t *tally) both(a, b int32) int32 { return t.with[a].get(b) }

// alike is Jaccard's coefficient, shrunk: of the sets with one of two items those with both, as if shrink more sets had
// had only one of them. Little evidence so counts for little.
func alike(a, b, both int32, shrink float64) float64 {
	return float64(both) / (float64(a+b-both) + shrink)
}

func (t *tally) bytes() int {
	sum := 4 * cap(t.of)
	for i := range t.with {
		sum += t.with[i].bytes()
	}
	return sum
}
