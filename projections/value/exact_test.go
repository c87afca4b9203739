package value_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/projections/value"
)

// Shuffled and partly repeated purchases must not change a number by one unit.
func TestShufflesAndRepeatsChangeNothing(t *testing.T) {
	t.Parallel()
	lines, ok := cdnow(t)
	if !ok {
		return
	}
	const seed = 20261122
	t.Logf("seed %d", seed)
	want := everything(t, lines)
	dice := rand.New(rand.NewPCG(seed, 1))
	for range 3 {
		mixed := append([]value.Transaction(nil), lines...)
		for range len(lines) / 100 {
			mixed = append(mixed, lines[dice.IntN(len(lines))])
		}
		dice.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if got := everything(t, mixed); !bytes.Equal(got.fitted, want.fitted) {
			t.Errorf("the fit changed:\n%s\n%s", got.fitted, want.fitted)
		} else if d := cmp.Diff(got.fifths, want.fifths); d != "" {
			t.Errorf("the fifths changed: %s", d)
		}
	}
}

type outcome struct {
	fitted []byte
	fifths *value.Quintiles
}

func everything(t *testing.T, lines []value.Transaction) outcome {
	t.Helper()
	f, err := holdout(t, lines, "1997-01-01", "1997-09-30", "1998-06-30").Fit(value.MBGNBD)
	if err != nil {
		t.Fatal(err)
	}
	text, err := f.JSON()
	if err != nil {
		t.Fatal(err)
	}
	fifths := value.NewRFM(0, 0, "")
	for _, list := range value.Collect(lines) {
		row, _ := value.RowOf(list)
		fifths.AddRow(row)
	}
	return outcome{text, fifths.Result()}
}

// Two halves merged are the whole.
func TestHalvesMerge(t *testing.T) {
	t.Parallel()
	lines, ok := cdnow(t)
	if !ok {
		return
	}
	from, cut, to := noon(t, "1997-01-01"), noon(t, "1997-09-30"), noon(t, "1998-06-30")
	halves := [3]*value.Holdout{}
	for i := range halves {
		halves[i] = value.NewHoldout(from, cut, to, "USD")
	}
	i := 0
	for _, list := range value.Collect(lines) {
		halves[i%2].AddBought(list, list)
		halves[2].AddBought(list, list)
		i++
	}
	halves[0].Merge(halves[1])
	merged, err := halves[0].Fit(value.BGNBD)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := halves[2].Fit(value.BGNBD)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(merged, whole); d != "" {
		t.Errorf("merged and whole differ: %s", d)
	}
}

// What others publish of the summaries of CDNOW: the figures of lifetimes and BTYD for its first customers.
func TestSummariesOfCDNOW(t *testing.T) {
	t.Parallel()
	lines, ok := cdnow(t)
	if !ok {
		return
	}
	r, ok := set(t, "cdnow/cdnow_customers_summary_with_transactions.csv")
	if !ok {
		return
	}
	all, end := value.Collect(lines), value.DayOf(noon(t, "1997-09-30"))
	compared := 0
	for _, f := range rows(t, r) {
		s, ok := value.Summarize(all[pad(f[0])], 0, end)
		if !ok {
			t.Fatalf("customer %s bought nothing", f[0])
		}
		near(t, f[0]+" x", float64(s.X), number(t, f[1]), 0)
		near(t, f[0]+" tx", s.Tx, number(t, f[2]), 0.0051)
		near(t, f[0]+" T", s.T, number(t, f[3]), 0.0051)
		near(t, f[0]+" mean", s.Mean, number(t, f[4]), 0.0051)
		compared++
	}
	if compared != 2357 {
		t.Errorf("%d customers", compared)
	}
}
