package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/segments"
	"github.com/c360hq/c360/services/web"
)

// putSegment defines a segment, or changes it.
func (s *Service) putSegment(ctx context.Context, p *segmentParams, q *segments.SegmentRequest) (*segments.SegmentAccepted, error) {
	if err := errors.Join(s.noSegments(), checkSegmentName(p.Name), checkTitle(q.Title)); err != nil {
		return nil, err
	}
	since, err := s.since(q.Since)
	if err != nil {
		return nil, err
	}
	rule, err := s.readRule(ctx, q.Rule)
	if err != nil {
		return nil, err
	}
	w := &standing.Written{Title: q.Title, Rule: jsontext.Value(q.Rule), Since: since, Actor: s.actor(ctx)}
	return s.decideSegment(ctx, p.Name, func(b *segments.Book, at int64) (*standing.Written, error) {
		if b.Same(p.Name, w, rule, at) {
			return nil, nil //nolint:nilnil // nothing is to be written, which is no error
		}
		return w, s.checkSegment(b, p.Name, w, at)
	})
}

// removeSegment removes a segment that no other speaks of.
func (s *Service) removeSegment(ctx context.Context, p *segmentParams, _ *none) (*segments.SegmentAccepted, error) {
	if err := errors.Join(s.noSegments(), checkSegmentName(p.Name)); err != nil {
		return nil, err
	}
	return s.decideSegment(ctx, p.Name, func(b *segments.Book, at int64) (*standing.Written, error) {
		by := b.NeededBy(p.Name, at)
		switch {
		case b.Schedule(p.Name) == nil:
			return nil, noSuchSegment()
		case len(by) > 0:
			return nil, web.Wrong(http.StatusConflict, fmt.Sprintf("other segments speak of it: %.200q; change or remove them first", by))
		case !b.There(p.Name, at):
			return nil, nil //nolint:nilnil // it was removed before
		}
		return &standing.Written{Actor: s.actor(ctx)}, nil
	})
}

// decideSegment appends what is decided about a segment by what holds; nothing if that is nothing. Two who decide at once
// are told apart by the version of the stream: the second decides again by what the first wrote.
func (s *Service) decideSegment(
	ctx context.Context, name string, decide func(b *segments.Book, at int64) (*standing.Written, error),
) (*segments.SegmentAccepted, error) {
	d := s.desk
	d.writing.Lock()
	defer d.writing.Unlock()
	for range decisionRetries {
		all, err := s.definitionEvents(ctx, name)
		if err != nil {
			return nil, err
		}
		version := events.Position(0)
		if n := len(all); n > 0 {
			version = all[n-1].Position
		}
		b, err := s.bookUpTo(ctx, max(version, d.written))
		if err != nil {
			return nil, err
		}
		at := s.decidedAt(b, name)
		w, err := decide(b, at)
		switch {
		case err != nil:
			return nil, err
		case w == nil:
			return &segments.SegmentAccepted{Name: name, Position: holds(b, name, at, all)}, nil
		}
		result, err := s.appendDefinition(ctx, name, w, version, at)
		if err != nil {
			return nil, err
		}
		if result.Outcome == events.Appended {
			d.written = result.Position
			return &segments.SegmentAccepted{Name: name, Changed: true, Position: result.Position}, nil
		}
	}
	return nil, web.Wrong(http.StatusServiceUnavailable, "too many decisions are being made at once; try again").After(1)
}

// bookUpTo reads the definitions when those up to a position are folded.
func (s *Service) bookUpTo(ctx context.Context, p events.Position) (b *segments.Book, err error) {
	if p > 0 {
		if err := s.await(ctx, "wait", p); err != nil {
			return nil, err
		}
	}
	err = s.in(ctx, func(v projections.View) (err error) {
		b, err = s.segmentBook(ctx, v)
		return err
	})
	return b, err
}

// decidedAt is when a decision is made: now, unless the one before says that it was made later than that.
func (s *Service) decidedAt(b *segments.Book, name string) int64 {
	at := s.now().UnixMicro()
	if last, ok := b.Last(name); ok && at <= last {
		at = last + 1
	}
	return at
}

// holds returns the position of the definition that holds.
func holds(b *segments.Book, name string, at int64, all []events.Recorded) events.Position {
	source, id := b.Event(name, at)
	for i := range all {
		if all[i].Source == source && all[i].ID == id {
			return all[i].Position
		}
	}
	return 0
}

func (s *Service) appendDefinition(ctx context.Context, name string, w *standing.Written, version events.Position, at int64) (events.Result, error) {
	kind, what := segment.Defined, any(w)
	if len(w.Rule) == 0 {
		kind, what = segment.Removed, struct {
			Actor string `json:"actor"`
		}{w.Actor}
	}
	data, err := json.Marshal(what)
	if err != nil {
		return events.Result{}, fmt.Errorf("write a definition: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return events.Result{}, fmt.Errorf("make an event id: %w", err)
	}
	results, err := s.log.Append(ctx, events.Entry{
		Stream: segment.Stream + name, Expected: events.Version(version),
		Event: events.Event{
			ID: id.String(), Source: decisionSource, Type: kind, Time: segments.Time(at), Received: s.now().UTC(),
			Channel: events.ChannelOther, Data: data,
		},
	})
	if err != nil {
		return events.Result{}, fmt.Errorf("append a definition: %w", err)
	}
	return results[0], nil
}
