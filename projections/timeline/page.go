package timeline

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Query says which part of a timeline is wanted.
type Query struct {
	// Before and After bound the page; neither means from the newest on. With After alone the page holds the rows next
	// to it, so that paging goes towards now.
	Before, After Cursor
	// Channels and Types select; none selects all.
	Channels []events.Channel
	Types    []string
	// Limit is the number of rows; 0 is 50.
	Limit int
}

// Page is part of a timeline, newest first. It may be short, even empty, although there is more: a query that
// selects little looks at a bounded number of rows.
type Page struct {
	Rows []Row
	// Next continues in the same direction (as Before, or as After if that was given alone); zero at the end.
	Next Cursor
}

const (
	defaultLimit = 50
	// maxLooked bounds the rows that one page looks at.
	maxLooked = 2000
)

// Page returns a page of the timeline of these fragments.
func (r *Room) Page(ctx context.Context, from projections.Reader, of []uuid.UUID, q Query) (Page, error) {
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	m := merge{ctx: ctx, from: from, query: q, up: !q.After.IsZero() && q.Before.IsZero()}
	var p Page
	for _, f := range of {
		m.lanes = append(m.lanes, &lane{fragment: f, chunk: q.Limit/len(of) + 2})
	}
	for looked := 0; ; looked++ {
		row, err := m.next()
		if err != nil || row == nil {
			return p.turned(m.up), err
		}
		if len(p.Rows) == q.Limit || looked == maxLooked {
			p.Next = m.last
			return p.turned(m.up), nil
		}
		m.last = row.Cursor()
		if q.selects(row) {
			p.Rows = append(p.Rows, *row)
		}
	}
}

// turned puts the newest row first.
func (p Page) turned(up bool) Page {
	if up {
		slices.Reverse(p.Rows)
	}
	return p
}

func (q *Query) selects(r *Row) bool {
	return (len(q.Channels) == 0 || slices.Contains(q.Channels, r.Channel)) &&
		(len(q.Types) == 0 || slices.Contains(q.Types, r.Type))
}

// lane is what was read ahead of one fragment's rows, in the order of the page.
type lane struct {
	fragment uuid.UUID
	rows     []Row
	last     Cursor // the last row read
	chunk    int    // how many to read next
	over     bool   // there are no more
}

// merge walks the rows of several fragments in one order.
type merge struct {
	ctx   context.Context
	from  projections.Reader
	query Query
	up    bool
	lanes []*lane
	last  Cursor
	heap  []*lane // by first row
	begun bool
}

// next returns the next row, nil after the last.
func (m *merge) next() (*Row, error) {
	if !m.begun {
		m.begun = true
		for _, l := range m.lanes {
			if err := m.push(l); err != nil {
				return nil, err
			}
		}
	}
	if len(m.heap) == 0 {
		return nil, nil
	}
	l := m.pop()
	row := &l.rows[0]
	l.rows = l.rows[1:]
	return row, m.push(l)
}

func (m *merge) before(a, b *lane) bool {
	c := cmp.Or(a.rows[0].Time.Compare(b.rows[0].Time), cmp.Compare(a.rows[0].Position, b.rows[0].Position))
	return (c < 0) == m.up && c != 0
}

// push puts a lane in its place among the others, if it has any rows left.
func (m *merge) push(l *lane) error {
	if len(l.rows) == 0 && !l.over {
		if err := m.read(l); err != nil {
			return err
		}
	}
	if len(l.rows) == 0 {
		return nil
	}
	m.heap = append(m.heap, l)
	for i := len(m.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if !m.before(m.heap[i], m.heap[parent]) {
			break
		}
		m.heap[i], m.heap[parent] = m.heap[parent], m.heap[i]
		i = parent
	}
	return nil
}

func (m *merge) pop() *lane {
	top := m.heap[0]
	end := len(m.heap) - 1
	m.heap[0] = m.heap[end]
	m.heap = m.heap[:end]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < end; child++ {
			if m.before(m.heap[child], m.heap[least]) {
				least = child
			}
		}
		if least == i {
			return top
		}
		m.heap[i], m.heap[least] = m.heap[least], m.heap[i]
		i = least
	}
}

// read reads ahead, each time twice as far.
func (m *merge) read(l *lane) error {
	in := projections.Range{Index: "fragment", Prefix: []any{l.fragment[:]}, Desc: !m.up, Limit: l.chunk}
	after, before := m.query.After, m.query.Before
	switch {
	case l.last.IsZero():
	case m.up:
		after = l.last
	default:
		before = l.last
	}
	if !after.IsZero() {
		in.From = []any{after.time, int64(after.position) + 1} // #nosec G115 -- positions are below 2^62
	}
	if !before.IsZero() {
		in.To = []any{before.time, int64(before.position)} // #nosec G115 -- positions are below 2^62
	}
	l.rows = make([]Row, 0, l.chunk)
	err := m.from.Scan(m.ctx, eventsTable, in, func(row projections.Row) (bool, error) {
		l.rows = append(l.rows, decodeRow(row))
		return true, nil
	})
	if len(l.rows) < l.chunk {
		l.over = true
	} else {
		l.last = l.rows[len(l.rows)-1].Cursor()
	}
	l.chunk = min(2*l.chunk, 512)
	return err
}
