package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// shownEvents is how many events and how many rejects a dry run shows.
const shownEvents = 3

// dryRun maps the whole file and sends nothing.
func (j *job) dryRun(c *chunker) (Counts, error) {
	var counts Counts
	events, rejects := 0, 0
	for k, ok := c.next(); ok; k, ok = c.next() {
		l, r := j.apply(k)
		for _, typ := range l.types {
			r.counts.Types[typ]++
		}
		counts.add(r.counts)
		for line := range bytes.Lines(l.body) {
			if events < shownEvents {
				j.showEvent(line)
			}
			events++
		}
		for _, x := range r.rejects {
			if rejects < shownEvents {
				fmt.Fprintf(j.Stdout, "line %d would be rejected: %s\n", x.Line, x.Reason)
			}
			rejects++
		}
		if k.last != nil {
			return counts, fmt.Errorf("%s: line %d: %w", j.path, k.line, j.in.explain(k.last))
		}
	}
	fmt.Fprintf(j.Stdout, "%s: %s events, %s lines that would be rejected, %s left out; nothing was sent\n", j.path,
		grouped(events), grouped(rejects), grouped(counts.Skipped))
	writeTypes(j.Stdout, counts.Types)
	return counts, nil
}

func (j *job) showEvent(line []byte) {
	var out bytes.Buffer
	if json.Indent(&out, bytes.TrimSpace(line), "", "  ") == nil {
		fmt.Fprintf(j.Stdout, "%s\n", out.Bytes())
	}
}
