package pebblelog_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

// gauge is a file system with as much room as a test says.
type gauge struct {
	vfs.FS
	free atomic.Uint64
}

func (g *gauge) GetDiskUsage(string) (vfs.DiskUsage, error) {
	return vfs.DiskUsage{AvailBytes: g.free.Load()}, nil
}

// TestFullDisk takes the room away and gives it back: appends are refused and go on, reads never stop, nothing is lost.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := &gauge{FS: vfs.NewMem()}
	disk.free.Store(1 << 30)
	o := inMemory(disk)
	o.ReserveBytes = 1 << 20
	o.Now = time.Now
	l := open(t, o)
	for round := range 3 {
		fill(t, l, round*100, 100)
		disk.free.Store(1<<20 - 1)
		untilFull(t, l)
		held := len(readAll(t, l))
		if _, err := l.Append(t.Context(), touch(90_000+round)); !errors.Is(err, events.ErrFull) {
			t.Fatalf("Append on a full disk: %v, want ErrFull", err)
		}
		if n := len(readAll(t, l)); n != held {
			t.Errorf("a refused Append left %d events", n-held)
		}
		disk.free.Store(1 << 20)
	}
	if _, err := l.Append(t.Context(), touch(99_999)); err != nil {
		t.Errorf("Append when there is room again: %v", err)
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// untilFull appends until the log notices that there is no room; it looks every 20 ms.
func untilFull(t *testing.T, l *pebblelog.Log) {
	t.Helper()
	for i := 0; ; i++ {
		_, err := l.Append(t.Context(), touch(50_000+i))
		if errors.Is(err, events.ErrFull) {
			return
		}
		if err != nil || i > 40_000 {
			t.Fatalf("Append %d on a full disk: %v", i, err)
		}
	}
}

// TestNoRoomForTables lets tables fail for want of space, as when compactions eat up the reserve: the log waits and heals.
func TestNoRoomForTables(t *testing.T) {
	t.Parallel()
	var full atomic.Bool
	var refused atomic.Int64
	disk := errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		if full.Load() && op.Kind == errorfs.OpFileWrite && filepath.Ext(op.Path) == ".sst" {
			refused.Add(1)
			return &os.PathError{Op: "write", Path: op.Path, Err: syscall.ENOSPC}
		}
		return nil
	}))
	l := open(t, inMemory(disk))
	full.Store(true)
	fill(t, l, 0, 300)
	for refused.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	full.Store(false)
	fill(t, l, 300, 3000)
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if len(readAll(t, l)) != 3300 {
		t.Error("events were lost")
	}
}
