package demo

import (
	"testing"
	"time"
)

// Seollal (1.1), Buddha's birthday (4.8), Chuseok (8.15) and days in leap months, as the Korean calendar has them.
func TestLunarCalendar(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]lunarDay{
		"2024-02-10": {1, 1, false}, "2025-01-29": {1, 1, false}, "2026-02-17": {1, 1, false}, "2027-02-07": {1, 1, false},
		"2024-05-15": {4, 8, false}, "2025-05-05": {4, 8, false}, "2026-05-24": {4, 8, false},
		"2024-09-17": {8, 15, false}, "2025-10-06": {8, 15, false}, "2026-09-25": {8, 15, false},
		"2025-07-24": {6, 30, false}, "2025-07-25": {6, 1, true}, "2025-08-22": {6, 29, true}, "2025-08-23": {7, 1, false},
		"2023-03-22": {2, 1, true}, "2023-01-22": {1, 1, false}, "2026-02-16": {12, 29, false},
	} {
		at, err := time.ParseInLocation(time.DateOnly, date, korea)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := lunar(at); !ok || got != want {
			t.Errorf("%s is %+v, want %+v", date, got, want)
		}
	}
	if _, ok := lunar(time.Date(2020, 1, 1, 0, 0, 0, 0, korea)); ok {
		t.Error("2020 is not in the table")
	}
}

// The years must join without a gap.
func TestLunarYearsJoin(t *testing.T) {
	t.Parallel()
	for i, y := range lunarYears[:len(lunarYears)-1] {
		days := 0
		for _, m := range y.months {
			days += 29
			if m == 'L' {
				days++
			}
		}
		first := time.Date(y.year, time.Month(y.month), y.day, 0, 0, 0, 0, time.UTC)
		next := lunarYears[i+1]
		if got := first.AddDate(0, 0, days); got != time.Date(next.year, time.Month(next.month), next.day, 0, 0, 0, 0, time.UTC) {
			t.Errorf("%d ends on %s", y.year, got)
		}
	}
}
