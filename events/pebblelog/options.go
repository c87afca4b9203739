package pebblelog

import (
	"errors"
	"log/slog"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Options say where a log lives and what it may take.
type Options struct {
	// Dir is the directory of the store. It is made if it is missing.
	Dir string
	// MarkPath is the high-water mark file. It must lie outside Dir, best on another disk; Dir + ".mark" if empty.
	MarkPath string
	// Now gives recorded times.
	Now func() time.Time
	// Logger hears of background errors; nil is silence.
	Logger *slog.Logger
	// FS is the file system; nil is the operating system's.
	FS vfs.FS
	// CacheBytes is the size of the block cache; 16 MiB if zero.
	CacheBytes int64
	// ReserveBytes of free space are kept for the engine: below it Append answers ErrFull. 256 MiB if zero,
	// which is what the engine may need at worst to flush and compact what it has already taken.
	ReserveBytes uint64

	memTable uint64 // a smaller one makes a small store have every kind of file; for tests
}

const (
	defaultCache   = 16 << 20
	defaultReserve = 256 << 20

	// Two memtables of 16 MiB are the usual, four the most: with the cache and the open tables the log stays
	// near 120 MiB however many events it holds. Larger ones saved under 5 % of the write work.
	memTable     = 16 << 20
	memTablesMax = 4
	// maxGroup bounds one group commit well below half a memtable, where the engine takes a slower way.
	maxGroup = 4 << 20
)

func (o *Options) withDefaults() (Options, error) {
	out := *o
	if out.Dir == "" || out.Now == nil {
		return out, errors.New("pebblelog: Options need Dir and Now")
	}
	if out.MarkPath == "" {
		out.MarkPath = out.Dir + ".mark"
	}
	if out.Logger == nil {
		out.Logger = slog.New(slog.DiscardHandler)
	}
	if out.FS == nil {
		out.FS = vfs.Default
	}
	if out.CacheBytes == 0 {
		out.CacheBytes = defaultCache
	}
	if out.ReserveBytes == 0 {
		out.ReserveBytes = defaultReserve
	}
	if out.memTable == 0 {
		out.memTable = memTable
	}
	return out, nil
}

// EngineOptions returns the settings a log opens Pebble with, so that a benchmark can open a bare engine alike.
func EngineOptions(fs vfs.FS, cacheBytes int64) *pebble.Options {
	o := &pebble.Options{
		FS:        fs,
		CacheSize: cacheBytes,
		// V6 has a checksum in the table footer, and the format before it WAL chunks that tell a damaged
		// log from one that was cut off by a crash.
		FormatMajorVersion:          pebble.FormatTableFormatV6,
		MemTableSize:                memTable,
		MemTableStopWritesThreshold: memTablesMax,
		// Nothing is ever deleted or overwritten, so sublevels cost readers little; let compaction catch up
		// after a burst instead of stopping writers.
		L0CompactionThreshold: 4,
		L0StopWritesThreshold: 64,
		LBaseMaxBytes:         64 << 20,
		MaxOpenFiles:          512,
		BytesPerSync:          1 << 20,
		Logger:                silent{},
	}
	// The second compaction starts only when the first falls behind: two cores are shared with everybody.
	o.CompactionConcurrencyRange = func() (lower, upper int) { return 1, 2 }
	o.TargetFileSizes[0] = 4 << 20
	// What the filter of ids lets through is looked for on every level: ten bits an id spare 99 of 100 blocks.
	o.Levels[0].FilterPolicy = tableFilter{bloom.FilterPolicy(10)}
	// 8 KiB blocks hold about 12 events: good for replay, still quick for one event by position.
	o.Levels[0].BlockSize = 8 << 10
	o.Levels[0].IndexBlockSize = 64 << 10
	// A table never holds events and index entries together. Events come in the order of their keys, so their tables
	// overlap no others, and Pebble moves them down the levels instead of writing them again and again.
	o.Experimental.SpanPolicyFunc = func(start []byte) (pebble.SpanPolicy, []byte, error) {
		return pebble.SpanPolicy{}, []byte{start[0] + 1}, nil
	}
	return o
}

type silent struct{}

func (silent) Infof(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
func (silent) Fatalf(string, ...any) {}
