package memstore

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/c360hq/c360/projections"
)

// table holds the rows of one table. Once a view shows it, it does not change but for what is sorted.
type table struct {
	shape *shape
	rows  map[string]projections.Row // by the encoded key
	// shared is set once more than one snapshot has it, and stays: from then on a copy is changed.
	shared bool

	mu     sync.Mutex
	sorted map[string][]entry // by index, until the next change
}

// entry is a row and its place in the order of an index.
type entry struct {
	place string
	row   projections.Row
}

func newTable(s *shape) *table { return &table{shape: s, rows: map[string]projections.Row{}} }

func (t *table) clone() *table { return &table{shape: t.shape, rows: maps.Clone(t.rows)} }

func (t *table) apply(c projections.TableChanges) {
	for _, key := range c.Delete {
		delete(t.rows, encode(key))
	}
	for _, row := range c.Put {
		t.rows[encode(row[:c.Table.KeyLen])] = copied(row)
	}
	t.sorted = nil
}

// ordered returns the rows in the order of an index.
func (t *table) ordered(index string) []entry {
	t.mu.Lock()
	defer t.mu.Unlock()
	if list, ok := t.sorted[index]; ok {
		return list
	}
	places := t.shape.orders[index]
	columns := make([]any, len(places))
	list := make([]entry, 0, len(t.rows))
	for _, row := range t.rows {
		for i, p := range places {
			columns[i] = row[p]
		}
		list = append(list, entry{encode(columns), row})
	}
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a.place, b.place) })
	if t.sorted == nil {
		t.sorted = map[string][]entry{}
	}
	t.sorted[index] = list
	return list
}

// within returns the stretch of sorted entries that a range names, in their order.
func within(list []entry, in projections.Range) []entry {
	prefix := encode(in.Prefix)
	list = list[search(list, prefix+encode(in.From)):]
	if in.To != nil {
		return list[:search(list, prefix+encode(in.To))]
	}
	return list[:sort.Search(len(list), func(i int) bool { return !strings.HasPrefix(list[i].place, prefix) })]
}

func search(list []entry, place string) int {
	i, _ := slices.BinarySearchFunc(list, place, func(e entry, s string) int { return strings.Compare(e.place, s) })
	return i
}

// copied returns a row that shares no memory with another one.
func copied(r projections.Row) projections.Row {
	c := slices.Clone(r)
	for i, v := range c {
		if b, ok := v.([]byte); ok {
			c[i] = append([]byte{}, b...)
		}
	}
	return c
}
