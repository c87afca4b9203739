package pebblelog_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

// The two ways a disk fails: it is broken, or there is no room.
var (
	errDisk = &fs.PathError{Op: "sync", Path: "disk", Err: syscall.EIO}
	errRoom = &fs.PathError{Op: "write", Path: "disk", Err: syscall.ENOSPC}
)

// faulty is a file system whose n-th write or sync after arming fails, once: as a real disk, it then works again.
type faulty struct {
	vfs.FS
	left  atomic.Int64
	armed atomic.Bool
	hit   atomic.Pointer[string]
	room  bool // a write fails for want of room
}

func newFaulty(under vfs.FS, match func(op errorfs.Op) bool) *faulty {
	f := &faulty{}
	f.FS = errorfs.Wrap(under, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if f.armed.Load() && match(op) && f.left.Add(-1) == 0 {
			what := op.Kind.ReadOrWrite().String() + " " + op.Path
			f.hit.Store(&what)
			if !isSync(op) && f.room {
				return errRoom
			}
			return errDisk
		}
		return nil
	}))
	return f
}

func (f *faulty) arm(n int64) {
	f.left.Store(n)
	f.armed.Store(true)
}

func isSync(op errorfs.Op) bool {
	return op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData || op.Kind == errorfs.OpFileSyncTo
}

func isChange(op errorfs.Op) bool {
	return isSync(op) || op.Kind == errorfs.OpFileWrite || op.Kind == errorfs.OpFileWriteAt || op.Kind == errorfs.OpCreate ||
		op.Kind == errorfs.OpRename || op.Kind == errorfs.OpReuseForWrite || op.Kind == errorfs.OpLink
}

// journal is what the appenders were told.
type journal struct {
	mu    sync.Mutex
	acked map[string]events.Position
}

// load appends from four goroutines until the log refuses or each has made its rounds.
func (j *journal) load(ctx context.Context, t *testing.T, l events.Log, from, rounds int) error {
	t.Helper()
	j.mu.Lock()
	j.acked = map[string]events.Position{}
	j.mu.Unlock()
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	for w := range 4 {
		wg.Go(func() {
			for i := range rounds {
				entries := touches(from+(w*rounds+i)*20, 20)
				results, err := l.Append(ctx, entries...)
				if err != nil {
					failed.Store(&err)
					return
				}
				j.note(entries, results)
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

func (j *journal) note(entries []events.Entry, results []events.Result) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range entries {
		j.acked[entries[i].Event.ID] = results[i].Position
	}
}

// check opens what is left on the disk and looks for everything that was acknowledged, once.
func (j *journal) check(t *testing.T, o pebblelog.Options) {
	t.Helper()
	l, err := pebblelog.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("after the fault: %v", err)
	}
	defer closeLog(t, l)
	there := map[string]events.Position{}
	for _, r := range readAll(t, l) {
		if there[r.ID] != 0 {
			t.Errorf("%s is there twice", r.ID)
		}
		there[r.ID] = r.Position
	}
	for id, p := range j.acked {
		if there[id] != p {
			t.Errorf("%s was acknowledged at %d and is at %d", id, p, there[id])
		}
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Errorf("Verify after the fault: %v", err)
	}
}

// TestSyncError fails one fsync of the WAL: nothing more is acknowledged, everybody is told, and what was
// acknowledged is on the disk, even if it loses every page that was not synced.
func TestSyncError(t *testing.T) {
	t.Parallel()
	disk := vfs.NewCrashableMem()
	faulty := newFaulty(disk, func(op errorfs.Op) bool { return isSync(op) && strings.HasSuffix(op.Path, ".log") })
	l := open(t, inMemory(faulty))
	faulty.arm(7)
	var j journal
	if err := j.load(t.Context(), t, l, 0, 50); !errors.Is(err, events.ErrFailed) {
		t.Fatalf("Append after an fsync error: %v", err)
	}
	<-l.Failed()
	refusesAll(t, l)
	if l.Err() == nil || !strings.Contains(l.Err().Error(), "input/output error") {
		t.Errorf("the cause is not told: %v", l.Err())
	}
	_ = l.Close()
	j.check(t, inMemory(disk.CrashClone(vfs.CrashCloneCfg{})))
}

func refusesAll(t *testing.T, l *pebblelog.Log) {
	t.Helper()
	calls := map[string]func() error{
		"Append":     func() error { _, err := l.Append(t.Context(), touch(1)); return err },
		"Read":       func() error { _, err := l.Read(t.Context(), 0, 1); return err },
		"ReadStream": func() error { _, err := l.ReadStream(t.Context(), "clock", 0, 1); return err },
		"At":         func() error { _, err := l.At(t.Context(), 1); return err },
		"Head":       func() error { _, err := l.Head(t.Context()); return err },
		"Wait":       func() error { return l.Wait(t.Context(), 1<<40) },
		"Verify":     func() error { return l.Verify(t.Context(), nil) },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, events.ErrFailed) {
			t.Errorf("%s on a failed log: %v, want ErrFailed", name, err)
		}
	}
}

// TestEveryWriteFails fails one write, sync, create or rename after another, until a run meets none: in the WAL, in a
// table, in the MANIFEST, in the mark. Whichever it is, what was acknowledged is there afterwards.
func TestEveryWriteFails(t *testing.T) {
	t.Parallel()
	step := int64(times(t, "C360_FAULT_STEP", 23))
	hits := map[string]int{}
	for n := int64(1); ; n += step {
		what, hit := failOne(t, n)
		if !hit {
			t.Logf("%d faults: %v", n/step, hits)
			return
		}
		hits[what]++
	}
}

func failOne(t *testing.T, n int64) (what string, hit bool) {
	t.Helper()
	disk := vfs.NewCrashableMem()
	faulty := newFaulty(disk, isChange)
	faulty.room = n%2 == 0
	l := open(t, inMemory(faulty))
	faulty.arm(n)
	var j journal
	err := j.load(t.Context(), t, l, 0, 20)
	if err != nil && !errors.Is(err, events.ErrFailed) {
		t.Errorf("fault %d: Append gave %v", n, err)
	}
	closed := l.Close()
	path := faulty.hit.Load()
	if path == nil {
		return "", false
	}
	if err == nil && closed == nil && l.Err() == nil && strings.HasSuffix(*path, ".log") {
		t.Errorf("fault %d in %s was not noticed", n, *path)
	}
	j.check(t, inMemory(disk.CrashClone(vfs.CrashCloneCfg{})))
	return strings.TrimLeft(strings.TrimPrefix((*path)[strings.LastIndex(*path, "/"):], "/"), "0123456789"), true
}
