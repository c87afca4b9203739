package value

import (
	"errors"
	"fmt"
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// Tiers are steps that customers climb by what they buy within a window.
type Tiers struct {
	// Window is in days of 24 hours; 0 counts for ever.
	Window   int32  `json:"window_days"`
	Currency string `json:"currency"`
	// Levels are from the lowest to the highest.
	Levels []Level `json:"levels"`
}

// Level is one tier: reached by revenue, net of what was taken back, or by orders, whichever it gives.
type Level struct {
	Name    string       `json:"name"`
	Revenue events.Money `json:"revenue,omitzero"`
	Orders  int64        `json:"orders,omitzero"`
}

// Validate reports what is wrong with the definition.
func (t *Tiers) Validate() error {
	if len(t.Levels) == 0 {
		return errors.New("tiers: there are no levels; give at least one")
	}
	names := map[string]bool{}
	for i, l := range t.Levels {
		switch {
		case l.Name == "" || names[l.Name]:
			return fmt.Errorf("tiers: level %d is called %q; each needs a name of its own", i+1, l.Name)
		case (l.Revenue > 0) == (l.Orders > 0) || l.Revenue < 0 || l.Orders < 0:
			return fmt.Errorf("tiers: level %q needs either revenue or orders, above 0", l.Name)
		case i > 0 && (l.Revenue <= t.Levels[i-1].Revenue && l.Orders <= t.Levels[i-1].Orders || (l.Orders > 0) != (t.Levels[i-1].Orders > 0)):
			return fmt.Errorf("tiers: level %q must take more than %q, of the same", l.Name, t.Levels[i-1].Name)
		}
		names[l.Name] = true
	}
	return nil
}

// reached reports whether so much makes the level.
func (l *Level) reached(revenue events.Money, orders int64) bool {
	return revenue >= l.Revenue && orders >= l.Orders
}

// Place is where a customer stands among the tiers at a time.
type Place struct {
	// Tier is the tier now, "" below the lowest. Revenue and Orders are what counts now.
	Tier    string
	Revenue events.Money
	Orders  int64
	// Holds is when the tier is lost if nothing more is bought, Unix microseconds; [standing.Never] if it is not.
	Holds int64
	// Next is the tier above, "" at the highest. MissingRevenue or MissingOrders is what it takes to get there, if it is
	// bought before Until, when what counts now becomes less; [standing.Never] if it does not.
	Next           string
	MissingRevenue events.Money
	MissingOrders  int64
	Until          int64
}

// At returns where a customer stands at a time (Unix microseconds), looking at nothing that happened later.
func (t *Tiers) At(h *history.History, at int64) Place {
	list := placedBy(h, at, t.Currency)
	for len(list) > 0 && leavesAt(list[0].at, t.Window) <= at {
		list = list[1:]
	}
	p := Place{Holds: standing.Never, Until: standing.Never, Orders: int64(len(list))}
	for _, o := range list {
		p.Revenue += o.net
	}
	if len(list) > 0 {
		p.Until = leavesAt(list[0].at, t.Window)
	}
	level := t.level(p.Revenue, p.Orders)
	if level >= 0 {
		p.Tier = t.Levels[level].Name
		p.Holds = t.holds(list, &t.Levels[level], p.Revenue, p.Orders)
	}
	if level+1 < len(t.Levels) {
		next := &t.Levels[level+1]
		p.Next, p.MissingRevenue, p.MissingOrders = next.Name, max(next.Revenue-p.Revenue, 0), max(next.Orders-p.Orders, 0)
	}
	return p
}

// level returns the highest level reached, -1 if none is.
func (t *Tiers) level(revenue events.Money, orders int64) int {
	for i := len(t.Levels) - 1; i >= 0; i-- {
		if t.Levels[i].reached(revenue, orders) {
			return i
		}
	}
	return -1
}

// holds returns when so much has left the window that the level is lost.
func (t *Tiers) holds(list []placed, l *Level, revenue events.Money, orders int64) int64 {
	for _, o := range list {
		revenue, orders = revenue-o.net, orders-1
		if !l.reached(revenue, orders) {
			return leavesAt(o.at, t.Window)
		}
	}
	return standing.Never
}

// Concerns reports whether a touchpoint of this type may change the tier.
func (t *Tiers) Concerns(kind string) bool { return strings.HasPrefix(kind, "order.") }

// Is returns the rule that a customer is in a tier; "" is below the lowest.
func (t *Tiers) Is(tier string) standing.Judge { return isTier{t, tier} }

type isTier struct {
	*Tiers
	tier string
}

func (j isTier) At(h *history.History, at int64) (in bool, due int64) {
	p := j.Tiers.At(h, at)
	return p.Tier == j.tier, p.Holds
}

// Transitions returns how the tier of a customer changed after a moment, up to and including another.
func (t *Tiers) Transitions(h *history.History, from, to int64) []Transition {
	return transitions(h, from, to, t.Concerns, func(at int64) (string, int64) {
		p := t.At(h, at)
		return p.Tier, p.Holds
	})
}
