package segments_test

import (
	"math/rand/v2"
	"testing"

	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/services/query/segments"
)

// TestInterval draws samples of crowds of every size and demands that the true number lies in the interval about 95 times in
// a hundred.
func TestInterval(t *testing.T) {
	t.Parallel()
	const seed = 95
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for _, c := range []struct {
		members  int64
		fraction float64
	}{{50, 0.5}, {400, 0.1}, {3000, 0.03125}, {20_000, 0.015625}, {5000, 0.99}} {
		const draws = 2000
		hits := 0
		for range draws {
			found := int64(0)
			for range c.members {
				if r.Float64() < c.fraction {
					found++
				}
			}
			a := segments.Estimate(segment.PreviewResult{Customers: 2 * found, Members: found}, c.fraction)
			if a.Low > a.Members || a.Members > a.High || a.Low < found {
				t.Fatalf("%d found of %v: %+v", found, c, a)
			}
			if a.Low <= c.members && c.members <= a.High {
				hits++
			}
		}
		if share := float64(hits) / draws; share < 0.93 || share > 0.985 {
			t.Errorf("%d members, a part of %v: the number lies in the interval %.1f times in a hundred", c.members, c.fraction, 100*share)
		}
	}
}

// TestIntervalOfNobody says how many there may be though nobody was found: up to 3.84·(1-f)/f.
func TestIntervalOfNobody(t *testing.T) {
	t.Parallel()
	a := segments.Estimate(segment.PreviewResult{Customers: 1000}, 0.01)
	if a.Members != 0 || a.Low != 0 || a.High != 381 || a.Share != 0 || !a.Sampled || a.Customers != 100_000 {
		t.Errorf("%+v", a)
	}
}

// TestEverybody has nothing to estimate.
func TestEverybody(t *testing.T) {
	t.Parallel()
	a := segments.Estimate(segment.PreviewResult{Customers: 10, Members: 4, Lines: []segment.Line{{Pointer: "/all/0", Fails: 6, Loses: 2}}}, 1)
	if a.Sampled || a.Low != 4 || a.High != 4 || a.Customers != 10 || a.Share != 0.4 || a.Lines[0].Fails != 6 || a.Lines[0].Loses != 2 {
		t.Errorf("%+v", a)
	}
	if none := segments.Estimate(segment.PreviewResult{}, 1); none.Share != 0 {
		t.Errorf("of nobody: %+v", none)
	}
}
