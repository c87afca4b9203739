package replay

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay/dataset"
)

// partitioned is the dataset that is cut into months: events/month=2026-05/part-0000.parquet.
const partitioned = "events"

// The log is in the order in which things became known, months are of the time at which they happened, and either may
// be far from the other. So the log is looked through first: which months are in which stretch of it. Then it is read
// with a few months open at a time; a month is finished after the last stretch that has it, and what found no room is
// read in another pass. A log whose times go forward is read once, one of 60 months in any order a few times, and the
// memory is that of the open months.
const (
	// stretch is how many positions are looked at together.
	stretch = 8192
	// openMonths is how many files are written at the same time.
	openMonths = 8
)

// month counts months: year*12 + month-1.
type month int32

func monthOf(t time.Time) month {
	year, m, _ := t.UTC().Date()
	return month(year*12 + int(m) - 1) //nolint:gosec // a month
}

func (m month) String() string { return fmt.Sprintf("%04d-%02d", m/12, m%12+1) }

// leaf is a stretch of the log and the months in it, sorted.
type leaf struct {
	dataset.Span
	months []month
}

// byMonth writes a dataset into a file a month.
func (e *exporter) byMonth(ctx context.Context, d *dataset.Dataset) error {
	leaves, err := e.survey(ctx)
	if err != nil {
		return err
	}
	m := &months{
		exporter: e, dataset: d, column: d.Place("time"), total: e.Source.Until(),
		left: map[month]int{}, open: map[month]*part{}, rows: map[month]*dataset.Batch{},
	}
	for _, l := range leaves {
		for _, x := range l.months {
			if !e.manifest.has(m.path(x)) {
				m.left[x]++
			}
		}
	}
	for len(m.left) > 0 {
		if err := m.pass(ctx, leaves); err != nil {
			m.abort()
			return err
		}
	}
	return nil
}

// survey finds out which months are where.
func (e *exporter) survey(ctx context.Context) ([]leaf, error) {
	var leaves []leaf
	now := leaf{}
	until := e.Source.Until()
	err := dataset.ReadLog(ctx, e.Source, e.Query, func(page []events.Recorded, done events.Position) error {
		for i := range page {
			x := monthOf(page[i].Time)
			if at, found := slices.BinarySearch(now.months, x); !found {
				now.months = slices.Insert(now.months, at, x)
			}
		}
		if now.To = done; done-now.After >= stretch || done == until {
			leaves = append(leaves, now)
			now = leaf{Span: dataset.Span{After: done}}
		}
		e.tell(Progress{Table: partitioned, Done: done, Total: until, Survey: true})
		return nil
	})
	return leaves, err
}

// months writes the rows of the months that are open.
type months struct {
	*exporter
	dataset *dataset.Dataset
	column  int
	total   events.Position
	left    map[month]int // in how many more stretches there are rows of a month
	open    map[month]*part
	rows    map[month]*dataset.Batch // of the batch under way
	written int64
}

func (m *months) path(x month) string {
	return m.name("events/month=" + x.String() + "/part-0000")
}

// pass reads the stretches that have a month which can be open.
func (m *months) pass(ctx context.Context, leaves []leaf) error {
	whole := map[month]int{}
	for x, n := range m.left {
		whole[x] = n
	}
	for _, l := range leaves {
		here, err := m.admit(l, whole)
		if err != nil {
			return err
		}
		if len(here) == 0 {
			continue
		}
		if err := m.read(ctx, l.Span); err != nil {
			return err
		}
		if err := m.leave(here); err != nil {
			return err
		}
	}
	return nil
}

// admit opens the months of a stretch that begin in it, as long as there is room, and returns those that are open.
func (m *months) admit(l leaf, whole map[month]int) ([]month, error) {
	var here []month
	for _, x := range l.months {
		n, is := m.left[x]
		if !is {
			continue
		}
		if m.open[x] == nil && n == whole[x] && len(m.open) < openMonths {
			p, err := m.part(m.path(x), m.dataset)
			if err != nil {
				return nil, err
			}
			m.open[x] = p
		}
		if m.open[x] != nil {
			here = append(here, x)
		} else {
			whole[x] = -1 // it is too late for it in this pass
		}
	}
	return here, nil
}

// read writes the rows of one stretch.
func (m *months) read(ctx context.Context, span dataset.Span) error {
	q := m.Query
	q.Spans = []dataset.Span{span}
	return m.dataset.Rows(ctx, m.Source, q, func(b *dataset.Batch) error {
		for i := range b.Len() {
			row := b.Row(i)
			x := monthOf(time.UnixMicro(row[m.column].Int()))
			if m.open[x] != nil {
				m.of(x).Append(row)
			}
		}
		for x, rows := range m.rows {
			if rows.Len() == 0 {
				continue
			}
			if err := m.open[x].Write(rows); err != nil {
				return err
			}
			m.written += int64(rows.Len())
			rows.Reset()
		}
		m.tell(Progress{Table: partitioned, Rows: m.written, Done: span.To, Total: m.total})
		return nil
	})
}

func (m *months) of(x month) *dataset.Batch {
	if m.rows[x] == nil {
		m.rows[x] = dataset.NewBatch(m.dataset.Columns)
	}
	return m.rows[x]
}

// leave finishes the months that had their last rows.
func (m *months) leave(here []month) error {
	for _, x := range here {
		if m.left[x]--; m.left[x] > 0 {
			continue
		}
		p := m.open[x]
		delete(m.left, x)
		delete(m.open, x)
		delete(m.rows, x)
		if err := m.finish(p, m.path(x), m.dataset); err != nil {
			return err
		}
	}
	return nil
}

func (m *months) abort() {
	for _, p := range m.open {
		_ = p.abort() // there is an error to report already
	}
}
