package pebblelog

import (
	"context"
	"fmt"

	"github.com/cockroachdb/errors/oserror"
	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
)

// tail is how many events before the mark are checked against the hash chain at every open, besides all those
// after it. The rest is Verify's.
const tail = 1024

const (
	remedyAccept = "run c360 verify --data DIR to see what is there; put back the missing files, or take what is there with c360 verify --data DIR --accept-head"
	remedyCopy   = "run c360 verify --data DIR to see what can be read, then put back a sound copy of the store"
)

func (s *site) corrupt(p events.Position, what, remedy string) error {
	return &events.CorruptError{Position: p, What: fmt.Sprintf("%s, in %s", what, s.Dir), Remedy: remedy}
}

func (s *site) exists(path string) (bool, error) {
	_, err := s.fs.Stat(path)
	if oserror.IsNotExist(err) {
		return false, nil
	}
	return err == nil, err
}

// compare holds the store against its mark. db is nil when there is no store.
func (s *site) compare(db pebble.Reader, found contents, m *mark) error {
	switch {
	case m == nil && found.head.Position > 0:
		return s.corrupt(1, "the high-water mark file "+s.MarkPath+" is missing", remedyAccept)
	case m == nil:
		return nil // a new store, or one whose making was cut short
	case found.identity == nil && found.head.Position == 0:
		return s.corrupt(1, fmt.Sprintf("the store is empty, but its high-water mark says %d events", m.head.Position), remedyAccept)
	case found.identity == nil:
		return s.corrupt(1, "the store has lost its identity", remedyCopy)
	case found.identity.store != m.store:
		return s.corrupt(1, "store and high-water mark belong to different logs", remedyAccept)
	case found.identity.epoch != m.epoch:
		return s.corrupt(1, fmt.Sprintf("the store is of epoch %d, its high-water mark of epoch %d: one of them is an old copy",
			found.identity.epoch, m.epoch), remedyAccept)
	case found.head.Position < m.head.Position:
		return s.corrupt(found.head.Position+1, fmt.Sprintf("the store ends at position %d, but events up to %d were acknowledged: its tail is lost, or it is an old copy",
			found.head.Position, m.head.Position), remedyAccept)
	}
	return s.compareHash(db, m)
}

// compareHash looks whether the store has the very event at the mark that the mark was set for.
func (s *site) compareHash(db pebble.Reader, m *mark) error {
	if m.head.Position == 0 {
		return nil
	}
	var r events.Recorded
	if err := get(db, m.head.Position, &r); err != nil {
		return s.corrupt(m.head.Position, err.Error(), remedyCopy)
	}
	if r.Hash != m.head.Hash {
		return s.corrupt(m.head.Position, "the store holds another history than its high-water mark", remedyAccept)
	}
	return nil
}

// checkTail checks density and hash chain from a little before the mark to the end.
func (s *site) checkTail(ctx context.Context, db pebble.Reader, found contents, m *mark) error {
	if found.head.Position == 0 {
		return nil
	}
	w := walker{head: found.head}
	if m != nil && m.head.Position > tail {
		w.after = m.head.Position - tail
	}
	if p, err := w.walk(ctx, db); err != nil {
		return s.wrapDamage(ctx, p, err)
	}
	return nil
}

// wrapDamage turns what a check met at p into a CorruptError, unless it was the caller who gave up.
func (s *site) wrapDamage(ctx context.Context, p events.Position, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.corrupt(p, err.Error(), remedyCopy)
}
