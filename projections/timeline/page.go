package timeline

import (
	"cmp"
	"container/heap"
	"context"
	"slices"
	"time"

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
	// LastSeen may give the time of the latest event of each fragment (profile.LastSeen has it). Pages towards the past
	// then leave fragments unread that have nothing so new, which is worth the look-up for customers of many.
	LastSeen map[uuid.UUID]time.Time
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
	m := merge{ctx: ctx, from: from, query: q}
	m.lanes.up = !q.After.IsZero() && q.Before.IsZero()
	var p Page
	m.wait(of)
	for looked := 0; ; looked++ {
		row, err := m.next()
		if err != nil || row == nil {
			return p.turned(m.lanes.up), err
		}
		if len(p.Rows) == q.Limit || looked == maxLooked {
			p.Next = m.last
			return p.turned(m.lanes.up), nil
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
	lanes lanes
	last  Cursor
	// waiting are fragments not read yet, the one with the newest event last.
	waiting []uuid.UUID
	chunk   int // how many rows to read of a fragment at first
}

// wait lines the fragments up for reading.
func (m *merge) wait(of []uuid.UUID) {
	m.waiting, m.chunk = slices.Clone(of), m.query.Limit/max(len(of), 1)+2
	if m.query.LastSeen != nil && !m.lanes.up {
		slices.SortFunc(m.waiting, func(a, b uuid.UUID) int {
			return m.query.LastSeen[a].Compare(m.query.LastSeen[b])
		})
	}
}

// admit begins to read the fragments that may hold the next row.
func (m *merge) admit() error {
	for len(m.waiting) > 0 {
		end := len(m.waiting) - 1
		f := m.waiting[end]
		if m.query.LastSeen != nil && !m.lanes.up && m.lanes.Len() > 0 &&
			m.lanes.list[0].rows[0].Time.After(m.query.LastSeen[f]) {
			return nil
		}
		m.waiting = m.waiting[:end]
		if err := m.push(&lane{fragment: f, chunk: m.chunk}); err != nil {
			return err
		}
	}
	return nil
}

// next returns the next row, nil after the last.
func (m *merge) next() (*Row, error) {
	if err := m.admit(); err != nil || m.lanes.Len() == 0 {
		return nil, err
	}
	l := heap.Pop(&m.lanes).(*lane)
	row := &l.rows[0]
	l.rows = l.rows[1:]
	return row, m.push(l)
}

// push puts a lane in its place among the others, if it has any rows left.
func (m *merge) push(l *lane) error {
	if len(l.rows) == 0 && !l.over {
		if err := m.read(l); err != nil {
			return err
		}
	}
	if len(l.rows) > 0 {
		heap.Push(&m.lanes, l)
	}
	return nil
}

// lanes is a heap by the first row of each lane.
type lanes struct {
	list []*lane
	up   bool
}

func (h *lanes) Len() int      { return len(h.list) }
func (h *lanes) Swap(i, j int) { h.list[i], h.list[j] = h.list[j], h.list[i] }
func (h *lanes) Push(l any)    { h.list = append(h.list, l.(*lane)) }

func (h *lanes) Pop() any {
	end := len(h.list) - 1
	l := h.list[end]
	h.list = h.list[:end]
	return l
}

func (h *lanes) Less(i, j int) bool {
	a, b := &h.list[i].rows[0], &h.list[j].rows[0]
	c := cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Position, b.Position))
	return h.up && c < 0 || !h.up && c > 0
}

// read reads ahead, each time twice as far.
func (m *merge) read(l *lane) error {
	in := projections.Range{Index: "fragment", Prefix: []any{l.fragment[:]}, Desc: !m.lanes.up, Limit: l.chunk}
	after, before := m.query.After, m.query.Before
	switch {
	case l.last.IsZero():
	case m.lanes.up:
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
