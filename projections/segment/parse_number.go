package segment

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/events"
)

// length returns a member that is a length of time, and whether it is there.
func (o *object) length(key string) (micros int64, ok bool) {
	raw, ok := o.take(key)
	if !ok {
		return 0, false
	}
	return o.parser.length(raw, o.at(key)), true
}

func (p *parser) length(raw jsontext.Value, pointer string) int64 {
	s := p.text(raw, pointer, maxName, `write a number and m, h, d, w or y: "30d"`)
	micros, ok := parseLength(s)
	if !ok {
		p.fail(pointer, `is no length of time up to 5 years; write a whole number and m, h, d, w or y: "30d"`)
	}
	return micros
}

// window returns the member "within", 0 if there is none.
func (o *object) window() int64 {
	micros, ok := o.length("within")
	if ok && micros == 0 {
		o.fail(o.at("within"), `is no time at all; give "1m" or more, or leave it out for all time`)
	}
	return micros
}

// comparisons reads the keys <, <=, >, >= and is of an object into a span; number reads one value.
func (o *object) comparisons(number func(raw jsontext.Value, pointer string) int64) (s span, found bool) {
	s = everything
	for _, op := range [...]string{"is", "<", "<=", ">", ">="} {
		if raw, ok := o.take(op); ok {
			s.narrow(op, number(raw, o.at(op)))
			found = true
		}
	}
	if s.lo > s.hi {
		o.fail(o.pointer, "no number is all of this; widen the comparison")
	}
	return s, found
}

// whole reads a whole number from 0 up.
func (p *parser) whole(raw jsontext.Value, pointer string) int64 {
	n, err := strconv.ParseUint(string(raw), 10, 40)
	if err != nil {
		p.fail(pointer, "must be a whole number from 0 up; write 5")
	}
	return int64(n) // #nosec G115 -- 40 bits
}

// number reads a number, in 1/10000.
func (p *parser) number(raw jsontext.Value, pointer string) int64 {
	if raw.Kind() == '0' {
		if m, ok := events.ParseMoney(string(raw)); ok {
			return int64(m)
		}
	}
	p.fail(pointer, "must be a number of up to four decimal places; write 5 or 4.5, without quotes")
	return 0
}
