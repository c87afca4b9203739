package segment

import (
	"slices"
	"strconv"

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
