package projections

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// Difference is how two read stores that were folded from one log differ: in short, table by table, and by whom the
// rows that differ are about.
type Difference struct {
	Before, After GenerationRef
	Tables        []TableDifference
	// Concerned are the fragments that differing rows are about, by id. There may be More than were asked for.
	Concerned []Concerned
	More      bool
}

// TableDifference compares one table. Same leaves out the columns marked Order, Identical does not.
type TableDifference struct {
	Table           string
	Before, After   int // rows
	Same, Identical bool
	// Buckets is how many of the table's Buckets have different sums.
	Buckets int
	// Changed rows have one key and different values; Gone are only before, Come only after.
	Changed, Gone, Come int
}

// Concerned is a fragment that rows which differ are about.
type Concerned struct {
	Fragment uuid.UUID
	// Tables has bit i set if they are rows of Difference.Tables[i], for the first 64 tables.
	Tables uint64
}

// Concerner may be implemented by a room whose rows are about fragments that no column named "fragment" holds.
type Concerner interface {
	// Concerns returns whom the difference between two rows of one key is about. One of them is nil if the row is on
	// one side only. It reports false for a table that says so itself.
	Concerns(t *Table, before, after Row) ([]uuid.UUID, bool)
}

// DiffOptions bound a comparison and tell how far it is. The zero value will do.
type DiffOptions struct {
	// Concerned is how many fragments are named at most; 0 is a million. One takes about 50 bytes.
	Concerned int
	// Report is told of the rows read of a table, every 64 Ki rows; it may be nil.
	Report func(DiffProgress)
}

// DiffProgress is how far a comparison is.
type DiffProgress struct {
	// Phase is DiffSumming or DiffReading.
	Phase string
	Table string
	Rows  int // of one side
}

// The phases of a comparison. Rows are read one by one only of tables whose sums differ.
const (
	DiffSumming = "summing"
	DiffReading = "reading"
)

const (
	manyConcerned = 1_000_000
	tellRows      = 64 << 10
)

// Same reports whether all tables are the same but for columns marked Order.
func (d *Difference) Same() bool {
	return !slices.ContainsFunc(d.Tables, func(t TableDifference) bool { return !t.Same })
}

// Diff compares the tables of some rooms in two views, in memory that does not grow with the rows: first by sums,
// then the rows of those tables whose sums are not equal. The views may be of stores that were folded under
// different rules; sums also agree when they were fed in different orders, but rows are told apart by their keys, so
// they must have been folded from one log. The engine's own tables are left out: what is parked is a matter of luck.
func Diff(ctx context.Context, before, after View, rooms []Room, o DiffOptions) (Difference, error) {
	d := differ{before: before, after: after, o: o, concerned: map[uuid.UUID]uint64{}}
	if d.o.Concerned == 0 {
		d.o.Concerned = manyConcerned
	}
	d.result.Before.Position, d.result.After.Position = before.Checkpoint().Position, after.Checkpoint().Position
	for _, room := range rooms {
		for _, t := range room.Tables() {
			if err := d.table(ctx, room, t); err != nil {
				return d.result, fmt.Errorf("compare table %s: %w", t.Name, err)
			}
		}
	}
	d.finish()
	return d.result, nil
}

// differ is a comparison under way.
type differ struct {
	before, after View
	o             DiffOptions
	result        Difference
	concerned     map[uuid.UUID]uint64
}

func (d *differ) table(ctx context.Context, room Room, t *Table) error {
	td, err := d.sums(ctx, t)
	if err == nil && !td.Same {
		err = d.rows(ctx, room, t, &td)
	}
	d.result.Tables = append(d.result.Tables, td)
	return err
}

// concern notes whom a difference is about.
func (d *differ) concern(of []uuid.UUID) {
	for _, f := range of {
		if _, known := d.concerned[f]; !known && len(d.concerned) == d.o.Concerned {
			d.result.More = true
			continue
		}
		d.concerned[f] |= 1 << len(d.result.Tables)
	}
}

func (d *differ) finish() {
	d.result.Concerned = make([]Concerned, 0, len(d.concerned))
	for f, tables := range d.concerned {
		d.result.Concerned = append(d.result.Concerned, Concerned{f, tables})
	}
	slices.SortFunc(d.result.Concerned, func(a, b Concerned) int { return slices.Compare(a.Fragment[:], b.Fragment[:]) })
}

// whom returns the function that says whom rows of a table are about.
func whom(room Room, t *Table) func(before, after Row) []uuid.UUID {
	place := t.place("fragment")
	byColumn := func(before, after Row) []uuid.UUID {
		r := before
		if r == nil {
			r = after
		}
		if place < 0 {
			return nil
		}
		id, err := uuid.FromBytes(blob(r[place]))
		if err != nil {
			return nil
		}
		return []uuid.UUID{id}
	}
	c, ok := room.(Concerner)
	if !ok {
		return byColumn
	}
	return func(before, after Row) []uuid.UUID {
		if of, known := c.Concerns(t, before, after); known {
			return of
		}
		return byColumn(before, after)
	}
}

func blob(v any) []byte {
	b, _ := v.([]byte)
	return b
}
