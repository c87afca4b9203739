package pgstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/c360hq/c360/projections"
)

// Factory keeps generations in a database: one schema each (c360_000002), and in the schema c360
//
//	generations  what each was made by and from
//	pointers     which one is live, and the number of the newest there ever was
//	versions     which migrations of this schema were made
type Factory struct {
	opts Options
	pool *pgxpool.Pool // for what is about generations; their stores have pools of their own
}

var _ projections.Factory = (*Factory)(nil)

// NewFactory checks that the database can be reached and used, makes the schema c360 if it is not there, and brings it up
// to date. It fails within seconds, and says what to do.
func NewFactory(ctx context.Context, o Options) (*Factory, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*connectTimeout)
	defer cancel()
	c, err := o.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer disconnect(ctx, c)
	f := &Factory{opts: o}
	if err := f.suits(ctx, c); err != nil {
		return nil, explain(err)
	}
	if err := f.migrate(ctx, c); err != nil {
		return nil, explain(err)
	}
	config, err := o.config()
	if err != nil {
		return nil, err
	}
	config.MaxConns = factoryConns
	f.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), config)
	return f, err
}

const factoryConns = 2

// Close ends the factory's connections. Stores it opened stay open.
func (f *Factory) Close() { f.pool.Close() }

func (f *Factory) table(name string) string { return quote(f.opts.Schema) + "." + name }

// NextID counts on from the newest generation there ever was: an id that somebody wrote down never comes to mean
// another one.
func (f *Factory) NextID(ctx context.Context) (string, error) {
	var n int64
	err := f.pool.QueryRow(ctx, `UPDATE `+f.table("pointers")+` SET last = last + 1 RETURNING last`).Scan(&n)
	return fmt.Sprintf("%06d", n), explain(err)
}

func (f *Factory) store(id string, spec projections.Spec, bulk, resume bool) (*Store, error) {
	return newStore(StoreOptions{Options: f.opts, Name: id, Spec: spec, Bulk: bulk, Resume: resume})
}

// Create makes the schema of a generation and writes down what it is, both or neither.
func (f *Factory) Create(ctx context.Context, g projections.Generation, spec projections.Spec, bulk bool) (projections.Store, error) {
	s, err := f.store(g.ID, spec, bulk, false)
	if err != nil {
		return nil, err
	}
	err = s.begin(ctx, func(c *pgx.Conn) error {
		return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if err := f.describe(ctx, tx, g); err != nil {
				return err
			}
			return s.create(ctx, tx)
		})
	})
	return opened(s, err)
}

// Open opens a store that is there.
func (f *Factory) Open(ctx context.Context, id string, spec projections.Spec) (projections.Store, error) {
	return f.openThere(ctx, id, spec, false)
}

// Resume opens a store whose bulk load was begun and is not described as ready.
func (f *Factory) Resume(ctx context.Context, id string, spec projections.Spec) (projections.Store, error) {
	return f.openThere(ctx, id, spec, true)
}

func (f *Factory) openThere(ctx context.Context, id string, spec projections.Spec, resume bool) (projections.Store, error) {
	s, err := f.store(id, spec, resume, resume)
	if err != nil {
		return nil, err
	}
	err = s.begin(ctx, func(c *pgx.Conn) error {
		meta, err := s.readMeta(ctx, c)
		if err != nil {
			return err
		}
		return s.check(meta)
	})
	return opened(s, err)
}

// opened keeps a nil *Store from becoming a Store that is not nil.
func opened(s *Store, err error) (projections.Store, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Describe writes down what a generation is.
func (f *Factory) Describe(ctx context.Context, g projections.Generation) error {
	return explain(pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error { return f.describe(ctx, tx, g) }))
}

func (f *Factory) describe(ctx context.Context, tx pgx.Tx, g projections.Generation) error {
	b, err := json.Marshal(g)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO `+f.table("generations")+` VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET description = excluded.description`, g.ID, string(b))
	return err
}

// List reads what is written down, by id.
func (f *Factory) List(ctx context.Context) ([]projections.Generation, error) {
	rows, err := f.pool.Query(ctx, `SELECT g.id = p.live, g.description::text FROM `+f.table("generations")+` AS g CROSS JOIN `+f.table("pointers")+` AS p`)
	if err != nil {
		return nil, explain(err)
	}
	var all []projections.Generation
	var live bool
	var text string
	_, err = pgx.ForEachRow(rows, []any{&live, &text}, func() error {
		var g projections.Generation
		if err := json.Unmarshal([]byte(text), &g); err != nil {
			return fmt.Errorf("a row of %s is damaged: %w", f.table("generations"), err)
		}
		g.Live = live
		all = append(all, g)
		return nil
	})
	slices.SortFunc(all, func(a, b projections.Generation) int { return strings.Compare(a.ID, b.ID) })
	return all, explain(err)
}

// SetLive points to another generation.
func (f *Factory) SetLive(ctx context.Context, id string) error {
	tag, err := f.pool.Exec(ctx, `UPDATE `+f.table("pointers")+` SET live = $1`, id)
	if err == nil && tag.RowsAffected() != 1 {
		err = fmt.Errorf("%s has lost its row; run `c360 rebuild`", f.table("pointers"))
	}
	return explain(err)
}

// Drop removes a generation, schema and description at once. It waits a little for those who read it.
func (f *Factory) Drop(ctx context.Context, id string) error {
	if !schemaName.MatchString("g" + id) {
		return fmt.Errorf("drop generation %q: that is no id", id)
	}
	err := pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error {
		for _, sql := range []string{
			fmt.Sprintf(`SET LOCAL lock_timeout = %d`, lockTimeout.Milliseconds()),
			`DROP SCHEMA IF EXISTS ` + quote(f.opts.schemaOf(id)) + ` CASCADE`,
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `DELETE FROM `+f.table("generations")+` WHERE id = $1`, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("drop generation %s: %w", id, explain(err))
	}
	return nil
}
