package segment

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

// The bounds of one rule.
const (
	// MaxDepth is how deep conditions may be nested.
	MaxDepth = 16
	// MaxNodes is how many conditions, "where" tests and steps a rule may have in all.
	MaxNodes = 200
	// MaxValue is how many bytes a value may have.
	MaxValue = 256
	// MaxValues is how many values an "in" may list.
	MaxValues = 100
	// maxName bounds names of traits, types and segments.
	maxName = 100
	// maxSteps bounds a sequence.
	maxSteps = 5
)

// Parse reads a rule. It is strict: unknown and repeated keys, values of the wrong type, words that the vocabulary does not
// have and anything out of bounds are a *RuleError that says where, and what to write instead.
func Parse(data []byte, v Vocabulary) (*Rule, error) {
	if err := events.CheckJSON(data); err != nil {
		var fault *events.JSONError
		if errors.As(err, &fault) {
			return nil, &RuleError{fault.Pointer, fault.Problem}
		}
		return nil, &RuleError{"", err.Error()}
	}
	p := &parser{words: &v, zones: &zones{}}
	root := p.node(bytes.TrimSpace(data), "", 1)
	if p.err != nil {
		return nil, p.err
	}
	return newRule(root), nil
}

// parser reads a rule and keeps the first fault.
type parser struct {
	words *Vocabulary
	zones *zones
	nodes int
	err   *RuleError
}

func (p *parser) fail(pointer, format string, args ...any) {
	if p.err == nil {
		p.err = &RuleError{pointer, fmt.Sprintf(format, args...)}
	}
}

// object is a JSON object that is being read.
type object struct {
	*parser
	pointer string
	members map[string]jsontext.Value
	known   []string // the keys that were asked for
}

// object reads an object. What it returns can be asked for members even if there was none.
func (p *parser) object(raw jsontext.Value, pointer, remedy string) *object {
	o := &object{parser: p, pointer: pointer}
	if raw.Kind() != '{' || json.Unmarshal(raw, &o.members) != nil {
		p.fail(pointer, "must be an object; %s", remedy)
	}
	return o
}

func (o *object) at(key string) string {
	return string(jsontext.Pointer(o.pointer).AppendToken(key))
}

// take returns a member and remembers that it is known.
func (o *object) take(key string) (jsontext.Value, bool) {
	o.known = append(o.known, key)
	raw, ok := o.members[key]
	return raw, ok
}

func (o *object) has(key string) bool {
	_, ok := o.members[key]
	return ok
}

// end refuses the keys that nobody asked for.
func (o *object) end() {
	for _, key := range slices.Sorted(maps.Keys(o.members)) {
		if !slices.Contains(o.known, key) {
			o.fail(o.at(key), "unknown key; there are %s", strings.Join(o.known, ", "))
			return
		}
	}
}

// text returns a text member of 1 to most bytes; "" if there is none.
func (o *object) text(key string, most int, remedy string) string {
	raw, ok := o.take(key)
	if !ok {
		return ""
	}
	return o.parser.text(raw, o.at(key), most, remedy)
}

func (p *parser) text(raw jsontext.Value, pointer string, most int, remedy string) string {
	var s string
	switch {
	case raw.Kind() != '"' || json.Unmarshal(raw, &s) != nil:
		p.fail(pointer, "must be a text; %s", remedy)
	case s == "":
		p.fail(pointer, "is empty; %s", remedy)
	case len(s) > most:
		p.fail(pointer, "has %d bytes; give at most %d", len(s), most)
	}
	return s
}

// flag returns a member that is true or false; false if there is none.
func (o *object) flag(key string) bool {
	raw, ok := o.take(key)
	if ok && raw.Kind() != 't' && raw.Kind() != 'f' {
		o.fail(o.at(key), "must be true or false")
	}
	return ok && raw.Kind() == 't'
}

// list returns the elements of an array of 1 to most.
func (p *parser) list(raw jsontext.Value, pointer string, most int, remedy string) []jsontext.Value {
	var all []jsontext.Value
	switch {
	case raw.Kind() != '[' || json.Unmarshal(raw, &all) != nil:
		p.fail(pointer, "must be a list; %s", remedy)
	case len(all) == 0:
		p.fail(pointer, "is an empty list; %s", remedy)
	case len(all) > most:
		p.fail(pointer, "has %d elements; give at most %d", len(all), most)
	}
	return all
}
