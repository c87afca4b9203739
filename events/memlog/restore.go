package memlog

import (
	"context"

	"github.com/c360hq/c360/events"
)

var _ events.Restorer = (*Log)(nil)

// Restore implements events.Restorer. It is atomic: no reader sees a part of it.
func (l *Log) Restore(ctx context.Context, recorded ...events.Recorded) error {
	records, err := events.RestoreRecords(recorded)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.life.Ready(ctx); err != nil || len(recorded) == 0 {
		return err
	}
	if err := events.CheckRestore(l.head(), l.last, &recorded[0], records[0]); err != nil {
		return err
	}
	for i := range recorded {
		if p := l.ids[id{recorded[i].Source, recorded[i].ID}]; p != 0 {
			return events.RestoreTwice(recorded[i].Position, p)
		}
	}
	for i := range recorded {
		r := &recorded[i]
		l.last = r.RecordedAt
		l.keep(id{r.Source, r.ID}, r.Stream, records[i])
	}
	l.bell.Ring()
	return nil
}
