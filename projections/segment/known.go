package segment

import (
	"strconv"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// trait tests what was said of the person: what has the best proof, and of that the latest.
type trait struct {
	name string
	test test
}

func (t *trait) at(h *history.History, at int64) (in bool, due int64) {
	value, _ := h.Trait(t.name, at)
	return t.test.passesJSON(value), standing.Never
}

func (t *trait) write(b []byte) []byte {
	b = quote(append(b, `{"trait":`...), t.name)
	return append(t.test.write(append(b, ',')), '}')
}

func (t *trait) words() events.Text {
	name, w := nameOf(t.name), t.test.words()
	return events.Text{Ko: name.Ko + ": " + w.Ko, En: name.En + " " + w.En}
}

func (t *trait) need(n *needs) { n.traits = true }

// known is being known by an identifier of a kind, proven at least as well as grade.
type known struct {
	kind  string
	grade events.Grade
}

// at may also change when a later identifier is told, by a touchpoint that is perhaps no longer kept apart.
func (k *known) at(h *history.History, at int64) (in bool, due int64) {
	grade, found := h.Known(k.kind, at)
	due = standing.Never
	for i := range h.Kinds {
		if since := h.Kinds[i].Since; since > at && h.Kinds[i].Name == k.kind {
			due = min(due, since)
		}
	}
	return found && grade >= k.grade, due
}

func (k *known) write(b []byte) []byte {
	b = quote(append(b, `{"identifier":`...), k.kind)
	return append(quote(append(b, `,"grade":`...), k.grade.String()), '}')
}

func (k *known) words() events.Text {
	return events.Text{Ko: "식별자 " + k.kind + " 있음 (" + k.grade.String() + " 이상)", En: "Known by " + k.kind + ", " + k.grade.String() + " or better"}
}

func (k *known) need(n *needs) { n.identifiers = true }

// consent is the latest word on a purpose through a medium being yes.
type consent struct{ purpose, medium string }

func (c *consent) at(h *history.History, at int64) (in bool, due int64) {
	given, said := h.Consent(c.purpose, c.medium, at)
	return said != nil && given, standing.Never
}

func (c *consent) write(b []byte) []byte {
	b = quote(append(b, `{"consent":`...), c.purpose)
	return append(quote(append(b, `,"medium":`...), c.medium), '}')
}

func (c *consent) words() events.Text {
	return events.Text{Ko: c.purpose + " 수신 동의 (" + c.medium + ")", En: "Consents to " + c.purpose + " by " + c.medium}
}

func (c *consent) need(n *needs) {
	n.kind("consent.given", "consent.withdrawn", "message.unsubscribed")
}

// age is how many years old the person is, by the birthdays that were kept.
type age struct {
	span  span
	zones *zones
}

func (a *age) at(h *history.History, at int64) (in bool, due int64) {
	born, ok := bornOn(h, at)
	if !ok {
		return false, standing.Never
	}
	z := a.zones.of(h, at)
	years, ok := born.years(dayIn(z, at))
	return ok && a.span.has(years), a.due(born, years, z, at)
}

// due is the next birthday that brings the age into the span or beyond it.
func (a *age) due(born annual, years int64, z zone, at int64) int64 {
	due := int64(standing.Never)
	for _, turns := range [...]int64{max(a.span.lo, 0), plus(a.span.hi, 1)} {
		if turns <= years || turns > maxAge {
			continue
		}
		if d, ok := born.in(born.y + int(turns)); ok {
			if starts := startOf(z, d); starts > at {
				due = min(due, starts)
			}
		}
	}
	return due
}

// maxAge is beyond every age.
const maxAge = 1000

func (a *age) write(b []byte) []byte {
	return append(a.span.write(append(b, `{"trait":"age",`...), wholes), '}')
}

func (a *age) words() events.Text {
	w := a.span.words(wholes.unit, func(v int64) string { return strconv.FormatInt(v, 10) })
	return events.Text{Ko: "나이: " + w, En: "age " + w}
}

func (a *age) need(n *needs) { n.traits = true }
