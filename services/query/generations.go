package query

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/web"
)

// Generations builds read models anew and lets one take the place of another; *projections.Generations does.
type Generations interface {
	List(ctx context.Context) ([]projections.Generation, error)
	// View opens a snapshot of any generation that is ready.
	View(ctx context.Context, id string) (projections.View, error)
	// Progress is how far the change under way is, nil if there is none.
	Progress() *projections.Progress
	// Rebuild and Swap return when they are done, and tell report how far they are.
	Rebuild(ctx context.Context, report projections.Report) (projections.Generation, error)
	Swap(ctx context.Context, id string, report projections.Report) error
	// Pair opens two generations side by side, at one position if both follow the log.
	Pair(ctx context.Context, before, after string, report projections.Report) (*projections.Pair, error)
}

// The states of a generation in an answer.
const (
	stateServing  = "serving"
	stateBuilding = "building"
	stateFailed   = "failed"
)

type generationParams struct {
	ID string `path:"id" maxlen:"64" doc:"id of the generation"`
}

// listGenerations lists what there is.
func (s *Service) listGenerations(ctx context.Context, _ *none) (*GenerationsAnswer, error) {
	a := &GenerationsAnswer{Generations: []GenerationState{}}
	all, err := s.allGenerations(ctx)
	if err != nil {
		return nil, err
	}
	st, err := s.status(ctx)
	if err != nil {
		return nil, err
	}
	progress := s.progress()
	for i := range all {
		a.Generations = append(a.Generations, answerGeneration(&all[i], &st, progress))
	}
	return a, nil
}

func (s *Service) allGenerations(ctx context.Context) ([]projections.Generation, error) {
	if s.generations != nil {
		all, err := s.generations.List(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the generations: %w", err)
		}
		return all, nil
	}
	only, err := s.live.Generation()
	if err != nil {
		return nil, fmt.Errorf("ask for the generation: %w", err)
	}
	only.Live = true
	return []projections.Generation{only}, nil
}

func (s *Service) progress() *projections.Progress {
	if s.generations == nil {
		return nil
	}
	return s.generations.Progress()
}

func answerGeneration(g *projections.Generation, live *projections.Status, p *projections.Progress) GenerationState {
	a := GenerationState{ID: g.ID, Kind: g.Kind, State: g.State, Position: g.Folded, CreatedAt: when(g.CreatedAt)}
	switch {
	case p != nil && p.Generation == g.ID:
		a.building(p)
	case g.Live:
		a.State, a.Position, a.Rate = stateServing, live.Position, live.Rate
	}
	return a
}

func (a *GenerationState) building(p *projections.Progress) {
	a.ID, a.State, a.Phase, a.Position, a.Target, a.Rate = p.Generation, stateBuilding, p.Phase, p.Position, p.Head, p.Rate
	if p.Left > 0 {
		eta := p.Left.Seconds()
		a.ETASeconds = &eta
	}
}

// projections answers how far the read models are.
func (s *Service) projections(ctx context.Context, _ *none) (*ProjectionsAnswer, error) {
	st, err := s.status(ctx)
	if err != nil {
		return nil, err
	}
	g, err := s.live.Generation()
	if err != nil {
		return nil, fmt.Errorf("ask for the generation: %w", err)
	}
	a := &ProjectionsAnswer{
		Generation: g.ID, Position: st.Position, Head: st.Head, LagEvents: st.LagEvents, LagSeconds: st.LagSeconds,
		Gaps: st.Gaps, Rate: st.Rate, Rooms: roomsOf(g.Rooms), Parked: st.Parked,
	}
	if p := s.progress(); p != nil {
		a.Rebuild = &GenerationState{}
		a.Rebuild.building(p)
	} else if why := s.changes.lastError(); why != "" {
		a.Rebuild = &GenerationState{State: stateFailed, Error: why}
	}
	return a, nil
}

// rebuild begins a new generation and answers as soon as it has a name.
func (s *Service) rebuild(ctx context.Context, _ *none, q *GenerationRequest) (*GenerationAccepted, error) {
	if q.Kind != "rebuild" {
		return nil, web.Wrong(http.StatusBadRequest, `kind may be "rebuild"`).At("/kind")
	}
	if s.generations == nil {
		return nil, notOffered()
	}
	named, err := s.changes.begin(ctx, func(ctx context.Context, report projections.Report) error {
		g, err := s.generations.Rebuild(ctx, report)
		s.logger.LogAttrs(ctx, slog.LevelInfo, "rebuild ended", slog.String("generation", g.ID), slog.Any("error", err))
		return err
	})
	if err != nil {
		return nil, err
	}
	return named.wait(ctx)
}

// swap lets another generation serve.
func (s *Service) swap(ctx context.Context, p *generationParams, _ *none) (*GenerationAccepted, error) {
	if s.generations == nil {
		return nil, notOffered()
	}
	all, err := s.allGenerations(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(g projections.Generation) bool { return g.ID == p.ID && g.State == projections.GenerationReady })
	switch {
	case i >= 0 && all[i].Live:
		return nil, web.Wrong(http.StatusConflict, "this generation serves already; GET /v1/generations lists the others")
	case i < 0:
		return nil, web.Wrong(http.StatusNotFound, "there is no generation of that id that is ready; see GET /v1/generations")
	}
	named, err := s.changes.begin(ctx, func(ctx context.Context, report projections.Report) error {
		err := s.generations.Swap(ctx, p.ID, report)
		s.logger.LogAttrs(ctx, slog.LevelInfo, "swap ended", slog.String("generation", p.ID), slog.Any("error", err))
		return err
	})
	if err != nil {
		return nil, err
	}
	return named.wait(ctx)
}

func notOffered() error {
	return web.Wrong(http.StatusConflict, "this c360 keeps one generation only; run `c360 rebuild` while it is stopped")
}
