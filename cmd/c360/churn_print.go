package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/services/query/churns"
)

// wide is how wide what is printed may be.
const wide = 100

// printFlags writes who is flagged.
func printFlags(out io.Writer, a *churns.FlagsAnswer) {
	out = plain{out}
	if a.Policy == nil {
		fmt.Fprintln(out, wrapped(a.Missing.En, wide, ""))
		return
	}
	printPolicy(out, a.Policy)
	t, o := &a.Totals, &a.Outcome
	fmt.Fprintf(out, "%d flagged; in 7 days %d raised, %d lowered; in 30 days %d raised, %d lowered\n",
		t.Flagged, t.Week.Raised, t.Week.Lowered, t.Month.Raised, t.Month.Lowered)
	fmt.Fprintf(out, "of %d flags of the last %d days: %d bought, %d returned, %d lost, %d pending\n", o.Raised, o.Days, o.Bought, o.Returned, o.Lost, o.Pending)
	if a.Judging != nil {
		fmt.Fprintf(out, "everybody is being judged anew: %d fragments looked at so far\n", a.Judging.Done)
	}
	if len(a.Flags) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%4s  %-10s  %-36s  %s\n", "risk", "since", "customer", "why")
	for i := range a.Flags {
		f := &a.Flags[i]
		why := ""
		if len(f.Reasons) > 0 {
			why = f.Reasons[0].Text.En
		}
		fmt.Fprintf(out, "%4d  %-10s  %s  %s\n", f.Risk, day(&f.Since), f.ID, short(cmp.Or(f.Name, "(no name)")+": "+why, wide-56))
	}
	if a.Next != "" {
		fmt.Fprintln(out, "there are more: --limit")
	}
}

// short shortens a text to so many columns. Hangul takes two.
func short(text string, columns int) string {
	for i, r := range text {
		w := 1
		if r >= 0x1100 {
			w = 2
		}
		if columns -= w; columns < 1 && i+len(string(r)) < len(text) {
			return text[:i] + "…"
		}
	}
	return text
}

// printPolicy writes what a policy is, and what it was measured to be worth.
func printPolicy(out io.Writer, p *churns.PolicyBrief) {
	fmt.Fprintf(out, "%s  %s, version %d since %s, by %s\n", p.Name, cmp.Or(p.Title.En, p.Title.Ko, p.Kind), p.Version, day(&p.Since), p.Actor)
	m := p.Measured
	if m == nil {
		fmt.Fprintf(out, "  not measured yet: c360 churn backtest --policy %s\n", p.Name)
		return
	}
	fmt.Fprintf(out, "  precision %s, recall %s (plain recency: %s, %s; anybody: %s), %d days ahead, as of %s\n",
		percents(m.Precision), percents(m.Recall), percents(m.Recency.Precision), percents(m.Recency.Recall), percents(m.BaseRate),
		m.HorizonDays, strings.Join(m.Cutoffs[max(0, len(m.Cutoffs)-1):], ", "))
}

func percents(share float64) string { return strconv.FormatFloat(100*share, 'f', 0, 64) + "%" }

// printPolicies writes the policies there are.
func printPolicies(out io.Writer, a *churns.PoliciesAnswer) {
	out = plain{out}
	if len(a.Policies) == 0 && a.Missing != nil {
		fmt.Fprintln(out, wrapped(a.Missing.En, wide, ""))
		return
	}
	for i := range a.Policies {
		p := &a.Policies[i]
		printPolicy(out, &p.PolicyBrief)
		if p.Fault != "" {
			fmt.Fprintf(out, "  cannot be used: %s\n", short(p.Fault, wide-20))
		}
		fmt.Fprintf(out, "  %d flagged\n", p.Flagged)
	}
}

// printWhy writes what every policy says of one customer.
func printWhy(out io.Writer, a *churns.CustomerFlags) {
	out = plain{out}
	fmt.Fprintf(out, "%s  true at position %d\n", a.ID, a.Position)
	if a.Missing != nil {
		fmt.Fprintln(out, wrapped(a.Missing.En, wide, ""))
	}
	for i := range a.Flags {
		f := &a.Flags[i]
		fmt.Fprintf(out, "\n%s: %s\n", f.Policy.Name, standingOf(f))
		printLine(out, "trend", trendOf(f.Trend))
		for j := range f.Reasons {
			printReason(out, &f.Reasons[j])
		}
		for j := range f.Past {
			p := &f.Past[j]
			printLine(out, first(j, "flags"), fmt.Sprintf("raised %s, lowered %s: %s", day(&p.Raised), cmp.Or(lowered(p.Lowered), "never"), p.Outcome))
		}
	}
}

func lowered(t *time.Time) string {
	if t == nil {
		return ""
	}
	return day(t)
}

func standingOf(f *churns.CustomerFlag) string {
	switch {
	case f.Flagged:
		return fmt.Sprintf("flagged since %s, risk %d", day(f.Since), f.Risk)
	case f.Note != nil:
		return fmt.Sprintf("not flagged, risk %d. %s", f.Risk, f.Note.En)
	}
	return fmt.Sprintf("not flagged, risk %d (the flag goes up at 50)", f.Risk)
}

// trendOf writes the risks of the last weeks.
func trendOf(points []churns.RiskPoint) string {
	all := make([]string, len(points))
	for i, p := range points {
		all[i] = strconv.Itoa(p.Risk)
	}
	return strings.Join(all, " ")
}

func printReason(out io.Writer, r *churns.FlagReason) {
	printLine(out, strconv.Itoa(r.Weight), short(r.Text.En, wide-12))
	for i := range r.Evidence {
		e := &r.Evidence[i]
		pivotal := ""
		if e.Pivotal {
			pivotal = ", decides alone"
		}
		printLine(out, "", fmt.Sprintf("  %s  %s, position %d%s", e.Time.In(profile.Zone).Format("2006-01-02 15:04"), e.Type, e.Position, pivotal))
	}
}

// printBacktest writes what a policy would have been worth, beside plain recency.
func printBacktest(out io.Writer, a *churns.BacktestAnswer, money bool) {
	out = plain{out}
	fmt.Fprintf(out, "%s policy, %s within %d days\n\n", a.Kind, a.Label, a.HorizonDays)
	fmt.Fprintf(out, "%-10s %9s %8s %8s %6s %6s %5s %5s %5s  %s\n", "as of", "customers", "slipped", "flagged", "prec.", "recall", "F1", "lift", "AUC", "plain recency")
	for i := range a.Cutoffs {
		printMetrics(out, a.Cutoffs[i].Cutoff, &a.Cutoffs[i])
	}
	printMetrics(out, "all", &a.All)
	fmt.Fprintf(out, "\n%9s %8s %6s %6s  %-14s", "threshold", "flagged", "prec.", "recall", "plain recency")
	if money {
		fmt.Fprintf(out, " %14s", "net")
	}
	fmt.Fprintln(out)
	for i := range a.Curve {
		printThreshold(out, &a.Curve[i], money)
	}
	if a.Best != nil {
		fmt.Fprintf(out, "\nworth most: threshold %.1f, net %s\n", a.Best.Risk, a.Best.Net)
	}
	if c := a.Chosen; c != nil && c.Threshold != nil {
		fmt.Fprintf(out, "\nchosen: threshold %.1f, %d flagged\n", c.Threshold.Risk, c.Threshold.Flagged)
	}
	if c := a.Chosen; c != nil {
		fmt.Fprintf(out, "  %s\n", wrapped(c.Text.En, wide-2, "  "))
	}
}

func printMetrics(out io.Writer, name string, m *churns.FlagMetrics) {
	fmt.Fprintf(out, "%-10s %9d %8d %8d %6s %6s %5.2f %5.2f %5.2f  %s, %s\n", name, m.Customers, m.Slipped, m.Flagged,
		percents(m.Precision), percents(m.Recall), m.F1, m.Lift, m.AUC, percents(m.Recency.Precision), percents(m.Recency.Recall))
}

func printThreshold(out io.Writer, t *churns.FlagThreshold, money bool) {
	fmt.Fprintf(out, "%9.0f %8d %6s %6s  %-14s", t.Risk, t.Flagged, percents(t.Precision), percents(t.Recall),
		percents(t.RecencyPrecision)+", "+percents(t.RecencyRecall))
	if money {
		fmt.Fprintf(out, " %14s", t.Net)
	}
	fmt.Fprintln(out)
}

// printCalibration writes the policy that fits the data.
func printCalibration(out io.Writer, a *churns.CalibrationAnswer, apply bool) {
	out = plain{out}
	fmt.Fprintln(out, wrapped(a.Text.En, wide, ""))
	if !a.Enough {
		return
	}
	fmt.Fprintf(out, "\n%-8s %6s %6s %6s %5s  %s\n", "tried", "prec.", "recall", "AUC", "J", "plain recency")
	for i := range a.Tried {
		t := &a.Tried[i]
		if m := t.Measured; m != nil {
			fmt.Fprintf(out, "%-8s %6s %6s %6.2f %5.2f  %s, %s\n", t.Kind, percents(m.Precision), percents(m.Recall), m.AUC, t.J,
				percents(m.Recency.Precision), percents(m.Recency.Recall))
		}
	}
	fmt.Fprintf(out, "\npicked: %s\n", a.Rule)
	switch {
	case a.Applied:
		fmt.Fprintf(out, "it is the policy \"default\" from position %d on\n", a.Position)
	case !apply:
		fmt.Fprintln(out, "--apply makes it the policy \"default\"")
	}
}

// wrapped breaks a text at spaces into lines of so many columns.
func wrapped(text string, columns int, indent string) string {
	var b strings.Builder
	left := columns
	for i, word := range strings.Fields(text) {
		switch {
		case i > 0 && len(word)+1 > left:
			b.WriteString("\n" + indent)
			left = columns
		case i > 0:
			b.WriteByte(' ')
			left--
		}
		b.WriteString(word)
		left -= len(word)
	}
	return b.String()
}
