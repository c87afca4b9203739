package query

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/web"
)

const (
	identityStream  = "identity"
	typeLinked      = "identity.linked"
	typeUnlinked    = "identity.unlinked"
	decisionSource  = "c360"
	maxReason       = 500
	decisionRetries = 5
	decisionPage    = 1000
)

// pairKey names two fragments, the smaller first.
type pairKey struct{ a, b uuid.UUID }

func keyOf(a, b uuid.UUID) pairKey {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	return pairKey{a, b}
}

// verdict is the decision about a pair that holds: the latest by (time, source, id), as the read model of identity
// judges, and not by where the log holds it. The two differ when a clock was set back.
type verdict struct {
	linked     bool
	position   events.Position
	time       time.Time
	source, id string
}

// before reports whether a decision that was made so is overruled by another.
func (s *verdict) before(other *verdict) bool {
	return cmp.Or(cmp.Compare(s.time.UnixMicro(), other.time.UnixMicro()), cmp.Compare(s.source, other.source), cmp.Compare(s.id, other.id)) < 0
}

// next is when a decision has to be made to overrule this one: now, unless this one says it was made later than that.
func (s *verdict) next(now time.Time) time.Time {
	if least := s.time.Truncate(time.Microsecond).Add(time.Microsecond); now.Before(least) {
		return least
	}
	return now
}

// decisions knows what has been decided so far: it reads the stream of decisions as far as it has grown, before
// every decision. There are as many as people have made.
type decisions struct {
	mu    sync.Mutex
	last  events.Position
	pairs map[pairKey]verdict
}

// catchUp reads what is new in the stream. The caller holds the lock.
func (d *decisions) catchUp(ctx context.Context, log events.Log) error {
	for {
		page, err := log.ReadStream(ctx, identityStream, d.last, decisionPage)
		if err != nil {
			return fmt.Errorf("read the decisions: %w", err)
		}
		for i := range page {
			d.note(&page[i])
		}
		if len(page) < decisionPage {
			return nil
		}
	}
}

func (d *decisions) note(r *events.Recorded) {
	d.last = r.Position
	if r.Type != typeLinked && r.Type != typeUnlinked {
		return
	}
	body := events.DecodeBody(r.Data)
	a, errA := uuid.Parse(body.A)
	b, errB := uuid.Parse(body.B)
	if errA != nil || errB != nil {
		return
	}
	key := keyOf(a, b)
	made := verdict{linked: r.Type == typeLinked, position: r.Position, time: r.Time, source: r.Source, id: r.ID}
	if had, decided := d.pairs[key]; !decided || had.before(&made) {
		d.pairs[key] = made
	}
}

// decide appends a decision about two fragments. Two people who decide at once are told apart by the version of
// the stream: the second reads what the first decided and, if it was about the same pair, is refused.
func (s *Service) decide(ctx context.Context, eventType string, q *LinkRequest) (*AcceptedAnswer, error) {
	if err := s.checkDecision(ctx, q); err != nil {
		return nil, err
	}
	d := &s.decisions
	d.mu.Lock()
	defer d.mu.Unlock()
	for range decisionRetries {
		if err := d.catchUp(ctx, s.log); err != nil {
			return nil, err
		}
		before, decided := d.pairs[keyOf(q.A, q.B)]
		switch {
		case decided && q.Position > 0 && before.position > q.Position:
			return nil, web.Wrong(http.StatusConflict, fmt.Sprintf(
				"somebody else decided about these two at position %d, after what you saw; read the identity again and decide anew", before.position))
		case decided && before.linked == (eventType == typeLinked):
			return &AcceptedAnswer{Position: before.position}, nil // it stands already
		}
		result, err := s.appendDecision(ctx, eventType, q, d.last, before.next(s.now().UTC()))
		if err != nil || result.Outcome == events.Appended {
			return &AcceptedAnswer{Position: result.Position}, err
		}
	}
	return nil, web.Wrong(http.StatusServiceUnavailable, "too many decisions are being made at once; try again").After(1)
}

func (s *Service) appendDecision(ctx context.Context, eventType string, q *LinkRequest, version events.Position, at time.Time) (events.Result, error) {
	data, err := json.Marshal(struct {
		A      uuid.UUID `json:"a"`
		B      uuid.UUID `json:"b"`
		Reason string    `json:"reason"`
		Actor  string    `json:"actor"`
	}{q.A, q.B, q.Reason, s.actor(ctx)})
	if err != nil {
		return events.Result{}, fmt.Errorf("write a decision: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return events.Result{}, fmt.Errorf("make an event id: %w", err)
	}
	results, err := s.log.Append(ctx, events.Entry{
		Stream: identityStream, Expected: events.Version(version),
		Event: events.Event{
			ID: id.String(), Source: decisionSource, Type: eventType, Time: at, Received: s.now().UTC(),
			Channel: events.ChannelOther, Data: data,
		},
	})
	if err != nil {
		return events.Result{}, fmt.Errorf("append a decision: %w", err)
	}
	return results[0], nil
}

// checkDecision refuses a decision about what is not there.
func (s *Service) checkDecision(ctx context.Context, q *LinkRequest) error {
	switch {
	case q.A == uuid.UUID{}:
		return web.Wrong(http.StatusBadRequest, "a is missing: give the id of a fragment").At("/a")
	case q.B == uuid.UUID{}:
		return web.Wrong(http.StatusBadRequest, "b is missing: give the id of a fragment").At("/b")
	case q.A == q.B:
		return web.Wrong(http.StatusBadRequest, "a and b are the same fragment; a decision needs two").At("/b")
	case len(q.Reason) > maxReason || !utf8.ValidString(q.Reason):
		return web.Wrong(http.StatusBadRequest, "reason is longer than 500 bytes; shorten it").At("/reason")
	}
	return s.in(ctx, func(v projections.View) error {
		for pointer, id := range map[string]uuid.UUID{"/a": q.A, "/b": q.B} {
			if _, err := s.fragmentSet(ctx, v, id); err != nil {
				return at(pointer, err)
			}
		}
		return nil
	})
}

// at adds the place to a problem.
func at(pointer string, err error) error {
	if p, ok := err.(*web.Problem); ok { //nolint:errorlint // it is the one just made, not a wrapped one
		return p.At(pointer)
	}
	return err
}

func (s *Service) link(ctx context.Context, _ *none, q *LinkRequest) (*AcceptedAnswer, error) {
	return s.decide(ctx, typeLinked, q)
}

func (s *Service) unlink(ctx context.Context, _ *none, q *LinkRequest) (*AcceptedAnswer, error) {
	return s.decide(ctx, typeUnlinked, q)
}
