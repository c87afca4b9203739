package value_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/projections/value"
)

var limits = &value.Thresholds{Currency: "KRW", Slip: 30, Lapse: 90, VIP: 1000_0000, Window: 365}

func TestLifeOfACustomer(t *testing.T) {
	t.Parallel()
	h := tell(t,
		told{"2025-01-01", "page.viewed", "", -1},
		bought("2025-01-02", 100), bought("2025-01-12", 100), bought("2025-01-22", 900),
		bought("2025-06-01", 10), bought("2025-06-10", 10), told{"2025-06-11", history.OrderCancelled, "2025-01-22", -1},
	)
	var got []string
	for _, c := range limits.Transitions(h, 0, when(t, "2026-12-31")) {
		by := "clock"
		if c.Cause.Type != "" {
			by = c.Cause.Type
		}
		got = append(got, fmt.Sprintf("%s %s→%s by %s", day(c.At), c.From, c.To, by))
	}
	want := []string{
		"2025-01-02 →new by order.completed", "2025-01-12 new→good by order.completed", "2025-01-22 good→vip by order.completed",
		"2025-02-21 vip→slipping by clock", "2025-04-22 slipping→lapsed by clock", "2025-06-01 lapsed→returned by order.completed",
		"2025-06-10 returned→vip by order.completed", "2025-06-11 vip→good by order.cancelled",
		"2025-07-10 good→slipping by clock", "2025-09-08 slipping→lapsed by clock",
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
	for _, c := range []value.Class{value.ClassNone, value.ClassNew, value.ClassGood, value.ClassVIP, value.ClassSlipping, value.ClassLapsed, value.ClassReturned} {
		if c.Name().Ko == "" || c.Name().En == "" {
			t.Errorf("%q has no name", c)
		}
	}
}

// A VIP stops being one when what made them one leaves the window, though they go on buying.
func TestVIPByTheClock(t *testing.T) {
	t.Parallel()
	t1 := *limits
	t1.Slip, t1.Window = 80, 100
	h := tell(t, bought("2025-01-01", 990), bought("2025-01-21", 20), bought("2025-04-01", 20))
	c, due := t1.At(h, when(t, "2025-04-02"))
	if c != value.ClassVIP || due != when(t, "2025-04-11") {
		t.Errorf("%s until %s", c, day(due))
	}
	if c, _ = t1.At(h, when(t, "2025-04-11")); c != value.ClassGood {
		t.Errorf("then %s", c)
	}
}

// Random lives: nothing changes before it is due, nothing later looks back, and the rules of standing agree with the list.
func TestLivesKeepTheContract(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		h, whole := life(r)
		at := rapid.Int64Range(0, 800).Draw(r, "at") * hours24
		c, due := limits.At(h, at)
		if due <= at {
			r.Fatalf("due %d at %d", due, at)
		}
		for _, later := range []int64{at + 1, at + (min(due, at+4000*hours24)-at)/2, min(due, at+4000*hours24) - 1} {
			if other, _ := limits.At(upTo(whole, at), later); other != c {
				r.Fatalf("%s at %d, due %d, but %s at %d", c, at, due, other, later)
			}
		}
		if past, _ := limits.At(upTo(whole, at), at); past != c {
			r.Fatalf("%s, and %s without what came later", c, past)
		}
		agree(r, h, at)
	})
}

const hours24 = int64(24 * 60 * 60 * 1e6)

// agree holds the list of transitions against the class at a time and against standing.Changes of one class.
func agree(r *rapid.T, h *history.History, at int64) {
	class := value.ClassNone
	for _, c := range limits.Transitions(h, -1, at) {
		if c.From != string(class) {
			r.Fatalf("from %q after %q", c.From, class)
		}
		class = value.Class(c.To)
	}
	if c, _ := limits.At(h, at); c != class {
		r.Fatalf("the list ends with %q at %d, the class is %q", class, at, c)
	}
	in := false
	for _, c := range standing.Changes(limits.Is(value.ClassSlipping), h, -1, at) {
		in = c.In
	}
	if in != (class == value.ClassSlipping) {
		r.Fatalf("standing says %v, the class is %q", in, class)
	}
}

// life draws a history of orders, some taken back.
func life(r *rapid.T) (*history.History, []history.Touchpoint) {
	var list []history.Touchpoint
	at := int64(0)
	for i := range rapid.IntRange(0, 12).Draw(r, "touchpoints") {
		at += rapid.Int64Range(0, 120).Draw(r, "gap") * hours24
		p := history.Touchpoint{
			At: at, Key: uint64(i), Type: history.OrderCompleted, Order: strconv.Itoa(rapid.IntRange(0, 8).Draw(r, "order")),
			Amount: events.Money(rapid.IntRange(1, 700).Draw(r, "amount")) * 10000, HasAmount: true, Currency: "KRW",
		}
		if rapid.IntRange(0, 4).Draw(r, "kind") == 0 {
			p.Type, p.HasAmount = history.OrderCancelled, false
		}
		list = append(list, p)
	}
	return history.Merge(&history.Fragment{Touchpoints: list}), list
}

// upTo returns the history without what came after a time.
func upTo(list []history.Touchpoint, at int64) *history.History {
	n := 0
	for n < len(list) && list[n].At <= at {
		n++
	}
	return history.Merge(&history.Fragment{Touchpoints: list[:n]})
}

// Thresholds are the quantiles of what was added.
func TestRhythmFindsThresholds(t *testing.T) {
	t.Parallel()
	r := value.NewRhythm(when(t, "2025-12-31"), "KRW", 365)
	other := value.NewRhythm(when(t, "2025-12-31"), "KRW", 365)
	for i := range 100 { // gaps of 1 to 100 days, revenue of 2 to 200
		h := tell(t, bought("2025-03-01", int64(i+1)), bought(day(when(t, "2025-03-01")+int64(i+1)*hours24), int64(i+1)))
		if i%2 == 0 {
			r.Add(h)
		} else {
			other.Add(h)
		}
	}
	r.Merge(other)
	got, err := r.Result()
	if err != nil {
		t.Fatal(err)
	}
	want := &value.Thresholds{Currency: "KRW", Slip: 80, Lapse: 95, VIP: 180_0000, Window: 365, Gaps: 100, Buyers: 100}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
}

func TestThresholdsValidate(t *testing.T) {
	t.Parallel()
	if err := limits.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*value.Thresholds){
		"slip":     func(l *value.Thresholds) { l.Slip = 0 },
		"lapse":    func(l *value.Thresholds) { l.Lapse = l.Slip },
		"VIP":      func(l *value.Thresholds) { l.VIP = 0 },
		"window":   func(l *value.Thresholds) { l.Window = -1 },
		"currency": func(l *value.Thresholds) { l.Currency = "" },
	} {
		l := *limits
		if spoil(&l); l.Validate() == nil {
			t.Errorf("%s: %+v was taken", name, l)
		}
	}
}
