package value_test

import (
	"math/rand/v2"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/value"
)

// The fifths as the rule says them, counted one against all.
func TestFifthsAreCountedOneAgainstAll(t *testing.T) {
	t.Parallel()
	const seed = 7
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	for _, n := range []int{1, 2, 4, 5, 9, 100, 503} {
		list := make([]value.Row, n)
		all := value.NewRFM(0, 0, "")
		for i := range list {
			// Few values, so many tie.
			list[i] = value.Row{Day: int32(dice.IntN(30)), Frequency: 1 + dice.IntN(dice.IntN(4)+1), Money: events.Money(dice.IntN(50))}
			all.AddRow(list[i])
		}
		q := all.Result()
		grid := [5][5]int64{}
		for _, row := range list {
			want := value.Rank{
				R: below(list, func(o value.Row) bool { return o.Day < row.Day }),
				F: below(list, func(o value.Row) bool { return o.Frequency < row.Frequency }),
				M: below(list, func(o value.Row) bool { return o.Money < row.Money }),
			}
			if got := q.Rank(row); got != want {
				t.Fatalf("of %d %+v is in %+v; it should be %+v", n, row, got, want)
			}
			grid[want.R-1][want.F-1]++
		}
		if q.Grid != grid || q.Customers != int64(n) {
			t.Errorf("of %d the grid is %v; it should be %v", n, q.Grid, grid)
		}
	}
}

func below(list []value.Row, worse func(value.Row) bool) int {
	n := 0
	for _, o := range list {
		if worse(o) {
			n++
		}
	}
	return 1 + 5*n/len(list)
}

func TestEveryPlaceHasAName(t *testing.T) {
	t.Parallel()
	for r := 1; r <= 5; r++ {
		for f := 1; f <= 5; f++ {
			if name := (value.Rank{R: r, F: f, M: 1}).Class().Name(); name.Ko == "" || name.En == "" {
				t.Errorf("R%d F%d has no name", r, f)
			}
		}
	}
	if c := (value.Rank{}).Class(); c != "" {
		t.Errorf("nowhere is %q", c)
	}
}

func TestNobodyHasNoFifths(t *testing.T) {
	t.Parallel()
	if q := value.NewRFM(0, 0, "").Result(); q.Customers != 0 || q.Rank(value.Row{Day: 5, Frequency: 3, Money: 7}) != (value.Rank{R: 1, F: 1, M: 1}) {
		t.Errorf("%+v", q)
	}
}

// Online Retail to 2011-09-30: the fifths of its 3,616 customers.
func TestFifthsOfOnlineRetail(t *testing.T) {
	t.Parallel()
	lines, ok := retail(t)
	if !ok {
		return
	}
	all := value.NewRFM(0, 0, "")
	for _, list := range value.Collect(lines) {
		row, _ := value.RowOf(list)
		all.AddRow(row)
	}
	q := all.Result()
	t.Logf("%+v", q)
	revenue := events.Money(0)
	for r := range q.Spent {
		for f := range q.Spent[r] {
			revenue += q.Spent[r][f]
		}
	}
	// The totals are those of expected_cohorts.json.
	if q.Customers != 3616 || revenue.String() != "6192078.944" {
		t.Errorf("%d customers, revenue %s", q.Customers, revenue)
	}
}
