package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/services/query/numbers"
)

func printSurvival(w io.Writer, a *numbers.SurvivalAnswer) {
	printBasis(w, &a.Basis)
	median := "not seen yet"
	if a.Median != nil {
		median = fmt.Sprintf("%d days", *a.Median)
	}
	fmt.Fprintf(w, "lost after %d days without %s: %d of %d; half are lost by: %s\n\n", a.Silence, a.Active, a.Lost, a.Watched, median)
	fmt.Fprintln(w, "DAYS\tNOT LOST\t95 %\tWATCHED")
	for _, p := range a.Curve {
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\n", p.Days, percent(&p.Share), lowToHigh(p.Around), p.AtRisk)
	}
	fmt.Fprintln(w, "\nLOST, BACK WITHIN\tOF\tSHARE\t95 %")
	for _, b := range a.Back {
		fmt.Fprintf(w, "%d days\t%d\t%s\t%s\n", b.Days, b.Customers, percent(b.Share), lowToHigh(b.Interval))
	}
}

func lowToHigh(i analytics.Interval) string {
	return fmt.Sprintf("%.1f to %.1f%%", 100*i.Low, 100*i.High)
}

func printReturns(w io.Writer, a *numbers.ReturnsAnswer) {
	printBasis(w, &a.Basis)
	fmt.Fprintf(w, "orders of %s; who bought again within %d days\n\nGROUP\tCUSTOMERS\tAGAIN\tSHARE\t95 %%\tTIME NOT OVER\n", spanOf(a.Period), a.Days)
	for _, g := range []struct {
		name string
		of   *analytics.Again
	}{{"returned something", &a.Returned}, {"others", &a.Others}} {
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s\t%d\n", g.name, g.of.Customers, g.of.Bought, percent(g.of.Share), lowToHigh(g.of.Interval), g.of.Open)
	}
	if a.Difference != nil {
		fmt.Fprintf(w, "\ndifference %s, 95 %%: %s\n", percent(a.Difference), lowToHigh(a.Interval))
	}
}

func printLifecycle(w io.Writer, a *numbers.LifecycleAnswer) {
	printBasis(w, &a.Basis)
	if t := a.Thresholds; t != nil {
		fmt.Fprintf(w, "slipping after %d days, lapsed after %d; VIP from %s %s in %d days\n\n",
			t.Slip, t.Lapse, t.Currency, grouped(units(t.VIP)), t.Window)
	}
	fmt.Fprint(w, "MONTH")
	for _, c := range a.Classes {
		fmt.Fprintf(w, "\t%s", strings.ToUpper(c.Class))
	}
	fmt.Fprintln(w)
	for _, m := range a.Months {
		fmt.Fprint(w, m.Month)
		for _, c := range a.Classes {
			fmt.Fprintf(w, "\t%d", m.AtEnd[c.Class])
		}
		fmt.Fprintln(w)
	}
	if n := len(a.Months); n > 0 {
		fmt.Fprintf(w, "\nin %s\n", a.Months[n-1].Month)
		for _, t := range a.Months[n-1].Transitions {
			fmt.Fprintf(w, "  %s to %s\t%d\n", t.From, t.To, t.Times)
		}
	}
}

func printContrast(w io.Writer, a *numbers.ContrastAnswer) {
	printBasis(w, &a.Basis)
	fmt.Fprintf(w, "%d members, %d others; %d features compared, %d differ\n", a.Group, a.Rest, a.Tested, a.Significant)
	if len(a.LeftOut) > 0 {
		printFolded(w, "left out: "+strings.Join(a.LeftOut, ", "))
	}
	fmt.Fprintln(w, "\nFEATURE\tMEMBERS\tOTHERS\tEFFECT\tQ\t")
	for _, d := range a.Differences {
		fmt.Fprintf(w, "%s\t%.4g\t%.4g\t%+.2f\t%.2g\t%s\n", shortened(feature(d.Name, d.Value, string(d.Kind)), 46), d.Group, d.Rest, d.Effect, d.Q,
			map[bool]string{true: "*"}[d.Significant])
	}
	fmt.Fprintln(w, "\n* differs at a false-alarm share of 5 %; a difference is no cause")
}

func feature(name, value, kind string) string {
	if value != "" {
		name += "=" + value
	}
	return kind + " " + name
}

// lookalikesBody makes the question of the flags: --segment is the one to find the like of.
func lookalikesBody(p url.Values) (any, error) {
	q := numbers.LookalikesRequest{SeedSegment: p.Get("segment"), ProspectsSegment: p.Get("prospects")}
	if q.SeedSegment == "" {
		return nil, usageError{errors.New("whose like? give --segment NAME")}
	}
	if text := p.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, usageError{fmt.Errorf("--limit %q is no whole number", text)}
		}
		q.Limit = n
	}
	if text := p.Get("leave"); text != "" {
		q.Leave = strings.Split(text, ",")
	}
	return q, nil
}

func printLookalikes(w io.Writer, a *numbers.LookalikesAnswer) {
	printBasis(w, &a.Basis)
	if a.Model == nil {
		return
	}
	o := &a.Model.HoldOut
	fmt.Fprintf(w, "like %s: AUC %.3f on %d held out, beside %.3f of %s alone\n", a.Seed, o.AUC, o.Seeds+o.Others, o.SingleAUC,
		shortened(feature(o.Single.Name, o.Single.Value, string(o.Single.Kind)), 40))
	if a.Better != nil && !*a.Better {
		printFolded(w, "that feature alone ranks as well or better: use it instead")
	}
	fmt.Fprintln(w, "\nCUSTOMER\tLIKENESS\tBECAUSE OF")
	for _, p := range a.Prospects {
		var why []string
		for _, d := range p.Drivers[:min(len(p.Drivers), 2)] {
			why = append(why, feature(d.Name, d.Value, string(d.Kind)))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", p.Customer, percent(&p.Likeness), shortened(strings.Join(why, ", "), 50))
	}
}
