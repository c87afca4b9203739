package value_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/projections/value"
)

func day(at int64) string { return time.UnixMicro(at).In(history.Zone).Format(time.DateOnly) }

var tiers = &value.Tiers{Currency: "KRW", Window: 100, Levels: []value.Level{
	{Name: "silver", Revenue: 100_0000}, {Name: "gold", Revenue: 500_0000},
}}

func TestTierAndWayToTheNext(t *testing.T) {
	t.Parallel()
	h := tell(t, bought("2025-01-01", 80), bought("2025-01-11", 40), bought("2025-01-21", 30))
	want := value.Place{
		Tier: "silver", Revenue: 150_0000, Orders: 3, Holds: when(t, "2025-04-11"),
		Next: "gold", MissingRevenue: 350_0000, Until: when(t, "2025-04-11"),
	}
	if d := cmp.Diff(tiers.At(h, when(t, "2025-02-01")), want); d != "" {
		t.Error(d)
	}
	lost := value.Place{Revenue: 70_0000, Orders: 2, Holds: standing.Never, Next: "silver", MissingRevenue: 30_0000, Until: when(t, "2025-04-21")}
	if d := cmp.Diff(tiers.At(h, when(t, "2025-04-11")), lost); d != "" {
		t.Error(d)
	}
	var got []string
	for _, c := range tiers.Transitions(h, 0, when(t, "2026-01-01")) {
		got = append(got, fmt.Sprintf("%s %s→%s", day(c.At), c.From, c.To))
	}
	if d := cmp.Diff(got, []string{"2025-01-11 →silver", "2025-04-11 silver→"}); d != "" {
		t.Error(d)
	}
}

func TestTiersByOrdersForEver(t *testing.T) {
	t.Parallel()
	by := &value.Tiers{Currency: "KRW", Levels: []value.Level{{Name: "regular", Orders: 2}, {Name: "friend", Orders: 5}}}
	if err := by.Validate(); err != nil {
		t.Fatal(err)
	}
	h := tell(t, bought("2025-01-01", 80), bought("2025-01-11", 40), bought("2025-01-21", 30))
	want := value.Place{
		Tier: "regular", Revenue: 150_0000, Orders: 3, Holds: standing.Never, Next: "friend", MissingOrders: 2, Until: standing.Never,
	}
	if d := cmp.Diff(by.At(h, when(t, "2030-01-01")), want); d != "" {
		t.Error(d)
	}
	if top := by.At(h, when(t, "2025-01-05")); top.Tier != "" || top.Next != "regular" || top.MissingOrders != 1 {
		t.Errorf("%+v", top)
	}
}

// Random lives: a tier that holds until some time holds until then, and is gone then.
func TestTiersHoldUntilTheyDoNot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		_, whole := life(r)
		at := rapid.Int64Range(0, 800).Draw(r, "at") * hours24
		h := upTo(whole, at)
		p := tiers.At(h, at)
		if p.Holds == standing.Never {
			if later := tiers.At(h, at+4000*hours24); p.Tier != later.Tier {
				r.Fatalf("%q for ever, but then %q", p.Tier, later.Tier)
			}
			return
		}
		if before, after := tiers.At(h, p.Holds-1), tiers.At(h, p.Holds); before.Tier != p.Tier || after.Tier == p.Tier {
			r.Fatalf("%q until %d: %q before, %q then", p.Tier, p.Holds, before.Tier, after.Tier)
		}
		in := false
		for _, c := range standing.Changes(tiers.Is(p.Tier), h, -1, at) {
			in = c.In
		}
		if !in {
			r.Fatalf("standing does not see the tier %q", p.Tier)
		}
	})
}

func TestTiersValidate(t *testing.T) {
	t.Parallel()
	if err := tiers.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, levels := range map[string][]value.Level{
		"none":       nil,
		"no name":    {{Revenue: 1}},
		"same name":  {{Name: "a", Revenue: 1}, {Name: "a", Revenue: 2}},
		"no limit":   {{Name: "a"}},
		"two limits": {{Name: "a", Revenue: 1, Orders: 1}},
		"negative":   {{Name: "a", Revenue: -1, Orders: 1}},
		"not above":  {{Name: "a", Revenue: 2}, {Name: "b", Revenue: 2}},
		"mixed":      {{Name: "a", Revenue: 2}, {Name: "b", Orders: 3}},
	} {
		if err := (&value.Tiers{Levels: levels}).Validate(); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
