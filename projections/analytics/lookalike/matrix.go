package lookalike

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

const (
	// maxColumns bounds the features of a model: those that most customers have.
	maxColumns = 300
	// leastSupport is how many customers must have a feature to be in a model.
	leastSupport = 10
)

// column is a feature as a model sees it: (x - Mean) / Scale, where x is ln(1 + value) for rates and figures.
type column struct {
	key         Key
	mean, scale float64
}

// cell is what a customer has in a column.
type cell struct {
	column int
	value  float64
}

// squeezed reports whether a feature is heavy-tailed and goes in as its logarithm.
func (k Key) squeezed() bool { return k.Kind == KindRate || k.Kind == KindFigure }

func (k Key) input(value float64) float64 {
	if k.squeezed() {
		return math.Copysign(math.Log1p(math.Abs(value)), value)
	}
	return value
}

// columnsOf are the columns that rows make, in the order of their keys: of traits with too many values none.
func columnsOf(rows []row, maxValues int) []column {
	support, values := map[Key]int{}, valueCount{limit: maxValues}
	for i := range rows {
		for _, f := range rows[i].features {
			support[*f.key]++
			values.takes(*f.key)
		}
	}
	keys := make([]Key, 0, len(support))
	for _, k := range slices.SortedFunc(maps.Keys(support), compareKeys) {
		if support[k] >= leastSupport && !values.tooMany(k) {
			keys = append(keys, k)
		}
	}
	slices.SortStableFunc(keys, func(a, b Key) int { return cmp.Compare(support[b], support[a]) })
	keys = keys[:min(len(keys), maxColumns)]
	slices.SortFunc(keys, compareKeys)
	columns := make([]column, len(keys))
	for i, k := range keys {
		columns[i] = column{key: k, scale: 1}
	}
	return columns
}

// places are the columns by key.
func places(columns []column) map[Key]int {
	at := make(map[Key]int, len(columns))
	for i := range columns {
		at[columns[i].key] = i
	}
	return at
}

// cells are what a row has in the columns. A number that is missing counts as the mean, anything else that is missing as 0,
// which is what the model takes it for as well.
func cells(features []held, columns []column, at map[Key]int) []cell {
	list := make([]cell, 0, len(features))
	for _, f := range features {
		if i, ok := at[*f.key]; ok {
			c := &columns[i]
			if v := (f.key.input(f.value) - c.mean) / c.scale; v != 0 {
				list = append(list, cell{i, v})
			}
		}
	}
	return list
}

// standardise sets mean and scale of the columns that are numbers, by the rows. Rates, channels and figures are scaled but not
// centred: they are 0 for whoever has none.
func standardise(rows []row, columns []column) {
	at := places(columns)
	all := make([]moments, len(columns))
	for i := range rows {
		for _, f := range rows[i].features {
			if c, ok := at[*f.key]; ok && !f.key.binary() {
				all[c].add(f.key.input(f.value))
			}
		}
	}
	for i := range columns {
		c, n := &columns[i], int64(len(rows))
		if c.key.binary() {
			continue
		}
		if c.key.Kind == KindNumber {
			n = all[i].n
		}
		mean, variance := all[i].over(n)
		if c.key.Kind == KindNumber {
			c.mean = mean
		}
		if variance > 0 {
			c.scale = math.Sqrt(variance)
		}
	}
}
