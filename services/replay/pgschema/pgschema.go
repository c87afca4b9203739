package pgschema

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

// Schema is a schema on its way.
type Schema struct {
	ctx     context.Context
	conn    *pgx.Conn
	name    string
	indexes []string
}

var _ replay.Database = (*Schema)(nil)

var names = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// goodbye is how long the end of a connection may take.
const goodbye = 5 * time.Second

// Create begins a schema that must not exist yet. It takes the connection over: Finish and Abort close it. What is written
// ends with ctx.
func Create(ctx context.Context, conn *pgx.Conn, name string) (*Schema, error) {
	s := &Schema{ctx: ctx, conn: conn, name: name}
	if err := s.begin(); err != nil {
		return nil, errors.Join(err, s.Abort()) //nolint:contextcheck // it ends also when ctx has
	}
	return s, nil
}

func (s *Schema) begin() error {
	if !names.MatchString(s.name) {
		return fmt.Errorf("the schema %q cannot be used: begin with a letter, then lower-case letters, digits and underscores, at most 63", s.name)
	}
	there := false
	if err := s.conn.QueryRow(s.ctx, `SELECT to_regnamespace($1) IS NOT NULL`, s.name).Scan(&there); err != nil {
		return err
	}
	if there {
		return fmt.Errorf("the schema %s exists already; give another name or drop it", s.name)
	}
	return s.run("BEGIN", "CREATE SCHEMA "+s.name, "CREATE TABLE "+s.name+".manifest (name text PRIMARY KEY, value text NOT NULL)")
}

func (s *Schema) run(statements ...string) error {
	for _, sql := range statements {
		if _, err := s.conn.Exec(s.ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// Note writes a line of the table manifest.
func (s *Schema) Note(name, value string) error {
	_, err := s.conn.Exec(s.ctx, "INSERT INTO "+s.name+".manifest VALUES ($1, $2)", name, clean(value))
	return err
}

// Finish builds the indexes and lets everybody see the schema.
func (s *Schema) Finish() error {
	if err := s.run(append(s.indexes, "COMMIT")...); err != nil {
		return errors.Join(err, s.Abort())
	}
	return s.Abort() // there is nothing left to take back
}

// Abort ends the connection, and with it what is not finished.
func (s *Schema) Abort() error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), goodbye)
	defer cancel()
	return s.conn.Close(ctx)
}

// Table makes an empty table.
func (s *Schema) Table(d *dataset.Dataset) (format.Writer, error) {
	if err := s.run(s.create(d)); err != nil {
		return nil, err
	}
	for _, c := range d.Columns {
		if c.Index {
			s.indexes = append(s.indexes, fmt.Sprintf(`CREATE INDEX %s_%s ON %s.%s ("%s")`, d.Name, c.Name, s.name, d.Name, c.Name))
		}
	}
	return &table{schema: s, copy: fmt.Sprintf("COPY %s.%s FROM STDIN BINARY", s.name, d.Name), columns: d.Columns}, nil
}

func (s *Schema) create(d *dataset.Dataset) string {
	defs := make([]string, len(d.Columns))
	for i, c := range d.Columns {
		defs[i] = fmt.Sprintf(`"%s" %s`, c.Name, typeOf(c.Type))
		if !c.Nullable {
			defs[i] += " NOT NULL"
		}
	}
	return fmt.Sprintf("CREATE TABLE %s.%s (%s)", s.name, d.Name, strings.Join(defs, ", "))
}

func typeOf(t dataset.Type) string {
	switch t {
	case dataset.Int:
		return "bigint"
	case dataset.Real:
		return "double precision"
	case dataset.Bool:
		return "boolean"
	case dataset.Timestamp:
		return "timestamptz"
	case dataset.Date:
		return "date"
	case dataset.JSON:
		return "json"
	case dataset.Text:
	}
	return "text"
}
