package value_test

import (
	"math"
	"testing"

	"github.com/c360hq/c360/projections/value"
)

// What is expected is added up where that is cheap and integrated elsewhere; both say the same, as far as the integral goes:
// it loses up to seven digits where a rate is known well (TestTheSumIsRight).
func TestTheSumIsTheIntegral(t *testing.T) {
	t.Parallel()
	compared := 0
	each(t, func(t *testing.T, l *value.Law, p []float64) {
		for _, s := range customers {
			for _, weeks := range []float64{1.0 / 7, 4, 13, 52, 156, 1040} {
				sum, integral, ok := value.AheadBothWays(l, float64(s.X), s.T, weeks)
				if !ok {
					continue
				}
				compared++
				near(t, "ahead", sum, integral, 1e-6*integral)
				if t.Failed() {
					t.Fatalf("of %v %+v in %v weeks", p, s, weeks)
				}
			}
		}
	})
	if compared < 400 {
		t.Errorf("only %d were compared", compared)
	}
}

func TestTheSumIsRight(t *testing.T) {
	t.Parallel()
	l, err := value.NewLaw(value.BGNBD, laws[value.BGNBD][0]...)
	if err != nil {
		t.Fatal(err)
	}
	sum, _, _ := value.AheadBothWays(l, 26, 31, 1.0/7)
	near(t, "ahead", sum, 0.105704573013041220265483299797, 1e-14) // integrated with 30 digits
}

// Many times at once are what each is alone, the ones that are over included.
func TestExpectedWithin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *value.Law, p []float64) {
		weeks := []float64{-1, 0, 1, 4, 26, 156, 4000}
		for _, s := range customers {
			all := l.ExpectedWithin(s, weeks...)
			for i, w := range weeks {
				if alone := l.Expected(s, w); math.Abs(all[i]-alone) > 1e-12*alone {
					t.Errorf("%v %+v: %v within %v weeks, alone %v", p, s, all[i], w, alone)
				}
			}
		}
	})
}

// The ends of an interval are the first numbers that will do.
func TestIntervalIsNoLongerThanItMust(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *value.Law, p []float64) {
		for _, s := range customers[:7] {
			low, high := l.Interval(s, 52, 0.9)
			if low > 0 && l.AtLeast(s, 52, low) <= 0.95-1e-9 || high > 0 && l.AtLeast(s, 52, high) <= 0.05-1e-9 {
				t.Errorf("%v %+v: %d to %d is longer than it must be", p, s, low, high)
			}
		}
	})
}
