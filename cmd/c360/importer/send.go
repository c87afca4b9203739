package importer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/c360hq/c360/cmd/c360/delivery"
)

// result is what became of a chunk.
type result struct {
	chunk
	counts  Counts
	rejects []Reject
}

// lines are the events of a chunk on their way: a line of NDJSON each.
type lines struct {
	units []unit
	types []string
	// ends says where each line ends in body.
	ends []int
	body []byte
}

func (l *lines) part(from, to int) lines {
	start := 0
	if from > 0 {
		start = l.ends[from-1]
	}
	p := lines{units: l.units[from:to], types: l.types[from:to], body: l.body[start:l.ends[to-1]]}
	for _, end := range l.ends[from:to] {
		p.ends = append(p.ends, end-start)
	}
	return p
}

// apply makes the events of a chunk. What cannot become one is rejected here and never sent.
func (j *job) apply(k chunk) (lines, result) {
	var l lines
	r := result{chunk: k, counts: Counts{Types: map[string]int{}}}
	for _, u := range k.units {
		if u.err != nil {
			r.rejects = append(r.rejects, reject(u, u.err.Error()))
			continue
		}
		body, typ, err := j.line(l.body, u)
		switch {
		case errors.Is(err, errSkipped):
			r.counts.Skipped++
		case err != nil:
			r.rejects = append(r.rejects, reject(u, err.Error()))
		default:
			l.body = body
			l.ends = append(l.ends, len(body))
			l.units, l.types = append(l.units, u), append(l.types, typ)
		}
	}
	r.counts.Rejected = len(r.rejects)
	return l, r
}

// line appends the event that a unit becomes. Without a mapping the line is one already.
func (j *job) line(body []byte, u unit) ([]byte, string, error) {
	if j.mapping != nil {
		return j.mapping.event(body, place{u.node, u.line, j.name()}, u.raw)
	}
	typ := ""
	if n, ok := u.node.field("type"); ok {
		typ, _ = n.text()
	}
	return append(append(body, withSource(u.raw, j.Source)...), '\n'), typ, nil
}

// name is the file's name without its endings: what {@} stands for.
func (j *job) name() string {
	name, _, _ := strings.Cut(filepath.Base(j.path), ".")
	return name
}

// route is where files go.
const route = "/v1/import?format=ndjson"

// report is what the server says about an import.
type report struct {
	Accepted   int    `json:"accepted"`
	Duplicates int    `json:"duplicates"`
	Rejected   int    `json:"rejected"`
	Position   uint64 `json:"position"`
	Rejects    []struct {
		Line    int    `json:"line"`
		Pointer string `json:"pointer"`
		Detail  string `json:"detail"`
	} `json:"rejects"`
}

// send posts the lines and adds to the result what the server made of them.
func send(ctx context.Context, c *delivery.Client, key string, l lines, r *result) error {
	if len(l.units) == 0 {
		return nil
	}
	said, err := post(ctx, c, key, l)
	if err != nil {
		return err
	}
	r.counts.Accepted += said.Accepted
	r.counts.Duplicates += said.Duplicates
	r.counts.Rejected += said.Rejected
	r.counts.Position = max(r.counts.Position, said.Position)
	for _, typ := range l.types {
		r.counts.Types[typ]++
	}
	return r.why(ctx, c, key, l, said)
}

// why notes the reason of every line the server refused. It tells those of the first hundred; if there are more,
// the halves are asked again, which stores nothing twice.
func (r *result) why(ctx context.Context, c *delivery.Client, key string, l lines, said report) error {
	if said.Rejected > len(said.Rejects) && len(l.units) > 1 {
		middle := len(l.units) / 2
		for _, half := range []lines{l.part(0, middle), l.part(middle, len(l.units))} {
			again, err := post(ctx, c, key, half)
			if err != nil {
				return err
			}
			if err := r.why(ctx, c, key, half, again); err != nil {
				return err
			}
		}
		return nil
	}
	for _, fault := range said.Rejects {
		if fault.Line < 1 || fault.Line > len(l.units) {
			return fmt.Errorf("c360 refused line %d of %d: it is not the version this client knows", fault.Line, len(l.units))
		}
		u, typ := l.units[fault.Line-1], l.types[fault.Line-1]
		r.counts.Types[typ]--
		r.rejects = append(r.rejects, reject(u, said.reason(fault.Pointer, fault.Detail)))
	}
	return nil
}

func (report) reason(pointer, detail string) string {
	if pointer == "" {
		return detail
	}
	return pointer + ": " + detail
}

func post(ctx context.Context, c *delivery.Client, key string, l lines) (report, error) {
	var said report
	answer, err := c.Post(ctx, key, route, l.body)
	if err != nil {
		return said, err //nolint:wrapcheck // the caller names the file
	}
	if err := json.Unmarshal(answer.Body, &said); err != nil {
		return said, fmt.Errorf("what answers is not c360: %w", err)
	}
	if n := said.Accepted + said.Duplicates + said.Rejected; n != len(l.units) {
		return said, fmt.Errorf("c360 accounts for %d of %d lines; nothing more is sent", n, len(l.units))
	}
	return said, nil
}
