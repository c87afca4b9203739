package pgstore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/c360hq/c360/projections"
)

// Store is a read store in one schema. Its methods may be called from many goroutines, and many processes may have it open.
type Store struct {
	opts   StoreOptions
	schema string
	plans  []*plan
	byTab  map[*projections.Table]*plan
	pool   *pgxpool.Pool

	state  sync.RWMutex // guards the three below; taken after writing, never before
	bulk   bool         // no Finish yet
	closed bool
	// base is how many commits there were when what is folded next began to be read; nil until a view is opened.
	base *int64

	writing sync.Mutex // held while the writer is in use
	writer  *writer    // nil until the first commit
}

var _ projections.Store = (*Store)(nil)

var (
	// ErrTaken: another process writes this generation. It may be tried again: the first that finds it gone takes over.
	ErrTaken = errors.New("another c360 writes this read store; this one stands by (stop one of them, or run only one with the role project)")
	// ErrMoved: another process wrote, so what was folded here may be out of date. It may be tried again from the checkpoint.
	ErrMoved = errors.New("another c360 wrote to the read store meanwhile; what was folded here is folded again from the checkpoint")
)

// Open opens a store, or makes it. It takes no lock: the first commit does.
func Open(ctx context.Context, o StoreOptions) (*Store, error) {
	s, err := newStore(o)
	if err != nil {
		return nil, err
	}
	err = s.begin(ctx, func(c *pgx.Conn) error {
		meta, err := s.readMeta(ctx, c)
		if err == nil && len(meta) == 0 {
			return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error { return s.create(ctx, tx) })
		}
		return errors.Join(err, s.check(meta))
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// longest is how long a name may be in PostgreSQL, which cuts off the rest.
const longest = 63

// fits refuses names that PostgreSQL would make one of.
func fits(t *projections.Table) error {
	for _, x := range append([]projections.Index{{Name: "pkey"}}, t.Indexes...) {
		if name := t.Name + "__" + x.Name; len(name) > longest {
			return fmt.Errorf("the name %s is too long for PostgreSQL, which takes %d characters", name, longest)
		}
	}
	return nil
}

// begin makes the pool and opens the store after what first does.
func (s *Store) begin(ctx context.Context, first func(*pgx.Conn) error) error {
	config, err := s.opts.config()
	if err != nil {
		return err
	}
	if s.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), config); err != nil { // connects when it has to
		return err
	}
	err = s.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		if err := first(c.Conn()); err != nil {
			return err
		}
		_, n, err := s.readCheckpoint(ctx, c.Conn().PgConn(), "")
		s.base = &n
		return err
	})
	if err != nil {
		s.pool.Close()
		return fmt.Errorf("open the read store %s: %w", s.schema, explain(err))
	}
	return nil
}

// newStore writes the plans.
func newStore(o StoreOptions) (*Store, error) {
	var err error
	if o.Options, err = o.withDefaults(); err != nil {
		return nil, err
	}
	if err := o.Spec.Validate(); err != nil {
		return nil, err
	}
	s := &Store{opts: o, schema: o.schemaOf(o.Name), byTab: map[*projections.Table]*plan{}, bulk: o.Bulk}
	if !storeName.MatchString(s.schema) {
		return nil, fmt.Errorf("the schema %q cannot be used: lower-case letters, digits and underscores, at most 60", s.schema)
	}
	for _, t := range o.Spec.Tables {
		if err := fits(t); err != nil {
			return nil, err
		}
		p := newPlan(s.schema, t)
		s.plans = append(s.plans, p)
		s.byTab[t] = p
	}
	return s, nil
}

func (s *Store) plan(t *projections.Table) (*plan, error) {
	if p, ok := s.byTab[t]; ok {
		return p, nil
	}
	return nil, fmt.Errorf("table %s is not part of the read store", t.Name)
}

// Close waits for the views that are open and for the writer, and lets others write.
func (s *Store) Close() error {
	s.state.Lock()
	was := s.closed
	s.closed = true
	s.state.Unlock()
	if was {
		return nil
	}
	s.pool.Close()
	s.writing.Lock()
	defer s.writing.Unlock()
	s.leave(context.Background())
	return nil
}

// usable returns why nothing can be read or written, if so.
func (s *Store) usable() error {
	s.state.RLock()
	defer s.state.RUnlock()
	if s.closed {
		return projections.ErrClosed
	}
	return nil
}

func (s *Store) loading() bool {
	s.state.RLock()
	defer s.state.RUnlock()
	return s.bulk
}
