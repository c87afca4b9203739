package sqlitestore

import (
	"context"
	"fmt"
	"runtime"

	"zombiezen.com/go/sqlite"

	"github.com/c360hq/c360/projections"
)

// conn is one connection with its prepared statements. It is used by one goroutine at a time.
type conn struct {
	sql   *sqlite.Conn
	store *Store
	gets  map[*plan]*sqlite.Stmt
	puts  map[*plan]*sqlite.Stmt
	scans map[shape][]*scan // statements not in use
	ended bool              // nothing may be asked of sql any more
}

// A loop over rows looks at its context after so many of them, and after so many lets others run: a batch keeps
// a core busy for a tenth of a second, the scheduler would take it away only every 10 ms, and on a machine of two
// cores a page would wait that long.
const (
	checkEvery = 256
	yieldEvery = 8
	// ofAPage is how many rows are read at once for a page, which would wait behind the batches it lets go first.
	ofAPage = 64
)

// pause is called before row i of a loop.
func pause(ctx context.Context, i int) error {
	if i >= ofAPage && i%yieldEvery == 0 {
		runtime.Gosched()
	}
	if i%checkEvery == 0 {
		return ctx.Err()
	}
	return nil
}

func (c *conn) close() error {
	if c.ended {
		return nil
	}
	c.ended = true
	for _, free := range c.scans {
		for _, s := range free {
			_ = s.stmt.Finalize() // its error is that of the last Step, which was seen
		}
	}
	return c.sql.Close()
}

// exec runs a statement without parameters and leaves its rows aside.
func (c *conn) exec(sql string) error {
	stmt, err := c.sql.Prepare(sql)
	if err != nil {
		return err
	}
	if _, err := stmt.Step(); err != nil {
		return err
	}
	return stmt.Reset()
}

// prepared returns the statement of a plan and keeps it.
func (c *conn) prepared(in map[*plan]*sqlite.Stmt, p *plan, sql string) (*sqlite.Stmt, error) {
	if stmt, ok := in[p]; ok {
		return stmt, nil
	}
	stmt, err := c.sql.Prepare(sql)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", p.table.Name, err)
	}
	in[p] = stmt
	return stmt, nil
}

// get looks up rows one by one with one prepared statement: in pure Go, that beats a list of keys in one query.
func (c *conn) get(ctx context.Context, t *projections.Table, keys [][]any, found func(projections.Row) error) error {
	p, err := c.store.plan(t)
	if err != nil {
		return err
	}
	stmt, err := c.prepared(c.gets, p, p.get)
	if err != nil {
		return err
	}
	for i, key := range keys {
		if err := pause(ctx, i); err != nil {
			return err
		}
		if err := c.getOne(stmt, p, key, found); err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) getOne(stmt *sqlite.Stmt, p *plan, key []any, found func(projections.Row) error) error {
	if len(key) != p.table.KeyLen {
		return fmt.Errorf("table %s: a key of %d values, not %d", p.table.Name, len(key), p.table.KeyLen)
	}
	if err := bind(stmt, 1, p.cols, key); err != nil {
		return fmt.Errorf("table %s: %w", p.table.Name, err)
	}
	ok, err := stmt.Step()
	if err != nil {
		return fmt.Errorf("read %s: %w", p.table.Name, err)
	}
	if !ok {
		return stmt.Reset()
	}
	row := p.readRow(stmt)
	if err := stmt.Reset(); err != nil {
		return err
	}
	return found(row)
}
