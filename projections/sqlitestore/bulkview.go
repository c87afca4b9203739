package sqlitestore

import (
	"context"
	"errors"

	"github.com/c360hq/c360/projections"
)

// bulkView reads on the writer's connection, between its writes. It is no snapshot: it shows what was loaded so
// far, which is all that the one engine that loads wants to know.
type bulkView struct {
	store      *Store
	known      *known
	checkpoint projections.Checkpoint
	depth      int // a scan may read with the same view from within
}

// bulkView opens one without waiting for the batch that is being written.
func (s *Store) bulkView(ctx context.Context) (projections.View, error) {
	s.state.RLock()
	defer s.state.RUnlock()
	return &bulkView{store: s, known: s.known, checkpoint: s.loaded}, ctx.Err()
}

func (v *bulkView) read(do func(*conn) error) error {
	if v.depth == 0 {
		v.store.writing.Lock()
		defer v.store.writing.Unlock()
	}
	v.depth++
	defer func() { v.depth-- }()
	if err := v.open(); err != nil {
		return err
	}
	return do(v.store.writer)
}

// open says that the view can be read: Finish ends the views of a bulk load.
func (v *bulkView) open() error {
	if bulk, _, err := v.store.usable(); err != nil || !bulk {
		return projections.ErrClosed
	}
	return nil
}

// Get finds rows by key.
func (v *bulkView) Get(ctx context.Context, t *projections.Table, keys [][]any, found func(projections.Row) error) error {
	if v.known != nil {
		p, err := v.store.plan(t)
		if err != nil {
			return err
		}
		if keys = v.known.among(p, keys); len(keys) == 0 {
			return errors.Join(v.open(), ctx.Err())
		}
	}
	return v.read(func(c *conn) error { return c.get(ctx, t, keys, found) })
}

// Scan walks a range of keys.
func (v *bulkView) Scan(ctx context.Context, t *projections.Table, r projections.Range, found func(projections.Row) (bool, error)) error {
	return v.read(func(c *conn) error { return c.scan(ctx, t, r, found) })
}

// Checkpoint says how far the load was when the view was opened.
func (v *bulkView) Checkpoint() projections.Checkpoint { return v.checkpoint }

// Close has nothing to give back.
func (v *bulkView) Close() {}
