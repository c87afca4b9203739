package segment

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

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
