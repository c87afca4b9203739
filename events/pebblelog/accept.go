package pebblelog

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
)

// AcceptHead makes the log in o.Dir go on from what is there, although the high-water mark says there was more, or says
// something else: the way out after a lost tail or a restored copy, once somebody has decided that what is missing
// will not come back. It reads the whole log first, and refuses one that is not sound up to its head. The log gets a
// new epoch, so that neither the old mark nor another old copy can be taken for its own. Checkpoints beyond
// the accepted head no longer fit the log. It returns the accepted head.
func AcceptHead(ctx context.Context, o Options) (events.Head, error) {
	s, err := prepare(o)
	if err != nil {
		return events.Head{}, err
	}
	head, err := s.accept(ctx)
	return head, errors.Join(err, s.lock.Close())
}

func (s *site) accept(ctx context.Context) (events.Head, error) {
	m, err := readMark(s.fs, s.MarkPath)
	if err != nil && !errors.Is(err, errMarkDamaged) {
		return events.Head{}, err
	}
	found, err := s.examineAll(ctx)
	if err != nil {
		return events.Head{}, err
	}
	next := mark{identity: newIdentity(), head: found.head}
	if found.identity != nil {
		next.identity = *found.identity
		next.epoch++
	}
	if m != nil {
		next.epoch = max(next.epoch, m.epoch+1)
	}
	return found.head, s.reign(next)
}

// examineAll reads and checks everything without changing anything.
func (s *site) examineAll(ctx context.Context) (found contents, err error) {
	desc, err := pebble.Peek(s.Dir, s.fs)
	if err != nil || !desc.Exists {
		return found, err
	}
	db, err := s.engine(true)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if found, err = s.read(db); err != nil {
		return found, err
	}
	w := walker{head: found.head, index: true}
	if p, err := w.walk(ctx, db); err != nil {
		return found, s.wrapDamage(ctx, p, err)
	}
	return found, nil
}

// reign begins the new epoch: in the store, then in the mark. Between the two, Open still refuses.
func (s *site) reign(next mark) error {
	db, err := s.engine(false)
	if err != nil {
		return err
	}
	if err := errors.Join(writeIdentity(db, next.identity), db.Close()); err != nil {
		return fmt.Errorf("pebblelog: accept the head: %w", err)
	}
	return errors.Join(createMark(s.fs, s.MarkPath, next), s.life.Err())
}
