package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/projections/timeline"
)

// house is the log of a data folder and the generations folded from it: what serve, rebuild and the benchmark share.
type house struct {
	log         eventLog
	factory     projections.Factory
	rooms       rooms
	generations *projections.Generations
}

// rooms are the read models.
type rooms struct {
	identity *identity.Room
	profile  *profile.Room
	timeline *timeline.Room
	segment  *standing.Room
	churn    *standing.Room
	history  *history.Room
}

func openRooms(rules identity.Rules) (rooms, error) {
	who, err := identity.New(rules)
	return rooms{
		identity: who, profile: profile.New(), timeline: timeline.New(),
		segment: segment.NewRoom(who), churn: churn.NewRoom(who), history: history.New(),
	}, err
}

// all lists the rooms in the order in which they fold and settle: identity first, which says who is one customer; history
// last, since what a batch touched is forgotten when it settles.
func (r rooms) all() []projections.Room {
	return []projections.Room{r.identity, r.profile, r.timeline, r.segment, r.churn, r.history}
}

// roomsFor returns the rooms that fold under other rules of identity, for generations that ask what if.
func roomsFor(ruleSet json.RawMessage) ([]projections.Room, string, error) {
	rules, err := identity.ParseRules(ruleSet)
	if err != nil {
		return nil, "", err
	}
	open, err := openRooms(rules)
	return open.all(), rules.Hash(), err
}

// wires lead from a house to the outside.
type wires struct {
	// hints give something when another process may have committed; nil never does.
	hints <-chan struct{}
	// tracer takes the spans of what is folded; nil is nobody.
	tracer trace.Tracer
}

// openHouse opens the log and gets the generations ready to start. If it cannot, what it made is gone again.
func openHouse(ctx context.Context, c *config, logger *slog.Logger, w ...wires) (_ *house, err error) {
	undo, err := freshFolder(c.data)
	if err != nil {
		return nil, err
	}
	h := &house{}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
			undo()
		}
	}()
	if h.factory, err = c.openFactory(ctx, logger); err != nil {
		return nil, err
	}
	if h.log, err = c.openLog(ctx, logger); err != nil {
		return nil, err
	}
	return h, h.openGenerations(c, logger, w...)
}

// openLogOnly opens a house for a process that only appends.
func openLogOnly(ctx context.Context, c *config, logger *slog.Logger) (*house, error) {
	undo, err := freshFolder(c.data)
	if err != nil {
		return nil, err
	}
	log, err := c.openLog(ctx, logger)
	if err != nil {
		undo()
		return nil, err
	}
	return &house{log: log}, nil
}

// openGenerations gets the generations ready to start.
func (h *house) openGenerations(c *config, logger *slog.Logger, w ...wires) (err error) {
	rules := identity.DefaultRules()
	if h.rooms, err = openRooms(rules); err != nil {
		return err
	}
	text, err := json.Marshal(rules)
	if err != nil {
		return fmt.Errorf("write down the rules: %w", err)
	}
	out := append(w, wires{})[0]
	h.generations = projections.NewGenerations(projections.GenerationsOptions{
		Engine:  projections.Options{Log: h.log, Rooms: h.rooms.all(), Now: time.Now, Logger: logger, Patience: c.logPatience(), Tracer: out.tracer},
		Factory: h.factory, Hints: out.hints,
		Rules: rules.Hash(), RuleSet: text, RoomsFor: roomsFor, Code: version,
	})
	return nil
}

// writes says which generation this process folds, if it does.
func (h *house) writes() (generation string, writes bool) {
	g, err := h.generations.Live().Generation()
	return g.ID, err == nil && h.generations.Post().Writes
}

// close stops folding, then releases the read stores and the log.
func (h *house) close() error {
	err := h.closeViews()
	if h.log != nil {
		err = errors.Join(err, h.log.Close())
	}
	return err
}

// closeViews stops folding and releases the read stores.
func (h *house) closeViews() (err error) {
	if h.generations != nil {
		err = h.generations.Stop()
	}
	if f, ok := h.factory.(interface{ Close() }); ok {
		f.Close()
	}
	return err
}
