package lookalike_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics/lookalike"
	"github.com/c360hq/c360/projections/history"
)

// TestFisher is the lady tasting tea (Fisher 1935): 3 of 4 told right, two-sided .4857; all 4 right, 2/70.
func TestFisher(t *testing.T) {
	t.Parallel()
	for top, want := range map[[2]int64]float64{{3, 1}: 34.0 / 70, {4, 0}: 2.0 / 70, {2, 2}: 1} {
		if got := lookalike.Fisher(top, [2]int64{4, 4}); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: %v, want %v", top, got, want)
		}
	}
}

// TestBenjaminiHochberg is the example of their paper (1995, section 3.1): of 15 tests the four smallest are significant at .05.
func TestBenjaminiHochberg(t *testing.T) {
	t.Parallel()
	p := []float64{.0459, .0001, .0004, .3240, .0019, .0095, .0201, .0278, .0298, .0344, .4262, .5719, .6528, .7590, 1}
	found := 0
	for i, q := range lookalike.FalseShares(p) {
		if significant := q <= .05; significant != (p[i] <= .0095) {
			t.Errorf("%v has %v", p[i], q)
		}
		if q <= .05 {
			found++
		}
	}
	if found != 4 {
		t.Errorf("%d are significant, want 4", found)
	}
}

// said is a customer of whom one flag is known.
func said(name, trait string, value bool) *history.History {
	return person(name, history.Touchpoint{
		At: now - day, Type: "customer.identified", Channel: events.ChannelWeb, Traits: []events.Trait{{Name: trait, Value: strconv.FormatBool(value)}},
	})
}

// seedOf says who is in the group by the name of the customer.
func seedOf(names map[string]bool) func(*history.History) bool {
	return func(h *history.History) bool { return names[h.Customer.String()] }
}

// TestWeightsAreLogOdds: of one flag the log odds are known. The ridge takes next to nothing off.
func TestWeightsAreLogOdds(t *testing.T) {
	t.Parallel()
	seeds := map[string]bool{}
	var all []*history.History
	for i := range 10_000 {
		has, seed := i%2 == 0, i%10 < 6
		if has {
			seed = i%20 != 4
		}
		h := said(fmt.Sprint("odds", i), "likes", has)
		seeds[h.Customer.String()] = seed
		all = append(all, h)
	}
	m := fit(t, lookalike.Options{At: now}, seedOf(seeds), all...)
	yes, _ := m.Score(lookalike.Options{At: now}, all[0])
	no, _ := m.Score(lookalike.Options{At: now}, all[1])
	// 9 of 10 who like it are seeds, and 3 of 5 who do not.
	if math.Abs(yes-math.Log(9)) > .01 || math.Abs(no-math.Log(1.5)) > .01 {
		t.Errorf("log odds %v and %v, want %v and %v", yes, no, math.Log(9), math.Log(1.5))
	}
}

// TestSamplingDoesNotShiftTheOdds: with more customers than are kept, the probabilities still add up to the seeds.
func TestSamplingDoesNotShiftTheOdds(t *testing.T) {
	t.Parallel()
	seeds := map[string]bool{}
	var all []*history.History
	for i := range lookalike.MaxOthers + 20_000 {
		h := said(fmt.Sprint("many", i), "likes", i%7 == 0)
		seeds[h.Customer.String()] = i%210 == 0 || i%333 == 1
		all = append(all, h)
	}
	m := fit(t, lookalike.Options{At: now}, seedOf(seeds), all...)
	told, sum := 0.0, 0.0
	for _, h := range all {
		z, _ := m.Score(lookalike.Options{At: now}, h)
		sum += 1 / (1 + math.Exp(-z))
		if seeds[h.Customer.String()] {
			told++
		}
	}
	if int64(told) != m.Seeds || m.Others != int64(len(all))-m.Seeds || math.Abs(sum-told) > .03*told {
		t.Errorf("%d seeds and %d others; the probabilities add up to %.1f, want %v", m.Seeds, m.Others, sum, told)
	}
}
