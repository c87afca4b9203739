package segment

import (
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// condition is one node of a rule. It never changes.
type condition interface {
	// at answers as of a time and says when the answer may change next if nothing happens; see standing.Judge.
	at(h *history.History, at int64) (in bool, due int64)
	// write appends the condition as JSON.
	write(b []byte) []byte
	// words says in words what is wanted.
	words() events.Text
	// see notes down what the answer rests on.
	see(h *history.History, at int64, s *sight)
	// suspects calls each with every touchpoint, up to a time, without which the answer may be another; it may call with more
	// and more than once.
	suspects(h *history.History, at int64, each func(*history.Touchpoint))
	// need adds what the condition reads.
	need(n *needs)
}

// needs is what conditions read of a history.
type needs struct {
	kinds []string // types of events, each once
	// traits: what people say about themselves; identifiers: how they are known. Any event may say either.
	traits, identifiers bool
}

func (n *needs) kind(names ...string) {
	for _, name := range names {
		if !slices.Contains(n.kinds, name) {
			n.kinds = append(n.kinds, name)
		}
	}
}

// group is all or any of its parts.
type group struct {
	all   bool
	parts []condition
}

// at looks at the parts that decide. A group of all that is false stays so at least until the last of its false parts may
// change, one of any that is true until the last of its true ones; else it may change with the first of its parts.
func (g *group) at(h *history.History, at int64) (in bool, due int64) {
	first, last := int64(standing.Never), at
	decided := false
	for _, part := range g.parts {
		yes, next := part.at(h, at)
		if yes != g.all {
			if decided, last = true, max(last, next); next == standing.Never {
				break // nothing decides for longer
			}
		}
		first = min(first, next)
	}
	if decided {
		return !g.all, last
	}
	return g.all, first
}

func (g *group) write(b []byte) []byte {
	name := `{"any":`
	if g.all {
		name = `{"all":`
	}
	b = append(b, name...)
	for i, part := range g.parts {
		b = part.write(append(b, "[,"[min(i, 1)]))
	}
	return append(b, "]}"...)
}

func (g *group) words() events.Text {
	if g.all {
		return events.Text{Ko: "다음 모두", En: "All of these"}
	}
	return events.Text{Ko: "다음 중 하나 이상", En: "Any of these"}
}

func (g *group) see(*history.History, int64, *sight) {}

func (g *group) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	for _, part := range g.parts {
		part.suspects(h, at, each)
	}
}

func (g *group) need(*needs) {}

// negation is not its part.
type negation struct{ part condition }

func (n *negation) at(h *history.History, at int64) (in bool, due int64) {
	in, due = n.part.at(h, at)
	return !in, due
}

func (n *negation) write(b []byte) []byte {
	return append(n.part.write(append(b, `{"not":`...)), '}')
}

func (n *negation) words() events.Text { return events.Text{Ko: "다음이 아님", En: "Not this"} }

func (n *negation) see(*history.History, int64, *sight) {}

func (n *negation) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	n.part.suspects(h, at, each)
}

func (n *negation) need(*needs) {}

// member is being in another segment. Its part is that segment's rule, nil before Compile.
type member struct {
	name string
	part condition
}

func (m *member) at(h *history.History, at int64) (in bool, due int64) { return m.part.at(h, at) }

func (m *member) write(b []byte) []byte {
	return append(quote(append(b, `{"segment":`...), m.name), '}')
}

func (m *member) words() events.Text {
	return events.Text{Ko: "세그먼트 " + m.name, En: "In segment " + m.name}
}

func (m *member) see(*history.History, int64, *sight) {}

func (m *member) suspects(h *history.History, at int64, each func(*history.Touchpoint)) {
	m.part.suspects(h, at, each)
}

func (m *member) need(*needs) {}
