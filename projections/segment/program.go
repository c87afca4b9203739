package segment

import (
	"slices"
	"strconv"
	"strings"

	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// The bounds of a rule together with those of the segments it speaks of.
const (
	// maxInlined is how many conditions there may be in all.
	maxInlined = 1000
	// maxChain is how many segments may speak of each other in a row.
	maxChain = 8
)

// Program is a rule ready to judge customers. It is a pure function and may be used by many at once.
type Program struct {
	rule  *Rule
	root  condition
	needs needs
}

var _ standing.Toucher = (*Program)(nil)

// Compile makes a program of a rule. Resolve returns the rule of another segment, false if there is none; that rule is put in
// the place of its name, so the program keeps judging by it whatever becomes of that segment. While a segment is being
// changed, resolve must know it by its new rule, or a cycle through it is not seen. A nil resolve knows no segment.
//
// An unknown segment, a cycle and too large a rule are a *RuleError.
func Compile(rule *Rule, resolve func(name string) (*Rule, bool)) (*Program, error) {
	c := &compiler{resolve: resolve}
	root := c.inline(rule.root, "")
	if c.err != nil {
		return nil, c.err
	}
	p := &Program{rule: rule, root: root}
	walk(root, func(c condition) { c.need(&p.needs) })
	return p, nil
}

// compiler puts the rules of segments in the place of their names.
type compiler struct {
	resolve func(name string) (*Rule, bool)
	chain   []string // the segments that are being put in
	nodes   int
	err     *RuleError
}

func (c *compiler) fail(pointer, message string) {
	if c.err == nil {
		c.err = &RuleError{pointer, message}
	}
}

// inline returns a condition without names; pointer is its place in the outermost rule.
func (c *compiler) inline(from condition, pointer string) condition {
	if c.nodes++; c.nodes > maxInlined {
		c.fail(pointer, "with the segments it speaks of the rule has more than "+strconv.Itoa(maxInlined)+" conditions; make it smaller")
	}
	if c.err != nil {
		return nil
	}
	switch from := from.(type) {
	case *group:
		to := &group{all: from.all, parts: make([]condition, len(from.parts))}
		for i, part := range from.parts {
			to.parts[i] = c.inline(part, c.below(pointer, from.key(i)))
		}
		return to
	case *negation:
		return &negation{c.inline(from.part, c.below(pointer, "/not"))}
	case *member:
		return c.member(from, pointer)
	}
	return from
}

// below is the pointer of a part; inside another segment everything is at the place of its name.
func (c *compiler) below(pointer, key string) string {
	if len(c.chain) > 0 {
		return pointer
	}
	return pointer + key
}

// key is the JSON pointer of a part inside the group.
func (g *group) key(i int) string {
	if g.all {
		return "/all/" + strconv.Itoa(i)
	}
	return "/any/" + strconv.Itoa(i)
}

func (c *compiler) member(from *member, pointer string) condition {
	chain := strings.Join(append(slices.Clone(c.chain), from.name), " → ")
	switch {
	case slices.Contains(c.chain, from.name):
		c.fail(pointer, "the segments speak of each other in a circle: "+chain+"; take one of them out")
		return nil
	case len(c.chain) >= maxChain:
		c.fail(pointer, "more than "+strconv.Itoa(maxChain)+" segments speak of each other in a row: "+chain+"; write their conditions out")
		return nil
	}
	var rule *Rule
	ok := c.resolve != nil
	if ok {
		rule, ok = c.resolve(from.name)
	}
	if !ok {
		c.fail(pointer, "there is no segment "+chain+"; define it first, or take it out")
		return nil
	}
	c.chain = append(c.chain, from.name)
	part := c.inline(rule.root, pointer)
	c.chain = c.chain[:len(c.chain)-1]
	return &member{name: from.name, part: part}
}

// Rule returns the rule that it was made of.
func (p *Program) Rule() *Rule { return p.rule }

// At judges a customer as of a time; see standing.Judge. It does not allocate.
func (p *Program) At(h *history.History, at int64) (in bool, due int64) {
	in, due = p.root.at(h, at)
	return in, max(due, at+1)
}

// Concerns reports whether a touchpoint of this type may change the answer. If the rule asks for traits or identifiers, any
// may; see Touched.
func (p *Program) Concerns(kind string) bool {
	return p.needs.traits || p.needs.identifiers || slices.Contains(p.needs.kinds, kind)
}

// Touched reports whether this touchpoint may change the answer: Concerns of one touchpoint, which says whether it tells
// anything about the person. A rule that asks for identifiers is touched by all.
func (p *Program) Touched(t *history.Touchpoint) bool {
	return p.needs.identifiers || p.needs.traits && len(t.Traits) > 0 || slices.Contains(p.needs.kinds, t.Type)
}

// Need says which part of a history is enough to judge by, of those who were heard of by a time, Unix microseconds.
func (p *Program) Need(by int64) history.Need {
	return history.Need{By: by, Kinds: p.needs.kinds, Traits: p.needs.traits}
}
