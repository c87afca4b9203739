package pebblelog

import (
	"context"
	"errors"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

var _ events.Restorer = (*Log)(nil)

// Restore implements events.Restorer. It goes the way of an append: one group commit, one fsync, the mark, then the
// readers. Only what the sequencer decides for an append is given here, and checked instead.
func (l *Log) Restore(ctx context.Context, recorded ...events.Recorded) error {
	if err := l.life.Enter(ctx); err != nil {
		return err
	}
	defer l.life.Leave()
	if len(recorded) == 0 {
		return nil
	}
	req, _ := requests.Get().(*request)
	if err := req.encodeRestored(recorded); err != nil {
		return err
	}
	if err := l.lookUp(ctx, req); err != nil {
		return err
	}
	_, err := l.submit(ctx, req)
	return err
}

// encodeRestored is encode for events that have their place already.
func (r *request) encodeRestored(recorded []events.Recorded) error {
	records, err := events.RestoreRecords(recorded)
	if err != nil {
		return err
	}
	r.restored, r.items = slices.Clone(recorded), slices.Grow(r.items[:0], len(recorded))
	for i := range recorded {
		r.items = append(r.items, item{
			value: append(noHash[:hashLen:hashLen], records[i]...),
			id:    keys.NewID(recorded[i].Source, recorded[i].ID), stream: keys.NewStream(recorded[i].Stream),
		})
	}
	return nil
}

// judgeRestored is judge for a Restore. What does not fit is refused; any other error is the engine's.
func (s *sequence) judgeRestored(g *group, req *request) error {
	err := s.restore(g, req)
	var refused *events.RestoreError
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return s.log.site.fail(err)
}

// restore makes the events of a Restore part of the group if they go on exactly where it ends.
func (s *sequence) restore(g *group, req *request) error {
	first := &req.items[0]
	if err := events.CheckRestore(s.head, s.last, &req.restored[0], first.value[hashLen:]); err != nil {
		return err
	}
	stale := !s.recent.covers(req.seen)
	for i := range req.items {
		p, err := s.earlier(&req.items[i], stale)
		if err != nil {
			return err
		}
		if p != 0 {
			return events.RestoreTwice(req.restored[i].Position, p)
		}
	}
	for i := range req.items {
		if err := s.add(g, &req.items[i], req.restored[i].RecordedAt); err != nil {
			return err
		}
	}
	return nil
}
