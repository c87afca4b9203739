package affinity

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// A row is a map of counts, however many items there are by then and whatever form it takes.
func TestRowIsAMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var r row
		want := map[int32]int32{}
		items, forms := 1, map[bool]bool{}
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			items += rapid.SampledFrom([]int{0, 0, 0, 1, 7, 300}).Draw(t, "new")
			item := int32(rapid.IntRange(0, items-1).Draw(t, "item"))
			by := int32(rapid.IntRange(-2, 3).Draw(t, "by"))
			r.add(item, by, items)
			want[item] += by
			if got := r.get(item); got != want[item] {
				t.Fatalf("item %d counts %d, want %d", item, got, want[item])
			}
			forms[r.dense != nil] = true
		}
		maps.DeleteFunc(want, func(_, n int32) bool { return n == 0 })
		got := map[int32]int32{}
		r.each(func(item, n int32) { got[item] += n })
		if !maps.Equal(got, want) {
			t.Fatalf("counts are %v, want %v (forms %v)", got, want, forms)
		}
		if r.get(int32(items)+5) != 0 {
			t.Fatal("an item that never was counts")
		}
	})
}

// A row never takes more than about twice the room of the smaller of its forms.
func TestRowIsCompact(t *testing.T) {
	t.Parallel()
	var few, many row
	for i := range int32(3) {
		few.add(i*1000, 1, 3000)
	}
	for i := range int32(20_000) { // items come one by one: the row turns into a list, and back, and grows
		many.add(i, 1, int(i)+1)
	}
	few.add(90_000, 1, 100_000)
	if few.dense != nil || few.bytes() > 200 {
		t.Errorf("four items of 100,000 take %d bytes", few.bytes())
	}
	if many.dense == nil || many.bytes() > 3*4*20_000 {
		t.Errorf("20,000 items of 20,000 take %d bytes", many.bytes())
	}
}
