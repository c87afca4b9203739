package segments

import (
	"cmp"
	"slices"
	"sort"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
)

// Book knows what every segment is, was and is called. It never changes and may be used by many at once.
type Book struct {
	set       *standing.Set
	catalogue *events.Catalogue
	// said are the definitions, in the order of (name, from, source, id), with what they say.
	said []said
}

// said is a definition and what was read of it.
type said struct {
	standing.Definition
	written standing.Written
}

// NewBook reads definitions, in any order. The catalogue names the types of events; nil leaves them as they are.
func NewBook(all []standing.Definition, catalogue *events.Catalogue) *Book {
	all = slices.Clone(all)
	slices.SortFunc(all, inOrder)
	b := &Book{catalogue: catalogue, said: make([]said, len(all))}
	b.set = standing.NewSet(all, b.parse)
	for i := range all {
		b.said[i].Definition = all[i]
		b.said[i].written, _ = standing.ParseWritten(all[i].Body) // what cannot be read is a fault of the version
	}
	return b
}

// parse reads a definition as the room does, but with names for the types of events where there are any.
func (b *Book) parse(body []byte) (standing.Rule, error) {
	w, err := standing.ParseWritten(body)
	if err == nil && b.catalogue != nil {
		if rule, err := segment.Parse(w.Rule, segment.Vocabulary{Catalogue: b.catalogue, Any: true}); err == nil {
			return rule, nil
		}
	}
	return segment.ParseDefinition(body) // it may be older than the catalogue
}

// inOrder is the order in which rooms keep definitions: of two that begin at one moment the later one holds.
func inOrder(a, b standing.Definition) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.From, b.From), cmp.Compare(a.Source, b.Source), cmp.Compare(a.ID, b.ID))
}

// Schedules are all segments through all their versions, in the order of their names. They must not be changed.
func (b *Book) Schedules() []*standing.Schedule { return b.set.Schedules }

// Schedule returns one of them; nil if there never was a segment of that name.
func (b *Book) Schedule(name string) *standing.Schedule { return b.set.Schedule(name) }

// Clash returns another segment, of now or before, that a name cannot be kept apart from.
func (b *Book) Clash(name string) (other string, clashes bool) { return b.set.Clash(name) }

// in returns the definition of a segment itself that holds at a time, Unix microseconds; nil before the first.
func (b *Book) in(name string, at int64) *said {
	i := sort.Search(len(b.said), func(i int) bool {
		return cmp.Or(cmp.Compare(b.said[i].Name, name), cmp.Compare(b.said[i].From, at)) > 0
	}) - 1
	if i < 0 || b.said[i].Name != name {
		return nil
	}
	return &b.said[i]
}

// Title returns what people call a segment at a time: what it is called by the definition that holds then, or the first.
func (b *Book) Title(name string, at int64) events.Text {
	s := b.in(name, at)
	if s == nil {
		if x := b.set.Schedule(name); x != nil {
			s = b.in(name, x.First())
		}
	}
	if s == nil {
		return events.Text{Ko: name, En: name}
	}
	if s.Removed {
		return b.titleBefore(s)
	}
	return titled(s.written.Title, name)
}

// titleBefore is the title of a segment that was removed.
func (b *Book) titleBefore(removed *said) events.Text {
	for i := len(b.said) - 1; i >= 0; i-- {
		if s := &b.said[i]; s.Name == removed.Name && !s.Removed && inOrder(s.Definition, removed.Definition) < 0 {
			return titled(s.written.Title, s.Name)
		}
	}
	return events.Text{Ko: removed.Name, En: removed.Name}
}

// titled fills in what is missing of a title: the other language, or the name.
func titled(t events.Text, name string) events.Text {
	return events.Text{Ko: cmp.Or(t.Ko, t.En, name), En: cmp.Or(t.En, t.Ko, name)}
}

// There reports whether there is a segment at a time: whether it was defined and not removed.
func (b *Book) There(name string, at int64) bool {
	s := b.in(name, at)
	return s != nil && !s.Removed
}

// Count returns how many segments there are at a time.
func (b *Book) Count(at int64) (n int) {
	for _, s := range b.set.Schedules {
		if b.There(s.Name, at) {
			n++
		}
	}
	return n
}

// Rule returns the rule of a segment that is in force at a time; false if there is none or it cannot be used.
func (b *Book) Rule(name string, at int64) (*segment.Rule, bool) {
	if s := b.set.Schedule(name); s != nil {
		if p, ok := s.In(at).Judge.(*segment.Program); ok {
			return p.Rule(), true
		}
	}
	return nil, false
}

// needs returns the segments that a rule speaks of at a time.
func (b *Book) needs(name string, at int64) []string {
	needs := []string{}
	if s := b.in(name, at); s != nil && !s.Removed {
		if r, err := segment.ParseDefinition(s.Body); err == nil {
			needs = append(needs, r.Needs()...)
		}
	}
	return needs
}

// NeededBy returns the segments whose rules speak of one at a time.
func (b *Book) NeededBy(name string, at int64) []string {
	by := []string{}
	for _, s := range b.set.Schedules {
		if s.Name != name && slices.Contains(b.needs(s.Name, at), name) {
			by = append(by, s.Name)
		}
	}
	return by
}
