package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/segments"
)

// printSegments writes one line a segment.
func printSegments(out io.Writer, a *segments.SegmentList) error {
	if len(a.Segments) == 0 {
		_, err := fmt.Fprintln(out, "there are no segments; c360 segments --help shows how to define one")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tMEMBERS\t24 H\t7 DAYS\tVERSION\tSINCE\tTITLE")
	for i := range a.Segments {
		s := &a.Segments[i]
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%d\t%s\t%s%s\n",
			s.Name, s.Members, flow(s.Day), flow(s.Week), s.Version, minute(s.From), titleOf(s), stateOf(s))
	}
	return w.Flush()
}

func flow(f segments.SegmentFlow) string { return fmt.Sprintf("+%d −%d", f.Entered, f.Left) }

func titleOf(s *segments.Segment) string {
	if s.Title.Ko == s.Title.En {
		return s.Title.En
	}
	return s.Title.En + " · " + s.Title.Ko
}

// stateOf says what is not as usual with a segment.
func stateOf(s *segments.Segment) string {
	switch {
	case s.Removed:
		return "  (removed)"
	case s.Fault != nil:
		return "  (nobody is in: " + s.Fault.Detail + ")"
	case s.Left != nil:
		return fmt.Sprintf("  (being judged: %d looked at)", s.Left.Done)
	}
	return ""
}

func minute(t time.Time) string { return t.In(history.Zone).Format("2006-01-02 15:04") }

// printSegment writes everything about one.
func printSegment(out io.Writer, a *segments.SegmentPage) error {
	fmt.Fprintf(out, "%s  %s%s\n", a.Name, titleOf(&a.Segment), stateOf(&a.Segment))
	printLine(out, "members", fmt.Sprintf("%d; %s in 24 hours, %s in 7 days", a.Members, flow(a.Day), flow(a.Week)))
	if len(a.Needs) > 0 {
		printLine(out, "speaks of", strings.Join(a.Needs, ", "))
	}
	if len(a.NeededBy) > 0 {
		printLine(out, "part of", strings.Join(a.NeededBy, ", "))
	}
	for i := range a.Versions {
		v := &a.Versions[i]
		printLine(out, first(i, "versions"), fmt.Sprintf("%d  since %s  %s", v.Number, minute(v.From), versionOf(v)))
		if v.Own && !v.Removed {
			printLine(out, "", "   "+string(v.Rule))
		}
	}
	return nil
}

func versionOf(v *segments.SegmentVersion) string {
	text := "by " + cmp.Or(v.Actor, "nobody named")
	switch {
	case v.Removed:
		text = "removed " + text
	case !v.Own:
		text = "a segment it speaks of changed"
	}
	if v.Fault != nil {
		text += "; " + v.Fault.Pointer + " " + v.Fault.Detail
	}
	return text
}

func printAccepted(out io.Writer, a *segments.SegmentAccepted) error {
	text := "%s is defined as of position %d; everybody is judged by it now\n"
	if !a.Changed {
		text = "%s is so already, since position %d\n"
	}
	_, err := fmt.Fprintf(out, text, a.Name, a.Position)
	return err
}

func printMembers(out io.Writer, a *segments.SegmentMembers) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SINCE\tCUSTOMER\tNAME")
	for i := range a.Members {
		m := &a.Members[i]
		fmt.Fprintf(w, "%s\t%s\t%s\n", minute(m.Since), m.ID, m.Name)
	}
	fmt.Fprintf(w, "%d of %d\n", len(a.Members), a.Total)
	return w.Flush()
}

func printSegmentHistory(out io.Writer, a *segments.SegmentHistory) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "AT\tWHAT\tCUSTOMER\tNAME\tBECAUSE")
	for i := range a.Changes {
		c := &a.Changes[i]
		what := "left"
		if c.Entered {
			what = "entered"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", minute(c.At), what, c.Customer.ID, c.Customer.Name, causeOf(&c.Cause))
	}
	return w.Flush()
}

func causeOf(c *segments.SegmentCause) string {
	switch {
	case c.Event != nil:
		return evidenceLine(c.Event)
	case c.Kind == "clock":
		return "time passed"
	}
	return "the rule began to hold"
}

func evidenceLine(e *segments.SegmentEvidence) string {
	return fmt.Sprintf("%s at %s, position %d", e.Headline.En, minute(e.Time), e.Position)
}

func printPreview(out io.Writer, a *segments.SegmentPreview) error {
	fmt.Fprintf(out, "%d of %d customers would be in (%s)\n", a.Members, a.Customers, strconv.FormatFloat(100*a.Share, 'f', 1, 64)+" %")
	if a.Sampled {
		printLine(out, "sampled", fmt.Sprintf("%d customers were looked at; the number lies between %d and %d, 19 times out of 20; --exact looks at all", a.Looked, a.Low, a.High))
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CONDITION\tDO NOT PASS\tMORE WITHOUT IT\t")
	for i := range a.Lines {
		l := &a.Lines[i]
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\n", cmp.Or(l.Pointer, "/"), l.Fails, l.Loses, l.Words.En)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i, c := range a.Examples {
		printLine(out, first(i, "in"), c.ID.String()+"  "+c.Name)
	}
	for i, c := range a.Near {
		printLine(out, first(i, "nearly"), c.ID.String()+"  "+c.Name)
	}
	return nil
}

func printSegmentBacktest(out io.Writer, a *segments.SegmentBacktest) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "MONTH\tMEMBERS\tOF\tENTERED\tLEFT\tORDERED NEXT\tOTHERS DID")
	for i := range a.Months {
		m := &a.Months[i]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%s\t%s\n", m.Month, m.Members, m.Customers, m.Entered, m.Left, orderedShare(&m.Next), orderedShare(&m.Others))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, x := range []struct {
		word string
		o    *segments.SegmentOutcome
	}{{"entered", &a.Entered}, {"members", &a.Members}, {"others", &a.Others}} {
		printLine(out, x.word, fmt.Sprintf("%d times: %s ordered in the %d days after, %s did nothing at all",
			x.o.Customers, orderedShare(x.o), a.HorizonDays, shareOf(x.o.Silent, x.o.Customers)))
	}
	return nil
}

func orderedShare(o *segments.SegmentOutcome) string { return shareOf(o.Ordered, o.Customers) }

func shareOf(n, of int64) string {
	if of == 0 {
		return "-"
	}
	return percents(float64(n) / float64(of))
}

// printSegmentsWhy writes why a customer is in segments or not; details are for one.
func printSegmentsWhy(out io.Writer, a *query.CustomerSegmentsAnswer, details bool) error {
	fmt.Fprintf(out, "%s at %s, position %d\n", a.ID, minute(a.At), a.Position)
	if len(a.Segments) == 0 {
		fmt.Fprintln(out, "there were no segments")
	}
	for i := range a.Segments {
		s := &a.Segments[i]
		fmt.Fprintf(out, "%s  %s  %s\n", mark(s.In), s.Name, sinceOf(s))
		switch {
		case s.Fault != nil:
			printLine(out, "", "its rule cannot be used: "+s.Fault.Detail)
		case details || s.In:
			printCondition(out, s.Why, 1, details)
		}
	}
	return nil
}

func sinceOf(s *segments.SegmentWhy) string {
	switch {
	case s.Since == nil:
		return "never was in"
	case s.In:
		return "in since " + minute(*s.Since) + ": " + causeOf(s.Cause)
	}
	return "out since " + minute(*s.Since) + ": " + causeOf(s.Cause)
}

func mark(yes bool) string {
	if yes {
		return "✓"
	}
	return "✗"
}

func printCondition(out io.Writer, c *segments.SegmentCondition, depth int, details bool) {
	indent := strings.Repeat("  ", depth)
	text := c.Words.En
	if c.Wanted != "" && details {
		text += "; there was " + cmp.Or(c.Observed, "nothing")
	}
	fmt.Fprintf(out, "%s%s %s\n", indent, mark(c.Passed), text)
	if details {
		for i := range c.Evidence {
			e := &c.Evidence[i]
			fmt.Fprintf(out, "%s    %s%s\n", indent, evidenceLine(e), map[bool]string{true: "  ← decides"}[e.Pivotal])
		}
	}
	for i := range c.Parts {
		printCondition(out, &c.Parts[i], depth+1, details)
	}
}
