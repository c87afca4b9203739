package auth

import (
	"errors"
	"slices"
	"strings"

	"github.com/c360hq/c360/events"
)

// Source is one sender of events.
type Source struct {
	// Name is the Source of every event it sends; see [Source.Allows] for sub-sources.
	Name string
	// Default is the grade of its identifiers, Grades the exceptions by kind. A site that signs its users in may
	// declare user_id asserted while everything else a browser says stays claimed.
	Default events.Grade
	Grades  map[string]events.Grade
	// Channel is where its touchpoints happen, for events that do not say so themselves; may be empty.
	Channel events.Channel
	// Origins are the only origins whose pages may use the key; none means any.
	Origins []string
	// Disabled sources keep their past and are refused from now on.
	Disabled bool
}

// Grade returns how far an identifier of that kind from this source can be believed.
func (s *Source) Grade(kind string) events.Grade {
	if g, ok := s.Grades[kind]; ok {
		return g
	}
	return s.Default
}

// Allows reports whether events that say they come from given may be sent with the key of s: its own name always,
// and "name/anything" (pos/store-12) if the source is asserted or better. A claimed source may not, because
// anybody could fill the list of sources with it.
func (s *Source) Allows(given string) bool {
	if given == s.Name {
		return true
	}
	rest, ok := strings.CutPrefix(given, s.Name+"/")
	return ok && rest != "" && s.Default >= events.Asserted
}

// AllowsOrigin reports whether a page on that origin may use the key. Requests without an origin come from servers.
func (s *Source) AllowsOrigin(origin string) bool {
	return origin == "" || len(s.Origins) == 0 || slices.Contains(s.Origins, origin)
}

func (s *Source) check() error {
	switch {
	case !validName(s.Name):
		return errors.New("a source name is 1 to 64 letters, digits, '-', '_' and '.'")
	case s.Default < events.Claimed || s.Default > events.Verified:
		return errors.New("a source needs a grade: claimed, asserted or verified")
	}
	for kind := range s.Grades {
		if !events.ValidKind(kind) {
			return errors.New("an identifier kind is made of lower-case letters, digits and '_'")
		}
	}
	return nil
}

func validName(name string) bool {
	if name == "" || len(name) > 64 {
		return false
	}
	for _, r := range name {
		if !strings.ContainsRune("-_.", r) && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}
