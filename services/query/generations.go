package query

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/web"
)

// Generations builds read models beside the one that serves, shows them, and lets one take the place of another;
// *projections.Generations does.
type Generations interface {
	List(ctx context.Context) ([]projections.Generation, error)
	Get(ctx context.Context, id string) (projections.Generation, error)
	// View opens a snapshot of any generation that is ready.
	View(ctx context.Context, id string) (projections.View, error)
	// Progress is how far the change under way is, nil if there is none.
	Progress() *projections.Progress
	// Build and Swap return when they are done, and tell report how far they are.
	Build(ctx context.Context, p projections.Plan, report projections.Report) (projections.Generation, error)
	Swap(ctx context.Context, id string, report projections.Report) error
	// Drop removes a generation, also one that is being built.
	Drop(ctx context.Context, id string) error
	// Pair opens two generations side by side, at one position if both follow the log.
	Pair(ctx context.Context, before, after string, report projections.Report) (*projections.Pair, error)
}

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

// generation answers everything that is known about one.
func (s *Service) generation(ctx context.Context, p *generationParams) (*GenerationState, error) {
	all, err := s.listGenerations(ctx, nil)
	if err != nil {
		return nil, err
	}
	for i := range all.Generations {
		if all.Generations[i].ID == p.ID {
			return &all.Generations[i], nil
		}
	}
	return nil, unknownGeneration()
}

func unknownGeneration() error {
	return web.Wrong(http.StatusNotFound, "there is no generation of that id; GET /v1/generations lists those there are")
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
	if p := s.generations.Progress(); p != nil {
		return p
	}
	return s.changes.progress()
}

func answerGeneration(g *projections.Generation, live *projections.Status, p *projections.Progress) GenerationState {
	a := GenerationState{
		ID: g.ID, Kind: g.Kind, State: g.State, Position: g.Folded, CreatedAt: when(g.CreatedAt), FinishedAt: when(g.FinishedAt),
		Note: g.Note, Code: g.Code, Rooms: g.Rooms, Rules: g.Rules, RuleSet: g.RuleSet, Fingerprint: g.Fingerprint,
		Head: g.Head, HeadHash: hex.EncodeToString(g.HeadHash[:]), KnownAt: g.At.Known, AsOf: when(g.At.Occurred),
		Events: g.Events, Rows: g.Rows, Parked: g.Parked, Error: g.Error,
	}
	switch {
	case p != nil && p.Generation == g.ID:
		a.building(p)
	case g.Live:
		a.State, a.Position, a.Rate, a.Parked = stateServing, live.Position, live.Rate, live.Parked
	case g.State == projections.GenerationLoading:
		a.State = stateInterrupted
	}
	return a
}

func (a *GenerationState) building(p *projections.Progress) {
	a.ID, a.State, a.Phase, a.Position, a.Target, a.Rate = p.Generation, stateBuilding, p.Phase, p.Position, p.Head, p.Rate
	a.Parked, a.Trouble, a.Waits = p.Parked, p.Trouble, p.Waits
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
		a.Rebuild = &GenerationState{Rooms: []string{}}
		a.Rebuild.building(p)
	} else if why := s.changes.lastError(); why != "" {
		a.Rebuild = &GenerationState{Rooms: []string{}, State: projections.GenerationFailed, Error: why}
	}
	return a, nil
}

// swap lets another generation serve.
func (s *Service) swap(ctx context.Context, p *generationParams, _ *none) (*GenerationAccepted, error) {
	if s.generations == nil {
		return nil, notOffered()
	}
	g, err := s.find(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case g.Live:
		return nil, web.Wrong(http.StatusConflict, "this generation serves already; GET /v1/generations lists the others")
	case !g.Follows():
		return nil, web.Wrong(http.StatusConflict, "a generation of kind "+g.Kind+" stands still and cannot serve; look at it with ?generation="+
			g.ID+", compare it with GET /v1/generations/"+g.ID+"/diff, or build one of kind rebuild to swap in")
	case g.State != projections.GenerationReady:
		return nil, web.Wrong(http.StatusConflict, "this generation is not ready; GET /v1/generations/"+g.ID+" says how far it is")
	}
	named, err := s.changes.begin(ctx, func(ctx context.Context, report projections.Report) error {
		err := s.generations.Swap(ctx, p.ID, report)
		s.logger.LogAttrs(ctx, slog.LevelInfo, "swap ended", slog.String("generation", p.ID), slog.Any("error", err))
		return unreadable(err)
	})
	if err != nil {
		return nil, err
	}
	return named.wait(ctx)
}

func (s *Service) find(ctx context.Context, id string) (projections.Generation, error) {
	g, err := s.generations.Get(ctx, id)
	if errors.Is(err, projections.ErrUnknownGeneration) {
		return g, unknownGeneration()
	}
	return g, err
}

// dropAtMost is how long a request waits for those who still read a generation.
const dropAtMost = 10 * time.Second

// drop removes a generation, and ends its building if that is under way.
func (s *Service) drop(ctx context.Context, p *generationParams, _ *none) (*GenerationAccepted, error) {
	if s.generations == nil {
		return nil, notOffered()
	}
	if _, err := s.find(ctx, p.ID); err != nil {
		return nil, err
	}
	s.comparisons.end(p.ID)
	s.rehearsals.end(p.ID)
	run := func(ctx context.Context, _ projections.Report) error {
		ctx, cancel := context.WithTimeout(ctx, dropAtMost)
		defer cancel()
		err := s.generations.Drop(ctx, p.ID)
		s.logger.LogAttrs(ctx, slog.LevelInfo, "drop ended", slog.String("generation", p.ID), slog.Any("error", err))
		return s.dropProblem(err)
	}
	if now := s.progress(); now != nil && now.Generation == p.ID {
		return &GenerationAccepted{ID: p.ID}, run(ctx, nil)
	}
	change, err := s.changes.begin(ctx, run)
	if err != nil {
		return nil, err
	}
	<-change.done
	return &GenerationAccepted{ID: p.ID}, change.problem()
}

func (s *Service) dropProblem(err error) error {
	switch {
	case errors.Is(err, projections.ErrLive):
		return web.Wrong(http.StatusConflict, "this generation serves; swap to another one first")
	case errors.Is(err, projections.ErrUnknownGeneration):
		return unknownGeneration()
	case errors.Is(err, context.DeadlineExceeded):
		return web.Wrong(http.StatusConflict, "somebody still reads this generation; try again when they are done").After(dropAgain)
	}
	return err
}

const dropAgain = 5

func notOffered() error {
	return web.Wrong(http.StatusConflict, "this c360 keeps one generation only; run `c360 rebuild` while it is stopped")
}
