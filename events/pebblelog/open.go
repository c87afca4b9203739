package pebblelog

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/latchfs"
	"github.com/c360hq/c360/events/life"
)

// Open opens the log in o.Dir, or makes a new one there. Before anything is changed it reads what is there and compares
// it with the high-water mark: a lost tail, an old copy or a foreign store is a *events.CorruptError, and the
// files stay as they were found.
func Open(ctx context.Context, o Options) (*Log, error) {
	s, err := prepare(o)
	if err != nil {
		return nil, err
	}
	found, err := s.inspect(ctx)
	if err == nil {
		var l *Log
		if l, err = s.open(ctx, found); err == nil {
			return l, nil
		}
	}
	return nil, errors.Join(err, s.lock.Close())
}

// site is the place of a log: locked, not yet opened.
type site struct {
	Options
	life *life.Life
	fs   *latchfs.FS
	lock *pebble.Lock
}

func prepare(o Options) (*site, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &site{Options: o, life: life.New()}
	s.fs = latchfs.New(o.FS, func(err error) { _ = s.fail(err) }, func() bool { return s.life.Err() != nil })
	for _, dir := range []string{o.Dir, s.fs.PathDir(o.MarkPath)} {
		if err := makeDir(s.fs, dir); err != nil {
			return nil, fmt.Errorf("pebblelog: %w", err)
		}
	}
	if s.lock, err = pebble.LockDirectory(o.Dir, s.fs); err != nil {
		return nil, fmt.Errorf("pebblelog: %s is in use by another c360: stop it first; to rebuild without stopping, POST /v1/generations (%w)", o.Dir, err)
	}
	return s, nil
}

func (s *site) engine(readOnly bool) (*pebble.DB, error) {
	o := EngineOptions(s.fs, s.CacheBytes)
	logger := engineLogger{s}
	o.Logger, o.EventListener = logger, logger.listener()
	o.Lock, o.ReadOnly, o.MemTableSize = s.lock, readOnly, s.memTable
	db, err := pebble.Open(s.Dir, o)
	if failed := s.life.Err(); failed != nil {
		if err == nil {
			err = db.Close()
		}
		return nil, errors.Join(failed, err)
	}
	if err != nil {
		return nil, s.corrupt(0, fmt.Sprintf("the store cannot be opened (%v)", err), remedyCopy)
	}
	return db, nil
}

// contents is what a store holds.
type contents struct {
	identity *identity
	head     events.Head
	last     time.Time // recorded time of the last event
}

// inspect reads the store without changing it and compares it with the mark.
func (s *site) inspect(ctx context.Context) (contents, error) {
	m, err := readMark(s.fs, s.MarkPath)
	if errors.Is(err, errMarkDamaged) {
		return contents{}, s.corrupt(0, err.Error(), remedyAccept)
	}
	if err != nil {
		return contents{}, err
	}
	desc, err := pebble.Peek(s.Dir, s.fs)
	if err != nil {
		return contents{}, s.corrupt(0, fmt.Sprintf("the store cannot be opened (%v)", err), remedyCopy)
	}
	if !desc.Exists {
		return contents{}, s.compare(nil, contents{}, m)
	}
	db, err := s.engine(true)
	if err != nil {
		return contents{}, err
	}
	found, err := s.examine(ctx, db, m)
	if cerr := db.Close(); err == nil && cerr != nil {
		err = fmt.Errorf("pebblelog: close after inspection: %w", cerr)
	}
	return found, err
}

func (s *site) examine(ctx context.Context, db *pebble.DB, m *mark) (contents, error) {
	found, err := s.read(db)
	if err != nil {
		return found, err
	}
	if err := s.compare(db, found, m); err != nil {
		return found, err
	}
	return found, s.checkTail(ctx, db, found, m)
}

// read returns what the store says of itself.
func (s *site) read(db pebble.Reader) (found contents, err error) {
	if found.identity, err = readIdentity(db); err != nil {
		return found, s.corrupt(0, err.Error(), remedyCopy)
	}
	last, err := readLast(db)
	if err != nil {
		return found, s.corrupt(last.Position, err.Error(), remedyCopy)
	}
	found.head = events.Head{Position: last.Position, Hash: last.Hash}
	found.last = last.RecordedAt
	return found, nil
}

func readIdentity(db pebble.Reader) (*identity, error) {
	b, closer, err := db.Get([]byte(keyIdentity))
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil //nolint:nilnil // a new store has none
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = closer.Close() }()
	if len(b) != 24 {
		return nil, fmt.Errorf("the identity of the store has %d bytes", len(b))
	}
	id := &identity{epoch: binary.BigEndian.Uint64(b[16:])}
	copy(id.store[:], b)
	return id, nil
}

// readLast returns the last event, the zero value if there is none.
func readLast(db pebble.Reader) (r events.Recorded, err error) {
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte{keys.PrefixEvent}, UpperBound: []byte{keys.PrefixEvent + 1}})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	if !it.Last() {
		return r, it.Error()
	}
	p, ok := keys.Position(it.Key())
	if !ok {
		return r, fmt.Errorf("a key of %d bytes", len(it.Key()))
	}
	value, err := it.ValueAndErr()
	if err == nil {
		err = decodeEvent(value, p, &r)
	}
	if err != nil {
		return events.Recorded{Position: p}, err
	}
	return r, nil
}

// open opens the store for writing and starts the log.
func (s *site) open(ctx context.Context, found contents) (*Log, error) {
	db, err := s.engine(false)
	if err != nil {
		return nil, err
	}
	l, err := s.start(ctx, db, found)
	if err != nil {
		return nil, errors.Join(s.life.Err(), err, db.Close())
	}
	if err := s.life.Err(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (s *site) start(ctx context.Context, db *pebble.DB, found contents) (*Log, error) {
	if found.identity == nil {
		id := newIdentity()
		if err := writeIdentity(db, id); err != nil {
			return nil, err
		}
		found.identity = &id
	}
	m := mark{identity: *found.identity, head: found.head}
	exists, err := s.exists(s.MarkPath)
	if err == nil && !exists {
		err = createMark(s.fs, s.MarkPath, m)
	}
	if err != nil {
		return nil, err
	}
	file, err := openMark(s.fs, s.MarkPath, m)
	if err != nil {
		return nil, err
	}
	return newLog(ctx, s, db, file, m, found.last), nil
}

func newIdentity() identity {
	id := identity{epoch: 1}
	_, _ = rand.Read(id.store[:]) // never fails
	return id
}

func writeIdentity(db *pebble.DB, id identity) error {
	value := binary.BigEndian.AppendUint64(id.store[:], id.epoch)
	if err := db.Set([]byte(keyIdentity), value, pebble.Sync); err != nil {
		return fmt.Errorf("pebblelog: write the identity of the store: %w", err)
	}
	return nil
}
