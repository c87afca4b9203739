package value_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/value"
)

// told is one touchpoint about an order.
type told struct {
	date   string // 2006-01-02, or 2006-01-02 15
	kind   string
	order  string
	amount int64 // whole units; -1 for none
}

// told makes a history.
func tell(tb testing.TB, list ...told) *history.History {
	tb.Helper()
	f := &history.Fragment{ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(tb.Name()))}
	for i, x := range list {
		f.Touchpoints = append(f.Touchpoints, history.Touchpoint{
			At: when(tb, x.date), Key: history.KeyOf("till", strconv.Itoa(i)), Fragment: f.ID, Type: x.kind,
			Order: x.order, Amount: events.Money(x.amount) * 10000, HasAmount: x.amount >= 0, Currency: "KRW",
		})
	}
	return history.Merge(f)
}

func when(tb testing.TB, date string) int64 {
	tb.Helper()
	layout := time.DateOnly
	if len(date) > len(layout) {
		layout += " 15"
	}
	at, err := time.ParseInLocation(layout, date, history.Zone)
	if err != nil {
		tb.Fatal(err)
	}
	return at.UnixMicro()
}

// bought is an order of some amount.
func bought(date string, amount int64) told { return told{date, history.OrderCompleted, date, amount} }

func TestSummaryOf(t *testing.T) {
	t.Parallel()
	h := tell(t,
		bought("2026-01-01 10", 100),
		bought("2026-01-01 18", 50), // the same day: one purchase
		bought("2026-01-08 00", 200),
		told{"2026-01-20", history.OrderCompleted, "b", 1000},
		told{"2026-01-22", history.OrderCancelled, "b", -1},
		told{"2026-01-29", history.OrderCompleted, "c", 400},
		told{"2026-02-10", history.OrderRefunded, "c", 100},
	)
	for _, want := range []struct {
		to string
		s  value.Summary
	}{
		{"2026-01-01 23", value.Summary{}},
		{"2026-01-07 23", value.Summary{T: 6.0 / 7}},
		{"2026-01-08 01", value.Summary{X: 1, Tx: 1, T: 1, Spend: 200_0000, Mean: 200}},
		{"2026-01-21", value.Summary{X: 2, Tx: 19.0 / 7, T: 20.0 / 7, Spend: 1200_0000, Mean: 600}},
		{"2026-01-23", value.Summary{X: 1, Tx: 1, T: 22.0 / 7, Spend: 200_0000, Mean: 200}},
		{"2026-02-05", value.Summary{X: 2, Tx: 4, T: 5, Spend: 600_0000, Mean: 300}},
		{"2026-02-12", value.Summary{X: 2, Tx: 4, T: 6, Spend: 500_0000, Mean: 250}},
	} {
		if got, ok := value.SummaryOf(h, 0, when(t, want.to), "KRW"); !ok || got != want.s {
			t.Errorf("by %s: %+v, %v; it should be %+v", want.to, got, ok, want.s)
		}
	}
	if s, ok := value.SummaryOf(h, when(t, "2026-01-02"), when(t, "2026-02-05"), "KRW"); !ok || s.X != 1 || s.T != 4 {
		t.Errorf("from 2 January: %+v", s)
	}
	for name, ok := range map[string]bool{
		"before the first": func() bool { _, ok := value.SummaryOf(h, 0, when(t, "2025-12-31"), "KRW"); return ok }(),
		"in dollars":       func() bool { _, ok := value.SummaryOf(h, 0, when(t, "2026-02-05"), "USD"); return ok }(),
	} {
		if ok {
			t.Errorf("%s there is a purchase", name)
		}
	}
}

func TestDaysAreThoseOfSeoul(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int32{
		"1970-01-01T00:00:00+09:00": 0, "1970-01-01T23:59:59+09:00": 0, "1969-12-31T23:59:59+09:00": -1,
		"1970-01-01T15:00:00Z": 1, "2026-11-22T00:00:00+09:00": 20779,
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := value.DayOf(at.UnixMicro()); got != want {
			t.Errorf("%s is day %d; it should be %d", text, got, want)
		}
	}
}

// A trial by histories: what was cancelled after the cut was a purchase at the cut, and is none at the end.
func TestHoldoutKnowsOnlyWhatWasKnown(t *testing.T) {
	t.Parallel()
	o := value.NewHoldout(0, when(t, "2026-01-31"), when(t, "2026-03-31"), "KRW")
	for range 100 {
		o.Add(tell(t, bought("2026-01-05", 10), bought("2026-01-20", 10), bought("2026-02-20", 10),
			told{"2026-02-25", history.OrderCancelled, "2026-01-20", -1}, bought("2026-01-31 22", 5), bought("2026-04-01 00", 5)))
		o.Add(tell(t, bought("2026-01-31 09", 10)))
	}
	f, err := o.Fit(value.MBGNBD)
	if err != nil {
		t.Fatal(err)
	}
	if r := f.Holdout; r.Customers != 200 || r.Actual != 100 || f.Repeaters != 100 || r.Weeks != 59.0/7 {
		t.Errorf("%+v; %d bought again", *r, f.Repeaters)
	}
}
