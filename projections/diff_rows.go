package projections

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"math"
)

// rows finds the rows of a table that differ, and whom they are about. Both sides are walked side by side in the
// order of the key, which all engines share, so that a row of each is all that is held.
func (d *differ) rows(ctx context.Context, room Room, t *Table, td *TableDifference) error {
	about := whom(room, t)
	n := 0
	return join(ctx, d.before, d.after, t, func(before, after Row) {
		if n++; n%tellRows == 0 {
			d.tell(DiffReading, t, n)
		}
		switch {
		case after == nil:
			td.Gone++
		case before == nil:
			td.Come++
		case equalRows(t, before, after):
			return
		default:
			td.Changed++
		}
		d.concern(about(before, after))
	})
}

// join calls found for every key of a table with the rows of both sides; one is nil if the key is on one side only.
func join(ctx context.Context, before, after View, t *Table, found func(before, after Row)) error {
	var broken error
	nextA, stopA := iter.Pull(rowsOf(ctx, before, t, &broken))
	defer stopA()
	nextB, stopB := iter.Pull(rowsOf(ctx, after, t, &broken))
	defer stopB()
	a, moreA := nextA()
	b, moreB := nextB()
	for (moreA || moreB) && broken == nil {
		c := order(t, a, b)
		switch {
		case !moreB || moreA && c < 0:
			found(a, nil)
			a, moreA = nextA()
		case !moreA || c > 0:
			found(nil, b)
			b, moreB = nextB()
		default:
			found(a, b)
			a, moreA = nextA()
			b, moreB = nextB()
		}
	}
	return broken
}

// rowsOf yields the rows of a table in the order of its key.
func rowsOf(ctx context.Context, v View, t *Table, broken *error) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		err := v.Scan(ctx, t, Range{}, func(r Row) (bool, error) { return yield(r), nil })
		if err != nil {
			*broken = err
		}
	}
}

// order compares two rows by key; an absent row has no place, and the caller knows.
func order(t *Table, a, b Row) int {
	if a == nil || b == nil {
		return 0
	}
	for i := range t.KeyLen {
		if c := compareValues(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

// equalRows compares two rows but for the columns marked Order.
func equalRows(t *Table, a, b Row) bool {
	for i, c := range t.Columns {
		if !c.Order && !equalValues(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalValues(a, b any) bool {
	switch a := a.(type) {
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	case float64:
		b, ok := b.(float64)
		return ok && math.Float64bits(a) == math.Float64bits(b)
	}
	return a == b
}

// compareValues compares two values of one key column.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case int64:
		b, _ := b.(int64)
		return cmp.Compare(a, b)
	case float64:
		b, _ := b.(float64)
		return cmp.Compare(a, b)
	case string:
		b, _ := b.(string)
		return cmp.Compare(a, b)
	case []byte:
		return bytes.Compare(a, blob(b))
	}
	return 0
}
