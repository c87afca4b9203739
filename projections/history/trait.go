package history

import (
	"github.com/c360hq/c360/events"
)

// The traits that are left out of histories: they name or reach a person and no rule needs them.
var leftOut = []string{"name", "given_name", "family_name", "email", "phone", "address", "display_name", "avatar"}

// Trait returns what was said of the person by a time, Unix microseconds, as JSON, and which touchpoint said it; nil if
// nothing was. What has better proof of who it is about wins, then what was said later: the same rule as in the profile.
func (h *History) Trait(name string, at int64) (value string, said *Touchpoint) {
	for _, p := range h.traits {
		t := &h.Touchpoints[p]
		if t.At > at {
			break
		}
		if said != nil && t.Grade < said.Grade {
			continue
		}
		for i := range t.Traits {
			if t.Traits[i].Name == name {
				value, said = t.Traits[i].Value, t
			}
		}
	}
	return value, said
}

// Traits calls each with every trait that held at a time, in the order in which they were first said.
func (h *History) Traits(at int64, each func(trait events.Trait, said *Touchpoint)) {
	var names []string
	seen := map[string]bool{}
	for _, p := range h.traits {
		t := &h.Touchpoints[p]
		if t.At > at {
			break
		}
		for i := range t.Traits {
			if name := t.Traits[i].Name; !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	for _, name := range names {
		value, said := h.Trait(name, at)
		each(events.Trait{Name: name, Value: value}, said)
	}
}

// Consent returns the latest word, at a time, on a purpose through a medium, and the touchpoint that said it; nil if there
// is none. A word on every medium ("*") counts for each.
func (h *History) Consent(purpose, medium string, at int64) (given bool, said *Touchpoint) {
	for _, kind := range [...]string{"consent.given", "consent.withdrawn", "message.unsubscribed"} {
		places := h.Of(kind)
		for i := len(places) - 1; i >= 0; i-- {
			t := &h.Touchpoints[places[i]]
			if t.At > at || !t.about(purpose, medium) {
				continue
			}
			if said == nil || compare(t, said) > 0 {
				given, said = kind == "consent.given", t
			}
			break
		}
	}
	return given, said
}

// about reports whether a word of consent is on this purpose and medium.
func (t *Touchpoint) about(purpose, medium string) bool {
	said := t.Field("purpose")
	if t.Type == "message.unsubscribed" {
		said = "marketing"
	}
	through := t.Field("medium")
	return said == purpose && (through == medium || through == "" || through == "*" || medium == "*")
}
