package value

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// Class is where a customer is in their life as one.
type Class string

// The classes. The first that fits holds, in this order: lapsed, slipping, returned, new, VIP, good.
const (
	// ClassNone: bought nothing yet, or nothing that was not taken back.
	ClassNone Class = ""
	// ClassNew: bought on one day only.
	ClassNew Class = "new"
	// ClassGood: bought again.
	ClassGood Class = "good"
	// ClassVIP: bought again, and for as much within the window as the best do.
	ClassVIP Class = "vip"
	// ClassSlipping: silent for longer than is usual.
	ClassSlipping Class = "slipping"
	// ClassLapsed: silent for longer than hardly anybody who came back.
	ClassLapsed Class = "lapsed"
	// ClassReturned: had lapsed and bought again, on one day so far.
	ClassReturned Class = "returned"
)

var classNames = map[Class]events.Text{
	ClassNone:     {Ko: "구매 전", En: "No purchase"},
	ClassNew:      {Ko: "신규", En: "New"},
	ClassGood:     {Ko: "우량", En: "Good"},
	ClassVIP:      {Ko: "VIP", En: "VIP"},
	ClassSlipping: {Ko: "이탈 조짐", En: "Slipping"},
	ClassLapsed:   {Ko: "이탈", En: "Lapsed"},
	ClassReturned: {Ko: "복귀", En: "Returned"},
}

// Name returns the class in words.
func (c Class) Name() events.Text { return classNames[c] }

// Thresholds are the limits of the classes; see [Rhythm] for how they are found. Purchases are those of [Bought]; a day of
// silence is 24 hours.
type Thresholds struct {
	Currency string `json:"currency"`
	// Slip and Lapse are days of silence from which on a customer is slipping, and lapsed.
	Slip  int32 `json:"slip_days"`
	Lapse int32 `json:"lapse_days"`
	// VIP is the revenue, net of what was taken back, within the last Window days that makes a VIP. No window is for ever.
	VIP    events.Money `json:"vip_revenue"`
	Window int32        `json:"window_days"`
	// Gaps and Buyers are how many gaps and customers they were found from.
	Gaps   int64 `json:"gaps"`
	Buyers int64 `json:"buyers"`
}

// Validate reports what is wrong with thresholds that somebody wrote.
func (t *Thresholds) Validate() error {
	switch {
	case t.Slip <= 0 || t.Lapse <= t.Slip:
		return fmt.Errorf("classes: slipping after %d days and lapsed after %d; both must be above 0, lapsed the later", t.Slip, t.Lapse)
	case t.VIP <= 0 || t.Window < 0:
		return fmt.Errorf("classes: a VIP by %v within %d days; revenue must be above 0, and days not below", t.VIP, t.Window)
	case t.Currency == "":
		return errors.New("classes: there is no currency")
	}
	return nil
}

// placed is an order that counts at a time.
type placed struct {
	at  int64
	net events.Money
}

// placedBy returns the orders that count at a time, in the order of when they were placed.
func placedBy(h *history.History, at int64, currency string) []placed {
	orders := h.Orders()
	list := make([]placed, 0, len(orders))
	for i := range orders {
		if o, ok := orders[i].AsOf(at); ok && counts(o, currency) {
			list = append(list, placed{o.Placed, o.Net})
		}
	}
	slices.SortFunc(list, func(a, b placed) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.net, b.net)) })
	return list
}

// At returns the class of a customer at a time (Unix microseconds), looking at nothing that happened later, and when it
// may change if nothing happens: as [standing.Judge] has it.
func (t *Thresholds) At(h *history.History, at int64) (c Class, due int64) {
	list := placedBy(h, at, t.Currency)
	if len(list) == 0 {
		return ClassNone, standing.Never
	}
	last := list[len(list)-1].at
	slips, lapses := last+int64(t.Slip)*day, last+int64(t.Lapse)*day
	switch {
	case at >= lapses:
		return ClassLapsed, standing.Never
	case at >= slips:
		return ClassSlipping, lapses
	}
	gap := lastGap(list)
	switch {
	case gap >= int64(t.Lapse)*day:
		return ClassReturned, slips
	case gap < 0:
		return ClassNew, slips
	}
	if worth, leaves := revenue(list, at, t.Window); worth >= t.VIP {
		return ClassVIP, min(slips, leaves)
	}
	return ClassGood, slips
}

// lastGap returns the time between the last day with a purchase and the one before it, from order to order; -1 if there was
// one day only.
func lastGap(list []placed) int64 {
	i := len(list) - 1
	for today := DayOf(list[i].at); i > 0 && DayOf(list[i-1].at) == today; {
		i--
	}
	if i == 0 {
		return -1
	}
	return list[i].at - list[i-1].at
}

// revenue returns what was bought within a window of days, and when the first of it leaves the window.
func revenue(list []placed, at int64, window int32) (worth events.Money, leaves int64) {
	leaves = standing.Never
	for i := len(list) - 1; i >= 0; i-- {
		out := leavesAt(list[i].at, window)
		if out <= at {
			break
		}
		worth, leaves = worth+list[i].net, out
	}
	return worth, leaves
}

// leavesAt returns when what was placed at a time leaves a window of days.
func leavesAt(at int64, window int32) int64 {
	if window <= 0 {
		return standing.Never
	}
	return at + int64(window)*day
}

// Concerns reports whether a touchpoint of this type may change the class.
func (t *Thresholds) Concerns(kind string) bool { return strings.HasPrefix(kind, "order.") }

// Is returns the rule that a customer is in a class.
func (t *Thresholds) Is(c Class) standing.Judge { return isClass{t, c} }

type isClass struct {
	*Thresholds
	class Class
}

func (j isClass) At(h *history.History, at int64) (in bool, due int64) {
	c, due := j.Thresholds.At(h, at)
	return c == j.class, due
}

// Transitions returns how the class of a customer changed after a moment, up to and including another.
func (t *Thresholds) Transitions(h *history.History, from, to int64) []Transition {
	return transitions(h, from, to, t.Concerns, func(at int64) (string, int64) {
		c, due := t.At(h, at)
		return string(c), due
	})
}
