package churns

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// Passage is one flag raised or lowered.
type Passage struct {
	Schedule *standing.Schedule
	Customer uuid.UUID
	standing.Change
}

// Refs are the touchpoints whose positions Answer needs.
func (p *Passage) Refs() []history.Ref {
	if p.Cause.At == 0 {
		return nil
	}
	return []history.Ref{p.Cause}
}

// Answer says what happened, and what became of a flag that was raised, as of a time. The name is left to the caller.
func (p *Passage) Answer(of *history.History, at int64, places Places) FlagChange {
	v := p.Schedule.In(p.At)
	a := FlagChange{ID: p.Customer, Time: instant(p.At), Raised: p.In, Version: v.Number, Began: p.Begin}
	if p.Cause.At != 0 && !p.Begin {
		e := evidence(p.Cause, nil, places)
		a.Cause = &e
	}
	if program, ok := v.Judge.(*churn.Program); ok && p.In {
		a.Outcome = string(program.Winback(of, p.At, at, WithinDays).Outcome)
	}
	return a
}
