package main

import (
	"fmt"
	"io"

	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/value"
	"github.com/c360hq/c360/services/query/numbers"
)

func printModel(w io.Writer, a *numbers.ModelAnswer) {
	printBasis(w, &a.Basis)
	if t := a.Thresholds; t != nil {
		fmt.Fprintf(w, "slipping after %d days of silence, lapsed after %d; VIP from %s %s in %d days\n\n",
			t.Slip, t.Lapse, t.Currency, grouped(units(t.VIP)), t.Window)
	}
	if a.Fitted == nil {
		return
	}
	printFitted(w, a.Fitted)
	if a.Fitted.Holdout != nil {
		printHoldout(w, a.Fitted.Holdout)
	}
}

func printFitted(w io.Writer, f *value.Fitted) {
	fmt.Fprintf(w, "%s of %d customers, %d of whom bought again; log-likelihood %.1f\n\n", f.Model, f.Customers, f.Repeaters, f.LogLikelihood)
	fmt.Fprintln(w, "PARAMETER\tVALUE\tSTD. ERROR\t95 %")
	params := f.Params
	if f.Spend != nil {
		params = append(params[:len(params):len(params)], f.Spend.Params...)
	}
	for _, p := range params {
		if p.StdErr == 0 {
			fmt.Fprintf(w, "%s\t%.4g\t-\tthe data does not tell\n", p.Name, p.Value)
			continue
		}
		fmt.Fprintf(w, "%s\t%.4g\t%.3g\t%.4g to %.4g\n", p.Name, p.Value, p.StdErr, p.Low, p.High)
	}
	fmt.Fprintln(w)
	printFolded(w, f.Identifiable.Why.En)
}

func printHoldout(w io.Writer, r *value.Report) {
	fmt.Fprintf(w, "\nfitted up to %s, tried on the %.0f weeks after it: %d customers bought %d times\n\n", calendarDay(r.Cut), r.Weeks, r.Customers, r.Actual)
	fmt.Fprintln(w, "FORECAST\tPURCHASES\tOFF BY\tMEAN ERROR A CUSTOMER")
	for _, s := range []struct {
		name string
		of   value.Score
	}{{"model", r.Model}, {"same rate as before", r.Naive}, {"nobody buys", r.Zero}} {
		fmt.Fprintf(w, "%s\t%.0f\t%+.1f%%\t%.3f\n", s.name, s.of.Total, s.of.ErrorPercent, s.of.MAE)
	}
}

func printGroups(w io.Writer, a *numbers.GroupsAnswer) {
	printBasis(w, &a.Basis)
	fmt.Fprintf(w, "%s; churned: silent for %d days\n\n", spanOf(a.Period), a.Silence)
	fmt.Fprintln(w, "SEGMENT\tCUSTOMERS\tBUYERS\tORDERS\tNET REVENUE\tEACH\tCOST\tCHURNED")
	all := a.All
	all.Group = "(everybody)"
	for _, g := range append([]analytics.GroupValue{all}, a.Segments...) {
		net, each := "-", "-"
		if len(g.Revenue) > 0 {
			net = g.Revenue[0].Currency + " " + grouped(units(g.Revenue[0].Amount))
			each = grouped(units(g.Revenue[0].PerCustomer))
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%s\t%s\t%s\n", shortened(g.Group, 24), g.Customers, g.Buyers, g.Orders, net, each, grouped(units(g.Cost)), percent(g.ChurnedShare))
	}
}
