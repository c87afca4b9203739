package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

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

// openHouse opens the log and gets the generations ready to start.
func openHouse(ctx context.Context, c *config, logger *slog.Logger) (*house, error) {
	if err := os.MkdirAll(c.data, 0o750); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	rules := identity.DefaultRules()
	open, err := openRooms(rules)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(rules)
	if err != nil {
		return nil, fmt.Errorf("write down the rules: %w", err)
	}
	factory, err := c.openFactory(ctx, logger)
	if err != nil {
		return nil, err
	}
	log, err := c.openLog(ctx, logger)
	if err != nil {
		return nil, err
	}
	g := projections.NewGenerations(projections.GenerationsOptions{
		Engine:  projections.Options{Log: log, Rooms: open.all(), Now: time.Now, Logger: logger},
		Factory: factory,
		Rules:   rules.Hash(), RuleSet: text, RoomsFor: roomsFor, Code: version,
	})
	return &house{log: log, rooms: open, generations: g}, nil
}

// close stops folding, then releases the log.
func (h *house) close() error {
	return errors.Join(h.generations.Stop(), h.log.Close())
}
