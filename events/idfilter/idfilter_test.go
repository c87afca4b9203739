package idfilter_test

import (
	"strconv"
	"testing"

	"github.com/c360hq/c360/events/idfilter"
	"github.com/c360hq/c360/events/keys"
)

// TestFilterForgetsNothing grows a filter over several layers: it may be wrong about an id it never saw, rarely, and
// never about one it did.
func TestFilterForgetsNothing(t *testing.T) {
	t.Parallel()
	f := idfilter.New(0)
	const n = 4 * idfilter.Min
	for i := range n {
		id := keys.NewID("web", strconv.Itoa(i))
		f.Add(&id)
	}
	first := keys.NewID("web", "0")
	if f.Absent(&first) {
		t.Error("an incomplete filter said no")
	}
	f.Complete()
	wrong := 0
	for i := range n {
		id, stranger := keys.NewID("web", strconv.Itoa(i)), keys.NewID("app", strconv.Itoa(i))
		if f.Absent(&id) {
			t.Fatalf("id %d was forgotten", i)
		}
		if !f.Absent(&stranger) {
			wrong++
		}
	}
	if layers := f.Layers(); layers != 3 {
		t.Errorf("%d layers, want 3", layers)
	}
	if share := float64(wrong) / n; share > 0.03 {
		t.Errorf("the filter is wrong about %.1f %% of new ids, want at most 3 %%", 100*share)
	}
}
