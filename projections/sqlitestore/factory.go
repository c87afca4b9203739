package sqlitestore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/c360hq/c360/projections"
)

// Factory keeps generations in a folder:
//
//	000002.db    the store (and, while it is open, 000002.db-wal and -shm, or -journal while it is loaded)
//	000002.json  what it was made by and from
//	live         the id of the live generation
//	last         the number of the newest generation there ever was
//
// The small files are replaced whole: written beside, synced, renamed, and the folder synced.
type Factory struct {
	dir  string
	opts Options
}

var _ projections.Factory = (*Factory)(nil)

// NewFactory keeps generations in dir, which is made if missing. Of opts, Path, Spec and Bulk are left aside.
func NewFactory(dir string, opts Options) (*Factory, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder of the read stores: %w", err)
	}
	return &Factory{dir: dir, opts: opts}, nil
}

const (
	liveFile = "live"
	lastFile = "last"
)

func (f *Factory) path(id, ending string) string { return filepath.Join(f.dir, id+ending) }

// NextID counts on from the newest generation there ever was: an id that somebody wrote down never comes to mean
// another one.
func (f *Factory) NextID(ctx context.Context) (string, error) {
	n, err := f.last()
	if err != nil {
		return "", err
	}
	all, err := f.List(ctx)
	if err != nil {
		return "", err
	}
	for i := range all { // a folder of an older program has no such file
		if x, err := strconv.ParseUint(all[i].ID, 10, 32); err == nil {
			n = max(n, x)
		}
	}
	n++
	return fmt.Sprintf("%06d", n), f.replace(lastFile, fmt.Appendln(nil, n))
}

func (f *Factory) last() (uint64, error) {
	name := filepath.Join(f.dir, lastFile)
	text, err := os.ReadFile(name) //nolint:gosec // a file of our own folder
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%s is damaged; write the number of the newest generation there ever was into it, as in \"12\": %w", name, err)
	}
	return n, nil
}

// Create makes an empty store. Its description comes first, so that whatever a crash leaves can be found and dropped.
func (f *Factory) Create(ctx context.Context, g projections.Generation, spec projections.Spec, bulk bool) (projections.Store, error) {
	if err := f.Describe(ctx, g); err != nil {
		return nil, err
	}
	o := f.opts
	o.Path, o.Spec, o.Bulk = f.path(g.ID, ".db"), spec, bulk
	return open(ctx, o)
}

// Open opens a store that is there.
func (f *Factory) Open(ctx context.Context, id string, spec projections.Spec) (projections.Store, error) {
	o := f.opts
	o.Path, o.Spec, o.Bulk, o.there = f.path(id, ".db"), spec, false, true
	if _, err := os.Stat(o.Path); err != nil {
		return nil, fmt.Errorf("the read store is missing; run `c360 rebuild` to make it anew from the log: %w", err)
	}
	return open(ctx, o)
}

// Resume opens a store whose bulk load was begun and is not described as ready.
func (f *Factory) Resume(ctx context.Context, id string, spec projections.Spec) (projections.Store, error) {
	o := f.opts
	o.Path, o.Spec, o.Bulk, o.Resume = f.path(id, ".db"), spec, true, true
	return open(ctx, o)
}

// open keeps a nil *Store from becoming a Store that is not nil.
func open(ctx context.Context, o Options) (projections.Store, error) {
	s, err := Open(ctx, o)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Describe writes down what a generation is.
func (f *Factory) Describe(_ context.Context, g projections.Generation) error {
	b, err := json.MarshalIndent(g, "", "  ")
	if err != nil {
		return err
	}
	return f.replace(g.ID+".json", b)
}

// List reads what is written down, by id.
func (f *Factory) List(context.Context) ([]projections.Generation, error) {
	live, err := os.ReadFile(filepath.Join(f.dir, liveFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	names, err := os.ReadDir(f.dir) // sorted
	if err != nil {
		return nil, err
	}
	var all []projections.Generation
	for _, name := range names {
		if filepath.Ext(name.Name()) != ".json" {
			continue
		}
		g, err := readDescription(filepath.Join(f.dir, name.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it was dropped just now
		}
		if err != nil {
			return nil, err
		}
		g.Live = g.ID == strings.TrimSpace(string(live))
		all = append(all, g)
	}
	return all, nil
}

func readDescription(name string) (g projections.Generation, err error) {
	b, err := os.ReadFile(name) //nolint:gosec // a file of our own folder
	if err != nil {
		return g, err
	}
	if err := json.Unmarshal(b, &g); err != nil {
		return g, fmt.Errorf("%s is damaged; remove it with the .db beside it and run `c360 rebuild`: %w", name, err)
	}
	return g, nil
}

// SetLive points to another generation.
func (f *Factory) SetLive(_ context.Context, id string) error {
	return f.replace(liveFile, []byte(id+"\n"))
}

// Drop removes a store. Its description goes last, so that Drop can be repeated, and the file itself first: without the
// journal beside it, it could be taken for whole.
func (f *Factory) Drop(_ context.Context, id string) error {
	for _, ending := range []string{".db", ".db-journal", ".db-wal", ".db-shm", ".json"} {
		if err := os.Remove(f.path(id, ending)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("drop generation %s: %w", id, err)
		}
	}
	return syncFile(f.dir)
}

// replace writes a file so that after a crash it holds either the old text or the new.
func (f *Factory) replace(name string, text []byte) error {
	path := filepath.Join(f.dir, name)
	if err := writeSynced(path+".tmp", text); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return err
	}
	return syncFile(f.dir)
}

func writeSynced(path string, text []byte) error {
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // a file of our own folder
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	if err == nil {
		err = w.Sync()
	}
	return errors.Join(err, w.Close())
}
