package segment_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/c360hq/c360/projections/history"
)

// TestNeedIsEnough judges by what a program says that it needs, and by all there is.
func TestNeedIsEnough(t *testing.T) {
	t.Parallel()
	v := words(t)
	rapid.Check(t, func(t *rapid.T) {
		d := roll(t)
		p, h := compile(t, v, drawRule(d, 2)), drawHistory(d, 14)
		need := p.Need(0)
		f := &history.Fragment{ID: h.Customer, Older: h.Older, Kinds: h.Kinds}
		for _, x := range h.Touchpoints {
			if need.Traits && len(x.Traits) > 0 || slices.Contains(need.Kinds, x.Type) {
				f.Touchpoints = append(f.Touchpoints, x)
			}
		}
		less := history.Merge(f)
		for _, at := range instants(h) {
			in, due := p.At(h, at)
			if lessIn, lessDue := p.At(less, at); in != lessIn || due != lessDue {
				t.Fatalf("at %d it is %v, due %d; by what it needs %v, due %d\n%s", at-start, in, due, lessIn, lessDue, p.Rule().JSON())
			}
		}
	})
}
