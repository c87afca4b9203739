package logcopy

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/c360hq/c360/events"
)

// DifferenceError says in which of their fields two events at the same position differ. It never tells what is in them.
type DifferenceError struct {
	Position events.Position
	Fields   []string
}

func (e *DifferenceError) Error() string {
	return fmt.Sprintf("position %d differs between source and target in %s; run c360 verify on both: one of them is damaged",
		e.Position, strings.Join(e.Fields, ", "))
}

// Compare reads both logs from the first event up to head and compares them event by event, every field and every hash,
// and computes the hash chain anew. It returns nil if all are the same. Errors: *DifferenceError for the first that is
// not, those of the two logs, ctx.Err().
func Compare(ctx context.Context, from, to events.Log, head events.Head, progress Progress) error {
	progress(0, head.Position)
	source, stop := pages(ctx, from, 0, head.Position)
	defer stop()
	c := comparison{to: to}
	for p := range source {
		if p.err != nil {
			return fmt.Errorf("the source: %w", p.err)
		}
		if err := c.page(ctx, p.events); err != nil {
			return err
		}
		progress(c.head.Position, head.Position)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.head != head {
		return &DifferenceError{Position: head.Position, Fields: []string{"the hash of the head"}}
	}
	return nil
}

// comparison walks along the target.
type comparison struct {
	to         events.Log
	head       events.Head // the last event that is the same
	one, other []byte      // room for records
}

func (c *comparison) page(ctx context.Context, want []events.Recorded) error {
	for len(want) > 0 {
		p := read(ctx, c.to, c.head.Position, len(want))
		if p.err != nil {
			return fmt.Errorf("the target: %w", p.err)
		}
		for i := range p.events {
			if err := c.same(&want[i], &p.events[i]); err != nil {
				return err
			}
		}
		want = want[len(p.events):]
	}
	return nil
}

// same compares records, which hold every field but the hash, then the hashes with the chain.
func (c *comparison) same(a, b *events.Recorded) error {
	c.one, c.other = events.AppendRecord(c.one[:0], a), events.AppendRecord(c.other[:0], b)
	hash := c.head.Hash.Next(c.other)
	if !bytes.Equal(c.one, c.other) || a.Hash != b.Hash || b.Hash != hash {
		return &DifferenceError{Position: a.Position, Fields: differing(a, b)}
	}
	c.head = events.Head{Position: b.Position, Hash: hash}
	return nil
}

// differing names the fields in which two events differ; the hash chain if it is none of them.
func differing(a, b *events.Recorded) (names []string) {
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for _, f := range reflect.VisibleFields(x.Type()) {
		if !f.Anonymous && !reflect.DeepEqual(x.FieldByIndex(f.Index).Interface(), y.FieldByIndex(f.Index).Interface()) {
			names = append(names, strings.ToLower(f.Name))
		}
	}
	if len(names) == 0 {
		names = []string{"the hash chain"}
	}
	return names
}
