package segment

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/c360hq/c360/projections/standing"
)

// Rule is a rule that was read and checked. It never changes and may be used by many at once. To judge customers by it, see
// [Compile].
type Rule struct {
	root condition
	text []byte
}

func newRule(root condition) *Rule { return &Rule{root, root.write(nil)} }

// JSON returns the rule written in one way: rules that say the same in the same order have the same text, whatever the order
// of their keys and the units of their lengths of time were. Parse reads it back.
func (r *Rule) JSON() []byte { return slices.Clone(r.text) }

// MarshalJSON is JSON.
func (r *Rule) MarshalJSON() ([]byte, error) { return r.JSON(), nil }

// Hash is the SHA-256 of JSON, in hexadecimal: the name of the rule's text.
func (r *Rule) Hash() string {
	sum := sha256.Sum256(r.text)
	return hex.EncodeToString(sum[:])
}

var _ standing.Rule = (*Rule)(nil)

// Compile is the package's Compile, as standing wants it.
func (r *Rule) Compile(of func(name string) (standing.Rule, bool)) (standing.Judge, error) {
	p, err := Compile(r, func(name string) (*Rule, bool) {
		found, _ := of(name)
		rule, ok := found.(*Rule)
		return rule, ok
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Needs lists the segments that the rule itself speaks of, sorted, each once.
func (r *Rule) Needs() []string {
	var names []string
	walk(r.root, func(c condition) {
		if m, ok := c.(*member); ok && !slices.Contains(names, m.name) {
			names = append(names, m.name)
		}
	})
	slices.Sort(names)
	return names
}

// Types lists the types of events that the rule itself asks for, sorted, each once.
func (r *Rule) Types() []string {
	var n needs
	walk(r.root, func(c condition) { c.need(&n) })
	slices.Sort(n.kinds)
	return n.kinds
}

// walk calls each with every condition of a tree, those that hold others first.
func walk(c condition, each func(condition)) {
	each(c)
	switch c := c.(type) {
	case *group:
		for _, part := range c.parts {
			walk(part, each)
		}
	case *negation:
		walk(c.part, each)
	case *member:
		if c.part != nil {
			walk(c.part, each)
		}
	}
}
