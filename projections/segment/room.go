package segment

import (
	"github.com/c360hq/c360/projections/standing"
)

// The stream of a segment's definitions, and their types.
const (
	Stream  = "segment-"
	Defined = "segment.defined"
	Removed = "segment.removed"
)

var tables = standing.NewTables("segment")

// NewRoom returns the room that keeps who is in which segment. A definition's data is a standing.Written whose rule is in
// the language of this package; it was checked before it was appended, so it is read again with any vocabulary.
func NewRoom(groups standing.Groups) *standing.Room {
	return standing.New(standing.Config{
		Tables: tables, Version: 1, Stream: Stream, Defined: Defined, Removed: Removed,
		Read: standing.ReadWritten(Stream), Parse: ParseDefinition, Groups: groups,
	})
}

// ParseDefinition reads the rule of a definition that was accepted before.
func ParseDefinition(body []byte) (standing.Rule, error) {
	w, err := standing.ParseWritten(body)
	if err != nil {
		return nil, err
	}
	rule, err := Parse(w.Rule, Vocabulary{Any: true})
	if err != nil {
		return nil, err
	}
	return rule, nil
}
