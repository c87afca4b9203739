package logindex_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/logindex"
)

// someItems returns n items from a place on, many of them repeats, of a few streams.
func someItems(from, n int) []logindex.Item {
	out := make([]logindex.Item, n)
	for i := range out {
		k := from + i
		out[i] = item(k, k*7%(k/2+10), "s-"+string(rune('a'+k%5)), noon.Add(time.Duration(k*13%29)))
	}
	return out
}

// TestCrash copies the disk under an index at random moments, as a power cut leaves it, with all that was not synced
// kept or lost: what comes up is a prefix, and goes on to the same end.
func TestCrash(t *testing.T) {
	t.Parallel()
	const seed, n = 17, 4000
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	whole := open(t, vfs.NewMem())
	ends := map[logindex.Place]logindex.End{{}: {}}
	fs := vfs.NewCrashableMem()
	x := open(t, fs)
	var crashes []*vfs.MemFS
	for from := 1; from < n; {
		size := 1 + rng.IntN(60)
		for _, index := range []*logindex.Index{whole, x} {
			add(t, index, someItems(from, size)...)
		}
		from += size
		ends[whole.End().Place] = whole.End()
		if rng.IntN(5) == 0 {
			crashes = append(crashes, fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng}))
		}
	}
	last := int(whole.End().Place.Major)
	for i, fs := range crashes {
		y := open(t, fs)
		end := y.End()
		if want, ok := ends[end.Place]; !ok || end != want {
			t.Fatalf("crash %d: the index ends at %v, which was never an end", i, end)
		}
		add(t, y, someItems(int(end.Place.Major)+1, last-int(end.Place.Major)+1)...)
		if got := y.End(); got.Position < whole.End().Position || y.CheckCounts(got.Position) != nil {
			t.Errorf("crash %d: the index goes on to %v, want %v", i, got, whole.End())
		}
		if err := y.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d crashes", len(crashes))
}

// TestDamagedIsMadeAnew damages every file of an index in turn. What comes up is sound as far as it goes, or empty.
func TestDamagedIsMadeAnew(t *testing.T) {
	t.Parallel()
	fs := vfs.NewCrashableMem()
	x := open(t, fs)
	for from := 1; from < 3000; from += 100 {
		add(t, x, someItems(from, 100)...)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := fs.List("index")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		broken := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 100, RNG: rand.New(rand.NewPCG(1, 1))})
		f, err := broken.Create("index/"+name, vfs.WriteCategoryUnspecified)
		if err == nil {
			_, err = f.Write([]byte(strings.Repeat("damaged ", 1000)))
		}
		if err != nil || f.Close() != nil {
			t.Fatal(err)
		}
		y := open(t, broken)
		if end := y.End(); end.Position > x.End().Position {
			t.Errorf("%s: the index ends at %v", name, end)
		}
		add(t, y, someItems(int(y.End().Place.Major)+1, 10)...)
	}
}

// TestUnreadableIsKept lets every other operation of an Open fail in turn, once or for good: that is no reason to
// delete an index, which is whole when the disk is well again.
func TestUnreadableIsKept(t *testing.T) {
	t.Parallel()
	disk := vfs.NewCrashableMem()
	x := open(t, disk)
	for from := 1; from < 3000; from += 100 {
		add(t, x, someItems(from, 100)...)
	}
	want := x.End()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	for _, forGood := range []bool{false, true} {
		refused := 0
		for n := int64(1); ; n += 2 {
			fs := disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 100, RNG: rand.New(rand.NewPCG(1, 1))})
			failed, err := openFailing(fs, n, forGood)
			if !failed {
				break
			}
			if err != nil {
				refused++
			}
			y := open(t, fs)
			if y.End() != want {
				t.Errorf("operation %d failed (%v), and now the index ends at %v, want %v", n, err, y.End(), want)
			}
			_ = y.Close() // hundreds at once would take much memory
		}
		if refused == 0 {
			t.Error("no Open was refused")
		}
		t.Logf("for good %v: %d refused", forGood, refused)
	}
}

// openFailing opens and closes an index while the n-th operation of the disk fails, and says whether there was one.
func openFailing(under vfs.FS, n int64, forGood bool) (failed bool, err error) {
	var at atomic.Int64
	var hit atomic.Bool
	fs := errorfs.Wrap(under, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if i := at.Add(1); i == n || forGood && i > n {
			hit.Store(true)
			return &os.PathError{Op: op.Kind.ReadOrWrite().String(), Path: op.Path, Err: syscall.EIO}
		}
		return nil
	}))
	x, err := logindex.Open(logindex.Options{Dir: "index", Log: "a", FS: fs})
	failed = hit.Load()
	if err == nil {
		_ = x.Close()
	}
	return failed, err
}

// TestDiskBreaks lets a write fail at every moment: the index says so, holds nobody up, and closes.
func TestDiskBreaks(t *testing.T) {
	t.Parallel()
	for n := int64(1); n <= 40; n += 3 {
		var armed atomic.Bool
		var left atomic.Int64
		left.Store(n)
		fs := errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
			write := op.Kind == errorfs.OpFileWrite || op.Kind == errorfs.OpCreate || op.Kind == errorfs.OpFileSync
			if write && armed.Load() && left.Add(-1) <= 0 {
				return syscall.ENOSPC
			}
			return nil
		}))
		x := open(t, fs)
		add(t, x, someItems(1, 10)...)
		armed.Store(true)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		waiting := make(chan error, 1)
		go func() { waiting <- x.Wait(ctx, 1<<40) }()
		var err error
		for from := 11; err == nil && ctx.Err() == nil; from += 500 {
			_, err = x.Add(logindex.Place{Major: uint64(from + 499)}, someItems(from, 500)...)
		}
		if !errors.Is(err, events.ErrFailed) {
			t.Errorf("write %d: Add gave %v, want ErrFailed", n, err)
		}
		if err := <-waiting; !errors.Is(err, events.ErrFailed) {
			t.Errorf("write %d: Wait gave %v, want ErrFailed", n, err)
		}
		<-x.Failed()
		_ = x.Close()
		cancel()
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	x := open(t, vfs.NewMem())
	add(t, x, someItems(1, 10)...)
	waiting := make(chan error, 2)
	go func() { waiting <- x.Wait(t.Context(), 1000) }()
	go func() { waiting <- x.WaitPlace(t.Context(), logindex.Place{Major: 1000}) }()
	if err := errors.Join(x.Close(), x.Close()); err != nil {
		t.Error(err)
	}
	_, rerr := x.Range(0, 10)
	_, aerr := x.Add(logindex.Place{Major: 100}, someItems(100, 1)...)
	_, ferr := x.Find(keys.NewID("a", "b"))
	for _, err := range []error{<-waiting, <-waiting, rerr, aerr, ferr} {
		if !errors.Is(err, events.ErrClosed) {
			t.Errorf("a closed index gave %v, want ErrClosed", err)
		}
	}
}

// TestWaitWakes waits for each event and for its place.
func TestWaitWakes(t *testing.T) {
	t.Parallel()
	x := open(t, vfs.NewMem())
	for i := range 50 {
		done := make(chan error, 2)
		go func() { done <- x.Wait(t.Context(), events.Position(i)) }()
		go func() { done <- x.WaitPlace(t.Context(), logindex.Place{Major: uint64(i + 1)}) }()
		add(t, x, item(i+1, i, "s", noon))
		if err := errors.Join(<-done, <-done); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAppendIsAdd writes what Add decided through Append: both indexes are alike.
func TestAppendIsAdd(t *testing.T) {
	t.Parallel()
	one, two := open(t, vfs.NewMem()), open(t, vfs.NewMem())
	for from := 1; from < 1000; from += 50 {
		items := someItems(from, 50)
		var placed []logindex.Placed
		for i, g := range add(t, one, items...) {
			if !g.Repeat {
				placed = append(placed, logindex.Placed{Entry: g.Entry, ID: items[i].ID, Stream: items[i].Stream})
			}
		}
		if err := errors.Join(two.Append(items[49].Place, placed...), two.Check(placed...)); err != nil {
			t.Fatal(err)
		}
	}
	if one.End() != two.End() || two.CheckCounts(two.End().Position) != nil {
		t.Errorf("the ends are %v and %v", one.End(), two.End())
	}
	last := two.End().Position
	if err := two.Append(logindex.Place{Major: 5000}, logindex.Placed{Entry: logindex.Entry{Position: last + 2}}); err == nil {
		t.Error("a position may be left out")
	}
	if err := two.Append(logindex.Place{Major: 1}); err == nil {
		t.Error("a place may come before the end")
	}
}
