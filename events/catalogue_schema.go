package events

import (
	"math/bits"
	"strings"
)

// kinds is a set of JSON types; the empty set stands for all of them.
type kinds uint8

const (
	kindNull kinds = 1 << iota
	kindBoolean
	kindNumber
	kindString
	kindObject
	kindArray
)

var kindNames = [...]string{"null", "boolean", "number", "string", "object", "array"}

// kindOf returns the type of the value that begins with b.
func kindOf(b byte) kinds {
	switch b {
	case 'n':
		return kindNull
	case 't', 'f':
		return kindBoolean
	case '"':
		return kindString
	case '{':
		return kindObject
	case '[':
		return kindArray
	}
	return kindNumber
}

// inWords are the types with their article, in the order of the bits.
var inWords = [...]string{"null", "true or false", "a number", "a string", "an object", "an array"}

// String lists the types in words; null goes without saying unless it is alone.
func (k kinds) String() string {
	if k == kindNull {
		return inWords[0]
	}
	var all []string
	for i, words := range inWords[1:] {
		if k&(2<<i) != 0 {
			all = append(all, words)
		}
	}
	return strings.Join(all, " or ")
}

// schema is a compiled JSON Schema: just the keywords the catalogue uses.
type schema struct {
	kinds    kinds
	nonEmpty bool
	// fields are the known members; needed is the set of bits of the required ones.
	fields map[string]property
	needed uint64
	items  *schema
}

// property is a known member of an object. bit is its own if it is required, else 0.
type property struct {
	schema *schema
	bit    uint64
}

// check walks the value at c's position and returns the first fault.
func (s *schema) check(c *checker) (fault string) {
	if c.pos >= len(c.raw) {
		return cutShort
	}
	kind := kindOf(c.raw[c.pos])
	if s.kinds != 0 && s.kinds&kind == 0 {
		return s.wrongKind(c, kind)
	}
	switch {
	case kind == kindObject && s.fields != nil:
		return s.checkObject(c)
	case kind == kindArray && s.items != nil:
		return s.checkArray(c)
	case kind == kindString && s.nonEmpty && c.pos+1 < len(c.raw) && c.raw[c.pos+1] == '"':
		return "empty; send its value"
	}
	return c.value()
}

// wrongKind refuses a value of a type the schema does not have; what is no JSON value at all is refused as that.
func (s *schema) wrongKind(c *checker, kind kinds) (fault string) {
	if fault := c.value(); fault != "" {
		return fault
	}
	return "must be " + s.kinds.String() + ", not " + kind.String()
}

func (s *schema) checkObject(c *checker) (fault string) {
	var seen uint64
	more, fault := c.enter(true)
	for more && fault == "" {
		p := s.fields[string(unquoted(c.raw[c.frames[c.depth-1].from:]))]
		if p.schema != nil {
			seen |= p.bit
			fault = p.schema.check(c)
		} else {
			fault = c.value()
		}
		if fault == "" {
			more, fault = s.leaveObject(c, seen)
		}
	}
	if fault == "" && seen == 0 && s.needed != 0 {
		return s.missing(c, 0)
	}
	return fault
}

// leaveObject goes to the next member, or out of the object if it has all it needs.
func (s *schema) leaveObject(c *checker, seen uint64) (more bool, fault string) {
	more, fault = c.next()
	if !more && fault == "" && seen&s.needed != s.needed {
		return false, s.missing(c, seen)
	}
	return more, fault
}

// missing says which required field is not there; the pointer leads to where it should be.
func (s *schema) missing(c *checker, seen uint64) (fault string) {
	bit := uint64(1) << bits.TrailingZeros64(s.needed&^seen)
	for name, p := range s.fields {
		if p.bit == bit {
			c.missing = name
		}
	}
	return "missing; events of this type need it"
}

func (s *schema) checkArray(c *checker) (fault string) {
	more, fault := c.enter(false)
	for more && fault == "" {
		if fault = s.items.check(c); fault == "" {
			more, fault = c.next()
		}
	}
	return fault
}
