package main

import (
	"fmt"
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/value"
)

const tiersHelp = "the `tiers` that customers climb, from the lowest on, by what they spend net of returns in 365 days:\n" +
	"silver:300000,gold:1000000 in KRW; silver:5 orders,gold:10 orders counts orders instead"

// tierDays is how many days of purchases count for a tier.
const tierDays = 365

// parseTiers reads the tiers of a company; nil for none.
func parseTiers(text string) (*value.Tiers, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // there are none
	}
	t := &value.Tiers{Window: tierDays, Currency: "KRW"}
	for one := range strings.SplitSeq(text, ",") {
		level, ok := levelOf(strings.TrimSpace(one))
		if !ok {
			return nil, usageError{fmt.Errorf("--tiers %q: write silver:300000,gold:1000000, or silver:5 orders,gold:10 orders", one)}
		}
		t.Levels = append(t.Levels, level)
	}
	if err := t.Validate(); err != nil {
		return nil, usageError{fmt.Errorf("--tiers: %w", err)}
	}
	return t, nil
}

func levelOf(text string) (value.Level, bool) {
	name, amount, _ := strings.Cut(text, ":")
	orders, counted := strings.CutSuffix(amount, " orders")
	n, ok := events.ParseMoney(strings.TrimSpace(orders))
	if counted {
		return value.Level{Name: name, Orders: int64(n) / 10_000}, ok && n%10_000 == 0
	}
	return value.Level{Name: name, Revenue: n}, ok
}
