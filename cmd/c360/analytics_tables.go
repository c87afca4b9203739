package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/c360hq/c360/services/query/numbers"
)

// shownMonths is how many months since joining fit on a line.
const shownMonths = 13

func printRetention(w io.Writer, a *numbers.RetentionAnswer) {
	printBasis(w, &a.Basis)
	for _, r := range a.Revenue {
		fmt.Fprintf(w, "%d joined, %d orders, %s %s net\n", a.Joined, a.Orders, r.Currency, grouped(units(r.Amount)))
	}
	fmt.Fprint(w, "\nJOINED\tOF")
	for i := range shownMonths {
		fmt.Fprintf(w, "\t+%d", i)
	}
	fmt.Fprintln(w)
	for _, m := range a.Months {
		fmt.Fprintf(w, "%s\t%d", m.Month, m.Customers)
		for _, s := range m.Since[:min(len(m.Since), shownMonths)] {
			fmt.Fprintf(w, "\t%.0f%s", 100*s.Share, map[bool]string{true: "…", false: "%"}[s.InProgress])
		}
		fmt.Fprintln(w)
	}
}

func printFunnel(w io.Writer, a *numbers.FunnelAnswer) {
	printBasis(w, &a.Basis)
	fmt.Fprintf(w, "first step in %s, all within %s\n\n", spanOf(a.Period), seconds(float64(a.Within)))
	fmt.Fprintln(w, "STEP\tCUSTOMERS\tSHARE\tFROM BEFORE\tLOST\tOPEN\tMEDIAN TIME")
	for i := range a.Steps {
		s := &a.Steps[i]
		took := ""
		if s.Seconds != nil {
			took = seconds(*s.Seconds)
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%d\t%d\t%s\n", shortened(s.Type, 30), s.Customers, percent(s.Share), percent(s.FromBefore), s.Lost, s.Open, took)
	}
	fmt.Fprintf(w, "\nconversion %s; --json lists who was lost\n", percent(a.Conversion))
}

// seconds writes a duration in its largest unit.
func seconds(s float64) string {
	switch {
	case s >= 2*24*3600:
		return fmt.Sprintf("%.1f days", s/24/3600)
	case s >= 2*3600:
		return fmt.Sprintf("%.1f h", s/3600)
	case s >= 2*60:
		return fmt.Sprintf("%.1f min", s/60)
	}
	return fmt.Sprintf("%.0f s", s)
}

func printPaths(w io.Writer, a *numbers.PathsAnswer) {
	printBasis(w, &a.Basis)
	exact := "each counted"
	if !a.Exact {
		exact = fmt.Sprintf("one customer in %d counted", a.OneIn)
	}
	fmt.Fprintf(w, "%s: %d journeys by %d ways, %s\n\nJOURNEYS\tSHARE\tWAY\n", spanOf(a.Period), a.Journeys, a.Different, exact)
	for _, p := range a.Paths {
		fmt.Fprintf(w, "%d\t%s\t%s\n", p.Journeys, percent(&p.Share), shortened(strings.Join(p.Types, " > "), 78))
	}
}

func printRFM(w io.Writer, a *numbers.RFMAnswer) {
	printBasis(w, &a.Basis)
	fmt.Fprintf(w, "%d bought in %s; rows: how lately, columns: how often, 5 is the best\n\n", a.Buyers, a.Currency)
	fmt.Fprintln(w, "\tF1\tF2\tF3\tF4\tF5")
	for r := 5; r >= 1; r-- {
		fmt.Fprintf(w, "R%d", r)
		for f := 1; f <= 5; f++ {
			c := cellOf(a.Cells, r, f)
			fmt.Fprintf(w, "\t%d (%s)", c.Customers, percent(c.Share))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
	printFolded(w, a.Ties.En)
}

func cellOf(all []numbers.RFMCell, r, f int) numbers.RFMCell {
	for _, c := range all {
		if c.R == r && c.F == f {
			return c
		}
	}
	return numbers.RFMCell{}
}

func printCorner(w io.Writer, a *numbers.CornerAnswer) {
	printBasis(w, &a.Basis)
	fmt.Fprintf(w, "R%d F%d, bought in %s\n\nCUSTOMER\tM\tLAST\tPURCHASES\tSPENT\n", a.R, a.F, a.Currency)
	for _, c := range a.Listed {
		fmt.Fprintf(w, "%s\t%d\t%s\t%d\t%s\n", c.ID, c.M, c.LastDay, c.Purchases, grouped(units(c.Spent)))
	}
	if a.Next != nil {
		fmt.Fprintf(w, "\nmore with --after %s\n", a.Next)
	}
}
