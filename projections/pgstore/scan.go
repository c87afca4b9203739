package pgstore

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/c360hq/c360/projections"
)

// A scan is read page by page, so that others can be read on the same connection in between. The first page is short:
// most scans are.
const (
	firstPage = 128
	laterPage = 2048
)

// scan is what decides the SQL of a page.
type scan struct {
	plan    *plan
	columns []column // in the order of the index
	prefix  int
	low     bound
	high    bound
	desc    bool
}

// bound compares the columns after the prefix with so many values.
type bound struct {
	op string
	n  int
}

// scanOf checks a range and returns how it is scanned.
func (s *Store) scanOf(p *plan, r projections.Range) (*scan, error) {
	places, err := p.table.Order(r.Index)
	if err != nil {
		return nil, err
	}
	if len(r.Prefix)+max(len(r.From), len(r.To)) > len(places) {
		return nil, fmt.Errorf("table %s: a range of more columns than index %q has", p.table.Name, r.Index)
	}
	if r.Index != "" && s.loading() {
		return nil, fmt.Errorf("table %s: index %q is not built before Finish", p.table.Name, r.Index)
	}
	return &scan{plan: p, columns: p.at(places), prefix: len(r.Prefix), low: bound{">=", len(r.From)}, high: bound{"<", len(r.To)}, desc: r.Desc}, nil
}

// sql writes the query of a page. Bounds are row values, which PostgreSQL turns into a descent of the index.
func (s *scan) sql() string {
	var where []string
	param := 0
	next := func() string { param++; return fmt.Sprintf("$%d", param) }
	for _, c := range s.columns[:s.prefix] {
		where = append(where, fmt.Sprintf(`"%s" = %s`, c.Name, next()))
	}
	for _, b := range []bound{s.low, s.high} {
		if b.n > 0 {
			columns := s.columns[s.prefix : s.prefix+b.n]
			params := make([]string, b.n)
			for i := range params {
				params[i] = next()
			}
			where = append(where, fmt.Sprintf(`(%s) %s (%s)`, list(columns, `"%s"`), b.op, strings.Join(params, ", ")))
		}
	}
	sql := fmt.Sprintf(`SELECT %s FROM %s`, list(s.plan.cols, `"%s"`), s.plan.name)
	if len(where) > 0 {
		sql += " WHERE " + strings.Join(where, " AND ")
	}
	format := `"%s"`
	if s.desc {
		format = `"%s" DESC`
	}
	return sql + " ORDER BY " + list(s.columns, format) + " LIMIT " + next() + "::bigint"
}

// after makes the range one that begins after a row.
func (s *scan) after(r *projections.Range, row projections.Row) {
	var last []any
	for _, c := range s.columns[s.prefix:] {
		for i := range s.plan.cols {
			if s.plan.cols[i].Name == c.Name {
				last = append(last, own(row[i]))
			}
		}
	}
	if s.desc {
		r.To, s.high = last, bound{"<", len(last)}
	} else {
		r.From, s.low = last, bound{">", len(last)}
	}
}

// own copies what the receiver of a row may change.
func own(v any) any {
	if b, ok := v.([]byte); ok {
		return slices.Clone(b)
	}
	return v
}

// values are the parameters of a page.
func (s *scan) values(r projections.Range, limit int) ([][]byte, error) {
	var values [][]byte
	for _, part := range []struct {
		columns []column
		values  []any
	}{{s.columns, r.Prefix}, {s.columns[s.prefix:], r.From}, {s.columns[s.prefix:], r.To}} {
		for i, v := range part.values {
			b, err := appendValue(nil, &part.columns[i], v)
			if err != nil {
				return nil, fmt.Errorf("scan %s: %w", s.plan.table.Name, err)
			}
			if v == nil {
				return nil, fmt.Errorf("scan %s: column %s is bound by nil", s.plan.table.Name, part.columns[i].Name)
			}
			values = append(values, b[4:])
		}
	}
	return append(values, binary.BigEndian.AppendUint64(nil, uint64(limit))), nil //nolint:gosec // not negative
}

// Scan walks a range.
func (v *view) Scan(ctx context.Context, t *projections.Table, r projections.Range, found func(projections.Row) (bool, error)) error {
	p, err := v.usable(ctx, t)
	if err != nil {
		return err
	}
	s, err := v.store.scanOf(p, r)
	if err != nil {
		return err
	}
	left, page := r.Limit, firstPage
	for {
		if r.Limit > 0 {
			page = min(page, left)
		}
		n, more, err := v.page(ctx, s, &r, page, found)
		left -= n
		if err != nil || !more || n < page || r.Limit > 0 && left <= 0 || len(s.columns) == s.prefix {
			return err
		}
		page = laterPage
	}
}

// page reads a page and returns how many rows it had, and whether more are wanted.
func (v *view) page(ctx context.Context, s *scan, r *projections.Range, limit int, found func(projections.Row) (bool, error)) (int, bool, error) {
	values, err := s.values(*r, limit)
	if err != nil {
		return 0, false, err
	}
	rows, err := v.query(ctx, s.plan, s.sql(), values)
	if err != nil {
		return 0, false, err
	}
	if len(rows) == limit {
		s.after(r, rows[len(rows)-1])
	}
	for _, row := range rows {
		if more, err := found(row); err != nil || !more {
			return len(rows), false, err
		}
	}
	return len(rows), true, ctx.Err()
}
