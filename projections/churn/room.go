package churn

import (
	"github.com/c360hq/c360/projections/standing"
)

// The stream of a policy's definitions, and their types.
const (
	Stream  = "churn-"
	Defined = "churn.policy_defined"
	Removed = "churn.policy_removed"
)

var tables = standing.NewTables("churn")

// NewRoom returns the room that keeps who is flagged by which policy. A definition's data is a standing.Written whose rule
// is a policy.
func NewRoom(groups standing.Groups) *standing.Room {
	return standing.New(standing.Config{
		Tables: tables, Version: 1, Stream: Stream, Defined: Defined, Removed: Removed,
		Read: standing.ReadWritten(Stream), Parse: ParseDefinition, Groups: groups,
	})
}

// ParseDefinition reads the policy of a definition that was accepted before.
func ParseDefinition(body []byte) (standing.Rule, error) {
	w, err := standing.ParseWritten(body)
	if err != nil {
		return nil, err
	}
	p, err := Parse(w.Rule)
	if err != nil {
		return nil, err
	}
	return &definition{p}, nil
}

// definition is a policy as a rule that builds on no other.
type definition struct{ Policy }

// Needs names the rules it builds on: none.
func (*definition) Needs() []string { return nil }

// Compile makes a judge of it.
func (d *definition) Compile(func(name string) (standing.Rule, bool)) (standing.Judge, error) {
	return Compile(d.Policy)
}
