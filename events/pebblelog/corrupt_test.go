package pebblelog_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

// times returns how often a seeded proof is repeated: n, or what the environment says for a long one.
func times(t *testing.T, variable string, n int) int {
	t.Helper()
	if s := os.Getenv(variable); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("%s=%q is not a number", variable, s)
		}
		return n
	}
	return n
}

// verdict says how a damage showed.
type verdict string

const (
	atOpen   verdict = "refused at open"
	atVerify verdict = "found by Verify"
	atRead   verdict = "found by Read"
	harmless verdict = "harmless, all events equal"
	silent   verdict = "SILENT"
)

// judge opens a damaged log and finds out whether the damage is noticed, or does no harm: then every event must come
// back as it was, every repeat must be known, and Verify must be content.
func judge(t *testing.T, fs vfs.FS, want []events.Recorded) verdict {
	t.Helper()
	l, err := pebblelog.Open(t.Context(), inMemory(fs))
	if err != nil {
		return atOpen
	}
	defer func() { _ = l.Close() }()
	if l.Verify(t.Context(), nil) != nil {
		return atVerify
	}
	got, err := l.Read(t.Context(), 0, 1<<30)
	if err != nil {
		return atRead
	}
	if !equal(want, got) {
		return silent
	}
	for i := 0; i < len(want); i += 100 {
		results, err := l.Append(t.Context(), touches(i, min(100, len(want)-i))...)
		if err != nil {
			return atRead
		}
		for j, r := range results {
			if r != (events.Result{Outcome: events.Duplicate, Position: events.Position(i + j + 1)}) {
				return silent
			}
		}
	}
	return harmless
}

// damaged runs a proof: n times it damages a copy of one of two logs, one closed and one killed, and counts how it showed.
func damaged(t *testing.T, n int, damage func(t *testing.T, rng *rand.Rand, fs vfs.FS) string) {
	t.Helper()
	const size = 3000
	closed := vfs.NewMem()
	want := filled(t, closed, size)
	killed := killedCopy(t, size)
	counts := map[verdict]int{}
	kinds := map[string]map[verdict]int{}
	for seed := range n {
		rng := rand.New(rand.NewPCG(uint64(seed), 7))
		fs := copyOf(t, []vfs.FS{closed, killed}[seed%2])
		what := damage(t, rng, fs)
		v := judge(t, fs, want)
		counts[v]++
		kind := strings.TrimLeft(path.Base(what), "0123456789")
		kind = strings.TrimRight(strings.Split(kind, " ")[0], "-0123456789")
		if kinds[kind] == nil {
			kinds[kind] = map[verdict]int{}
		}
		kinds[kind][v]++
		if v == silent {
			t.Errorf("seed %d: %s was not noticed, and events changed", seed, what)
		}
	}
	t.Logf("%d times: %v", n, counts)
	t.Logf("by file: %v", kinds)
}

// killedCopy returns the files of a log as a kill -9 leaves them, with a live WAL.
func killedCopy(t *testing.T, n int) vfs.FS {
	t.Helper()
	fs := vfs.NewCrashableMem()
	l := open(t, inMemory(fs))
	fill(t, l, 0, n)
	out := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 100, RNG: rand.New(rand.NewPCG(1, 1))})
	closeLog(t, l)
	return out
}

func pick(t *testing.T, rng *rand.Rand, fs vfs.FS) string {
	t.Helper()
	names := files(t, fs)
	return names[rng.IntN(len(names))]
}

// TestFlippedBits flips one bit somewhere in the files of a log. None may change what is read without a word.
func TestFlippedBits(t *testing.T) {
	t.Parallel()
	damaged(t, times(t, "C360_FLIPS", 240), func(t *testing.T, rng *rand.Rand, fs vfs.FS) string {
		t.Helper()
		name, at := pick(t, rng, fs), 0
		edit(t, fs, name, func(b []byte) []byte {
			at = rng.IntN(len(b))
			b[at] ^= 1 << rng.IntN(8)
			return b
		})
		return fmt.Sprintf("%s with a bit flipped at %d", name, at)
	})
}

// TestTruncations cuts a file of a log short.
func TestTruncations(t *testing.T) {
	t.Parallel()
	damaged(t, times(t, "C360_FLIPS", 100), func(t *testing.T, rng *rand.Rand, fs vfs.FS) string {
		t.Helper()
		name, n := pick(t, rng, fs), 0
		edit(t, fs, name, func(b []byte) []byte {
			n = rng.IntN(len(b))
			return b[:n]
		})
		return fmt.Sprintf("%s cut to %d", name, n)
	})
}

// TestZeroedPages overwrites a page of a file of a log with zeros.
func TestZeroedPages(t *testing.T) {
	t.Parallel()
	damaged(t, times(t, "C360_FLIPS", 60), func(t *testing.T, rng *rand.Rand, fs vfs.FS) string {
		t.Helper()
		name, at := pick(t, rng, fs), 0
		edit(t, fs, name, func(b []byte) []byte {
			at = rng.IntN(len(b)) &^ 4095
			clear(b[at:min(at+4096, len(b))])
			return b
		})
		return fmt.Sprintf("%s with zeros at %d", name, at)
	})
}

// TestLostFiles takes each file of a log away, one at a time.
func TestLostFiles(t *testing.T) {
	t.Parallel()
	var n int
	for _, fs := range []vfs.FS{killedCopy(t, 3000)} {
		n += len(files(t, fs))
	}
	damaged(t, 2*n, func(t *testing.T, rng *rand.Rand, fs vfs.FS) string {
		t.Helper()
		name := pick(t, rng, fs)
		if err := fs.Remove(name); err != nil {
			t.Fatal(err)
		}
		return name + " removed"
	})
}
