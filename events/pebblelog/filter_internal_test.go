package pebblelog

import (
	"strconv"
	"testing"
)

// TestFilterForgetsNothing grows a filter over several layers: it may be wrong about an id it never saw, rarely, and
// never about one it did.
func TestFilterForgetsNothing(t *testing.T) {
	t.Parallel()
	f := newIDFilter(0)
	const n = 4 * filterMin
	for i := range n {
		id := newIDKey("web", strconv.Itoa(i))
		f.add(&id)
	}
	first := newIDKey("web", "0")
	if f.absent(&first) {
		t.Error("an incomplete filter said no")
	}
	f.complete.Store(true)
	wrong := 0
	for i := range n {
		id, stranger := newIDKey("web", strconv.Itoa(i)), newIDKey("app", strconv.Itoa(i))
		if f.absent(&id) {
			t.Fatalf("id %d was forgotten", i)
		}
		if !f.absent(&stranger) {
			wrong++
		}
	}
	if layers := len(*f.layers.Load()); layers != 3 {
		t.Errorf("%d layers, want 3", layers)
	}
	if share := float64(wrong) / n; share > 0.03 {
		t.Errorf("the filter is wrong about %.1f %% of new ids, want at most 3 %%", 100*share)
	}
}

// TestRecentCovers: an id is either remembered, or recent says that it does not cover the look-up.
func TestRecentCovers(t *testing.T) {
	t.Parallel()
	r := newRecent()
	const groups, size = 2000, 50
	for g := uint64(1); g <= groups; g++ {
		for i := range size {
			r.add(newIDKey("web", strconv.Itoa(int(g)*size+i)), 1, g)
		}
		for seen := max(g, 1500) - 1500; seen < g; seen += 100 {
			if !r.covers(seen) {
				continue
			}
			for later := seen + 1; later <= g; later += 97 {
				if r.find(newIDKey("web", strconv.Itoa(int(later)*size))) == 0 {
					t.Fatalf("at group %d, an id of group %d is gone though %d is covered", g, later, seen)
				}
			}
		}
	}
	if r.covers(0) || !r.covers(groups-1) || len(r.young)+len(r.old) > 2*recentMax+size {
		t.Errorf("recent covers too much or too little: %d and %d ids", len(r.young), len(r.old))
	}
}
