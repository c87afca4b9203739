package lunar_test

import (
	"testing"
	"time"

	"github.com/c360hq/c360/events/lunar"
)

// Feasts as the Korean calendar had them: Seollal (1.1), Buddha's birthday (4.8), Chuseok (8.15), and days in and around
// leap months. Public holidays of their years, as announced by the government.
func TestFeasts(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]lunar.Date{
		"2024-02-10": {2024, 1, 1, false}, "2025-01-29": {2025, 1, 1, false}, "2026-02-17": {2026, 1, 1, false}, "2027-02-07": {2027, 1, 1, false},
		"2000-02-05": {2000, 1, 1, false}, "1997-02-08": {1997, 1, 1, false}, "2020-01-25": {2020, 1, 1, false},
		"2024-05-15": {2024, 4, 8, false}, "2025-05-05": {2025, 4, 8, false}, "2026-05-24": {2026, 4, 8, false}, "2012-05-28": {2012, 4, 8, false},
		"2024-09-17": {2024, 8, 15, false}, "2025-10-06": {2025, 8, 15, false}, "2026-09-25": {2026, 8, 15, false}, "1988-09-25": {1988, 8, 15, false},
		"2025-07-24": {2025, 6, 30, false}, "2025-07-25": {2025, 6, 1, true}, "2025-08-22": {2025, 6, 29, true}, "2025-08-23": {2025, 7, 1, false},
		"2023-03-22": {2023, 2, 1, true}, "2023-01-22": {2023, 1, 1, false}, "2026-02-16": {2025, 12, 29, false},
		// The new moon was two minutes before midnight in Seoul; see years.
		"2017-02-26": {2017, 2, 1, false}, "2017-06-24": {2017, 5, 1, true},
	} {
		at, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := lunar.FromSolar(at.Date()); !ok || got != want {
			t.Errorf("%s is %+v, want %+v", date, got, want)
		}
	}
}

// Every day of the table goes there and back, follows the one before, and no year leaves a gap.
func TestEveryDay(t *testing.T) {
	t.Parallel()
	before, days := lunar.Date{}, 0
	for at := time.Date(1900, 1, 31, 0, 0, 0, 0, time.UTC); ; at = at.AddDate(0, 0, 1) {
		got, ok := lunar.FromSolar(at.Date())
		if !ok {
			break
		}
		y, m, d, ok := got.Solar()
		if back := time.Date(y, m, d, 0, 0, 0, 0, time.UTC); !ok || back != at {
			t.Fatalf("%s is %+v, and that is %s", at.Format(time.DateOnly), got, back.Format(time.DateOnly))
		}
		if days++; days > 1 && !follows(before, got) {
			t.Fatalf("%+v is followed by %+v", before, got)
		}
		before = got
	}
	if want := (lunar.Date{Year: lunar.LastYear, Month: 12, Day: 29}); before != want {
		t.Errorf("the last day is %+v, want %+v", before, want)
	}
	if want := 55163; days != want { // 31 January 1900 to 10 February 2051
		t.Errorf("%d days, want %d", days, want)
	}
}

func follows(a, b lunar.Date) bool {
	if b.Day != 1 {
		return b == lunar.Date{Year: a.Year, Month: a.Month, Day: a.Day + 1, Leap: a.Leap}
	}
	n, ok := lunar.Days(a.Year, a.Month, a.Leap)
	switch {
	case !ok || a.Day != n:
		return false
	case b.Leap:
		return b.Month == a.Month && b.Year == a.Year && !a.Leap
	case a.Month == 12:
		return b.Month == 1 && b.Year == a.Year+1
	}
	return b.Month == a.Month+1 && b.Year == a.Year
}

func TestOutside(t *testing.T) {
	t.Parallel()
	for _, date := range []string{"1900-01-30", "1899-12-31", "2051-02-11", "2052-01-01", "0001-01-01"} {
		at, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := lunar.FromSolar(at.Date()); ok {
			t.Errorf("%s is %+v; the table does not have it", date, got)
		}
	}
	for _, l := range []lunar.Date{
		{1899, 12, 1, false}, {2051, 1, 1, false}, {2025, 0, 1, false}, {2025, 13, 1, false}, {2025, 5, 1, true}, {2025, 1, 0, false}, {2025, 2, 30, false}, {2025, 6, 30, true},
	} {
		if y, m, d, ok := l.Solar(); ok {
			t.Errorf("%+v is %d-%d-%d; there is no such day", l, y, m, d)
		}
	}
}
