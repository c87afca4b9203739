package pgstore

import (
	"fmt"
	"slices"

	"github.com/c360hq/c360/projections"
)

// distinct leaves out all but the last row of a key, as writing one after the other would. INSERT … ON CONFLICT refuses a
// key that is there twice.
func (p *plan) distinct(rows []projections.Row) ([]projections.Row, error) {
	last := make(map[string]int, len(rows))
	var key []byte
	for i, row := range rows {
		if len(row) != len(p.cols) {
			return nil, fmt.Errorf("table %s: a row of %d values for %d columns", p.table.Name, len(row), len(p.cols))
		}
		var err error
		if key, err = p.appendKey(key[:0], p.table.Key(row)); err != nil {
			return nil, err
		}
		last[string(key)] = i
	}
	if len(last) == len(rows) {
		return rows, nil
	}
	return pick(rows, last), nil
}

// pick returns the rows at some places, in their order.
func pick(rows []projections.Row, at map[string]int) []projections.Row {
	places := make([]int, 0, len(at))
	for _, i := range at {
		places = append(places, i)
	}
	slices.Sort(places)
	kept := make([]projections.Row, len(places))
	for i, place := range places {
		kept[i] = rows[place]
	}
	return kept
}

// appendKey writes a key.
func (p *plan) appendKey(b []byte, key []any) ([]byte, error) {
	for i, v := range key {
		var err error
		if b, err = appendValue(b, &p.cols[i], v); err != nil {
			return b, fmt.Errorf("table %s: %w", p.table.Name, err)
		}
	}
	return b, nil
}
