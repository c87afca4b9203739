package memstore

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/projections"
)

// view shows the tables as they were when it was opened.
type view struct {
	store  *Store
	shows  *snapshot
	closed bool
}

// Checkpoint says what the view is true at.
func (v *view) Checkpoint() projections.Checkpoint { return v.shows.checkpoint }

// Close ends the view. Closing twice is allowed.
func (v *view) Close() {
	v.store.mu.Lock()
	defer v.store.mu.Unlock()
	if !v.closed {
		v.closed = true
		v.shows.views--
	}
}

// Get finds rows by key.
func (v *view) Get(ctx context.Context, t *projections.Table, keys [][]any, found func(projections.Row) error) error {
	in, err := v.table(ctx, t)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := in.shape.checkKey(key); err != nil {
			return fmt.Errorf("read %s: %w", t.Name, err)
		}
		row, ok := in.rows[encode(key)]
		if !ok {
			continue
		}
		if err := found(copied(row)); err != nil {
			return err
		}
	}
	return nil
}

// Scan walks a range.
func (v *view) Scan(ctx context.Context, t *projections.Table, r projections.Range, found func(projections.Row) (bool, error)) error {
	in, err := v.table(ctx, t)
	if err != nil {
		return err
	}
	if err := in.shape.checkRange(r); err != nil {
		return fmt.Errorf("scan %s: %w", t.Name, err)
	}
	list := within(in.ordered(r.Index), r)
	if r.Limit > 0 && r.Limit < len(list) {
		if r.Desc {
			list = list[len(list)-r.Limit:]
		} else {
			list = list[:r.Limit]
		}
	}
	for i := range list {
		at := i
		if r.Desc {
			at = len(list) - 1 - i
		}
		if more, err := found(copied(list[at].row)); err != nil || !more {
			return err
		}
	}
	return nil
}

func (v *view) table(ctx context.Context, t *projections.Table) (*table, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in, ok := v.shows.tables[t]
	if !ok {
		return nil, unknown(t)
	}
	return in, nil
}

func (s *shape) checkRange(r projections.Range) error {
	places, ok := s.orders[r.Index]
	if !ok {
		return fmt.Errorf("there is no index %q", r.Index)
	}
	if err := s.checkTuple(places, r.Prefix); err != nil {
		return err
	}
	rest := places[len(r.Prefix):]
	if err := s.checkTuple(rest, r.From); err != nil {
		return err
	}
	return s.checkTuple(rest, r.To)
}
