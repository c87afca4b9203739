package ingest

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/auth"
)

// Carried is one CloudEvent that a broker brought instead of a request.
type Carried struct {
	// Source is the name of the source it says it comes from; whoever may publish there speaks for it.
	Source string
	// Header holds Content-Type, Traceparent and the ce- attributes, in the form net/http gives them.
	Header http.Header
	Body   []byte
	// At is when the broker took it; the zero time is now.
	At time.Time
	// Again says that the broker can bring it once more later. Then one whose source is unknown or disabled here is left
	// to it: while the sources change, one process after the other, another may know the source already.
	Again bool
}

// Refused says which of the carried messages are not stored: it can never be and is kept as a reject, or it is to come
// Again, and nothing of it is kept.
type Refused struct {
	Index  int
	Reason string
	Again  bool
}

// carriedName is the source that lines and rejects name when a message has none of ours.
const carriedName = "-"

// Ready waits until readers of the log keep up. Carried messages wait like imports do: a broker keeps them safe,
// while whoever waits at the door may give up.
func (s *Service) Ready(ctx context.Context) error { return waitFor(ctx, s.gate) }

// Take stores carried messages, in order, as if each had come to POST /v1/events with the key of its source. A nil
// error means that every one of them is durable, or refused for good and kept as a reject, or told of as to come again:
// the broker may forget the others. After an error nothing is lost if they come again.
func (s *Service) Take(ctx context.Context, messages []Carried) (Outcome, []Refused, error) {
	share, err := s.budget.share(ctx, carriedBytes(messages)*footprint)
	if err != nil {
		return Outcome{}, nil, err
	}
	defer share.release()
	ctx, span := s.tracing.startCarried(ctx, messages)
	defer span.End()
	b := s.batch(arrival{source: &auth.Source{Name: carriedName}, received: s.now(), request: uuid.NewString()})
	defer s.done(b)
	own := b.arrival
	var again []Refused
	for i := range messages {
		if !s.takeCarried(ctx, b, own, &messages[i], i) {
			again = append(again, Refused{Index: i, Reason: reasonSource, Again: true})
		}
	}
	b.arrival = own
	o, err := s.commit(ctx, b)
	if err != nil {
		return o, nil, err
	}
	return o, append(b.refused(), again...), nil
}

// carriedBytes is what of the messages will be held more than once; what is too large is refused unread.
func carriedBytes(messages []Carried) (n int64) {
	for i := range messages {
		if size := len(messages[i].Body); size <= events.MaxEvent {
			n += int64(size)
		}
	}
	return n
}

// takeCarried takes a message into the batch, or rejects it. It returns false if it is to come again.
func (s *Service) takeCarried(ctx context.Context, b *batch, own arrival, m *Carried, i int) bool {
	at := place{index: i, raw: m.Body}
	b.arrival = own
	source, f := s.carriedSource(m.Source)
	switch {
	case f != nil && m.Again:
		return false
	case f != nil:
		b.reject(at, f)
		return true
	}
	at.source, b.source = source, source
	if !m.At.IsZero() && m.At.Before(own.received) {
		b.received = m.At.UTC()
	}
	if b.trace = saidOf(m.Header); b.trace == "" { // its own trace began where it was published
		b.trace = parentOf(ctx)
	}
	s.survive(b, at, func() { s.readCarried(b, m, at) })
	return true
}

// carriedSource finds who speaks.
func (s *Service) carriedSource(name string) (*auth.Source, *fault) {
	source, ok := s.sources.Named(name)
	switch {
	case !ok:
		return nil, wrong(reasonSource, "", "the subject names no source: the sources are set with C360_SOURCES")
	case source.Disabled:
		return nil, wrong(reasonSource, "", "the source that the subject names is disabled")
	}
	return source, nil
}

// readCarried reads a message by the CloudEvents binding of NATS: a media type of CloudEvents is structured, ce-
// headers are binary, and a message without headers is structured, as before NATS had any.
func (s *Service) readCarried(b *batch, m *Carried, at place) {
	media, _, _ := mime.ParseMediaType(m.Header.Get("Content-Type"))
	foreign := strings.HasPrefix(media, "application/cloudevents") && media != "application/cloudevents+json"
	switch {
	case len(m.Body) > events.MaxEvent:
		b.reject(at, checkOne(m.Body))
	case foreign:
		b.reject(at, wrong(reasonField, "", "send one event a message, as application/cloudevents+json or with ce- headers"))
	case media == "" && !hasAttributes(m.Header), media == "application/cloudevents+json":
		s.takeStructured(b, m.Body, at)
	default:
		s.takeBinary(b, m.Header, m.Body, at)
	}
}

func hasAttributes(h http.Header) bool {
	for name := range h {
		if strings.HasPrefix(name, "Ce-") {
			return true
		}
	}
	return false
}

// survive keeps a message that breaks the code that reads it from coming round again and again: it becomes a reject.
func (s *Service) survive(b *batch, at place, read func()) {
	entries := len(b.entries)
	defer func() {
		if broken := recover(); broken != nil {
			b.entries, b.places = b.entries[:entries], b.places[:entries]
			b.reject(at, wrong(reasonField, "", "c360 failed to read this event; please report it"))
		}
	}()
	read()
}

func (b *batch) refused() []Refused {
	var list []Refused
	for i := range b.rejects {
		list = append(list, Refused{Index: b.rejects[i].Index, Reason: b.rejects[i].Reason})
	}
	return list
}
