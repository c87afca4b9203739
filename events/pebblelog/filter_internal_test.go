package pebblelog

import (
	"strconv"
	"testing"

	"github.com/c360hq/c360/events/keys"
)

// TestRecentCovers: an id is either remembered, or recent says that it does not cover the look-up.
func TestRecentCovers(t *testing.T) {
	t.Parallel()
	r := newRecent()
	const groups, size = 2000, 50
	for g := uint64(1); g <= groups; g++ {
		for i := range size {
			r.add(keys.NewID("web", strconv.Itoa(int(g)*size+i)), 1, g)
		}
		for seen := max(g, 1500) - 1500; seen < g; seen += 100 {
			if !r.covers(seen) {
				continue
			}
			for later := seen + 1; later <= g; later += 97 {
				if r.find(keys.NewID("web", strconv.Itoa(int(later)*size))) == 0 {
					t.Fatalf("at group %d, an id of group %d is gone though %d is covered", g, later, seen)
				}
			}
		}
	}
	if r.covers(0) || !r.covers(groups-1) || len(r.young)+len(r.old) > 2*recentMax+size {
		t.Errorf("recent covers too much or too little: %d and %d ids", len(r.young), len(r.old))
	}
}
