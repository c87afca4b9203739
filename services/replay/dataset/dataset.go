package dataset

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Type is what a column holds.
type Type uint8

// The types and what their values are.
const (
	Text      Type = 1 + iota // UTF-8
	Int                       // 64 bits
	Real                      // 64 bits
	Bool                      // true or false
	Timestamp                 // microseconds, UTC
	Date                      // a day without a clock
	JSON                      // the text of one JSON value
)

var typeNames = [...]string{Text: "text", Int: "int", Real: "real", Bool: "bool", Timestamp: "timestamp", Date: "date", JSON: "json"}

// String names the type as the data dictionary does.
func (t Type) String() string { return typeNames[t] }

// Column is one column of a dataset.
type Column struct {
	Name string
	Type Type
	// Unit says what a number counts; empty if it needs none.
	Unit string
	// Nullable columns have no value where there is nothing to say.
	Nullable bool
	// Doc is one sentence for the data dictionary.
	Doc string
	// Few says that the same values come again and again, so that formats may write them once.
	Few bool
	// Index says that people look rows up by it.
	Index bool
}

// Dataset is one table of an export.
type Dataset struct {
	Name string
	// Doc is one sentence for the data dictionary.
	Doc     string
	Columns []Column
	// Log says that its rows come from the log, so that a Query selects among them; the others are always whole.
	Log bool

	rows func(ctx context.Context, s *Source, q Query, emit func(*Batch) error) error
}

// Rows calls emit with all rows in order. A batch and what is in it belong to Rows again when emit returns.
func (d *Dataset) Rows(ctx context.Context, s *Source, q Query, emit func(*Batch) error) error {
	if err := d.rows(ctx, s, q, emit); err != nil {
		return fmt.Errorf("read %s: %w", d.Name, err)
	}
	return nil
}

// Place returns the place of a column, -1 if there is none of that name.
func (d *Dataset) Place(column string) int {
	return slices.IndexFunc(d.Columns, func(c Column) bool { return c.Name == column })
}

// All returns every dataset, the log's first.
func All() []*Dataset {
	return []*Dataset{
		eventsTable(), orderItems(), customers(), fragments(), identifiers(), links(), orders(), cases(), consents(),
	}
}

// Select returns the named datasets in the order of All; no names are all of them.
func Select(names []string) ([]*Dataset, error) {
	all := All()
	if len(names) == 0 {
		return all, nil
	}
	for _, name := range names {
		if !slices.ContainsFunc(all, func(d *Dataset) bool { return d.Name == name }) {
			return nil, fmt.Errorf("there is no table %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	return slices.DeleteFunc(all, func(d *Dataset) bool { return !slices.Contains(names, d.Name) }), nil
}

// Names lists the names of all datasets.
func Names() []string {
	var names []string
	for _, d := range All() {
		names = append(names, d.Name)
	}
	return names
}

// field is a column and how its value is made of a T.
type field[T any] struct {
	Column
	of func(*T) Value
}

// as says how the value of a column is made.
func as[T any](c Column, of func(*T) Value) field[T] { return field[T]{c, of} }

// define makes a dataset of fields and a function that gives the things the rows are made of, some at a time.
func define[T any](
	name, doc string, fields []field[T], each func(ctx context.Context, s *Source, q Query, emit func([]T) error) error,
) *Dataset {
	d := &Dataset{Name: name, Doc: doc}
	for _, f := range fields {
		d.Columns = append(d.Columns, f.Column)
	}
	d.rows = func(ctx context.Context, s *Source, q Query, emit func(*Batch) error) error {
		b := NewBatch(d.Columns)
		return each(ctx, s, q, func(things []T) error {
			b.Reset()
			for i := range things {
				row := b.Grow()
				for j := range fields {
					row[j] = fields[j].of(&things[i])
				}
			}
			if err := ctx.Err(); err != nil || b.Len() == 0 {
				return err
			}
			return emit(b)
		})
	}
	return d
}

// batchRows is about how many rows a batch has.
const batchRows = 1024

// gather collects things until there are enough for a batch.
type gather[T any] struct {
	things []T
	emit   func([]T) error
}

func (g *gather[T]) add(things ...T) error {
	if g.things = append(g.things, things...); len(g.things) < batchRows {
		return nil
	}
	return g.flush()
}

func (g *gather[T]) flush() error {
	if len(g.things) == 0 {
		return nil
	}
	err := g.emit(g.things)
	clear(g.things)
	g.things = g.things[:0]
	return err
}
