package storetest

import (
	"math"
	"slices"

	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Values come from small sets, so that rows meet, and hold what drivers get wrong.
var (
	ints  = rapid.SampledFrom([]int64{math.MinInt64, -2, -1, 0, 1, 2, 3, 1 << 40, math.MaxInt64})
	reals = rapid.SampledFrom([]float64{math.Inf(-1), -1.5, 0, 1, 1.5, 1e300, math.Inf(1)})
	texts = rapid.SampledFrom([]string{"", "A", "a", "a\x00b", "ab", "b", "é", "김서연", "1", "x' OR 1"})
	blobs = rapid.SampledFrom([][]byte{{}, {0}, {0, 0}, {1}, {1, 255}, {255}, []byte("a"), make([]byte, 5000)})
)

func value(t *rapid.T, kind projections.Kind) any {
	switch kind {
	case projections.Int:
		return ints.Draw(t, "int")
	case projections.Real:
		return reals.Draw(t, "real")
	case projections.Text:
		return texts.Draw(t, "text")
	default:
		return slices.Clone(blobs.Draw(t, "blob"))
	}
}

func drawRow(t *rapid.T, tab *projections.Table) projections.Row {
	fixed := map[int]bool{}
	for _, x := range append([]projections.Index{{}}, tab.Indexes...) {
		places, _ := tab.Order(x.Name)
		for _, i := range places {
			fixed[i] = true
		}
	}
	row := make(projections.Row, len(tab.Columns))
	for i, c := range tab.Columns {
		if fixed[i] || rapid.IntRange(0, 3).Draw(t, "nil") > 0 {
			row[i] = value(t, c.Kind)
		}
	}
	return row
}

// drawChanges puts and deletes distinct keys in one or two tables.
func drawChanges(t *rapid.T, position events.Position) projections.Changes {
	c := projections.Changes{Checkpoint: checkpoint(position)}
	for _, tab := range tables {
		if rapid.Bool().Draw(t, "skip table") {
			continue
		}
		drawn := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) projections.Row { return drawRow(t, tab) }), 0, 6,
			func(r projections.Row) string { return write([]projections.Row{tab.Key(r)}) }).Draw(t, "rows")
		tc := projections.TableChanges{Table: tab}
		for _, row := range drawn {
			if rapid.IntRange(0, 3).Draw(t, "delete") == 0 {
				tc.Delete = append(tc.Delete, tab.Key(row))
			} else {
				tc.Put = append(tc.Put, row)
			}
		}
		c.Tables = append(c.Tables, tc)
	}
	return c
}

func drawRange(t *rapid.T, tab *projections.Table) projections.Range {
	r := projections.Range{Desc: rapid.Bool().Draw(t, "desc"), Limit: rapid.IntRange(0, 4).Draw(t, "limit")}
	if n := rapid.IntRange(0, len(tab.Indexes)).Draw(t, "index"); n > 0 {
		r.Index = tab.Indexes[n-1].Name
	}
	places, _ := tab.Order(r.Index)
	tuple := func(from, atMost int) []any {
		var values []any
		for _, i := range places[from : from+rapid.IntRange(0, atMost).Draw(t, "columns")] {
			values = append(values, value(t, tab.Columns[i].Kind))
		}
		return values
	}
	r.Prefix = tuple(0, len(places))
	r.From = tuple(len(r.Prefix), len(places)-len(r.Prefix))
	r.To = tuple(len(r.Prefix), len(places)-len(r.Prefix))
	return r
}
