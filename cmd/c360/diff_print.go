package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/c360hq/c360/services/query"
)

const (
	// changesShown is how many changes of one customer are printed, and valueShown how long a value may be.
	changesShown = 12
	valueShown   = 48
)

// printDifference shows a difference to people.
func printDifference(out io.Writer, d *query.DifferenceAnswer) error {
	out = plain{out}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\tbefore\tafter\n")
	fmt.Fprintf(t, "generation\t%s %s\t%s %s\n", d.A.ID, d.A.Kind, d.B.ID, d.B.Kind)
	fmt.Fprintf(t, "position\t%d\t%d\n", d.A.Position, d.B.Position)
	fmt.Fprintf(t, "rules\t%.12s\t%.12s\n", d.A.Rules, d.B.Rules)
	fmt.Fprintf(t, "customers\t%d\t%d\n", d.A.Customers, d.B.Customers)
	fmt.Fprintf(t, "fragments\t%d\t%d\n", d.A.Fragments, d.B.Fragments)
	if err := t.Flush(); err != nil {
		return err
	}
	if d.Position == 0 {
		fmt.Fprintln(out, "\nThe two are not at one position: what happened in between differs too.")
	}
	printTables(out, d)
	printSummary(out, d)
	for i := range d.Customers {
		printCustomer(out, &d.Customers[i])
	}
	if more := d.CustomersTotal - len(d.Customers); more > 0 {
		fmt.Fprintf(out, "\n%d more; --limit shows more of them, --out writes all of them to a file\n", more)
	}
	return nil
}

func printTables(out io.Writer, d *query.DifferenceAnswer) {
	same := 0
	for _, t := range d.Tables {
		if t.Same {
			same++
			continue
		}
		fmt.Fprintf(out, "\ntable %s: %d rows changed, %d gone, %d new, of %d before and %d after (%d of 256 buckets)",
			t.Table, t.Changed, t.Gone, t.Come, t.RowsA, t.RowsB, t.Buckets)
	}
	fmt.Fprintf(out, "\n%d of %d tables are the same\n", same, len(d.Tables))
}

func printSummary(out io.Writer, d *query.DifferenceAnswer) {
	s := &d.Summary
	fmt.Fprintf(out, "\ncustomers that differ: %d", d.CustomersTotal)
	for _, n := range [...]struct {
		what string
		n    int
	}{
		{"merged", s.Merged},
		{"split", s.Split},
		{"regrouped", s.Regrouped},
		{"changed", s.Changed},
		{"only before", s.OnlyA},
		{"only after", s.OnlyB},
		{"not on the page", s.Unseen},
	} {
		if n.n > 0 {
			fmt.Fprintf(out, ", %d %s", n.n, n.what)
		}
	}
	fmt.Fprintln(out)
	if !d.Complete {
		fmt.Fprintln(out, "so many differ that the rest was left out")
	}
	for _, f := range s.Fields {
		fmt.Fprintf(out, "  %6d  %s\n", f.Customers, f.Field)
	}
}

func printCustomer(out io.Writer, c *query.CustomerDifference) {
	fmt.Fprintf(out, "\n%s  %s  %s", c.ID, c.Name, c.Kind)
	if len(c.IDsBefore) != 1 || len(c.IDsAfter) != 1 {
		fmt.Fprintf(out, ": %d before, %d after", len(c.IDsBefore), len(c.IDsAfter))
	}
	fmt.Fprintln(out)
	for i, change := range c.Changes {
		if i == changesShown {
			fmt.Fprintf(out, "    and %d more\n", len(c.Changes)-i+c.Further)
			break
		}
		fmt.Fprintf(out, "    %s: %s -> %s\n", change.Field, cut(change.Before), cut(change.After))
	}
	if len(c.Changes) == 0 {
		fmt.Fprintf(out, "    rows of %s\n", strings.Join(c.Tables, ", "))
	}
}

// cut shortens a value at a letter.
func cut(v json.RawMessage) string {
	letters := []rune(string(v))
	if len(letters) <= valueShown {
		return string(v)
	}
	return string(letters[:valueShown]) + "…"
}
