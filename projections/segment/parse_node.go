package segment

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

// heads are the keys that say which condition an object is, and how to read it.
var heads = [...]string{
	"all", "any", "not", "trait", "event", "last", "first", "sequence", "segment", "identifier", "consent", "birthday", "anniversary",
}

const oneOf = "write one of all, any, not, trait, event, last, first, sequence, segment, identifier, consent, birthday, anniversary"

// node reads one condition.
func (p *parser) node(raw jsontext.Value, pointer string, depth int) condition {
	o := p.object(raw, pointer, oneOf)
	p.count(pointer)
	if depth > MaxDepth {
		p.fail(pointer, "is nested %d deep; give at most %d", depth, MaxDepth)
	}
	if p.err != nil {
		return nil
	}
	c := o.condition(o.head(), depth)
	o.end()
	return c
}

// count counts a node.
func (p *parser) count(pointer string) {
	if p.nodes++; p.nodes > MaxNodes {
		p.fail(pointer, "is one too many; a rule has at most %d conditions, tests and steps", MaxNodes)
	}
}

// head returns the key that says which condition it is.
func (o *object) head() string {
	found := ""
	for _, h := range heads {
		switch {
		case !o.has(h):
		case found != "":
			o.fail(o.pointer, `has both %q and %q; put two conditions into {"all": […]}`, found, h)
		default:
			found = h
		}
	}
	if found == "" {
		o.fail(o.pointer, "says no condition; %s", oneOf)
	}
	return found
}

func (o *object) condition(head string, depth int) condition {
	switch head {
	case "all", "any":
		return o.group(head, depth)
	case "not":
		raw, _ := o.take("not")
		return &negation{o.node(raw, o.at("not"), depth+1)}
	case "trait":
		return o.trait()
	case "event":
		return o.total()
	case "last", "first":
		return o.moment(head)
	case "sequence":
		return o.sequence()
	case "segment":
		return &member{name: o.text("segment", maxName, "give the name of a segment")}
	case "identifier":
		return o.identifier()
	case "consent":
		return o.consent()
	case "birthday", "anniversary":
		return o.yearly(head)
	}
	return nil
}

func (o *object) group(head string, depth int) condition {
	raw, _ := o.take(head)
	g := &group{all: head == "all"}
	for i, one := range o.list(raw, o.at(head), MaxNodes, "list one condition or more") {
		if o.err != nil {
			break
		}
		g.parts = append(g.parts, o.node(one, o.at(head)+"/"+strconv.Itoa(i), depth+1))
	}
	return g
}

// kind reads the name of a type of event.
func (o *object) kind(key string) (name string, custom bool) {
	if !o.has(key) {
		o.fail(o.pointer, `says not which event; add %q: "page.viewed"`, key)
	}
	name = o.text(key, maxName, `give the name of a type: "page.viewed"`)
	custom = o.flag("custom")
	if o.err != nil || custom || o.words.knows(name) {
		return name, custom
	}
	if near := o.words.near(name); near != "" {
		o.fail(o.at(key), "nobody sends %s; do you mean %s?", name, near)
	}
	o.fail(o.at(key), `nobody sends %s; write a type of the catalogue, or add "custom": true if it is to come`, name)
	return name, custom
}

// filter reads which touchpoints are meant: a type under key, and "where".
func (o *object) filter(key string) filter {
	name, custom := o.kind(key)
	f := filter{kind: name, custom: custom, title: o.words.title(name)}
	raw, ok := o.take("where")
	if !ok {
		return f
	}
	for i, one := range o.list(raw, o.at("where"), maxWhere, `list tests: {"field": "category", "is": "lens"}`) {
		f.where = append(f.where, o.field(one, o.at("where")+"/"+strconv.Itoa(i)))
	}
	return f
}

// maxWhere bounds the tests of one filter.
const maxWhere = 10

func (o *object) total() condition {
	t := &total{filter: o.filter("event"), span: span{1, everything.hi}}
	if raw, ok := o.take("sum"); ok {
		o.sum(t, raw)
	} else if raw, ok := o.take("count"); ok {
		c := o.object(raw, o.at("count"), `write {">=": 5}`)
		s, found := c.comparisons(o.whole)
		if c.end(); !found {
			o.fail(o.at("count"), `compares with nothing; write {">=": 5}`)
		}
		t.span = s
	}
	t.within = o.window()
	return t
}

// sum reads what is added up, its currency, and the comparison beside it.
func (o *object) sum(t *total, raw jsontext.Value) {
	t.sum = o.parser.text(raw, o.at("sum"), maxName, `write "amount" or a number field`)
	if t.sum != fieldAmount && fieldKinds[t.sum] != kindNumber {
		o.fail(o.at("sum"), "%s is no number that histories keep; write %s", t.sum, strings.Join(namesOf(kindNumber), ", "))
	}
	if t.sum == fieldAmount {
		t.currency = "KRW"
		if c := o.text("currency", 3, `write "KRW"`); c != "" {
			t.currency = c
		}
		if len(t.currency) != 3 || strings.Trim(t.currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			o.fail(o.at("currency"), `is no currency; write three capital letters: "KRW"`)
		}
	}
	if o.has("count") {
		o.fail(o.at("count"), `stands beside "sum"; put the two into {"all": […]}`)
	}
	s, found := o.comparisons(o.number)
	if !found {
		o.fail(o.pointer, `compares the sum with nothing; add ">=": 500000`)
	}
	t.span = s
}

// ago reads "ago": {">=": "90d"} into microseconds; everything if there is none.
func (o *object) ago() (s span, ok bool) {
	raw, ok := o.take("ago")
	if !ok {
		return everything, false
	}
	c := o.object(raw, o.at("ago"), `write {">=": "90d"}`)
	s, found := c.comparisons(o.parser.length)
	if c.end(); !found {
		o.fail(o.at("ago"), `compares with nothing; write {">=": "90d"}`)
	}
	if s.hi < 0 {
		o.fail(o.at("ago"), "is still to come, and rules look at nothing that is; widen the comparison")
	}
	return s, true
}

func (o *object) moment(head string) condition {
	m := &moment{filter: o.filter(head), first: head == "first"}
	s, ok := o.ago()
	if !ok {
		o.fail(o.pointer, `says not how long ago; add "ago": {">=": "90d"}`)
	}
	m.ago = s
	return m
}

func (o *object) sequence() condition {
	raw, _ := o.take("sequence")
	s := &sequence{}
	steps := o.list(raw, o.at("sequence"), maxSteps, "list the steps in order")
	for i, one := range steps {
		at := o.at("sequence") + "/" + strconv.Itoa(i)
		o.count(at)
		step := o.object(one, at, `write {"event": "order.completed"}`)
		f := step.filter("event")
		absent := step.flag("absent")
		if absent && (i == 0 || i < len(steps)-1) {
			o.fail(step.at("absent"), "only the last step can be absent, and not the only one")
		}
		step.end()
		s.steps, s.absent = append(s.steps, f), absent
	}
	if len(steps) == 1 {
		o.fail(o.at("sequence"), `has one step; add another, or write {"event": …}`)
	}
	o.same(s)
	s.within = o.window()
	s.ago, _ = o.ago()
	return s
}

// same reads the field that all touchpoints of a sequence share.
func (o *object) same(s *sequence) {
	raw, ok := o.take("same")
	if !ok {
		return
	}
	s.same = o.parser.text(raw, o.at("same"), maxName, `write "order" or a text field`)
	may := slices.DeleteFunc(append(namesOf(kindText), fieldOrder), func(name string) bool { return strings.HasPrefix(name, "item.") })
	if !slices.Contains(may, s.same) {
		o.fail(o.at("same"), "%s is no text of a touchpoint; write one of %s", s.same, strings.Join(may, ", "))
	}
}

func (o *object) identifier() condition {
	k := &known{kind: o.text("identifier", maxName, `give a kind: "email"`), grade: events.Claimed}
	if !events.ValidKind(k.kind) && o.err == nil {
		o.fail(o.at("identifier"), "is no kind of identifier; write it in lower-case letters, digits and underscores")
	}
	if name := o.text("grade", maxName, `write "asserted"`); name != "" {
		g, err := events.ParseGrade(name)
		if err != nil {
			o.fail(o.at("grade"), "there is no such grade; write claimed, asserted or verified")
		}
		k.grade = g
	}
	return k
}

func (o *object) consent() condition {
	c := &consent{
		purpose: o.text("consent", maxName, `give a purpose: "marketing"`),
		medium:  o.text("medium", maxName, `give a medium: "sms", or "*" for the latest word on any`),
	}
	if c.medium == "" {
		o.fail(o.pointer, `says not through which medium; add "medium": "sms", or "*" for the latest word on any`)
	}
	return c
}

func (o *object) yearly(head string) condition {
	raw, _ := o.take(head)
	in := o.object(raw, o.at(head), `write {"within": "7d"}`)
	y := &yearly{trait: birthDate, zones: o.zones}
	if head == "anniversary" {
		y.trait = in.text("of", maxName, `give the trait that holds the day: "joined_on"`)
		switch k := o.words.trait(y.trait); {
		case y.trait == "" || y.trait == birthDate:
			in.fail(in.at("of"), `give the trait that holds the day: "joined_on"; for birthdays write {"birthday": …}`)
		case k != traitDate && k != traitAny:
			in.fail(in.at("of"), "%s is no day; write joined_on", y.trait)
		}
	}
	micros, ok := in.length("within")
	if !ok {
		in.fail(in.pointer, `says not how soon; add "within": "7d", or "0d" for today`)
	}
	if y.days = micros / day; micros%day != 0 || y.days > maxAhead {
		in.fail(in.at("within"), `must be whole days up to 180; write "7d"`)
	}
	in.end()
	return y
}

// maxAhead bounds how many days before its time a birthday or anniversary counts.
const maxAhead = 180

// namesOf lists the fields of a kind, sorted.
func namesOf(kind valueKind) []string {
	var names []string
	for name, k := range fieldKinds {
		if k == kind {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
