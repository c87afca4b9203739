package demo

import (
	"time"

	"github.com/c360hq/c360/events"
)

// visit is somebody in a store: mostly a purchase, sometimes advice only.
func (s *scene) visit(at time.Time) {
	where := stores[s.p.place.store].name
	if s.d.chance(120) {
		where = one(s.d, stores).name
	}
	if s.p.wordless || s.d.chance(280) {
		s.advice(where, at)
		return
	}
	s.buys(where, s.basket(s.p.favourites, at), at)
}

// atTill is what the till takes down: the card, and from some people the phone number.
func (s *scene) atTill() Who {
	who := Who{Loyalty: s.p.loyalty}
	if s.d.chance(s.p.tillPhone) {
		who.Phone = s.p.phone
	}
	return who
}

func (s *scene) buys(where string, basket []line, at time.Time) {
	number, sum, who := s.orderNumber(at), total(basket), s.atTill()
	s.put(SourcePOS, "order.completed", events.ChannelStore, at, who, data("order_id", number, "total", sum, "currency", "KRW",
		"items", items(basket), "store", where, "payment_method", one(s.d, []string{"card", "card", "cash", "easy_pay"})))
	s.put(SourcePOS, "points.earned", events.ChannelStore, at.Add(time.Second), Who{Loyalty: s.p.loyalty}, data("points", sum/100, "order_id", number))
	if s.d.chance(120) {
		s.surveyed(asking{survey: "SVY-" + number, who: Who{Loyalty: s.p.loyalty}, score: 5 - s.d.weighted([]int{50, 32, 12, 4, 2})},
			at.Add(s.d.span(2*time.Hour, 6*time.Hour)))
	}
}

// advice is a visit without a purchase; what was said may be noted, and marketing may follow it up.
func (s *scene) advice(where string, at time.Time) {
	who := s.atTill()
	s.put(SourcePOS, "store.visited", events.ChannelStore, at, who, data("store", where))
	if s.p.wordless || !s.d.chance(350) {
		return
	}
	n := one(s.d, consultations)
	s.put(SourcePOS, "note.added", events.ChannelStore, at.Add(6*time.Minute), who, data("note_id", "NOTE-"+s.w.plan.id("note/", s.p.index, "/", s.tag, "/", s.n)[:8],
		"text", n.note, "author", one(s.d, storeStaff), "store", where, "pinned", false))
	if s.p.user != "" && s.p.optIn["email"] {
		s.message("email", n.template, n.subject, "consultation", at.Add(s.d.span(20*time.Hour, 30*time.Hour)))
	}
}

var consultations = []struct{ note, template, subject string }{
	{"누진렌즈 상담. 다음 달 시력 검사 후 결정.", "progressive_guide", "누진렌즈 처음이신가요? 적응 가이드"},
	{"코트 66 시착. 재고 없어 온라인 주문 안내.", "restock", "찾으시던 코트가 곧 들어옵니다"},
	{"아이 안경 문의. 블루라이트 차단 관심.", "kids_lens", "우리 아이 눈을 위한 블루라이트 차단 렌즈"},
	{"선물용 머플러 추천. 포장 요청.", "gift_guide", "받는 분이 좋아하는 선물 모음"},
}

// strangers are people nobody knows: browsers that never sign in and receipts without a card.
func (c *Company) strangers(w *world, start time.Time) {
	nobody := &person{index: -1, browsers: 1, joined: c.plan.End.Add(100 * 365 * day), pace: steady}
	s := &scene{w: w, p: nobody, tag: w.week, d: throw(c.plan.Seed, 3, uint64(w.week))} //nolint:gosec // a small number
	for range max(1, c.plan.Customers/160) {
		nobody.favourites = [2]int{s.d.upTo(len(kinds)), s.d.upTo(len(kinds))}
		at := s.clockTime(start.Add(time.Duration(s.d.upTo(7))*day), webHours)
		s.passesBy(at)
	}
	for range max(1, c.plan.Customers/140) {
		s.receipt(s.clockTime(start.Add(time.Duration(s.d.upTo(7))*day), storeHours))
	}
	s.announce(start)
}

func (s *scene) passesBy(at time.Time) {
	v := visitor{source: SourceWeb, channel: events.ChannelWeb}
	v.who.Anonymous = s.w.plan.id("stranger/", s.tag, "/", s.n)
	v.session = v.who.Anonymous[:8]
	s.land(v, at)
	s.lookAround(v, &stepper{at, s.d})
}

// receipt is a purchase at the till that names nobody.
func (s *scene) receipt(at time.Time) {
	basket := s.basket([2]int{s.d.upTo(len(kinds)), s.d.upTo(len(kinds))}, at)
	s.put(SourcePOS, "order.completed", events.ChannelStore, at, Who{}, data("order_id", s.orderNumber(at), "total", total(basket), "currency", "KRW",
		"items", items(basket), "store", one(s.d, stores).name, "payment_method", one(s.d, []string{"card", "cash"})))
}
