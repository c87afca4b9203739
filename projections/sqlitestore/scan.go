package sqlitestore

import (
	"context"
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/c360hq/c360/projections"
)

// shape is what decides the SQL of a scan; its statements are kept by it.
type shape struct {
	plan             *plan
	index            string
	prefix, from, to int
	desc, limit      bool
}

// scan is one prepared scan. A scan inside a scan of the same shape gets a statement of its own.
type scan struct {
	stmt    *sqlite.Stmt
	columns []column // in the order of the index
}

func shapeOf(p *plan, r projections.Range) shape {
	return shape{p, r.Index, len(r.Prefix), len(r.From), len(r.To), r.Desc, r.Limit > 0}
}

// columns are those of the index, in its order, with the key behind.
func (s shape) columns() []column {
	places, _ := s.plan.table.Order(s.index) // an index that is there
	var columns []column
	for _, i := range places {
		columns = append(columns, s.plan.cols[i])
	}
	return columns
}

// sql writes the query of a shape. Bounds are row values, which SQLite turns into a seek.
func (s shape) sql(columns []column) string {
	var where []string
	for _, c := range columns[:s.prefix] {
		where = append(where, fmt.Sprintf(`"%s"=?`, c.Name))
	}
	if s.from > 0 {
		where = append(where, bound(columns[s.prefix:s.prefix+s.from], ">="))
	}
	if s.to > 0 {
		where = append(where, bound(columns[s.prefix:s.prefix+s.to], "<"))
	}
	sql := "SELECT " + s.plan.columns + " FROM " + s.plan.source(s.index)
	if len(where) > 0 {
		sql += " WHERE " + strings.Join(where, " AND ")
	}
	sql += " ORDER BY " + s.orderBy(columns)
	if s.limit {
		sql += " LIMIT ?+0" // SQLite plans a statement anew when a bare limit is bound to another number
	}
	return sql
}

func (s shape) orderBy(columns []column) string {
	direction := ""
	if s.desc {
		direction = " DESC"
	}
	var by []string
	for _, c := range columns {
		by = append(by, `"`+c.Name+`"`+direction)
	}
	return strings.Join(by, ", ")
}

func bound(columns []column, op string) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	if len(names) == 1 {
		return fmt.Sprintf(`"%s"%s?`, names[0], op)
	}
	return fmt.Sprintf("(%s)%s(%s)", list(names, `"%s"`), op, list(names, "?%.0s"))
}

// take returns a statement for the shape that nobody is using.
func (c *conn) take(s shape) (*scan, error) {
	if free := c.scans[s]; len(free) > 0 {
		c.scans[s] = free[:len(free)-1]
		return free[len(free)-1], nil
	}
	if _, err := s.plan.table.Index(s.index); err != nil {
		return nil, err
	}
	columns := s.columns()
	if s.prefix+max(s.from, s.to) > len(columns) {
		return nil, fmt.Errorf("table %s: a range of more columns than index %q has", s.plan.table.Name, s.index)
	}
	if c.store.bulk && s.index != "" {
		return nil, fmt.Errorf("table %s: index %q is not built before Finish", s.plan.table.Name, s.index)
	}
	stmt, _, err := c.sql.PrepareTransient(s.sql(columns))
	if err != nil {
		return nil, fmt.Errorf("scan %s: %w", s.plan.table.Name, err)
	}
	return &scan{stmt: stmt, columns: columns}, nil
}

func (c *conn) give(s shape, q *scan) {
	_ = q.stmt.Reset() // its error is that of the last Step, which was seen
	c.scans[s] = append(c.scans[s], q)
}

func (q *scan) bind(r projections.Range) error {
	if err := bind(q.stmt, 1, q.columns, r.Prefix); err != nil {
		return err
	}
	rest := q.columns[len(r.Prefix):]
	if err := bind(q.stmt, 1+len(r.Prefix), rest, r.From); err != nil {
		return err
	}
	if err := bind(q.stmt, 1+len(r.Prefix)+len(r.From), rest, r.To); err != nil {
		return err
	}
	if r.Limit > 0 {
		q.stmt.BindInt64(1+len(r.Prefix)+len(r.From)+len(r.To), int64(r.Limit))
	}
	return nil
}

func (c *conn) scan(ctx context.Context, t *projections.Table, r projections.Range, found func(projections.Row) (bool, error)) error {
	p, err := c.store.plan(t)
	if err != nil {
		return err
	}
	s := shapeOf(p, r)
	q, err := c.take(s)
	if err != nil {
		return err
	}
	defer c.give(s, q)
	if err := q.bind(r); err != nil {
		return fmt.Errorf("scan %s: %w", t.Name, err)
	}
	return q.walk(ctx, p, found)
}

func (q *scan) walk(ctx context.Context, p *plan, found func(projections.Row) (bool, error)) error {
	for i := 0; ; i++ {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		ok, err := q.stmt.Step()
		if err != nil {
			return fmt.Errorf("scan %s: %w", p.table.Name, err)
		}
		if !ok {
			return nil
		}
		if more, err := found(p.readRow(q.stmt)); err != nil || !more {
			return err
		}
	}
}
