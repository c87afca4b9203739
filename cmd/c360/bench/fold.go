package bench

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// recorder is a store that keeps what is committed to it.
type recorder struct {
	projections.Store
	mu  sync.Mutex
	all []projections.Changes
}

// Commit writes and keeps the changes.
func (r *recorder) Commit(ctx context.Context, c projections.Changes) error {
	r.mu.Lock()
	r.all = append(r.all, c)
	r.mu.Unlock()
	return r.Store.Commit(ctx, c)
}

// foldBeside folds the log in dir, and has bare SQLite write the rows that came of it.
func foldBeside(ctx context.Context, dir string, rooms []projections.Room) (p pair, err error) {
	log, err := openLog(ctx, dir)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	kept, err := recordRows(ctx, log, dir, rooms)
	if err != nil {
		return p, err
	}
	if p.ours, err = foldOnce(ctx, log, filepath.Join(dir, "live.db"), rooms, false); err != nil {
		return p, err
	}
	p.raw, err = bareSQLite(ctx, filepath.Join(dir, "live.db"), filepath.Join(dir, "bare.db"), kept)
	return p, err
}

// rebuildBeside folds the log in dir into a bulk load and into a store that serves meanwhile.
func rebuildBeside(ctx context.Context, dir, name string, rooms []projections.Room) (p pair, err error) {
	log, err := openLog(ctx, dir)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	if p.raw, err = foldOnce(ctx, log, filepath.Join(dir, name+"-live.db"), rooms, false); err != nil {
		return p, err
	}
	p.ours, err = foldOnce(ctx, log, filepath.Join(dir, name+"-rebuild.db"), rooms, true)
	return p, err
}

// recordRows folds once without a clock to learn what rows the engine writes, batch by batch.
func recordRows(ctx context.Context, log events.Log, dir string, rooms []projections.Room) (*recorder, error) {
	store, err := openStore(ctx, filepath.Join(dir, "recorded.db"), rooms, false)
	if err != nil {
		return nil, err
	}
	r := &recorder{Store: store}
	_, err = fold(ctx, log, r, rooms)
	return r, errors.Join(err, store.Close())
}

// foldOnce folds the whole log into a new store and returns the rate, the building of indexes included.
func foldOnce(ctx context.Context, log events.Log, path string, rooms []projections.Room, bulk bool) (rate float64, err error) {
	store, err := openStore(ctx, path, rooms, bulk)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	began := now()
	count, err := fold(ctx, log, store, rooms)
	if err == nil && bulk {
		err = store.Finish(ctx)
	}
	return float64(count) / now().Sub(began).Seconds(), err
}

func fold(ctx context.Context, log events.Log, store projections.Store, rooms []projections.Room) (events.Position, error) {
	head, err := log.Head(ctx)
	if err != nil {
		return 0, err
	}
	return head.Position, newEngine(log, store, rooms).RunTo(ctx, head.Position)
}

func newEngine(log events.Log, store projections.Store, rooms []projections.Room) *projections.Engine {
	return projections.NewEngine(projections.Options{
		Log: log, Store: store, Rooms: rooms, Now: now, Logger: slog.New(slog.DiscardHandler),
	})
}

func openStore(ctx context.Context, path string, rooms []projections.Room, bulk bool) (projections.Store, error) {
	return sqlitestore.Open(ctx, sqlitestore.Options{Path: path, Spec: projections.NewSpec(rooms...), Bulk: bulk})
}
