package numbers_test

import (
	"slices"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/analytics/lookalike"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/numbers"
)

func TestTargets(t *testing.T) {
	t.Parallel()
	got, err := numbers.Targets([]string{"csat:0.8", "nps:-5"})
	if err != nil || len(got) != 2 || got[analytics.CSAT] != .8 || got[analytics.NPS] != -5 {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "csat", "csat:", "csat:much", "csat:NaN", "csat:1e99", "love:1", "csat:0.8:1"} {
		if _, err := numbers.Targets([]string{bad}); err == nil {
			t.Errorf("%q is taken for a target", bad)
		}
	}
}

// TestLeaveOut: what a segment is chosen by is left out, wherever it stands in the rule.
func TestLeaveOut(t *testing.T) {
	t.Parallel()
	rule := `{"title":{"ko":"","en":""},"rule":{"all":[{"trait":"tier","is":"gold"},{"any":[{"event":"call.ended"},{"not":{"last":"order.completed","ago":{"<":"30d"}}}]}]}}`
	left, err := numbers.LeaveOut([]string{"channel:call"}, []byte(rule))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[lookalike.Key]bool{
		{Kind: lookalike.KindTrait, Name: "tier", Value: "silver"}: true, {Kind: lookalike.KindNumber, Name: "tier"}: true,
		{Kind: lookalike.KindRate, Name: "call.ended"}: true, {Kind: lookalike.KindRate, Name: "call.started"}: false,
		{Kind: lookalike.KindFigure, Name: "revenue GBP"}: true, {Kind: lookalike.KindFigure, Name: "known_days"}: false,
		{Kind: lookalike.KindChannel, Name: "call"}: true, {Kind: lookalike.KindTrait, Name: "city", Value: "gold"}: false,
	} {
		if left.Has(key) != want {
			t.Errorf("%v is left out: %v, want %v", key, !want, want)
		}
	}
	for _, bad := range []string{"tier", "trait:", "mood:good"} {
		if _, err := numbers.LeaveOut([]string{bad}, nil); err == nil {
			t.Errorf("%q is taken for a feature", bad)
		}
	}
}

// TestWhole: a day is over at its last microsecond in Seoul, not before.
func TestWhole(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 5, 4, 0, 0, 0, 0, history.Zone).UnixMicro() - 1
	for at, want := range map[int64]int64{end: end, end + 1: end, end - 1: end - 24*3600*1e6, end + 24*3600*1e6 - 1: end} {
		if got := numbers.Whole(at); got != want {
			t.Errorf("by %d the last whole day ended at %d, want %d", at, got, want)
		}
	}
}

// count counts customers.
type count struct{ customers int }

func (c *count) Add(*history.History) { c.customers++ }
func (c *count) Merge(o *count)       { c.customers += o.customers }

// TestByCurrency: the currency most customers buy in is the main one, whatever was added first; of two the first by name.
func TestByCurrency(t *testing.T) {
	t.Parallel()
	counted := func(only string, bought ...[]string) (string, int) {
		a, b := byCurrency(only), byCurrency(only)
		for i, currencies := range bought {
			[]*numbers.ByCurrency[*count]{a, b}[i%2].Add(customer(currencies...))
		}
		b.Merge(a)
		currency, c := b.Main()
		return currency, c.customers
	}
	for _, x := range []struct {
		only, want string
		customers  int
		bought     [][]string
	}{
		{"", "KRW", 0, nil},
		{"", "USD", 2, [][]string{{"KRW"}, {"USD"}, {"USD", "USD"}}},
		{"", "EUR", 1, [][]string{{"USD"}, {"EUR"}}},
		{"KRW", "KRW", 1, [][]string{{"KRW"}, {"USD"}, {"USD", "USD"}}},
	} {
		got, n := counted(x.only, x.bought...)
		slices.Reverse(x.bought)
		again, m := counted(x.only, x.bought...)
		if got != x.want || n != x.customers || again != got || m != n {
			t.Errorf("%v, only %q: %d in %s, then %d in %s; want %d in %s", x.bought, x.only, n, got, m, again, x.customers, x.want)
		}
	}
}

func byCurrency(only string) *numbers.ByCurrency[*count] {
	return numbers.NewByCurrency(1000, only, func(string) *count { return &count{} })
}

// customer bought once in each of these currencies, and in yen when it was too late to count.
func customer(currencies ...string) *history.History {
	f := &history.Fragment{}
	for i, currency := range append(slices.Clone(currencies), "JPY") {
		at := int64(i)
		if currency == "JPY" {
			at = 1001
		}
		f.Touchpoints = append(f.Touchpoints, history.Touchpoint{
			At: at, Key: uint64(i), Type: history.OrderCompleted, Amount: events.Money(10_000), HasAmount: true, Currency: currency,
		})
	}
	return history.Merge(f)
}
