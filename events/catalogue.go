package events

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
)

//go:embed schemas/*.json
var schemaFiles embed.FS

// Catalogue knows the types of touchpoints and decisions that c360 has words for. It never changes after NewCatalogue
// and may be used by many at once. A type that is not in it is kept, counted and shown all the same.
type Catalogue struct {
	types  map[string]*Type
	sorted []*Type
}

// NewCatalogue reads the schemas that are built into the program.
func NewCatalogue() (*Catalogue, error) {
	l, err := newLoader(schemaFiles)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{types: l.types}
	for _, t := range l.types {
		c.sorted = append(c.sorted, t)
	}
	slices.SortFunc(c.sorted, func(a, b *Type) int { return strings.Compare(a.Name, b.Name) })
	return c, nil
}

// Lookup returns the type of that name, and false if the catalogue has none.
func (c *Catalogue) Lookup(name string) (*Type, bool) {
	t, ok := c.types[name]
	return t, ok
}

// Types returns all types, sorted by name. The caller must not change them.
func (c *Catalogue) Types() []*Type { return c.sorted }

// Schemas holds the JSON Schema documents (2020-12) the catalogue was read from: one a group, with a type in each
// of its $defs, and common.json, which they share.
func (c *Catalogue) Schemas() fs.FS {
	sub, err := fs.Sub(schemaFiles, "schemas")
	if err != nil {
		return schemaFiles // not reached: "schemas" is a valid path
	}
	return sub
}

// Type is what the catalogue knows about one type of event.
type Type struct {
	// Name is dotted, past tense, lower case: "order.completed".
	Name string
	// Group is the subject it belongs to: web, retail, checkout, order, promotion, contact_center, service, messaging,
	// identity, loyalty or decision.
	Group string
	Title Text
	// Channel is where such a thing always happens (a call is a call); empty if that depends on the source.
	Channel Channel
	// Noise says how much its like crowd a timeline: 0 stands alone, 1 folds with its neighbours, 2 is background.
	Noise int
	Tone  Tone
	// Schema is the version of the type that Fields describe and that Upcast brings older events up to.
	Schema int
	// Fields are the known fields of Data, in the order of the schema, nested ones after their parent.
	Fields []Field

	root *schema
}

// Text is something people read, in both languages of the house.
type Text struct {
	Ko string `json:"ko"`
	En string `json:"en"`
}

// Tone says whether a kind of event is good or bad news for the customer.
type Tone string

// The tones.
const (
	TonePlain Tone = "plain"
	ToneGood  Tone = "good"
	ToneBad   Tone = "bad"
)

// PII says how far a field tells who somebody is.
type PII string

// The marks. A field without one counts as PIIDirect: what nobody has judged may say anything.
const (
	// PIINone tells nothing about who the customer is.
	PIINone PII = "none"
	// PIIDirect names, reaches or describes a person, or is free text that may.
	PIIDirect PII = "direct"
	// PIISensitive needs more than the usual reason to be read.
	PIISensitive PII = "sensitive"
)

// Field is one known field of a type's data.
type Field struct {
	// Path is the field's name; "traits.name" is a member of an object, "items[].sku" of every element of an array.
	Path     string
	Required bool
	// Kinds are the JSON types it may have.
	Kinds []string
	PII   PII
	// Retention is how long it is kept: an ISO 8601 duration from the event on, or "account": as long as the customer.
	Retention string
	// Doc is one sentence for the data dictionary.
	Doc string
}

// PII returns the mark of the field at path, PIIDirect for one the catalogue does not know.
func (t *Type) PII(path string) PII {
	for i := range t.Fields {
		if t.Fields[i].Path == path {
			return t.Fields[i].PII
		}
	}
	return PIIDirect
}

// DataError says where in an event's data a known type is broken. It holds no values.
type DataError struct {
	// Pointer is the JSON pointer of the faulty field inside Data.
	Pointer string
	// Problem says what is wrong and what to send instead.
	Problem string
}

func (e *DataError) Error() string {
	if e.Pointer == "" {
		return e.Problem
	}
	return e.Pointer + ": " + e.Problem
}

// Validate reports the first structural fault in data, as a *DataError: a required id is missing or empty, or a known
// field has a JSON type nobody could read. Anything else passes: fields the catalogue does not know are kept, null is
// as good as missing where nothing is required, and a number will do for a text. Nil data counts as {}.
//
// Validate is the JSON Schema of the type, compiled to a walk over the bytes; the tests hold it against a full
// JSON Schema implementation.
func (t *Type) Validate(data []byte) error {
	if len(data) == 0 {
		data = []byte("{}")
	}
	c := checker{raw: data, limit: MaxDepth}
	c.space()
	fault := t.root.check(&c)
	if fault == "" {
		fault = c.end()
	}
	if fault != "" {
		return &DataError{c.pointer(), fault}
	}
	return nil
}
