package pgstore

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// layout rises when this package stores rows in another way.
const layout = "1"

const (
	metaLayout      = "layout"
	metaFingerprint = "fingerprint"
	metaRooms       = "rooms"
	metaState       = "state" // loading, ready

	stateLoading = "loading"
	stateReady   = "ready"
)

// create makes the schema with its tables.
func (s *Store) create(ctx context.Context, tx pgx.Tx) error {
	q := quote(s.schema)
	statements := []string{
		`CREATE SCHEMA ` + q,
		`CREATE TABLE ` + q + `.c360_meta (name text PRIMARY KEY, value text NOT NULL)`,
		`CREATE TABLE ` + q + `.c360_checkpoint (one boolean PRIMARY KEY CHECK (one), position bigint NOT NULL, hash bytea NOT NULL, ` +
			`recorded_at bigint NOT NULL, commits bigint NOT NULL)`,
		`INSERT INTO ` + q + `.c360_checkpoint VALUES (true, 0, '\x00000000000000000000000000000000', 0, 0)`,
	}
	for _, p := range s.plans {
		statements = append(statements, p.create)
		if !s.opts.Bulk {
			statements = append(statements, p.indexes...)
		}
	}
	for _, sql := range statements {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return s.createMeta(ctx, tx)
}

func (s *Store) createMeta(ctx context.Context, tx pgx.Tx) error {
	state := stateReady
	if s.opts.Bulk {
		state = stateLoading
	}
	for _, m := range [...][2]string{
		{metaLayout, layout}, {metaFingerprint, s.opts.Spec.Fingerprint()}, {metaRooms, s.opts.Spec.String()}, {metaState, state},
	} {
		if _, err := tx.Exec(ctx, `INSERT INTO `+quote(s.schema)+`.c360_meta VALUES ($1, $2)`, m[0], m[1]); err != nil {
			return err
		}
	}
	return nil
}

// readMeta returns the empty map for a schema that is not there.
func (s *Store) readMeta(ctx context.Context, c *pgx.Conn) (map[string]string, error) {
	meta, there := map[string]string{}, false
	name := quote(s.schema) + ".c360_meta"
	err := c.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, name).Scan(&there)
	if err != nil || !there {
		return meta, err
	}
	rows, err := c.Query(ctx, `SELECT name, value FROM `+name)
	if err != nil {
		return nil, err
	}
	var key, value string
	_, err = pgx.ForEachRow(rows, []any{&key, &value}, func() error { meta[key] = value; return nil })
	return meta, err
}

// check compares what is there with what the store is to be. A bulk load that was finished before is none.
func (s *Store) check(meta map[string]string) error {
	if len(meta) == 0 {
		return fmt.Errorf("there are no tables: %w", projections.ErrDamaged)
	}
	if meta[metaLayout] != layout || meta[metaFingerprint] != s.opts.Spec.Fingerprint() {
		return fmt.Errorf("it holds %s, wanted is %s: %w", held(meta[metaRooms], meta[metaFingerprint]),
			held(s.opts.Spec.String(), s.opts.Spec.Fingerprint()), projections.ErrOtherVersion)
	}
	if meta[metaState] != stateReady && (!s.opts.Bulk || !s.opts.Resume) {
		return projections.ErrUnfinished
	}
	s.bulk = s.bulk && meta[metaState] == stateLoading
	return nil
}

// held names what a store is for. The same rooms may have been for other rules or beside other tables of the engine, which
// only the fingerprint tells.
func held(rooms, fingerprint string) string { return fmt.Sprintf("%q (%.8s)", rooms, fingerprint) }

// readCheckpoint reads the checkpoint and the number of commits, after what first does, in one message.
func (s *Store) readCheckpoint(ctx context.Context, c *pgconn.PgConn, first string) (projections.Checkpoint, int64, error) {
	results, err := c.Exec(ctx, first+`SELECT position, encode(hash, 'hex'), recorded_at, commits FROM `+quote(s.schema)+`.c360_checkpoint`).ReadAll()
	if err != nil {
		return projections.Checkpoint{}, 0, explain(err)
	}
	rows := results[len(results)-1].Rows
	if len(rows) != 1 {
		return projections.Checkpoint{}, 0, fmt.Errorf("%s.c360_checkpoint has %d rows, not one: %w", s.schema, len(rows), projections.ErrDamaged)
	}
	return parseCheckpoint(rows[0])
}

func parseCheckpoint(row [][]byte) (c projections.Checkpoint, commits int64, err error) {
	var n [4]int64
	for _, i := range []int{0, 2, 3} {
		if n[i], err = strconv.ParseInt(string(row[i]), 10, 64); err != nil {
			return c, 0, err
		}
	}
	if _, err = hex.Decode(c.Hash[:], row[1]); err != nil {
		return c, 0, err
	}
	c.Position = events.Position(n[0]) //nolint:gosec // positions stay below 2^63
	if n[2] != 0 {
		c.RecordedAt = time.Unix(0, n[2]).UTC()
	}
	return c, n[3], nil
}
