package logindex

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/idfilter"
	"github.com/c360hq/c360/events/latchfs"
	"github.com/c360hq/c360/events/life"
)

const (
	defaultCache = 32 << 20
	memTable     = 16 << 20
)

// Open opens the index in o.Dir, or makes a new one there. One that is damaged, or of an older format, is deleted and made
// anew: it will be filled from the engine again. Errors: ErrForeign, that another process has it open, or that the disk
// cannot be read or written; then what is there stays.
func Open(o Options) (*Index, error) {
	if o.Dir == "" || o.Log == "" {
		return nil, errors.New("logindex: Options need Dir and Log")
	}
	if o.FS == nil {
		o.FS = vfs.Default
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := o.FS.MkdirAll(o.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("logindex: %w", err)
	}
	lock, err := pebble.LockDirectory(o.Dir, o.FS)
	if err != nil {
		return nil, fmt.Errorf("logindex: %s is in use by another c360: give each process a data folder of its own (%w)", o.Dir, err)
	}
	x, err := o.open(lock)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	x.lock, x.ids = lock, idfilter.New(int(x.End().Position)) //nolint:gosec // far below 2^63
	x.filled.Go(x.fill)
	return x, nil
}

// open opens what is there, or starts over if that is damaged.
func (o *Options) open(lock *pebble.Lock) (*Index, error) {
	x, err := o.load(lock)
	switch {
	case err == nil || errors.Is(err, ErrForeign):
		return x, err
	case isDisk(err):
		return nil, fmt.Errorf("%w; mend the disk or the rights of %s and start again, or delete that directory: the index is made anew", err, o.Dir)
	}
	o.Logger.Warn("the index of the log is damaged and is made anew", "dir", o.Dir, "error", err)
	if err := o.clear(); err != nil {
		return nil, fmt.Errorf("logindex: %w; delete %s", err, o.Dir)
	}
	return o.load(lock)
}

// isDisk tells an error of the disk, after which the index may be as sound as ever, from damage. A file that is
// missing is damage.
func isDisk(err error) bool {
	var system syscall.Errno
	return errors.Is(err, events.ErrFailed) || errors.As(err, &system) && !errors.Is(system, fs.ErrNotExist)
}

// clear removes everything but the lock that is held.
func (o *Options) clear() error {
	names, err := o.FS.List(o.Dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name == "LOCK" {
			continue
		}
		if err := o.FS.RemoveAll(o.FS.PathJoin(o.Dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func (o *Options) load(lock *pebble.Lock) (*Index, error) {
	l := life.New()
	latch := latchfs.New(o.FS, func(err error) { _ = fail(l, err) }, func() bool { return l.Err() != nil })
	db, err := pebble.Open(o.Dir, o.engine(lock, latch, l))
	if err != nil {
		return nil, fmt.Errorf("logindex: %w", errors.Join(l.Err(), err))
	}
	x := &Index{db: db, life: l}
	if err := errors.Join(x.claim(o), x.recall(), l.Err()); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return x, nil
}

// claim checks whose index this is, and takes it if it is new.
func (x *Index) claim(o *Options) error {
	value, err := x.get([]byte(keyLog))
	if err != nil {
		return err
	}
	if value == nil {
		return x.db.Set([]byte(keyLog), []byte(format+o.Log), pebble.NoSync)
	}
	made, ok := strings.CutPrefix(string(value), format)
	if !ok {
		return errors.New("logindex: the index has an older format")
	}
	if made != o.Log {
		return fmt.Errorf("%w: %s was made from %q, and the log is %q; point --log to the first, or delete that directory to follow the second", ErrForeign, o.Dir, made, o.Log)
	}
	return nil
}

// recall finds the end of what is there.
func (x *Index) recall() error {
	var end End
	value, err := x.get([]byte(keyEnd))
	if err == nil && value != nil {
		end.Place, err = decodePlace(value)
	}
	if err != nil {
		return err
	}
	last, err := x.last()
	if err != nil {
		return err
	}
	end.Head, end.RecordedAt = events.Head{Position: last.Position, Hash: last.Hash}, last.RecordedAt
	x.end.Store(&end)
	return nil
}

// engine returns the settings of the store. Only ids are looked up by whole key, so only they get filters.
func (o *Options) engine(lock *pebble.Lock, fs vfs.FS, l *life.Life) *pebble.Options {
	out := &pebble.Options{
		FS: fs, Lock: lock, Logger: engineLogger{l},
		CacheSize:             max(o.CacheBytes, defaultCache),
		FormatMajorVersion:    pebble.FormatTableFormatV6,
		MemTableSize:          memTable,
		L0CompactionThreshold: 8,
		L0StopWritesThreshold: 64,
		LBaseMaxBytes:         64 << 20,
		MaxOpenFiles:          512,
	}
	out.Levels[0].FilterPolicy = bloom.FilterPolicy(10)
	out.Levels[0].BlockSize = 8 << 10
	out.Experimental.SpanPolicyFunc = func(start []byte) (pebble.SpanPolicy, []byte, error) {
		return pebble.SpanPolicy{}, []byte{start[0] + 1}, nil
	}
	return out
}
