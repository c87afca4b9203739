package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/services/web"
)

// moment is part of the parameters of every call about customers: when the answer is to be true, or in which
// generation.
type moment struct {
	waiting
	AsOf    string `query:"as_of" maxlen:"40" doc:"what had happened by then, whenever it was heard of: 2026-05-03 (the end of that day in Seoul) or 2026-05-03T18:00:00+09:00"`
	KnownAt string `query:"known_at" maxlen:"40" doc:"what the log held then: a time like that of as_of, or a position. With as_of: what was known then of what had happened by then"`
	Of      string `query:"generation" maxlen:"64" doc:"id of another generation than the one that serves; excludes as_of and known_at"`
}

// past marks the parameters of calls that answer as of an instant.
func (moment) past() {}

// Moment is part of the answers about customers. What is true now has none of it.
type Moment struct {
	AsOf       *time.Time      `json:"as_of,omitempty" doc:"the answer holds what had happened by then"`
	KnownAt    events.Position `json:"known_at,omitempty" doc:"the answer holds what the log held up to this position"`
	Generation string          `json:"generation,omitempty" doc:"the generation that was asked for, if it is not simply the one that serves"`
}

// instant reads which moment of history is asked for, the zero Instant for now, and waits until it is folded.
func (s *Service) instant(ctx context.Context, p *moment) (projections.Instant, error) {
	var i projections.Instant
	if p.Of != "" && (p.AsOf != "" || p.KnownAt != "") {
		return i, wrongParam("generation", "a generation stands at its own instant; leave out as_of and known_at, or generation")
	}
	var err error
	if p.AsOf != "" {
		if i.Occurred, err = s.pastTime("as_of", p.AsOf); err != nil {
			return i, err
		}
	}
	if p.KnownAt != "" {
		if i.Known, err = s.known(ctx, p.KnownAt); err == nil {
			err = s.await(ctx, "known_at", i.Known)
		}
	}
	return i, err
}

// pastTime reads a time that has begun. Today is a day that has.
func (s *Service) pastTime(name, text string) (time.Time, error) {
	text = strings.ReplaceAll(text, " ", "+") // what a URL makes of a + that was not escaped
	t, err := projections.ParseTime(text, profile.Zone)
	if err != nil {
		return t, wrongParam(name, name+": "+err.Error())
	}
	began := t
	if len(text) == len(time.DateOnly) {
		began = t.AddDate(0, 0, -1)
	}
	if began.After(s.now()) {
		return t, wrongParam(name, fmt.Sprintf("%s=%s is in the future, which nobody knows; give a time that has passed, or leave it out for now", name, text))
	}
	return t, nil
}

// known reads a position, or a time at which the log held up to one.
func (s *Service) known(ctx context.Context, text string) (events.Position, error) {
	if n, err := strconv.ParseUint(text, 10, 63); err == nil {
		if n == 0 {
			return 0, wrongParam("known_at", "known_at=0 is before the first event; positions begin at 1")
		}
		return events.Position(n), nil
	}
	t, err := s.pastTime("known_at", text)
	if err != nil {
		return 0, err
	}
	p, err := projections.KnownAt(ctx, s.log, t)
	if errors.Is(err, projections.ErrNothingKnown) {
		return 0, web.Wrong(http.StatusNotFound, "the log held nothing yet at that time; "+s.begins(ctx)).At("?known_at")
	}
	if err != nil {
		return 0, fmt.Errorf("look up what was known: %w", err)
	}
	return p, nil
}

// begins says when the log does.
func (s *Service) begins(ctx context.Context) string {
	first, err := s.log.At(ctx, 1)
	if err != nil {
		return "it is empty"
	}
	return "it begins at " + first[0].RecordedAt.UTC().Format(time.RFC3339)
}

// unknownThen is the refusal of an id that nobody had at the moment of a scene. It says since when there is one.
func (s *Service) unknownThen(ctx context.Context, id uuid.UUID, refused error) error {
	first, err := s.log.ReadStream(ctx, events.FragmentStream(id), 0, 1)
	if err != nil || len(first) == 0 {
		return errors.Join(err, refused)
	}
	began := first[0].Time
	err = s.in(ctx, func(v projections.View) error {
		seen, err := s.profiles.Load(ctx, v, []uuid.UUID{id})
		if err == nil && !seen.FirstSeen.IsZero() {
			began = seen.FirstSeen
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("ask since when a fragment is known: %w", err)
	}
	return web.Wrong(http.StatusNotFound, fmt.Sprintf(
		"nobody had this id at that moment: its story begins at %s, and the log first heard of it at %s, position %d; ask for a later moment",
		began.UTC().Format(time.RFC3339), first[0].RecordedAt.UTC().Format(time.RFC3339), first[0].Position))
}
