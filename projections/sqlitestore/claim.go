package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/c360hq/c360/projections"
)

var _ projections.Shared = (*Factory)(nil)

// writerFile is locked by the process that writes the stores of a folder.
const writerFile = "writer"

// claim is a lock on a file. The operating system lets it go when the process ends, however that ends.
type claim struct {
	file *os.File
	once sync.Once
	err  error
}

// Claim locks the folder for the one process that writes in it.
func (f *Factory) Claim(context.Context) (projections.Claim, error) {
	file, err := os.OpenFile(filepath.Join(f.dir, writerFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the folder of the read stores: %w", err)
	}
	if err := lock(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &claim{file: file}, nil
}

// Lost is never closed: the lock is held for as long as the process lives.
func (c *claim) Lost() <-chan struct{} { return nil }

// Release lets the folder go.
func (c *claim) Release() error {
	c.once.Do(func() { c.err = c.file.Close() })
	return c.err
}

// Follow opens a store that another process writes. SQLite lets processes of one machine read while one writes.
func (f *Factory) Follow(ctx context.Context, id string, spec projections.Spec) (projections.Store, error) {
	return f.Open(ctx, id, spec)
}

// LiveID reads which generation is live.
func (f *Factory) LiveID(context.Context) (string, error) {
	live, err := os.ReadFile(filepath.Join(f.dir, liveFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(live)), err
}
