package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/web"
)

type eventParams struct {
	Position events.Position `path:"position" doc:"position of the event in the log"`
}

// event answers with one event as the log holds it.
func (s *Service) event(ctx context.Context, p *eventParams) (*EventAnswer, error) {
	missing := web.Wrong(http.StatusNotFound, fmt.Sprintf("the log has no event at position %d; positions begin at 1", p.Position))
	if p.Position == 0 {
		return nil, missing
	}
	found, err := s.log.At(ctx, p.Position)
	if errors.Is(err, events.ErrNoPosition) {
		return nil, missing
	}
	if err != nil {
		return nil, fmt.Errorf("read an event: %w", err)
	}
	return s.answerEvent(&found[0]), nil
}

func (s *Service) answerEvent(r *events.Recorded) *EventAnswer {
	facts := factsOf(r)
	title, detail := s.book.Say(r.Type, &facts)
	a := &EventAnswer{
		Position: r.Position, ID: r.ID, Source: r.Source, Type: r.Type, Schema: max(r.Schema, 1), Subject: r.Subject,
		Channel: string(r.Channel), Time: r.Time.UTC(), Received: when(r.Received), Sent: when(r.Sent),
		Original: when(r.Original), RecordedAt: r.RecordedAt.UTC(), Stream: r.Stream, Identifiers: []NamedIdentifier{},
		Headline: title, Detail: detail, Known: s.book.Known(r.Type), TraceParent: r.TraceParent, Data: r.Data,
	}
	if len(r.Data) == 0 {
		a.Data = []byte("null")
	}
	if f, ok := r.Fragment(); ok {
		a.Fragment = &f
	}
	for _, id := range r.Identifiers {
		a.Identifiers = append(a.Identifiers, NamedIdentifier{Kind: id.Kind, Value: id.Value, Grade: id.Grade.String()})
	}
	return a
}

// when returns a time for an answer, null if there was none.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
