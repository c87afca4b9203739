package standing

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
)

// Rule is a definition that was read: it can be compiled once the rules it builds on are known.
type Rule interface {
	// Needs names the rules it builds on.
	Needs() []string
	// Compile makes a judge of it. of finds the rules that are in force.
	Compile(of func(name string) (Rule, bool)) (Judge, error)
}

// Definition is what one event says about a rule.
type Definition struct {
	Name string
	// From is when it begins to hold, Unix microseconds. Source and ID name the event; they break ties.
	From       int64
	Source, ID string
	Removed    bool
	// Body is the definition as it was sent; the room's Parse reads it.
	Body []byte
}

// directory is the one row of the rules: every version of every rule.
type directory struct {
	all []Definition // sorted by (name, from, source, id)
	set *Set         // compiled; nil until it is needed

	news []news // of this batch
}

// news is that a rule is another from a moment on; isNew if there was none of that name.
type news struct {
	name  string
	from  int64
	isNew bool
}

func (d *directory) add(x Definition) {
	i, found := slices.BinarySearchFunc(d.all, x, compareDefinitions)
	if !found {
		d.all = slices.Insert(slices.Clone(d.all), i, x)
		d.set = nil
	}
}

func compareDefinitions(a, b Definition) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.From, b.From), cmp.Compare(a.Source, b.Source), cmp.Compare(a.ID, b.ID))
}

// Set are all rules of a room, compiled. It may be used by many at once.
type Set struct {
	// Schedules are in the order of their names.
	Schedules []*Schedule
	// Definitions are in the order of (name, from): of each version, one.
	Definitions []Definition
	byType      map[string]*concerned
	needs       map[string][]string // in any version
}

// NewSet compiles rules through all their versions. A version that cannot be compiled has nobody under it, and says why.
func NewSet(all []Definition, parse func(body []byte) (Rule, error)) *Set {
	s := &Set{Definitions: all}
	c := compiler{parse: parse, now: map[string]Rule{}, builds: map[string][]string{}, schedules: map[string]*Schedule{}, needs: map[string][]string{}}
	s.needs = c.needs
	inTime := slices.Clone(all)
	slices.SortStableFunc(inTime, func(a, b Definition) int { return cmp.Compare(a.From, b.From) })
	for len(inTime) > 0 {
		n := 1
		for n < len(inTime) && inTime[n].From == inTime[0].From {
			n++
		}
		c.step(inTime[:n])
		inTime = inTime[n:]
	}
	for _, name := range c.names {
		s.Schedules = append(s.Schedules, c.schedules[name])
	}
	slices.SortFunc(s.Schedules, func(a, b *Schedule) int { return cmp.Compare(a.Name, b.Name) })
	return s
}

// Schedule returns the schedule of a rule; nil if there never was one of that name.
func (s *Set) Schedule(name string) *Schedule {
	i, found := slices.BinarySearchFunc(s.Schedules, name, func(x *Schedule, name string) int { return cmp.Compare(x.Name, name) })
	if !found {
		return nil
	}
	return s.Schedules[i]
}

// concerned are the schedules that touchpoints of one type concern: whatever they tell, or depending on that.
type concerned struct{ always, maybe []int }

// concerned returns which schedules touchpoints of a type concern. It belongs to one goroutine.
func (s *Set) concerned(kind string) *concerned {
	if c, ok := s.byType[kind]; ok {
		return c
	}
	c, bare := &concerned{}, history.Touchpoint{Type: kind}
	for i, x := range s.Schedules {
		switch {
		case x.Touched(&bare):
			c.always = append(c.always, i)
		case x.Concerns(kind):
			c.maybe = append(c.maybe, i)
		}
	}
	if s.byType == nil {
		s.byType = map[string]*concerned{}
	}
	s.byType[kind] = c
	return c
}

// onto returns the rules that a rule is part of, in any version, itself first: those whose answers a change of it may
// change.
func (s *Set) onto(name string) []string {
	all := []string{name}
	for i := 0; i < len(all); i++ {
		for _, x := range s.Schedules {
			if slices.Contains(s.needs[x.Name], all[i]) && !slices.Contains(all, x.Name) {
				all = append(all, x.Name)
			}
		}
	}
	return all
}

// compiler goes through the definitions in time.
type compiler struct {
	parse     func([]byte) (Rule, error)
	now       map[string]Rule     // what is in force
	builds    map[string][]string // the rules it builds on
	schedules map[string]*Schedule
	names     []string
	needs     map[string][]string
}

// step takes in what begins at one moment, and compiles what that changes.
func (c *compiler) step(all []Definition) {
	changed := map[string]error{}
	for i := range all {
		x := &all[i]
		changed[x.Name] = nil
		if delete(c.now, x.Name); x.Removed {
			continue
		}
		rule, err := c.read(x.Body)
		if err != nil {
			changed[x.Name] = err
			continue
		}
		c.now[x.Name] = rule
		c.builds[x.Name] = rule.Needs()
		c.needs[x.Name] = append(c.needs[x.Name], c.builds[x.Name]...)
	}
	c.spread(changed)
	for _, name := range sortedKeys(changed) {
		c.version(name, all[0].From, changed[name])
	}
}

// spread adds the rules that build on changed ones.
func (c *compiler) spread(changed map[string]error) {
	for grown := true; grown; {
		grown = false
		for name := range c.now {
			_, there := changed[name]
			if !there && slices.ContainsFunc(c.builds[name], func(n string) bool { _, ok := changed[n]; return ok }) {
				changed[name], grown = nil, true
			}
		}
	}
}

func (c *compiler) version(name string, from int64, fault error) {
	s := c.schedules[name]
	if s == nil {
		s = &Schedule{Name: name}
		c.schedules[name] = s
		c.names = append(c.names, name)
	}
	v := Version{Number: len(s.Versions) + 1, From: from, Fault: fault}
	if rule, ok := c.now[name]; ok {
		if v.Judge, v.Fault = c.compile(rule); v.Fault != nil {
			v.Judge = nil
		}
	}
	s.Versions = append(s.Versions, v)
}

// read reads a definition. One that its language trips over is at fault like one that it refuses: the log has it for ever,
// so it must not stop the fold.
func (c *compiler) read(body []byte) (rule Rule, err error) {
	defer tripped(&err)
	return c.parse(body)
}

// compile makes a judge of a rule among those in force.
func (c *compiler) compile(rule Rule) (judge Judge, err error) {
	defer tripped(&err)
	return rule.Compile(func(name string) (Rule, bool) { r, ok := c.now[name]; return r, ok })
}

func tripped(err *error) {
	if why := recover(); why != nil {
		*err = fmt.Errorf("the definition cannot be read: %v", why)
	}
}

func sortedKeys(m map[string]error) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Clash returns another rule that stands in rows for the same number as a name does. Rules of both names cannot be kept
// apart, so the second is not to be defined.
func (s *Set) Clash(name string) (other string, clashes bool) {
	for _, x := range s.Schedules {
		if x.Name != name && number(x.Name) == number(name) {
			return x.Name, true
		}
	}
	return "", false
}

// number stands for a rule's name in rows: short, and the same everywhere.
func number(name string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return h.Sum32()
}

func encodeDirectory(d *directory) []byte {
	e := projections.NewEncoder(512)
	e.Uint(1)
	e.Uint(uint64(len(d.all)))
	for i := range d.all {
		x := &d.all[i]
		e.Text(x.Name)
		e.Int(x.From)
		e.Text(x.Source)
		e.Text(x.ID)
		e.Bool(x.Removed)
		e.Text(string(x.Body))
	}
	return e.Bytes()
}

func decodeDirectory(b []byte) (directory, error) {
	d := projections.NewDecoder(b)
	if d.Uint() != 1 {
		return directory{}, fmt.Errorf("the rules: %w", projections.ErrBlob)
	}
	all := make([]Definition, d.Len())
	for i := range all {
		all[i] = Definition{Name: d.Text(), From: d.Int(), Source: d.Text(), ID: d.Text(), Removed: d.Bool(), Body: []byte(d.Text())}
	}
	return directory{all: all}, d.Err()
}
