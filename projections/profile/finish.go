package profile

import (
	"strings"
	"time"
)

// finish turns what was merged into what is shown.
func (m *merge) finish() *Profile {
	p := m.p
	p.Name, p.GivenName = m.traits.fullName(), m.traits.givenName()
	for i := range m.traits {
		t := &m.traits[i]
		p.Traits[t.name] = Trait{t.value, t.said.grade, t.said.source, t.said.id, t.said.at()}
	}
	for i := range m.consents {
		c := &m.consents[i]
		p.Consents = append(p.Consents, Consent{c.purpose, c.medium, c.given, c.textVersion, c.said.source, c.said.id, c.said.at()})
	}
	p.Orders, p.Cancelled, p.Refunds = m.money.completed, m.money.cancelled, m.money.refunds
	p.Revenue, p.Refunded = m.money.revenue, m.money.refunded
	p.FirstOrderAt, p.LastOrderAt = orderTime(m.money.first), orderTime(m.money.last)
	for _, q := range m.money.quarters {
		p.ByQuarter = append(p.ByQuarter, QuarterAmount{quarterName(q.quarter), Amount{q.currency, q.amount}})
	}
	return p
}

// Text returns the text of a trait, "" if it is not there or is not a text.
func (p *Profile) Text(trait string) string { return unquote(p.Traits[trait].Value) }

// Tier returns the trait tier.
func (p *Profile) Tier() string { return p.Text(traitTier) }

func timeOf(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

func orderTime(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return timeOf(micros)
}

// shownNumber is the number of a thing that has one; one without is called by the id of its event.
func shownNumber(number string) string {
	return number[strings.LastIndexByte(number, 0)+1:]
}
