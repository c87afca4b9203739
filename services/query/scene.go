package query

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/services/web"
)

// Past shows what was so of a few customers as of an instant; *projections.Past does.
type Past interface {
	View(ctx context.Context, at projections.Instant, about projections.About) (*projections.PastView, error)
}

// scene is what a call about customers looks at: one view, so that everything in an answer is true at one position,
// and the moment that it shows.
type scene struct {
	projections.View
	moment Moment
	// today is what the answer takes for now.
	today time.Time
	// people reads who is who, under the rules that the view was folded under.
	people *identity.Room
	// life is the history of the fragments lifeOf, the last that was read: several parts of a page look at the same.
	life   *history.History
	lifeOf []uuid.UUID
	// tells reports whether the view can tell of a customer; nil if it can of everybody.
	tells func(customer uuid.UUID) bool
}

// asked says whom a question is about. It is called when the store that serves has folded what the question is about.
type asked func(ctx context.Context) (projections.About, error)

// one is a question about one customer.
func one(id uuid.UUID) asked {
	return func(context.Context) (projections.About, error) {
		return projections.About{Fragments: []uuid.UUID{id}}, nil
	}
}

// look runs read on the scene that a call asks for: live, as of an instant, or of another generation.
func (s *Service) look(ctx context.Context, p *moment, about asked, read func(*scene) error) error {
	i, err := s.instant(ctx, p)
	if err != nil {
		return err
	}
	v, err := s.scene(ctx, p, i, about)
	if err != nil {
		return err
	}
	defer v.Close()
	return read(v)
}

func (s *Service) scene(ctx context.Context, p *moment, i projections.Instant, about asked) (*scene, error) {
	switch {
	case p.Of != "":
		return s.otherScene(ctx, p.Of)
	case !i.Now():
		return s.pastScene(ctx, i, about)
	}
	v, err := s.live.View(ctx)
	if err != nil {
		return nil, fmt.Errorf("open a view: %w", err)
	}
	return &scene{View: v, today: s.now(), people: s.identities}, nil
}

// pastScene shows an instant.
func (s *Service) pastScene(ctx context.Context, i projections.Instant, about asked) (*scene, error) {
	if s.past == nil {
		return nil, web.Wrong(http.StatusConflict, "this c360 answers what is true now only; leave out as_of and known_at")
	}
	whom, err := about(ctx)
	if err != nil {
		return nil, err
	}
	v, err := s.past.View(ctx, i, whom)
	var beyond *projections.BeyondError
	switch {
	case errors.As(err, &beyond):
		return nil, web.Wrong(http.StatusUnprocessableEntity, strings.TrimPrefix(beyond.Error(), "projections: "))
	case errors.Is(err, projections.ErrNotFolded):
		return nil, web.Wrong(http.StatusServiceUnavailable, "that position is not folded yet; ask again").At("?known_at").After(1)
	case err != nil:
		return nil, fmt.Errorf("open a view of the past: %w", err)
	}
	m := Moment{AsOf: when(i.Occurred), KnownAt: i.Known}
	return &scene{View: v, moment: m, today: s.todayOf(i, v), people: s.identities, tells: v.Whole}, nil
}

// todayOf returns what was now at an instant, which is the earlier of its two clocks.
func (s *Service) todayOf(i projections.Instant, v projections.View) time.Time {
	today := s.now()
	if recorded := v.Checkpoint().RecordedAt; i.Known > 0 && recorded.Before(today) {
		today = recorded
	}
	if !i.Occurred.IsZero() && i.Occurred.Before(today) {
		today = i.Occurred
	}
	return today
}

// otherScene shows another generation.
func (s *Service) otherScene(ctx context.Context, id string) (*scene, error) {
	if s.generations == nil {
		return nil, notOffered()
	}
	all, err := s.allGenerations(ctx)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(all, func(g projections.Generation) bool { return g.ID == id && g.State == projections.GenerationReady })
	if n < 0 {
		return nil, web.Wrong(http.StatusNotFound, "there is no generation of that id that is ready; see GET /v1/generations").At("?generation")
	}
	g := &all[n]
	people, err := s.peopleOf(g)
	if err != nil {
		return nil, err
	}
	v, err := s.generations.View(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open a view of a generation: %w", unreadable(err))
	}
	m := Moment{AsOf: when(g.At.Occurred), KnownAt: g.At.Known, Generation: id}
	return &scene{View: v, moment: m, today: s.todayOf(g.At, v), people: people}, nil
}

// unreadable turns the error of a generation that this program cannot open into a problem. It is about that one only:
// what serves is not touched.
func unreadable(err error) error {
	var wrong *projections.PlanError
	switch {
	case errors.Is(err, projections.ErrOtherVersion), errors.Is(err, projections.ErrUnfinished), errors.As(err, &wrong):
		return web.Wrong(http.StatusConflict, "this generation was made by another version of c360, or under rules that this one does not know; "+
			"DELETE it and POST /v1/generations to make it anew")
	case errors.Is(err, projections.ErrUnknownGeneration), errors.Is(err, projections.ErrNotReady):
		return web.Wrong(http.StatusNotFound, "there is no generation of that id that is ready; see GET /v1/generations")
	}
	return err
}

// historyIn reads what happened to a customer of some fragments. It must not be changed.
func (s *Service) historyIn(ctx context.Context, v *scene, fragments []uuid.UUID) (*history.History, error) {
	if v.life != nil && slices.Equal(v.lifeOf, fragments) {
		return v.life, nil
	}
	h, err := s.histories.Load(ctx, v, fragments)
	if err != nil {
		return nil, fmt.Errorf("read the history of a customer: %w", err)
	}
	if len(fragments) > 0 {
		h.Customer = slices.MinFunc(fragments, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	}
	v.life, v.lifeOf = h, slices.Clone(fragments)
	return h, nil
}

// peopleOf reads a generation that may have been folded under other rules.
func (s *Service) peopleOf(g *projections.Generation) (*identity.Room, error) {
	if len(g.RuleSet) == 0 || g.Rules == s.identities.Rules().Hash() {
		return s.identities, nil
	}
	rules, err := identity.ParseRules(g.RuleSet)
	if err != nil {
		return nil, unreadable(&projections.PlanError{Field: "rules", Err: err})
	}
	return identity.New(rules)
}

// whoIs finds the customer a fragment belonged to, and all its fragments.
func (s *Service) whoIs(ctx context.Context, v *scene, id uuid.UUID) (uuid.UUID, []uuid.UUID, error) {
	customer, fragments, err := s.fragmentsOf(ctx, v, id)
	var refused *web.Problem
	if v.moment != (Moment{}) && errors.As(err, &refused) {
		err = s.unknownThen(ctx, id, refused)
	}
	return customer, fragments, err
}
