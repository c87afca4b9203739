package pgstore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/c360hq/c360/projections"
)

// A statement takes so many rows at most, and about so many bytes.
const (
	chunkRows  = 10_000
	chunkBytes = 16 << 20
)

// merging is a row of statements sent without waiting for answers.
type merging struct {
	w    *writer
	pipe *pgconn.Pipeline
	sent []string // what each statement is about, for errors
}

// merge deletes and puts what cannot simply be appended, and moves the checkpoint on, all in one message.
func (s *Store) merge(ctx context.Context, w *writer, tables []projections.TableChanges, c projections.Checkpoint) error {
	checkpoint, err := s.prepare(ctx, w, tables)
	if err != nil {
		return err
	}
	m := &merging{w: w, pipe: w.conn.PgConn().StartPipeline(ctx)}
	for _, t := range tables {
		if err = m.table(s.byTab[t.Table], t); err != nil {
			break
		}
	}
	if err != nil { // what was sent is ended well, so that the connection stays of use
		return errors.Join(err, m.pipe.Sync(), m.pipe.Close())
	}
	m.send("the checkpoint", checkpoint, checkpointParams(c, w.commits))
	if err := m.pipe.Sync(); err != nil {
		return errors.Join(err, m.pipe.Close())
	}
	return m.answers()
}

// prepare makes the statements known to the server, which a connection does once.
func (s *Store) prepare(ctx context.Context, w *writer, tables []projections.TableChanges) (string, error) {
	statements := []string{}
	for _, t := range tables {
		p := s.byTab[t.Table]
		if len(t.Put) > 0 {
			statements = append(statements, p.put)
		}
		if len(t.Delete) > 0 {
			statements = append(statements, p.delete)
		}
	}
	checkpoint := `UPDATE ` + quote(s.schema) + `.c360_checkpoint SET position = $1::bigint, hash = $2::bytea, recorded_at = $3::bigint, commits = commits + 1 ` +
		`WHERE commits = $4::bigint`
	for _, sql := range append(statements, checkpoint) {
		sd, err := w.conn.Prepare(ctx, sql, sql)
		if err != nil {
			return "", err
		}
		w.names[sql] = sd.Name
	}
	return checkpoint, nil
}

func checkpointParams(c projections.Checkpoint, commits int64) [][]byte {
	at := int64(0)
	if !c.RecordedAt.IsZero() {
		at = c.RecordedAt.UnixNano()
	}
	number := func(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) } //nolint:gosec // the bits are what counts
	return [][]byte{number(int64(c.Position)), c.Hash[:], number(at), number(commits)}      //nolint:gosec // positions stay below 2^63
}

// binaryFormat says that all parameters, or all results, are binary.
var binaryFormat = []int16{1}

func (m *merging) send(what, sql string, values [][]byte) {
	m.pipe.SendQueryPrepared(m.w.names[sql], values, binaryFormat, binaryFormat)
	m.sent = append(m.sent, what)
}

// table sends the changes of one table. The server works on them while the next table is written down.
func (m *merging) table(p *plan, t projections.TableChanges) error {
	for _, key := range t.Delete {
		if len(key) != p.table.KeyLen {
			return fmt.Errorf("table %s: a key of %d values, not %d", p.table.Name, len(key), p.table.KeyLen)
		}
	}
	if err := m.rows(p, p.delete, p.cols[:p.table.KeyLen], t.Delete); err != nil {
		return err
	}
	rows, err := p.distinct(t.Put)
	if err != nil {
		return err
	}
	tuples := make([][]any, len(rows))
	for i, r := range rows {
		tuples[i] = r
	}
	if err := m.rows(p, p.put, p.cols, tuples); err != nil {
		return err
	}
	return m.pipe.Flush()
}

// rows sends a statement for rows, in parts if they are many.
func (m *merging) rows(p *plan, sql string, cols []column, rows [][]any) error {
	for len(rows) > 0 {
		all, n, bytes := newArrays(cols, m.w.arrays[p]), 0, 0
		for n < len(rows) && n < chunkRows && bytes < chunkBytes {
			if err := appendRow(all, rows[n]); err != nil {
				return fmt.Errorf("table %s: %w", p.table.Name, err)
			}
			n++
			bytes = size(all)
		}
		m.send("table "+p.table.Name, sql, params(all))
		m.w.arrays[p] = all
		rows = rows[n:]
	}
	return nil
}

func size(all []array) (n int) {
	for i := range all {
		n += len(all[i].bytes)
	}
	return n
}

// answers reads what became of each statement. The last one is the checkpoint.
func (m *merging) answers() error {
	var tag pgconn.CommandTag
	for _, what := range m.sent {
		result, err := m.pipe.GetResults()
		if err == nil {
			tag, err = result.(*pgconn.ResultReader).Close()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("write %s: %w", what, err), m.pipe.Close())
		}
	}
	return errors.Join(m.pipe.Close(), moved(tag))
}

var errMovedOn = fmt.Errorf("the checkpoint is not the one of this writer: %w", ErrMoved)

// moved reads the answer to the checkpoint.
func moved(tag pgconn.CommandTag) error {
	if tag.RowsAffected() != 1 {
		return errMovedOn
	}
	return nil
}
