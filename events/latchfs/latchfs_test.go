package latchfs_test

import (
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/c360hq/c360/events/latchfs"
)

// TestNoPreallocation runs a store on a file system that cannot reserve room for a file, as many cannot: it does without.
func TestNoPreallocation(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	disk := errorfs.Wrap(vfs.Default, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind != errorfs.OpFilePreallocate {
			return nil
		}
		asked.Add(1)
		return syscall.EOPNOTSUPP
	}))
	var failure atomic.Pointer[error]
	fs := latchfs.New(disk, func(err error) { failure.CompareAndSwap(nil, &err) }, func() bool { return failure.Load() != nil })
	db, err := pebble.Open(t.TempDir(), &pebble.Options{FS: fs, Logger: silent{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b"} {
		if err := db.Set([]byte(key), []byte("value"), pebble.Sync); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if err := failure.Load(); err != nil {
		t.Errorf("the store has failed: %v", *err)
	}
	if asked.Load() == 0 {
		t.Error("nobody asked for room")
	}
}

// silent says nothing of what Pebble does.
type silent struct{}

func (silent) Infof(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
func (silent) Fatalf(string, ...any) {}
