package query

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxChanges is how many changes of one customer are told.
const maxChanges = 100

// notCompared are the members of a customer's answer that say nothing new: where it is true, what an avatar shows, and what follows
// from what everybody else does.
var notCompared = []string{"position", "initials", "recommendations", "recommendations_note"}

// asOne are the members that are compared as one value, since their parts mean nothing alone.
var asOne = map[string]bool{"/brief": true}

// named are the lists whose members have names of their own. They are compared by name, so that one that is new at the
// front does not make all others differ.
var named = map[string][]string{
	"/fragments": {"id"}, "/identifiers": {"kind", "value"}, "/consents": {"purpose", "medium"}, "/cases": {"id"}, "/notes": {"id"},
	"/totals/revenue": {"currency"}, "/totals/refunded": {"currency"}, "/totals/by_quarter": {"quarter", "currency"},
}

// customerChanges returns what differs between two answers about a customer, in the order of the pointers, and how
// many changes there are beyond those returned.
func customerChanges(before, after *CustomerAnswer) (changes []FieldChange, further int, err error) {
	if reflect.DeepEqual(before, after) {
		return []FieldChange{}, 0, nil
	}
	a, err := tree(before)
	if err != nil {
		return nil, 0, err
	}
	b, err := tree(after)
	if err != nil {
		return nil, 0, err
	}
	c := contrast{changes: []FieldChange{}}
	c.values("", a, b)
	n := min(len(c.changes), maxChanges)
	return c.changes[:n], len(c.changes) - n, c.err
}

// tree turns an answer into maps, with named lists as maps too.
func tree(a *CustomerAnswer) (map[string]any, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("write down a customer: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("read a customer: %w", err)
	}
	for _, name := range notCompared {
		delete(m, name)
	}
	byName("", m)
	return m, nil
}

// byName turns the named lists below a pointer into maps.
func byName(at string, m map[string]any) {
	for name, v := range m {
		pointer := at + "/" + name
		switch v := v.(type) {
		case map[string]any:
			byName(pointer, v)
		case []any:
			if by, ok := named[pointer]; ok {
				m[name] = mapBy(by, v)
			}
		}
	}
}

func mapBy(by []string, list []any) map[string]any {
	m := make(map[string]any, len(list))
	for _, v := range list {
		member, _ := v.(map[string]any)
		var parts []string
		for _, name := range by {
			parts = append(parts, fmt.Sprint(member[name]))
			delete(member, name)
		}
		key := strings.Join(parts, ":")
		for n := 2; m[key] != nil; n++ {
			key = fmt.Sprintf("%s#%d", strings.Join(parts, ":"), n)
		}
		m[key] = member
	}
	return m
}

// contrast collects changes.
type contrast struct {
	changes []FieldChange
	err     error
}

func (c *contrast) values(pointer string, a, b any) {
	before, ok := a.(map[string]any)
	after, ok2 := b.(map[string]any)
	if ok && ok2 && !asOne[pointer] {
		c.members(pointer, before, after)
	} else if !reflect.DeepEqual(a, b) {
		c.changes = append(c.changes, FieldChange{Field: pointer, Before: c.raw(a), After: c.raw(b)})
	}
}

func (c *contrast) members(pointer string, a, b map[string]any) {
	names := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		c.values(string(jsontext.Pointer(pointer).AppendToken(name)), a[name], b[name])
	}
}

func (c *contrast) raw(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("write down a change: %w", err)
	}
	return text
}

// part returns the part of the page that a change is counted under: a total by its name, all else by its first name.
func part(field string) string {
	names := strings.SplitN(field, "/", 4) // the first is empty
	if len(names) > 2 && names[1] == "totals" {
		return "/totals/" + names[2]
	}
	return "/" + names[1]
}
