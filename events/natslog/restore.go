package natslog

import (
	"context"
	"fmt"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

var _ events.Restorer = (*Log)(nil)

// Restore implements events.Restorer. It goes the way of an append, in as many frames as it takes. Only what the sequencer
// decides for an append is given here, and checked instead.
func (l *Log) Restore(ctx context.Context, recorded ...events.Recorded) error {
	if err := l.life.Enter(ctx); err != nil {
		return err
	}
	defer l.life.Leave()
	if len(recorded) == 0 {
		return nil
	}
	req := &request{outcome: make(chan error, 1), results: make([]events.Result, len(recorded))}
	if err := req.encodeRestored(recorded); err != nil {
		return err
	}
	if err := l.lookUp(ctx, req); err != nil {
		return err
	}
	return l.submit(ctx, req)
}

// encodeRestored is encode for events that have their place already.
func (r *request) encodeRestored(recorded []events.Recorded) error {
	records, err := events.RestoreRecords(recorded)
	if err != nil {
		return err
	}
	r.restored, r.items = slices.Clone(recorded), make([]item, len(recorded))
	for i := range recorded {
		r.items[i] = item{
			record: records[i],
			id:     keys.NewID(recorded[i].Source, recorded[i].ID), stream: keys.NewStream(recorded[i].Stream),
		}
	}
	return nil
}

// admit refuses a Restore that does not go on exactly where the log ends. What is left of one that has begun cannot be
// refused in the same words, since a part of it is stored.
func (s *sequence) admit(ctx context.Context, p *part, stale bool) error {
	if p.req.restored == nil {
		return nil
	}
	first := &p.req.restored[p.from]
	if err := events.CheckRestore(s.head, s.last, first, p.req.items[p.from].record); err != nil {
		if p.from > 0 {
			return fmt.Errorf("log: restore: somebody else has appended at %d; nothing else may write meanwhile", s.head.Position)
		}
		return err
	}
	for i := p.from; i < p.to; i++ {
		earlier, err := s.earlier(ctx, &p.req.items[i], stale)
		if err != nil {
			return err
		}
		if earlier != 0 {
			return events.RestoreTwice(p.req.restored[i].Position, earlier)
		}
	}
	return nil
}
