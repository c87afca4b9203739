package pgstore

import (
	"fmt"
	"strings"

	"github.com/c360hq/c360/projections"
)

// plan is the SQL of one table, written once.
type plan struct {
	table   *projections.Table
	name    string // "c360_000001"."timeline_events"
	rising  bool   // the key is one integer: rows beyond the greatest are new for certain
	cols    []column
	create  string
	indexes []string // CREATE INDEX statements that a bulk load leaves for last
	copy    string
	put     string
	delete  string
	get     string
	highest string
	count   string
}

// column is a column and whether it is part of the key or of an index.
type column struct {
	projections.Column
	notNull bool
}

var types = map[projections.Kind]string{
	projections.Int: "bigint", projections.Real: "double precision", projections.Text: `text COLLATE "C"`, projections.Blob: "bytea",
}

var arrays = map[projections.Kind]string{
	projections.Int: "bigint[]", projections.Real: "double precision[]", projections.Text: "text[]", projections.Blob: "bytea[]",
}

func newPlan(schema string, t *projections.Table) *plan {
	p := &plan{table: t, name: quote(schema) + "." + quote(t.Name)}
	for _, c := range t.Columns {
		p.cols = append(p.cols, column{Column: c})
	}
	for _, x := range append([]projections.Index{{}}, t.Indexes...) {
		places, _ := t.Order(x.Name) // validated with the spec
		for _, i := range places {
			p.cols[i].notNull = true
		}
	}
	p.rising = t.KeyLen == 1 && t.Columns[0].Kind == projections.Int
	p.create = p.createTable()
	for _, x := range t.Indexes {
		p.indexes = append(p.indexes, p.createIndex(x))
	}
	all, key := list(p.cols, `"%s"`), list(p.cols[:t.KeyLen], `"%s"`)
	p.copy = fmt.Sprintf(`COPY %s (%s) FROM STDIN BINARY`, p.name, all)
	p.put = fmt.Sprintf(`INSERT INTO %s (%s) SELECT * FROM %s ON CONFLICT (%s) DO %s`, p.name, all, unnest(p.cols), key, p.replace())
	match := list(p.cols[:t.KeyLen], `t."%[1]s" = k."%[1]s"`, " AND ")
	keys := fmt.Sprintf(`%s AS k (%s)`, unnest(p.cols[:t.KeyLen]), key)
	p.delete = fmt.Sprintf(`DELETE FROM %s AS t USING %s WHERE %s`, p.name, keys, match)
	p.get = fmt.Sprintf(`SELECT %s FROM %s JOIN %s AS t ON %s`, list(p.cols, `t."%s"`), keys, p.name, match)
	p.highest = fmt.Sprintf(`SELECT coalesce(max(%s), %d) FROM %s`, key, minInt, p.name)
	p.count = `SELECT count(*) FROM ` + p.name
	return p
}

func quote(name string) string { return `"` + name + `"` }

// replace is what becomes of a row that is there.
func (p *plan) replace() string {
	rest := p.cols[p.table.KeyLen:]
	if len(rest) == 0 {
		return "NOTHING"
	}
	return "UPDATE SET " + list(rest, `"%[1]s" = excluded."%[1]s"`)
}

// createTable leaves room in the pages of tables whose rows change, so that a new version of a row stays in the page of the
// old one and no index has to know. Blobs are compact already.
func (p *plan) createTable() string {
	var defs []string
	for _, c := range p.cols {
		def := fmt.Sprintf(`"%s" %s`, c.Name, types[c.Kind])
		if c.notNull {
			def += " NOT NULL"
		}
		defs = append(defs, def)
	}
	with := ""
	if !p.rising && p.table.KeyLen < len(p.cols) {
		with = " WITH (fillfactor = 80)"
	}
	return fmt.Sprintf(`CREATE TABLE %s (%s, PRIMARY KEY (%s))%s`, p.name, strings.Join(defs, ", "), list(p.cols[:p.table.KeyLen], `"%s"`), with)
}

// createIndex names all that rows are ordered by: the index's own columns, then those of the key.
func (p *plan) createIndex(x projections.Index) string {
	places, _ := p.table.Order(x.Name) // validated with the spec
	return fmt.Sprintf(`CREATE INDEX IF NOT EXISTS "%s__%s" ON %s (%s)`, p.table.Name, x.Name, p.name, list(p.at(places), `"%s"`))
}

func (p *plan) at(places []int) []column {
	columns := make([]column, len(places))
	for i, at := range places {
		columns[i] = p.cols[at]
	}
	return columns
}

// unnest turns one array a column into rows.
func unnest(cols []column) string {
	params := make([]string, len(cols))
	for i, c := range cols {
		params[i] = fmt.Sprintf("$%d::%s", i+1, arrays[c.Kind])
	}
	return "unnest(" + strings.Join(params, ", ") + ")"
}

// list writes the name of each column with the format and joins them, with commas unless told otherwise.
func list(cols []column, format string, sep ...string) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = fmt.Sprintf(format, c.Name)
	}
	return strings.Join(parts, strings.Join(append(sep, ", ")[:1], ""))
}
