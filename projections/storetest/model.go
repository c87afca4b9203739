package storetest

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/c360hq/c360/projections"
)

// model is a store too simple to be wrong: all rows of a table in a slice.
type model map[*projections.Table][]projections.Row

func (m model) commit(c projections.Changes) {
	for _, t := range c.Tables {
		for _, key := range t.Delete {
			m.remove(t.Table, key)
		}
		for _, row := range t.Put {
			m.remove(t.Table, t.Table.Key(row))
			m[t.Table] = append(m[t.Table], row)
		}
	}
}

func (m model) remove(t *projections.Table, key []any) {
	m[t] = slices.DeleteFunc(m[t], func(r projections.Row) bool { return compareTuple(r[:t.KeyLen], key) == 0 })
}

// scan is the meaning of projections.Range, spelled out.
func (m model) scan(t *projections.Table, r projections.Range) []projections.Row {
	places, err := t.Order(r.Index)
	if err != nil {
		panic(err)
	}
	tuple := func(row projections.Row) []any {
		var values []any
		for _, i := range places {
			values = append(values, row[i])
		}
		return values
	}
	var found []projections.Row
	for _, row := range m[t] {
		v := tuple(row)
		rest := v[len(r.Prefix):]
		if compareTuple(v[:len(r.Prefix)], r.Prefix) == 0 &&
			(r.From == nil || compareTuple(rest[:len(r.From)], r.From) >= 0) &&
			(r.To == nil || compareTuple(rest[:len(r.To)], r.To) < 0) {
			found = append(found, row)
		}
	}
	slices.SortFunc(found, func(a, b projections.Row) int { return compareTuple(tuple(a), tuple(b)) })
	if r.Desc {
		slices.Reverse(found)
	}
	if r.Limit > 0 && len(found) > r.Limit {
		found = found[:r.Limit]
	}
	return found
}

func compareTuple(a, b []any) int {
	for i := range a {
		if c := compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

func compare(a, b any) int {
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case string:
		return strings.Compare(a, b.(string))
	case []byte:
		return bytes.Compare(a, b.([]byte))
	}
	panic(fmt.Sprintf("a %T in a key or index", a))
}

// write shows rows with their Go types, so that 1, 1.0, "1", nil and an empty blob are told apart.
func write(rows []projections.Row) string {
	var b strings.Builder
	for _, row := range rows {
		for _, v := range row {
			if blob, ok := v.([]byte); ok {
				fmt.Fprintf(&b, "blob(%x) ", blob)
				continue
			}
			fmt.Fprintf(&b, "%T(%#v) ", v, v)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
