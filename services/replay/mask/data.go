package mask

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/c360hq/c360/events"
)

// data masks the data of an event of a known type; what is no object becomes none.
func (m *Mask) data(t *events.Type, data []byte, s *secrets) []byte {
	if data == nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber() // amounts stay to the last digit
	var v map[string]any
	if d.Decode(&v) != nil {
		return []byte("{}")
	}
	w := walk{mask: m, of: t, secrets: s}
	clean, err := json.Marshal(w.scrub(w.object("", v)))
	if err != nil {
		return []byte("{}")
	}
	return clean
}

// walk goes through the data of one event.
type walk struct {
	mask    *Mask
	of      *events.Type
	secrets *secrets
}

func (w *walk) object(path string, v map[string]any) map[string]any {
	clean := map[string]any{}
	for name, x := range v {
		at := name
		if path != "" {
			at = path + "." + name
		}
		if y, keep := w.value(at, name, x); keep {
			clean[name] = y
		}
	}
	return clean
}

// value masks what is at a path; false if it goes.
func (w *walk) value(path, name string, v any) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		if w.below(path) {
			return w.object(path, v), true
		}
		return v, w.of.PII(path) == events.PIINone && definition(w.of.Name) && w.mask.harmless(v)
	case []any:
		return w.list(path, name, v), true
	case string:
		return w.text(path, name, v)
	case json.Number:
		if isID(name) {
			return w.text(path, name, v.String())
		}
	}
	return v, w.of.PII(path) == events.PIINone
}

func (w *walk) list(path, name string, v []any) []any {
	clean := []any{}
	for _, x := range v {
		at := path
		if _, object := x.(map[string]any); object {
			at += "[]"
		}
		if y, keep := w.value(at, name, x); keep {
			clean = append(clean, y)
		}
	}
	return clean
}

// below reports whether the catalogue knows what is inside an object.
func (w *walk) below(path string) bool {
	return slices.ContainsFunc(w.of.Fields, func(f events.Field) bool { return strings.HasPrefix(f.Path, path+".") })
}

// text masks a text by what the catalogue says of it.
func (w *walk) text(path, name, v string) (any, bool) {
	if w.of.PII(path) == events.PIINone {
		return w.plain(name, v), true
	}
	if !slices.Contains(coarse, name) {
		w.secrets.add(v)
	}
	known := slices.IndexFunc(w.of.Fields, func(f events.Field) bool { return f.Path == path })
	if known < 0 {
		return nil, false
	}
	switch name {
	case "email":
		return w.mask.email(v), true
	case "phone", "number_dialled":
		return w.mask.phone(v), true
	case "name", "family_name", "given_name":
		return w.mask.name(v), true
	case "birth_date":
		return w.mask.birthday(v), true
	case "previous_id":
		return w.mask.pseudonym("id", v), true
	case "subject", "body", "text", "summary", "resolution", "reason":
		return masked, true
	}
	return masked, w.of.Fields[known].Required
}

// coarse are personal fields whose words are also those of other things: a city is in the names of stores.
var coarse = []string{"city", "district", "gender"}

// plain is a text that the catalogue calls harmless. Numbers of orders and cases lead to people, and so do colleagues.
func (w *walk) plain(name, v string) string {
	switch {
	case name == "a" || name == "b":
		return w.mask.fragment(v)
	case isID(name) || name == "agent" || name == "author" || name == "actor":
		return w.mask.pseudonym("id", v)
	case name == "path" || name == "url":
		v, _, _ = strings.Cut(v, "?")
		v, _, _ = strings.Cut(v, "#")
	}
	if name != "sku" && tells(v) {
		return w.mask.pseudonym("id", v)
	}
	return v
}

func isID(name string) bool { return name == "id" || strings.HasSuffix(name, "_id") }

// definition reports whether a type defines something in a language of its own.
func definition(name string) bool {
	return strings.HasPrefix(name, "segment.") || strings.HasPrefix(name, "churn.") || strings.HasPrefix(name, "value.")
}

// harmless reports whether a definition says nothing of a person: it asks for no personal trait, and holds no text that
// tells.
func (m *Mask) harmless(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if trait, is := x.(string); is && name == "trait" && m.personal(trait) || !m.harmless(x) {
				return false
			}
		}
	case []any:
		return !slices.ContainsFunc(v, func(x any) bool { return !m.harmless(x) })
	case string:
		return !tells(v)
	}
	return true
}

// personal reports whether a trait says who somebody is.
func (m *Mask) personal(trait string) bool {
	t, known := m.catalogue.Lookup("customer.identified")
	return !known || t.PII("traits."+trait) != events.PIINone
}
