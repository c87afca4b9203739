package demo

import (
	"time"

	"github.com/c360hq/c360/events"
)

// joining is how the company comes to know somebody: at the shop, at the till, or both. Who was a customer
// before the history begins is brought over from the old system in the first night.
func (s *scene) joining(start time.Time) {
	p, at := s.p, s.p.joined
	if at.Before(s.w.plan.Start()) {
		at = s.w.plan.Start().Add(time.Hour + time.Duration(p.index)*400*time.Millisecond)
	}
	if at.Before(start) || !at.Before(start.Add(7*day)) {
		return
	}
	if p.user != "" {
		s.joinsShop(at)
	}
	if p.loyalty != "" {
		s.joinsStore(at.Add(2 * time.Minute))
	}
}

// isNew reports whether somebody joins within the history. Of the others only what is known is brought over, not what
// they did before.
func (s *scene) isNew() bool { return !s.p.joined.Before(s.w.plan.Start()) }

// traits is what the company writes down about a new customer.
func (p *person) traits(more ...any) []byte {
	return data("traits", data(append([]any{
		"name", p.name.full(), "family_name", p.name.family, "given_name", p.name.given, "gender", p.gender,
		"birth_date", p.birth, "birth_lunar", p.lunar, "city", p.place.city, "district", p.place.name,
		"joined_on", p.joined.In(korea).Format(time.DateOnly), "tier", p.tier,
	}, more...)...))
}

func (s *scene) joinsShop(at time.Time) {
	p, channel := s.p, events.ChannelWeb
	who := Who{User: p.user, Phone: international(p.phone), Email: p.email}
	if p.cardKnownToShop {
		who.Loyalty = p.loyalty
	}
	if s.isNew() {
		who.Anonymous = s.w.plan.browser(p, at, 0)
	}
	s.put(SourceShop, "customer.identified", channel, at, who, p.traits("email", p.email, "phone", p.phone, "language", "ko", "home_store", stores[p.place.store].name))
	for n, medium := range media {
		s.consents(p.optIn[medium], medium, at.Add(time.Duration(n+1)*time.Second))
	}
	if p.device != "" {
		s.installs(at.Add(s.d.span(time.Hour, 40*day)))
	}
}

// installs is the app on a new phone: it asks to sign in at once.
func (s *scene) installs(at time.Time) {
	v := visitor{source: SourceApp, channel: events.ChannelApp, who: Who{Anonymous: s.w.plan.appInstall(s.p), Device: s.p.device}}
	if s.isNew() {
		s.put(SourceApp, "app.installed", v.channel, at, v.who, data("version", "3.14.0"))
	}
	v.who.User = s.p.user
	s.signIn(v, at.Add(50*time.Second))
}

// media are the ways to write to somebody.
var media = []string{"sms", "email", "push", "kakao"}

// consents writes down a yes; a no is written down only when it takes something back.
func (s *scene) consents(yes bool, medium string, at time.Time) {
	if yes {
		s.put(SourceShop, "consent.given", events.ChannelWeb, at, Who{User: s.p.user},
			data("purpose", "marketing", "medium", medium, "text_version", "2025-03"))
	}
}

func (s *scene) joinsStore(at time.Time) {
	p := s.p
	who := Who{Loyalty: p.loyalty}
	if p.tillPhone > 0 {
		who.Phone = p.phone
	}
	if s.isNew() {
		s.put(SourcePOS, "loyalty.joined", events.ChannelStore, at, who, data("programme", "LUMEN", "store", stores[p.place.store].name))
	}
	if p.user == "" {
		s.put(SourcePOS, "customer.identified", events.ChannelStore, at.Add(time.Second), who,
			p.traits("phone", who.Phone, "home_store", stores[p.place.store].name))
		s.agreesAtTill(at.Add(2 * time.Second))
		return
	}
	s.put(SourcePOS, "customer.identified", events.ChannelStore, at.Add(time.Second), who, data("traits", data("home_store", stores[p.place.store].name)))
}

// agreesAtTill is the one consent that the till asks of those whom only the till knows: text messages.
func (s *scene) agreesAtTill(at time.Time) {
	if s.p.optIn["sms"] {
		s.put(SourcePOS, "consent.given", events.ChannelStore, at, Who{Loyalty: s.p.loyalty},
			data("purpose", "marketing", "medium", "sms", "text_version", "2025-03"))
	}
}
