package history

import (
	"context"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Activity counts what a fragment did, all of it, however long ago.
type Activity struct {
	// First and Last are the times of the earliest and the latest touchpoint, Unix microseconds; both 0 while there is none.
	First, Last int64
	// LastChannel is that of the latest; of two at the same time the greater name.
	LastChannel events.Channel
	Events      int64
	Days        Days

	counts counts
}

// Counts are the touchpoints by source, type and channel, in that order. Of very many kinds only some are there.
func (a *Activity) Counts() []Count { return a.counts.list }

// see counts a touchpoint.
func (a *Activity) see(t *projections.Touch) {
	at := t.Time.UnixMicro()
	if a.Events == 0 || at < a.First {
		a.First = at
	}
	if a.Events == 0 || at > a.Last || at == a.Last && t.Channel > a.LastChannel {
		a.Last, a.LastChannel = at, t.Channel
	}
	a.Events++
	a.counts.add(Count{t.Source, t.Type, string(t.Channel), 1})
	a.Days.of(string(t.Channel)).add(DayOf(at), 1)
}

func (a *Activity) encode(e *projections.Encoder) {
	e.Text(string(a.LastChannel))
	a.counts.encode(e)
	a.Days.encode(e)
}

func decodeActivity(r projections.Row, d *projections.Decoder) Activity {
	a := Activity{LastChannel: events.Channel(d.Text()), counts: decodeCounts(d), Days: decodeDays(d)}
	a.First, _ = r[2].(int64)
	a.Last, _ = r[3].(int64)
	a.Events, _ = r[4].(int64)
	return a
}

// Activities reads what fragments did; those without touchpoints are left out.
func (r *Room) Activities(ctx context.Context, from projections.Reader, of []uuid.UUID) (map[uuid.UUID]*Activity, error) {
	all := make(map[uuid.UUID]*Activity, len(of))
	keys := make([][]any, len(of))
	for i := range of {
		keys[i] = chunks.Key(chunkKey{of[i], 0})
	}
	err := from.Get(ctx, fragmentsTable, keys, func(row projections.Row) error {
		k, c, err := decodeChunk(row)
		all[k.fragment] = &c.activity
		return err
	})
	return all, err
}
