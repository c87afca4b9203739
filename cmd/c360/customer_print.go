package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/services/query"
)

// printPage writes the page of a customer, for people: who, known by what, in sum, and what they did last.
func printPage(out io.Writer, a *query.CustomerAnswer, did []query.TimelineRow) {
	out = plain{out}
	fmt.Fprintf(out, "%s  %s\n", cmp.Or(a.Name, "(no name)"), a.ID)
	printLine(out, "true at", momentOf(a))
	for i := range a.Identifiers {
		k := &a.Identifiers[i]
		text := fmt.Sprintf("%s:%s  %s", k.Kind, k.Value, k.Grade)
		if k.Inert {
			text += ", shared by too many to tie anybody"
		}
		printLine(out, first(i, "known by"), text)
	}
	printLine(out, "seen", fmt.Sprintf("%s to %s, in %d fragments", day(a.FirstSeen), day(a.LastSeen), len(a.Fragments)))
	printLine(out, "did", totalsOf(&a.Totals))
	for i := range did {
		printLine(out, first(i, "last"), eventLine(&did[i]))
	}
	for i := range a.Recommendations {
		o := &a.Recommendations[i]
		printLine(out, first(i, "offer"), cmp.Or(o.Name, o.SKU)+": "+o.Reason.En)
	}
}

// printLine writes a line under a word; the word stands at the first line of several.
func printLine(out io.Writer, word, text string) { fmt.Fprintf(out, "  %-9s %s\n", word, text) }

func first(i int, word string) string {
	if i > 0 {
		return ""
	}
	return word
}

func momentOf(a *query.CustomerAnswer) string {
	text := fmt.Sprintf("position %d", a.Position)
	if a.KnownAt > 0 {
		text = fmt.Sprintf("what was known at position %d", a.KnownAt)
	}
	if a.AsOf != nil {
		text += ", of what had happened by " + a.AsOf.In(profile.Zone).Format(time.RFC3339)
	}
	return text
}

func totalsOf(t *query.Totals) string {
	parts := []string{fmt.Sprintf("%d events", t.Events)}
	for _, c := range slices.Sorted(maps.Keys(t.ByChannel)) {
		parts = append(parts, fmt.Sprintf("%s %d", c, t.ByChannel[c]))
	}
	parts = append(parts, fmt.Sprintf("%d orders", t.Orders))
	for _, r := range t.Revenue {
		parts = append(parts, fmt.Sprintf("%s %s", r.Currency, r.Amount))
	}
	return strings.Join(parts, ", ")
}

func eventLine(e *query.TimelineRow) string {
	text := fmt.Sprintf("%s  %-8s %s", e.Time.In(profile.Zone).Format("2006-01-02 15:04"), e.Channel, e.Headline.En)
	if e.Count > 1 {
		text += fmt.Sprintf(" ×%d", e.Count)
	}
	if e.Detail.En != "" {
		text += ": " + e.Detail.En
	}
	return text
}

func printHit(out io.Writer, h *query.Hit) {
	proof := ""
	if !h.Matched.Proven {
		proof = ", only claimed"
	}
	fmt.Fprintf(plain{out}, "%s  %s, %d events%s\n", h.ID, cmp.Or(h.Name, "(no name)"), h.Events, proof)
}

func day(t *time.Time) string {
	if t == nil {
		return "?"
	}
	return t.In(profile.Zone).Format(time.DateOnly)
}
