package timeline

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Row is one event in a timeline.
type Row struct {
	Position         events.Position
	Fragment         uuid.UUID
	Time, RecordedAt time.Time
	Source, ID, Type string
	Channel          events.Channel
	// Headline is a JSON object of the fields a list shows.
	Headline []byte
}

func decodeRow(r projections.Row) Row {
	return Row{
		Position: events.Position(intOf(r[0])), // #nosec G115 -- written by eventRow
		Fragment: idOf(r[1]), Time: timeOf(r[2]), RecordedAt: timeOf(r[3]),
		Source: textOf(r[4]), ID: textOf(r[5]), Type: textOf(r[6]), Channel: channelOf(r[7]), Headline: []byte(textOf(r[8])),
	}
}

func timeOf(v any) time.Time { return time.UnixMicro(intOf(v)).UTC() }

// Since returns up to limit rows of everybody with positions after after, in log order.
func (r *Room) Since(ctx context.Context, from projections.Reader, after events.Position, limit int) ([]Row, error) {
	var rows []Row
	in := projections.Range{From: []any{int64(after) + 1}, Limit: limit} // #nosec G115 -- positions are dense from 1
	err := from.Scan(ctx, eventsTable, in, func(row projections.Row) (bool, error) {
		rows = append(rows, decodeRow(row))
		return true, nil
	})
	return rows, err
}

// Latest returns up to limit rows of everybody, the last one in the log first.
func (r *Room) Latest(ctx context.Context, from projections.Reader, limit int) ([]Row, error) {
	var rows []Row
	err := from.Scan(ctx, eventsTable, projections.Range{Desc: true, Limit: limit}, func(row projections.Row) (bool, error) {
		rows = append(rows, decodeRow(row))
		return true, nil
	})
	return rows, err
}

// Ref is a number that a fragment's events mention.
type Ref struct {
	// Kind is RefOrder, RefInquiry or RefCase.
	Kind, Number string
	Fragment     uuid.UUID
	// Proven is false if all that mention it are events that anybody can send.
	Proven bool
}

// lastRune sorts after everything that begins with what it is appended to.
const lastRune = "\U0010ffff"

// ByRef returns references that begin or end with what somebody typed: up to limit proven ones, then up to limit
// that are only claimed, which so can never take the place of a proven one.
func (r *Room) ByRef(ctx context.Context, from projections.Reader, q string, limit int) ([]Ref, error) {
	proven, err := scanRefs(ctx, from, q, isProven, limit)
	if err != nil {
		return nil, err
	}
	claimed, err := scanRefs(ctx, from, q, onlyClaimed, limit)
	for _, ref := range claimed {
		if both := (Ref{ref.Kind, ref.Number, ref.Fragment, true}); !slices.Contains(proven, both) {
			proven = append(proven, ref)
		}
	}
	return proven, err
}

// scanRefs returns up to limit references of one proof.
func scanRefs(ctx context.Context, from projections.Reader, q string, proven int64, limit int) ([]Ref, error) {
	var found []Ref
	for _, prefix := range events.RefQuery(q) {
		in := projections.Range{Prefix: []any{proven}, From: []any{prefix}, To: []any{prefix + lastRune}}
		err := from.Scan(ctx, refsTable, in, func(row projections.Row) (bool, error) {
			ref := Ref{textOf(row[2]), textOf(row[3]), idOf(row[4]), proven == isProven}
			if !slices.Contains(found, ref) {
				found = append(found, ref)
			}
			return len(found) < limit, nil
		})
		if err != nil || len(found) >= limit {
			return found, err
		}
	}
	return found, nil
}

// Coverage is what one source has sent of one type.
type Coverage struct {
	Source, Type        string
	Count               int64
	FirstSeen, LastSeen time.Time
	// Channel is that of the latest event.
	Channel events.Channel
}

// Coverage returns what every source has sent, by source and type.
func (r *Room) Coverage(ctx context.Context, from projections.Reader) ([]Coverage, error) {
	var all []Coverage
	err := from.Scan(ctx, coverageTable, projections.Range{}, func(row projections.Row) (bool, error) {
		k, c, err := coverage.Decode(row)
		all = append(all, Coverage{
			k.source, k.kind, c.events, time.UnixMicro(c.first).UTC(), time.UnixMicro(c.last).UTC(), events.Channel(c.channel),
		})
		return true, err
	})
	return all, err
}
