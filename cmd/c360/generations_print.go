package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/c360hq/c360/services/query"
)

// printGenerations writes one line a generation.
func printGenerations(out io.Writer, all []query.GenerationState) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tKIND\tSTATE\tPOSITION\tAS OF\tRULES\tMADE\tNOTE")
	for i := range all {
		x := &all[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%.8s\t%s\t%s\n", x.ID, x.Kind, x.State, x.Position, instantOf(x), x.Rules, moment(x.CreatedAt), x.Note)
	}
	return w.Flush()
}

// printGeneration writes everything about one.
func printGeneration(out io.Writer, x *query.GenerationState) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%s\t"+format+"\n", append([]any{name}, args...)...)
	}
	line("generation", "%s, %s", x.ID, x.Kind)
	line("state", "%s%s%s", x.State, map[bool]string{true: ": " + x.Error}[x.Error != ""], map[bool]string{true: "; waiting: " + x.Waits}[x.Waits != ""])
	line("folded to", "%d", x.Position)
	line("as of", "%s", instantOf(x))
	line("folded from", "%d events; %d rows, %d parked", x.Events, x.Rows, x.Parked)
	line("log at the start", "%d, hash %s", x.Head, x.HeadHash)
	line("made", "%s by c360 %s, finished %s", moment(x.CreatedAt), x.Code, moment(x.FinishedAt))
	line("read models", "%s", strings.Join(x.Rooms, " "))
	line("rules", "%s", x.Rules)
	line("rule set", "%s", x.RuleSet)
	line("fingerprint", "%s", x.Fingerprint)
	line("note", "%s", x.Note)
	return w.Flush()
}

func instantOf(x *query.GenerationState) string {
	switch {
	case x.KnownAt > 0 && x.AsOf != nil:
		return fmt.Sprintf("%s, known at %d", moment(x.AsOf), x.KnownAt)
	case x.KnownAt > 0:
		return fmt.Sprintf("known at %d", x.KnownAt)
	case x.AsOf != nil:
		return moment(x.AsOf)
	}
	return "-"
}

func moment(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(time.RFC3339)
}
