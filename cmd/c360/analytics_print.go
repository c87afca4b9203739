package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query/numbers"
)

// printBasis writes what an answer rests on.
func printBasis(w io.Writer, b *numbers.Basis) {
	of := "all"
	if b.Segment != "" {
		of = "segment " + b.Segment
	}
	fmt.Fprintf(w, "%d customers (%s), as of %s, position %d\n", b.Customers, of, b.At.In(history.Zone).Format("2006-01-02 15:04"), b.Position)
	if !b.Enough && b.Why != nil {
		printFolded(w, "NOT ENOUGH: "+b.Why.En)
	}
	fmt.Fprintln(w)
}

// widest is how many columns a line has at most.
const widest = 100

// printFolded writes a text in lines that fit.
func printFolded(w io.Writer, text string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > widest {
			fmt.Fprintln(w, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	fmt.Fprintln(w, line)
}

// shortened cuts a text to so many characters.
func shortened(text string, to int) string {
	if runes := []rune(text); len(runes) > to {
		return string(runes[:to-1]) + "…"
	}
	return text
}

// percent writes a share; "-" for none.
func percent(share *float64) string {
	if share == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", 100**share)
}

func spanOf(s analytics.Span) string {
	return calendarDay(s.From) + " to " + calendarDay(s.To.Add(-time.Microsecond))
}

func calendarDay(t time.Time) string { return t.In(history.Zone).Format(time.DateOnly) }

func printKPI(w io.Writer, a *numbers.KPIAnswer) {
	printBasis(w, &a.Basis)
	fmt.Fprintf(w, "%s, beside %s%s\n\n", spanOf(a.Period), spanOf(a.Previous), map[bool]string{true: ", still in progress"}[a.InProgress])
	fmt.Fprintln(w, "MEASURE\tVALUE\tBEFORE\tTARGET\tRESTS ON\t")
	for i := range a.Tiles {
		t := &a.Tiles[i]
		target, note := "", ""
		if t.Target != nil {
			target = figure(t, t.Target)
		}
		if t.Met != nil {
			target += map[bool]string{true: " met", false: " missed"}[*t.Met]
		}
		if !t.Enough {
			note = "too few"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", shortened(t.Title.En, 30), figure(t, t.Value), figure(t, t.Previous.Value), target, t.Events, note)
	}
}

// figure writes a value in the unit of its tile.
func figure(t *analytics.Tile, v *float64) string {
	switch {
	case v == nil:
		return "-"
	case t.Unit == analytics.UnitShare:
		return percent(v)
	case t.Unit == analytics.UnitSeconds:
		return (time.Duration(*v) * time.Second).String()
	case t.Unit == analytics.UnitMoney:
		return t.Currency + " " + grouped(*v)
	case t.Unit == analytics.UnitDays:
		return fmt.Sprintf("%.1f days", *v)
	}
	return grouped(*v)
}

// grouped writes a number with commas, and a decimal if it is small.
func grouped(v float64) string {
	if v != float64(int64(v)) && v < 1000 && v > -1000 {
		return fmt.Sprintf("%.1f", v)
	}
	text := fmt.Sprintf("%.0f", v)
	sign := strings.TrimLeft(text, "0123456789")
	text = text[len(sign):]
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return sign + text
}

// units is money in units of its currency.
func units(m events.Money) float64 { return float64(m) / 10_000 }

// shownWeeks is how many weeks of a trend are listed; --json has them all.
const shownWeeks = 26

func printTrend(w io.Writer, a *numbers.TrendAnswer) {
	printBasis(w, &a.Basis)
	fmt.Fprintf(w, "%s\n\nWEEK FROM\tVALUE\tRESTS ON\t\n", a.Tile.Title.En)
	for _, x := range a.Tile.Weeks[max(0, len(a.Tile.Weeks)-shownWeeks):] {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", x.Week, figure(&a.Tile, x.Value), x.Events, map[bool]string{true: "in progress"}[x.InProgress])
	}
	for _, x := range a.Forecast.Ahead {
		fmt.Fprintf(w, "+%d\t%s\t\t%s to %s\n", x.Week, figure(&a.Tile, &x.Value), figure(&a.Tile, &x.Low), figure(&a.Tile, &x.High))
	}
	if len(a.Forecast.Methods) == 0 {
		return
	}
	fmt.Fprintf(w, "\nforecast by %s; on the last %d weeks, held out, these were off by\n", a.Forecast.Method, a.Forecast.HeldOut)
	for _, m := range a.Forecast.Methods {
		fmt.Fprintf(w, "  %s\t%s\n", m.Method, figure(&a.Tile, &m.MAE))
	}
}
