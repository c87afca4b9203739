package sqlitestore

import (
	"fmt"
	"math"

	"zombiezen.com/go/sqlite"

	"github.com/c360hq/c360/projections"
)

// bind sets the parameters from first on to the values of these columns. The Go type must be the column's own:
// a store that guessed would differ from its neighbours.
func bind(stmt *sqlite.Stmt, first int, columns []column, values []any) error {
	for i, v := range values {
		if !bindOne(stmt, first+i, columns[i], v) {
			return fmt.Errorf("column %s cannot hold a %T", columns[i].Name, v)
		}
	}
	return nil
}

func bindOne(stmt *sqlite.Stmt, param int, c column, value any) bool {
	switch v := value.(type) {
	case int64:
		stmt.BindInt64(param, v)
		return c.Kind == projections.Int
	case []byte:
		stmt.BindBytes(param, v)
		return c.Kind == projections.Blob
	case string:
		stmt.BindText(param, v)
		return c.Kind == projections.Text
	case float64:
		stmt.BindFloat(param, v)
		return c.Kind == projections.Real && !math.IsNaN(v)
	case nil:
		stmt.BindNull(param)
		return !c.notNull
	}
	return false
}

// readRow copies the current row of a statement that selects the columns of the plan in order.
func (p *plan) readRow(stmt *sqlite.Stmt) projections.Row {
	row := make(projections.Row, len(p.cols))
	for i, c := range p.cols {
		if c.notNull || !stmt.ColumnIsNull(i) {
			row[i] = readOne(stmt, i, c.Kind)
		}
	}
	return row
}

func readOne(stmt *sqlite.Stmt, column int, kind projections.Kind) any {
	switch kind {
	case projections.Int:
		return stmt.ColumnInt64(column)
	case projections.Real:
		return stmt.ColumnFloat(column)
	case projections.Text:
		return stmt.ColumnText(column)
	default:
		b := make([]byte, stmt.ColumnLen(column))
		stmt.ColumnBytes(column, b)
		return b
	}
}
