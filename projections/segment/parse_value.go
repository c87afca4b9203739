package segment

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

const oneTest = "write one of is, is_not, in, not_in, contains, exists, or <, <=, >, >="

// test reads the comparison of a value of some kind: exactly one of the words, or one or two ends of a range.
func (o *object) test(kind valueKind) test {
	var t test
	found := 0
	for op := opIs; op <= opExists; op++ {
		if raw, ok := o.take(opNames[op]); ok {
			t, found = o.wordTest(op, raw, kind), found+1
		}
	}
	if r, ok := o.rangeTest(kind); ok {
		t, found = r, found+1
	}
	switch {
	case found == 0:
		o.end() // a misspelt word is the better remark
		o.fail(o.pointer, "compares with nothing; %s", oneTest)
	case found > 1:
		o.fail(o.pointer, `compares in two ways; put two conditions into {"all": […]}, two tests one after the other`)
	}
	return t
}

func (o *object) wordTest(op testOp, raw jsontext.Value, kind valueKind) test {
	t, at := test{op: op}, o.at(opNames[op])
	switch op {
	case opExists:
		t.exists = o.flag(opNames[op])
	case opIn, opNotIn:
		for i, one := range o.list(raw, at, MaxValues, `list values: ["gold", "vip"]`) {
			t.values = append(t.values, o.value(one, at+"/"+strconv.Itoa(i), kind))
		}
	case opContains:
		if kind != kindAny && kind != kindText {
			o.fail(at, "only texts and lists contain; write is, or a comparison")
		}
		t.values = []literal{o.value(raw, at, kind)}
	default:
		t.values = []literal{o.value(raw, at, kind)}
	}
	return t
}

// value reads one value and holds it against the kind that is wanted.
func (p *parser) value(raw jsontext.Value, pointer string, kind valueKind) literal {
	switch k := raw.Kind(); {
	case k == '0' && (kind == kindAny || kind == kindNumber):
		return literal{text: string(raw), number: true, amount: events.Money(p.number(raw, pointer))}
	case (k == 't' || k == 'f') && (kind == kindAny || kind == kindFlag):
		return literal{text: string(raw), flag: true}
	case k == '"' && kind != kindNumber && kind != kindFlag:
		l := literal{text: p.text(raw, pointer, MaxValue, "give a value, or test with exists")}
		if kind == kindDay && !isDay(l.text) {
			p.fail(pointer, `is no day; write "2026-05-03"`)
		}
		return l
	}
	p.fail(pointer, "must be %s", wants[kind])
	return literal{}
}

var wants = [...]string{
	kindAny: "a text, a number, true or false", kindText: `a text; write it in quotes: "gold"`,
	kindNumber: "a number; write it without quotes: 5", kindFlag: "true or false, without quotes", kindDay: `a day; write "2026-05-03"`,
}

// rangeTest reads <, <=, > and >=.
func (o *object) rangeTest(kind valueKind) (t test, ok bool) {
	t.span = everything
	for _, op := range [...]string{"<", "<=", ">", ">="} {
		raw, found := o.take(op)
		if !found {
			continue
		}
		was := t.op
		if t.op = o.rangeKind(raw, o.at(op), kind); t.op == opDay {
			t.days = append(t.days, dayEnd{op, o.value(raw, o.at(op), kindDay).text})
		} else {
			t.span.narrow(op, o.number(raw, o.at(op)))
		}
		if was != 0 && was != t.op {
			o.fail(o.at(op), "compares with a day and a number; write one of them")
		}
		ok = true
	}
	if t.span.lo > t.span.hi {
		o.fail(o.pointer, "no number is all of this; widen the comparison")
	}
	return t, ok
}

// rangeKind says whether a comparison is one of numbers or of days.
func (o *object) rangeKind(raw jsontext.Value, pointer string, kind valueKind) testOp {
	switch {
	case kind == kindNumber, kind == kindAny && raw.Kind() == '0':
		return opNumber
	case kind == kindDay, kind == kindAny && raw.Kind() == '"':
		return opDay
	case kind == kindText:
		o.fail(pointer, "compares a text by size; write is, in or contains")
	case kind == kindFlag:
		o.fail(pointer, "compares true and false by size; write is")
	}
	return opNumber
}

// isDay reports whether a text is a day that exists, written YYYY-MM-DD.
func isDay(s string) bool {
	_, _, _, ok := dayParts(s)
	return ok
}

// dayParts reads YYYY-MM-DD; it may be followed by a time of day. The day need not exist in the solar calendar's year (a
// lunar 30 February does), but month and day are ones that some year has.
func dayParts(s string) (y int, m time.Month, d int, ok bool) {
	if len(s) > 10 && (s[10] == 'T' || s[10] == ' ') {
		s = s[:10]
	}
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, 0, 0, false
	}
	y, okY := digits(s[:4])
	mm, okM := digits(s[5:7])
	d, okD := digits(s[8:])
	return y, time.Month(mm), d, okY && okM && okD && y > 0 && mm >= 1 && mm <= 12 && d >= 1 && d <= longest[mm]
}

// longest are the days of each month in a leap year, and the 30 that a lunar month may have.
var longest = [...]int{1: 31, 2: 30, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}

func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// trait reads a test of a trait, or of the age that follows from one.
func (o *object) trait() condition {
	name := o.text("trait", maxName, `give the name of a trait: "tier"`)
	if name == traitAge {
		return o.age()
	}
	for _, gone := range unkept {
		if name == gone {
			o.fail(o.at("trait"), "histories do not keep what names or reaches a person; ask for another trait")
		}
	}
	kind := [...]valueKind{traitAny: kindAny, traitText: kindText, traitFlag: kindFlag, traitDate: kindDay}[o.words.trait(name)]
	return &trait{name: name, test: o.test(kind)}
}

// unkept are the traits that projections/history leaves out.
var unkept = [...]string{"name", "given_name", "family_name", "email", "phone", "address", "display_name", "avatar"}

func (o *object) age() condition {
	s, found := o.comparisons(o.whole)
	if !found {
		o.fail(o.pointer, "compares the age with nothing; write is, <, <=, > or >= and whole years")
	}
	return &age{span: s, zones: o.zones}
}

// field reads one test of "where".
func (p *parser) field(raw jsontext.Value, pointer string) fieldTest {
	o := p.object(raw, pointer, `write {"field": "category", "is": "lens"}`)
	p.count(pointer)
	f := fieldTest{name: o.text("field", maxName, `give a field: "category"`)}
	if !o.has("field") {
		o.fail(pointer, `says not which field; add "field": "category"`)
	}
	kind, ok := fieldKinds[f.name]
	if !ok && p.err == nil {
		all := append(append(namesOf(kindText), namesOf(kindNumber)...), namesOf(kindFlag)...)
		o.fail(o.at("field"), "histories keep no %s; there are %s", f.name, strings.Join(all, ", "))
	}
	f.test = o.test(kind)
	if f.name == fieldChannel && f.test.op != opContains {
		for i := range f.test.values {
			if _, ok := events.ParseChannel(f.test.values[i].text); !ok {
				o.fail(pointer, "there is no such channel; write web, app, store, call, inquiry or message")
			}
		}
	}
	o.end()
	return f
}
