package demo

import (
	"time"

	"github.com/c360hq/c360/events"
)

// order is an online order on its way.
type order struct {
	number string
	basket []line
	total  int
	who    Who
	by     visitor
	at     time.Time
}

func (s *scene) orderOnline(v visitor, basket []line, at time.Time) {
	o := order{number: s.orderNumber(at), basket: basket, total: total(basket), who: v.shopKnows(), by: v, at: at}
	for n, l := range basket {
		s.put(v.source, "product.added", v.channel, at.Add(time.Duration(5*n-60)*time.Second), v.who,
			viewed(l.good, v, "quantity", l.quantity, "cart_id", "cart-"+v.session))
	}
	s.put(v.source, "checkout.started", v.channel, at.Add(-40*time.Second), v.who,
		data("order_id", o.number, "total", o.total, "currency", "KRW", "session_id", v.session))
	if s.d.chance(30) {
		s.put(SourceShop, "payment.failed", v.channel, at.Add(-15*time.Second), o.who,
			data("order_id", o.number, "amount", o.total, "currency", "KRW", "method", "card", "reason", "카드사 한도 초과", "error_code", "5104"))
	}
	s.complete(o)
	s.afterwards(o)
}

var payments = []string{"card", "card", "card", "easy_pay", "easy_pay", "transfer"}

func (s *scene) complete(o order) {
	coupon, method := "", one(s.d, payments)
	if s.d.chance(160) {
		coupon = "WEEKLY10"
		o.total = o.total * 9 / 10
		s.put(SourceShop, "coupon.redeemed", o.by.channel, o.at.Add(time.Second), o.who,
			data("coupon", coupon, "discount", o.total/9, "currency", "KRW", "order_id", o.number))
	}
	s.put(SourceShop, "order.completed", o.by.channel, o.at, o.who, data("order_id", o.number, "total", o.total, "currency", "KRW",
		"items", items(o.basket), "coupon", coupon, "payment_method", method))
	s.put(SourceShop, "payment.approved", o.by.channel, o.at.Add(2*time.Second), o.who,
		data("order_id", o.number, "amount", o.total, "currency", "KRW", "method", method))
}

// afterwards is what becomes of an order.
func (s *scene) afterwards(o order) {
	o.who = Who{User: s.p.user}
	switch s.d.weighted([]int{30, 75, 55, 840}) {
	case 0:
		s.put(SourceShop, "order.cancelled", o.by.channel, o.at.Add(s.d.span(10*time.Minute, 9*time.Hour)), o.who,
			data("order_id", o.number, "total", o.total, "currency", "KRW", "reason", one(s.d, []string{"단순 변심", "옵션 변경", "배송 지연"})))
	case 1:
		s.pickUp(o)
	case 2:
		s.late(o)
	default:
		s.arrived(o, s.ship(o, s.d.span(8*time.Hour, 40*time.Hour)))
	}
}

// ship sends an order out and returns when it arrives.
func (s *scene) ship(o order, after time.Duration) time.Time {
	out := o.at.Add(after)
	s.put(SourceShop, "shipment.dispatched", events.ChannelWeb, out, o.who,
		data("order_id", o.number, "carrier", one(s.d, []string{"한빛택배", "다온택배"}), "tracking_no", "TRK"+o.number[4:]))
	home := out.Add(s.d.span(16*time.Hour, 44*time.Hour))
	s.put(SourceShop, "shipment.delivered", events.ChannelWeb, home, o.who, data("order_id", o.number))
	return home
}

// pickUp is an order made online and fetched in a store.
func (s *scene) pickUp(o order) {
	at := o.at.Add(s.d.span(3*time.Hour, 30*time.Hour))
	where := stores[s.p.place.store].name
	s.put(SourceShop, "order.ready", events.ChannelStore, at, o.who, data("order_id", o.number, "store", where))
	s.put(SourcePOS, "order.picked_up", events.ChannelStore, at.Add(s.d.span(2*time.Hour, 50*time.Hour)), Who{Phone: s.p.phone},
		data("order_id", o.number, "store", where))
}

// late is an order that is not sent when promised: its owner looks, looks again, and asks.
func (s *scene) late(o order) {
	at := o.at.Add(s.d.span(50*time.Hour, 70*time.Hour))
	s.put(SourceShop, "shipment.delayed", events.ChannelWeb, at, o.who, data("order_id", o.number, "reason", "입고 지연"))
	st := &stepper{at, s.d}
	for range s.d.between(1, 4) {
		s.put(SourceShop, "order.status_viewed", events.ChannelWeb, st.next(20*time.Minute, 4*time.Hour), o.who, data("order_id", o.number, "status", "preparing"))
	}
	switch {
	case s.d.chance(450):
		s.ask(questionsLate, o.number, st.next(10*time.Minute, 3*time.Hour))
	case s.d.chance(400):
		s.call(questionsLate, o.number, "", st.next(time.Hour, 20*time.Hour))
	}
	s.arrived(o, s.ship(o, 96*time.Hour))
}

// arrived is what people do with what they bought.
func (s *scene) arrived(o order, home time.Time) {
	switch s.d.weighted([]int{140, 45, 35, 780}) {
	case 0:
		s.review(o, home.Add(s.d.span(20*time.Hour, 9*day)))
	case 1:
		s.sendBack(o, home.Add(s.d.span(2*day, 8*day)))
	case 2:
		s.ask(questionsAfter, o.number, home.Add(s.d.span(2*time.Hour, 4*day)))
	}
}

// sendBack returns the first good of an order. Some take another one of its kind soon after; the others may be lost.
func (s *scene) sendBack(o order, at time.Time) {
	s.put(SourceShop, "order.refunded", events.ChannelWeb, at, o.who, data("order_id", o.number, "total", o.basket[0].price, "currency", "KRW",
		"reason", one(s.d, []string{"사이즈 교환", "색상 차이", "불량"}), "items", items(o.basket[:1])))
	instead := at.Add(s.d.span(5*time.Hour, 6*day))
	if s.p.wordless || !s.present(instead) || !s.d.chance(350*s.p.buying(instead)/1000) {
		return
	}
	v := s.arrive(instead)
	v.who.User = s.p.user
	s.land(v, instead)
	s.orderOnline(v, []line{{s.sameKind(o.basket[0].good, instead), 1}}, instead.Add(4*time.Minute))
}

// sameKind is a good of the kind of another.
func (s *scene) sameKind(g good, at time.Time) good {
	for k, kd := range kinds {
		if kd.category == g.category {
			return s.goodOf(k, at)
		}
	}
	return g
}

func (s *scene) review(o order, at time.Time) {
	score := 5 - s.d.weighted([]int{58, 26, 9, 4, 3})
	s.put(SourceShop, "review.submitted", events.ChannelWeb, at, o.who,
		data("sku", o.basket[0].sku, "order_id", o.number, "score", score, "text", reviews[score-1]))
	if score <= 2 {
		s.put(SourceShop, "review.answered", events.ChannelWeb, at.Add(s.d.span(3*time.Hour, 30*time.Hour)), o.who,
			data("order_id", o.number, "agent", one(s.d, replyAgents), "text", "불편을 드려 죄송합니다. 확인 후 바로 연락드리겠습니다."))
	}
}

var reviews = [5]string{"기대와 달라요. 마감이 아쉽습니다.", "사진과 색이 달라요.", "무난합니다.", "가볍고 편해요.", "재구매했어요. 선물용으로도 좋아요."}
