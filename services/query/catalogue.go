package query

import "github.com/c360hq/c360/services/query/headline"

// name is the plain name of an event type, in both languages.
func (s *Service) name(eventType string) headline.Text { return headline.Same(eventType) }

// known reports whether the catalogue knows a type.
func (s *Service) known(eventType string) bool { return eventType != "" }
