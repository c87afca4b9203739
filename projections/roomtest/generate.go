package roomtest

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

type duration = time.Duration

const second = time.Second

// start is when generated histories begin.
var start = time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)

// decisionSource is the source of generated decisions, which go to the stream "identity".
const decisionSource = "c360"

// Options say what to generate.
type Options struct {
	People int
	Events int
	// Decisions is how many times somebody links or unlinks two fragments.
	Decisions int
	// Shared is how many phones and browsers in a hundred others use too.
	Shared int
}

// Generate returns events of people who use a web shop, stores and a call center, in the order in which they happened. It
// depends on nothing but its arguments. Among them are people seen first without a name, browsers that two people use, phones
// of families and of a till, mail addresses that somebody only claims, SDKs that make up an anonymous id for every event,
// orders that two systems tell of, and events that name nobody.
func Generate(seed uint64, o Options) []events.Event {
	g := &generator{random: random(seed), o: o}
	for i := range o.People {
		g.people = append(g.people, g.person(i))
	}
	var all []events.Event
	step := 400 * 24 * time.Hour / duration(max(o.Events, 1))
	for i := range o.Events {
		at := start.Add((duration(i) * step).Truncate(time.Millisecond)).Add(duration(g.n(1000)) * time.Millisecond)
		all = append(all, g.event(i, at))
	}
	for i := range o.Decisions {
		all = append(all, g.decision(i, all))
	}
	return all
}

// Shuffle returns the events in another order, with some of them twice: what the network makes of them.
func Shuffle(seed uint64, list []events.Event) []events.Event {
	r := random(seed)
	out := append([]events.Event(nil), list...)
	for i := range list {
		if r.n(20) == 0 {
			out = append(out, list[i])
		}
	}
	for i := len(out) - 1; i > 0; i-- {
		j := r.n(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// random is splitmix64.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// n returns a number below limit.
func (r *random) n(limit int) int { return int(r.next() % uint64(limit)) } // #nosec G115 -- below limit

func pick[T any](r *random, from ...T) T { return from[r.n(len(from))] }

type generator struct {
	random random
	o      Options
	people []person
}

func (g *generator) n(limit int) int { return g.random.n(limit) }

type person struct {
	name, user, loyalty, phone, email string
	browsers                          []string
}

// The numbers are from ranges that belong to nobody.
func (g *generator) person(i int) person {
	p := person{
		name:    pick(&g.random, "김", "이", "박", "최", "정") + pick(&g.random, "서연", "민재", "하늘", "도윤", "지우"),
		user:    fmt.Sprintf("u%d", i),
		loyalty: fmt.Sprintf("L%05d", i),
		phone:   fmt.Sprintf("+821000%06d", i),
		email:   fmt.Sprintf("person%d@example.com", i),
	}
	for k := range 1 + g.n(3) {
		browser := fmt.Sprintf("anon-%d-%d", i, k)
		if g.n(100) < g.o.Shared {
			browser = fmt.Sprintf("anon-shared-%d", g.n(g.o.People))
		}
		p.browsers = append(p.browsers, browser)
	}
	if g.n(100) < g.o.Shared {
		p.phone = fmt.Sprintf("+8210999999%02d", g.n(3))
	}
	return p
}

func (g *generator) event(i int, at time.Time) events.Event {
	p := &g.people[g.n(len(g.people))]
	e := events.Event{ID: fmt.Sprintf("e%d", i), Time: at, Received: at}
	switch g.n(20) {
	case 0:
		g.call(&e, p)
	case 1, 2, 3:
		g.store(&e, p)
	case 4:
		g.identify(&e, p)
	case 5:
		g.inquiry(&e, p)
	case 6:
		g.server(&e, p)
	case 7:
		g.consent(&e, p)
	case 8:
		g.stranger(&e, p)
	default:
		g.web(&e, p)
	}
	return e
}

func claimed(kind, value string) events.Identifier {
	return events.Identifier{Kind: kind, Value: value, Grade: events.Claimed}
}

func asserted(kind, value string) events.Identifier {
	return events.Identifier{Kind: kind, Value: value, Grade: events.Asserted}
}

func (g *generator) browser(p *person) events.Identifier {
	return claimed(events.KindAnonymousID, pick(&g.random, p.browsers...))
}

func (g *generator) web(e *events.Event, p *person) {
	e.Source, e.Channel = "web", events.ChannelWeb
	e.Identifiers = []events.Identifier{g.browser(p)}
	if g.n(3) == 0 {
		e.Identifiers = append(e.Identifiers, claimed(events.KindUserID, p.user))
	}
	switch g.n(8) {
	case 0:
		e.Type, e.Data = "products.searched", []byte(`{"query":"홍삼"}`)
	case 1:
		e.Type = "product.viewed"
		e.Data = fmt.Appendf(nil, `{"sku":"S%d","name":"상품 %d","price":%d,"currency":"KRW"}`, g.n(50), g.n(50), 1000*g.n(100))
	case 2:
		e.Type, e.Data = "order.completed", g.orderData(p)
	default:
		e.Type = "page.viewed"
		e.Data = fmt.Appendf(nil, `{"url":"https://shop.example/p/%d","path":"/p/%d","title":"페이지 %d"}`, g.n(99), g.n(99), g.n(99))
	}
}

func (g *generator) orderData(p *person) []byte {
	return fmt.Appendf(nil, `{"order_id":"ORD-%s-%d","total":%d,"currency":"KRW","items":[{"sku":"S1","name":"홍삼","quantity":1,"price":1000}]}`,
		p.user, g.n(6), 1000*(1+g.n(90)))
}

// server is a back end that knows who it is; some make up an anonymous id for every event.
func (g *generator) server(e *events.Event, p *person) {
	e.Source, e.Channel = "shop", events.ChannelWeb
	e.Identifiers = []events.Identifier{asserted(events.KindUserID, p.user)}
	if g.n(2) == 0 {
		e.Identifiers = append(e.Identifiers, claimed(events.KindAnonymousID, "fresh-"+e.ID))
	} else {
		e.Identifiers = append(e.Identifiers, g.browser(p))
	}
	switch g.n(4) {
	case 0:
		e.Type = "order.cancelled"
		e.Data = fmt.Appendf(nil, `{"order_id":"ORD-%s-%d","total":%d,"reason":"변심"}`, p.user, g.n(6), 500*g.n(90))
	case 1:
		e.Type = "order.refunded"
		e.Data = fmt.Appendf(nil, `{"order_id":"ORD-%s-%d","total":%d}`, p.user, g.n(6), 500*g.n(9))
	default:
		e.Type, e.Data = "order.completed", g.orderData(p)
	}
}

func (g *generator) store(e *events.Event, p *person) {
	e.Source, e.Channel, e.Type = "pos", events.ChannelStore, "order.completed"
	e.Identifiers = []events.Identifier{asserted(events.KindLoyaltyID, p.loyalty)}
	if g.n(2) == 0 {
		e.Identifiers = append(e.Identifiers, asserted(events.KindPhone, p.phone))
	}
	e.Data = fmt.Appendf(nil, `{"order_id":"T%s","total":%d,"currency":"KRW","store":"강남점"}`, e.ID, 100*g.n(900))
}

func (g *generator) call(e *events.Event, p *person) {
	e.Source, e.Channel, e.Type = "call", events.ChannelCall, "call.ended"
	e.Identifiers = []events.Identifier{asserted(events.KindPhone, p.phone)}
	if g.n(4) == 0 {
		e.Identifiers[0].Grade = events.Verified
	}
	e.Data = fmt.Appendf(nil, `{"call_id":"C%s","agent":"박상담","topic":"배송","duration_s":%d,"resolved":%t,"case_id":"CASE-%s-%d"}`,
		e.ID, g.n(900), g.n(2) == 0, p.user, g.n(3))
}

func (g *generator) identify(e *events.Event, p *person) {
	e.Source, e.Channel, e.Type = "shop", events.ChannelWeb, "customer.identified"
	e.Identifiers = []events.Identifier{asserted(events.KindUserID, p.user), asserted(events.KindEmail, p.email)}
	if g.n(3) == 0 {
		e.Identifiers = append(e.Identifiers, asserted(events.KindPhone, p.phone), g.browser(p))
	}
	name := p.name
	if g.n(5) == 0 {
		name = "개명 " + name
	}
	e.Data = fmt.Appendf(nil, `{"traits":{"name":%q,"email":%q,"tier":%q,"city":"서울","visits":%d}}`,
		name, p.email, pick(&g.random, "gold", "silver"), g.n(10))
}

func (g *generator) inquiry(e *events.Event, p *person) {
	e.Source, e.Channel = "desk", events.ChannelInquiry
	e.Identifiers = []events.Identifier{asserted(events.KindEmail, p.email)}
	e.Type = pick(&g.random, "inquiry.opened", "inquiry.opened", "inquiry.answered", "inquiry.closed", "inquiry.reopened", "note.added")
	if e.Type == "note.added" {
		e.Data = fmt.Appendf(nil, `{"note_id":"N%s-%d","text":"메모 %s","author":"박상담","pinned":%t}`, p.user, g.n(3), e.ID, g.n(2) == 0)
		return
	}
	n := g.n(3)
	e.Data = fmt.Appendf(nil, `{"inquiry_id":"INQ-%s-%d","case_id":"CASE-%s-%d","subject":"제목 %s","category":"배송","complaint":%t,"agent":"박상담"}`,
		p.user, n, p.user, n, e.ID, g.n(4) == 0)
}

func (g *generator) consent(e *events.Event, p *person) {
	e.Source, e.Channel, e.Type = "shop", events.ChannelWeb, pick(&g.random, "consent.given", "consent.withdrawn")
	e.Identifiers = []events.Identifier{asserted(events.KindUserID, p.user)}
	e.Data = fmt.Appendf(nil, `{"purpose":%q,"medium":%q}`, pick(&g.random, "marketing", "night"), pick(&g.random, "sms", "email"))
}

// stranger claims to be somebody, uses a made-up type, or names nobody at all.
func (g *generator) stranger(e *events.Event, p *person) {
	e.Source, e.Channel, e.Type = "web", events.ChannelWeb, "custom.song_played"
	e.Data = []byte(`{"event":"Song Played","title":"노래"}`)
	switch g.n(3) {
	case 0:
		e.Identifiers = []events.Identifier{claimed(events.KindEmail, p.email), claimed(events.KindPhone, p.phone)}
	case 1:
		e.Identifiers = []events.Identifier{claimed(events.KindAnonymousID, "stranger-"+e.ID), claimed(events.KindEmail, p.email)}
	default:
		e.Type, e.Channel, e.Data = "stock.adjusted", events.ChannelOther, nil
	}
}

// decision links or unlinks two of the fragments that are there; some pairs more than once.
func (g *generator) decision(i int, all []events.Event) events.Event {
	e := events.Event{
		ID: fmt.Sprintf("d%d", i), Source: decisionSource, Time: start.Add(duration(g.n(400*24)) * time.Hour),
		Type: pick(&g.random, "identity.linked", "identity.unlinked"), Channel: events.ChannelOther,
	}
	a, b := g.fragment(all), g.fragment(all)
	e.Data = fmt.Appendf(nil, `{"a":%q,"b":%q,"reason":"확인함","actor":"kim"}`, a, b)
	return e
}

func (g *generator) fragment(all []events.Event) uuid.UUID {
	for {
		if f, ok := all[g.n(g.o.Events)].Fragment(); ok {
			return f
		}
	}
}
