package profile

import (
	"cmp"
	"unicode/utf8"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// caseState is what is known of one inquiry or case number.
type caseState struct {
	opened   saying // the earliest inquiry.opened, which says what it is about
	subject  string
	category string
	priority string
	orderID  string
	channel  string
	// complaint: some opening said so.
	complaint bool
	// caseID is the case an inquiry belongs to; of several the greatest.
	caseID string

	first, last  saying // the earliest and latest event of any kind
	firstChannel string
	topic        string // of the earliest event, if that was a call
	asked        saying // the latest opening or reopening
	answered     saying // the latest answer
	closed       saying // the latest closing
	agent        string // of the latest answer or closing that named one
	agentSaid    saying
}

const maxCaseText = 200

func isInquiry(kind string) bool {
	switch kind {
	case "inquiry.opened", "inquiry.answered", "inquiry.closed", "inquiry.reopened":
		return true
	}
	return false
}

// caseNumber returns the inquiry or case an event is about, "" if it is about none.
func caseNumber(t *projections.Touch) string {
	switch {
	case isInquiry(t.Type):
		return cmp.Or(t.Body.InquiryID, t.Body.CaseID)
	case t.Type == "call.ended":
		return t.Body.CaseID
	}
	return ""
}

// take takes in an event about the case.
func (c *caseState) take(t *projections.Touch) {
	said, b := sayingOf(t), &t.Body
	c.caseID = max(c.caseID, b.CaseID)
	c.touch(said, string(t.Channel), cut(b.Topic, maxCaseText))
	switch t.Type {
	case "inquiry.opened":
		c.complaint = c.complaint || b.Complaint
		if said.earlier(&c.opened) {
			c.opened, c.channel, c.orderID = said, string(t.Channel), b.OrderID
			c.subject, c.category, c.priority = cut(cmp.Or(b.Subject, b.Text), maxCaseText), cut(b.Category, maxCaseText), cut(b.Priority, maxCaseText)
		}
		latest(&c.asked, said)
	case "inquiry.reopened":
		latest(&c.asked, said)
	case "inquiry.answered":
		latest(&c.answered, said)
		c.handled(said, b.Agent)
	case "inquiry.closed":
		latest(&c.closed, said)
		c.handled(said, b.Agent)
	case "call.ended":
		if b.Resolved {
			latest(&c.closed, said)
		}
		c.handled(said, b.Agent)
	}
}

func (c *caseState) touch(said saying, channel, topic string) {
	if said.earlier(&c.first) {
		c.first, c.firstChannel, c.topic = said, channel, topic
	}
	latest(&c.last, said)
}

func (c *caseState) handled(said saying, agent string) {
	if agent != "" && said.later(&c.agentSaid) {
		c.agentSaid, c.agent = said, cut(agent, maxCaseText)
	}
}

func latest(have *saying, said saying) {
	if said.said() && said.later(have) {
		*have = said
	}
}

// cut shortens a text to at most n bytes, at a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func (c *caseState) latest() int64 { return c.last.time }

// merge takes in what is known under another number or by another fragment.
func (c *caseState) merge(o *caseState) {
	c.complaint = c.complaint || o.complaint
	c.caseID = max(c.caseID, o.caseID)
	if o.opened.said() && o.opened.earlier(&c.opened) {
		c.opened, c.subject, c.category, c.priority = o.opened, o.subject, o.category, o.priority
		c.orderID, c.channel = o.orderID, o.channel
	}
	c.touch(o.first, o.firstChannel, o.topic)
	latest(&c.last, o.last)
	latest(&c.asked, o.asked)
	latest(&c.answered, o.answered)
	latest(&c.closed, o.closed)
	c.handled(o.agentSaid, o.agent)
}

// derive says where the case stands: what came last among question, answer and closing, whatever arrived last.
func (c *caseState) derive(id string) Case {
	out := Case{
		ID: id, Subject: cmp.Or(c.subject, c.topic), Category: c.category, Complaint: c.complaint, Priority: c.priority, State: Open,
		OpenedAt: c.first.at(), AnsweredAt: c.answered.at(), Channel: events.Channel(c.firstChannel),
		OrderID: c.orderID, Agent: c.agent,
	}
	if c.opened.said() {
		out.OpenedAt, out.Channel = c.opened.at(), events.Channel(c.channel)
	}
	switch {
	case c.closed.said() && c.closed.time >= c.asked.time:
		out.State, out.ClosedAt = Closed, c.closed.at()
	case c.answered.said() && c.answered.time >= c.asked.time:
		out.State = Answered
	}
	return out
}

func (c *caseState) encode() []byte {
	e := projections.NewEncoder(192)
	last := saying{}
	for _, s := range [...]*saying{&c.opened, &c.first, &c.last, &c.asked, &c.answered, &c.closed, &c.agentSaid} {
		s.encodeAfter(e, &last)
	}
	for _, t := range c.texts() {
		e.Text(*t)
	}
	e.Bool(c.complaint)
	return e.Bytes()
}

func (c *caseState) texts() [9]*string {
	return [...]*string{
		&c.subject, &c.category, &c.priority, &c.orderID, &c.channel, &c.caseID, &c.firstChannel, &c.topic, &c.agent,
	}
}

func decodeCase(d *projections.Decoder) caseState {
	var c caseState
	last := saying{}
	for _, s := range [...]*saying{&c.opened, &c.first, &c.last, &c.asked, &c.answered, &c.closed, &c.agentSaid} {
		*s = decodeAfter(d, &last)
	}
	for _, t := range c.texts() {
		*t = d.Text()
	}
	c.complaint = d.Bool()
	return c
}
