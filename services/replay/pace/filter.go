package pace

import (
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// Filter says which events are told. What is empty leaves nothing out; what is given must hold all at once.
type Filter struct {
	// Types are names of types; order.* stands for all that begin so.
	Types    []string
	Channels []events.Channel
	// Sources are names of sources, each with its sub-sources: pos stands for pos/store-12 too.
	Sources []string
	// Fragments are those of one customer, or of several. An empty list that is not nil is somebody of whom there is nothing.
	Fragments []uuid.UUID
	// Members are the fragments of everybody in a segment, when the replay begins: what they did before they came in is
	// told, too, and what those did who have left is not. Nil is everybody.
	Members map[uuid.UUID]bool
}

// ErrNoSegment: there is no segment of a name.
var ErrNoSegment = errors.New("there is no segment of that name; GET /v1/segments and c360 segments list those there are")

// Empty reports whether the filter leaves nothing out.
func (f *Filter) Empty() bool {
	return len(f.Types) == 0 && len(f.Channels) == 0 && len(f.Sources) == 0 && f.Fragments == nil && f.Members == nil
}

// Takes reports whether the event is told.
func (f *Filter) Takes(r *events.Recorded) bool {
	if len(f.Channels) > 0 && !slices.Contains(f.Channels, r.Channel) {
		return false
	}
	if len(f.Types) > 0 && !slices.ContainsFunc(f.Types, func(t string) bool { return takesType(t, r.Type) }) {
		return false
	}
	if len(f.Sources) > 0 && !slices.ContainsFunc(f.Sources, func(s string) bool { return takesSource(s, r.Source) }) {
		return false
	}
	return f.Fragments == nil && f.Members == nil || f.takesFragment(r)
}

func takesType(wanted, is string) bool {
	if family, ok := strings.CutSuffix(wanted, "*"); ok {
		return strings.HasPrefix(is, family)
	}
	return wanted == is
}

func takesSource(wanted, is string) bool {
	rest, ok := strings.CutPrefix(is, wanted)
	return ok && (rest == "" || rest[0] == '/')
}

func (f *Filter) takesFragment(r *events.Recorded) bool {
	fragment, somebody := r.Fragment()
	return somebody && (f.Fragments == nil || slices.Contains(f.Fragments, fragment)) && (f.Members == nil || f.Members[fragment])
}
