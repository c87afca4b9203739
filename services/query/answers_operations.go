package query

import (
	"time"

	"github.com/c360hq/c360/events"
)

// TypesAnswer is the coverage: what every source sends.
type TypesAnswer struct {
	Types    []TypeCoverage  `json:"types"`
	Position events.Position `json:"position"`
}

// TypeCoverage counts one type of one source.
type TypeCoverage struct {
	Source    string     `json:"source"`
	Type      string     `json:"type"`
	Known     bool       `json:"known" doc:"whether the catalogue knows the type"`
	Channel   string     `json:"channel" doc:"the channel of the latest event"`
	Count     int64      `json:"count"`
	FirstSeen *time.Time `json:"first_seen"`
	LastSeen  *time.Time `json:"last_seen"`
}

// ProjectionsAnswer is how far the read models are.
type ProjectionsAnswer struct {
	Generation string           `json:"generation" doc:"the one that serves"`
	Position   events.Position  `json:"position" doc:"the last event that was folded"`
	Head       events.Position  `json:"head" doc:"the last event of the log"`
	LagEvents  uint64           `json:"lag_events"`
	LagSeconds float64          `json:"lag_seconds"`
	Gaps       uint64           `json:"gaps" doc:"events that were passed over without being folded or parked: always 0"`
	Rate       float64          `json:"rate" doc:"events folded in a second, lately"`
	Rooms      []RoomAnswer     `json:"rooms"`
	Parked     int              `json:"parked" doc:"events that could not be folded and wait"`
	Rebuild    *GenerationState `json:"rebuild" doc:"the rebuild or swap under way, or the last one if it failed; else null"`
}

// RoomAnswer is one read model.
type RoomAnswer struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
}

// HealthAnswer says that the process lives, or why it is not ready.
type HealthAnswer struct {
	Status    string          `json:"status" enum:"ok,standing by,draining,not ready"`
	Roles     []string        `json:"roles,omitempty" doc:"what this process does"`
	Parts     []HealthPart    `json:"parts,omitempty" doc:"what readiness is made of; a 503 has the same shape"`
	Position  events.Position `json:"position"`
	Head      events.Position `json:"head"`
	LagEvents uint64          `json:"lag_events"`
}

// HealthPart is one of the things that have to be ready.
type HealthPart struct {
	Part  string `json:"part"`
	Ready bool   `json:"ready"`
	Why   string `json:"why,omitempty" doc:"why it is not ready, or what else is to be known"`
}
