package demo

import (
	"fmt"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
)

// seoyeon is the customer everybody is shown first.
func (p Plan) seoyeon(index int) *person {
	one := p.member(index, StoryBeforeCall, name{"김", "서연", "kim", "seoyeon"}, female, 36)
	birthday := p.End.In(korea).AddDate(0, 0, 12)
	one.birth = fmt.Sprintf("%d-%02d-%02d", birthday.Year()-37, birthday.Month(), birthday.Day())
	one.phone, one.email, one.loyalty, one.user = "010-0821-7730", "seoyeon.kim@example.com", "LM-2207-41893", "u-41893"
	one.joined = time.Date(2022, time.July, 14, 20, 5, 0, 0, korea)
	if !one.joined.Before(p.Start()) {
		one.joined = p.Start().Add(-400 * day)
	}
	one.place, one.tier = districts[0], tierGold
	one.device, one.appShare, one.signedIn, one.browsers = p.id("device/", index), 450, 1000, 2
	one.favourites = [2]int{4, 5}
	one.webRate, one.storeRate, one.callRate, one.mailRate = 430, 90, 0, 420
	one.wordless, one.quietFrom = true, p.End.Add(-5*day)
	one.pace = p.bursts(index)
	return one
}

// bursts is somebody who comes often for a while and then not at all for a week or two.
func (p Plan) bursts(index int) pace {
	return func(at time.Time) (visits, purchases int) {
		week := uint64(p.week(at)) / 2                         //nolint:gosec // not negative: the history has begun
		if throw(p.Seed, 8, uint64(index), week).chance(300) { //nolint:gosec // an index
			return 0, 0
		}
		return 1450, 1450
	}
}

// tell is a story's pen: moments counted back from the end.
type tell struct {
	*scene
	end time.Time
}

func (w *world) tell(index, story int) tell {
	return tell{w.scene(w.people[index], storyTag+story), w.plan.End}
}

func (t tell) ago(d time.Duration) time.Time { return t.end.Add(-d) }

// kst is an hour of the day, so many days before the end.
func (t tell) kst(daysAgo, hour, minute int) time.Time {
	e := t.end.In(korea)
	return time.Date(e.Year(), e.Month(), e.Day()-daysAgo, hour, minute, 0, 0, korea)
}

func (t tell) shop(typ string, channel events.Channel, at time.Time, fields []byte) {
	t.put(SourceShop, typ, channel, at, Who{User: t.p.user}, fields)
}

// beforeThisCall is the hour that ends three minutes after she calls, and the year and a half before it.
func (w *world) beforeThisCall() {
	t := w.tell(0, 0)
	t.herYear()
	t.herPast()
	t.herWeek()
	t.herHour()
}

// coat is what she could not pay for.
var coat = good{"OT-2066", "울 블렌드 코트 (차콜, 66)", "아우터", "MARU", 248_000}

const dueOrder, failedOrder, dueCase, oldCase = "ORD-87950", "ORD-88213", "CASE-3391", "CASE-3187"

func (t tell) herHour() {
	for n := range 5 {
		t.put(SourceShop, "order.status_viewed", events.ChannelWeb, t.ago(58*time.Minute-time.Duration(n)*50*time.Second), t.herBrowser().shopKnows(),
			data("order_id", dueOrder, "status", "preparing"))
	}
	t.shop("inquiry.opened", events.ChannelInquiry, t.ago(41*time.Minute), opened(question{
		category: "배송", subject: "배송 지연",
		body: "목요일에 온다던 니트가 아직도 “상품 준비중”이에요. 선물이라 토요일까지 꼭 필요한데 오늘 출고되나요?",
	}, dueCase, dueOrder, "high"))
	v := t.herBrowser()
	for n := range 14 {
		g := coat
		if n%14 < 13 {
			g = goods[firstOf[5]+n%9]
		}
		t.put(SourceWeb, "product.viewed", events.ChannelWeb, t.ago(26*time.Minute-time.Duration(n)*29*time.Second), v.who, viewed(g, v))
	}
	t.put(SourceWeb, "product.added", events.ChannelWeb, t.ago(19*time.Minute), v.who, viewed(coat, v, "quantity", 1, "cart_id", "cart-"+v.session))
	for n, reason := range []string{"카드사 한도 초과", "다른 카드도 승인 거절"} {
		t.put(SourceShop, "payment.failed", events.ChannelWeb, t.ago(12*time.Minute-time.Duration(n)*95*time.Second), v.shopKnows(),
			data("order_id", failedOrder, "amount", coat.price, "currency", "KRW", "method", "card", "reason", reason, "error_code", "5104", "items", items([]line{{coat, 1}})))
	}
	t.put(SourceCall, "call.started", events.ChannelCall, t.ago(3*time.Minute), Who{Phone: bare(t.p.phone)},
		data("call_id", "CALL-7730-1", "direction", "inbound", "number_dialled", "대표번호 1588", "menu", "배송", "agent", "박지훈", "topic", "배송", "wait_s", 100))
}

func (t tell) herBrowser() visitor {
	v := visitor{source: SourceWeb, channel: events.ChannelWeb, session: "7f3a0c21"}
	v.who = Who{User: t.p.user, Anonymous: t.w.plan.browser(t.p, t.end, 0)}
	return v
}

// herWeek is the late order, a visit to the store, and a text message.
func (t tell) herWeek() {
	v := t.herBrowser()
	at := t.kst(4, 21, 14)
	t.put(SourceWeb, "products.searched", events.ChannelWeb, at.Add(-12*time.Minute), v.who, data("query", "엄마 선물 니트", "session_id", "c1d20417"))
	for n := range 8 {
		t.put(SourceWeb, "product.viewed", events.ChannelWeb, at.Add(time.Duration(n-11)*time.Minute), v.who, viewed(goods[firstOf[4]+n], v))
	}
	basket := []line{{good{"KN-2001", "캐시미어 니트", "니트", "MARU", 149_000}, 1}, {good{"AC-2002", "램스울 장갑", "머플러·장갑", "MARU", 40_000}, 1}}
	t.put(SourceShop, "order.completed", events.ChannelWeb, at, v.shopKnows(), data("order_id", dueOrder, "total", total(basket), "currency", "KRW",
		"items", items(basket), "payment_method", "card", "gift_wrap", true))
	t.shop("payment.approved", events.ChannelWeb, at.Add(2*time.Second), data("order_id", dueOrder, "amount", total(basket), "currency", "KRW", "method", "card"))
	store := Who{Loyalty: t.p.loyalty}
	t.put(SourcePOS, "store.visited", events.ChannelStore, t.kst(1, 12, 48), store, data("store", "강남점"))
	t.put(SourcePOS, "note.added", events.ChannelStore, t.kst(1, 12, 59), store, data("note_id", "NOTE-7730-3",
		"text", "코트 66 사이즈 착용. 재고 없어 온라인 주문 안내.", "author", "이준호", "store", "강남점", "pinned", false))
	sms := data("message_id", "MSG-7730-1", "medium", "sms", "template", "outer_launch", "subject", "겨울 아우터 신상품", "campaign", "outer_launch")
	for n, typ := range []string{"message.sent", "message.delivered", "message.opened", "message.clicked"} {
		t.shop(typ, events.ChannelMessage, t.kst(1, 18, 5).Add(time.Duration(n*n)*4*time.Minute), sms)
	}
}

// herPast is the exchange that made her explain everything twice, and what the stores wrote down.
func (t tell) herPast() {
	t.shop("inquiry.opened", events.ChannelInquiry, t.kst(20, 10, 20), opened(question{
		category: "교환", subject: "니트 소매 올 풀림 교환", body: "소매 올이 풀려 있어요. 사진 첨부합니다.", complaint: true,
	}, oldCase, "", "normal"))
	t.shop("inquiry.answered", events.ChannelInquiry, t.kst(20, 17, 2), data("inquiry_id", oldCase, "agent", "최유나", "body", "교환 접수해 드렸습니다. 상품을 회수하겠습니다."))
	who := Who{Phone: bare(t.p.phone)}
	call := []any{"call_id", "CALL-7730-0", "direction", "inbound", "agent", "최유나", "topic", "교환", "case_id", oldCase}
	t.put(SourceCall, "call.started", events.ChannelCall, t.kst(19, 15, 42), who, data(append([]any{"menu", "교환", "number_dialled", "대표번호 1588", "wait_s", 48}, call...)...))
	t.put(SourceCall, "call.ended", events.ChannelCall, t.kst(19, 15, 51), who, data(append([]any{
		"summary", "교환 접수 재확인. 웹에서 남긴 사진을 다시 요청함.", "duration_s", 492, "wait_s", 48, "resolved", false,
	}, call...)...))
	t.shop("survey.sent", events.ChannelMessage, t.kst(19, 16, 0), data("survey_id", "SVY-7730", "kind", "csat", "case_id", oldCase))
	t.shop("survey.answered", events.ChannelInquiry, t.kst(19, 16, 30), data("survey_id", "SVY-7730", "score", 2, "scale", 5, "kind", "csat",
		"text", "문의할 때마다 처음부터 다시 설명해야 해서 힘들어요.", "agent", "최유나", "case_id", oldCase))
	pos := Who{Loyalty: t.p.loyalty, Phone: t.p.phone}
	t.put(SourcePOS, "note.added", events.ChannelStore, t.kst(54, 19, 30), pos, data("note_id", "NOTE-7730-2",
		"text", "오전 통화 꺼림. 문자 먼저 보내고 오후에 연락.", "author", "이준호", "store", "강남점", "pinned", true))
	t.put(SourcePOS, "note.added", events.ChannelStore, t.kst(81, 16, 12), pos, data("note_id", "NOTE-7730-1",
		"text", "상의 66, 어깨 넓은 핏 선호. 어머니 선물을 자주 고름.", "author", "정하은", "store", "코엑스점", "pinned", false))
	t.shop("consent.withdrawn", events.ChannelWeb, t.kst(80, 21, 40), data("purpose", "marketing", "medium", "push", "text_version", "2025-03"))
	t.shop("consent.withdrawn", events.ChannelWeb, t.kst(80, 21, 41), data("purpose", "night", "medium", "*", "text_version", "2025-03"))
	t.shop("consent.withdrawn", events.ChannelWeb, t.kst(80, 21, 42), data("purpose", "third_party", "medium", "*", "text_version", "2025-03"))
}

// herOrders is how many she placed, herRevenue what they come to.
const herOrders, herRevenue = 27, 4_812_000

// herYear is 26 orders before the late one, and the questions that go with them.
func (t tell) herYear() {
	blouse := line{good{"TP-2003", "실크 블라우스", "셔츠·블라우스", "MARU", 129_000}, 1}
	t.herOrder([]line{blouse}, t.kst(54, 19, 22), "코엑스점")
	length := t.end.Sub(t.w.plan.Start()) - 62*day
	swing := 0
	for n := range herOrders - 2 {
		price := 198_000 // the odd one; the others come in pairs of 358,000
		switch {
		case n == herOrders-3:
		case n%2 == 0:
			swing = t.d.between(5, 118)
			price = (179 - swing) * 1000
		default:
			price = (179 + swing) * 1000
		}
		at := t.w.plan.Start().Add(30*time.Hour + length/time.Duration(herOrders-2)*time.Duration(n) + t.d.span(0, 12*day))
		g := t.good(t.p.favourites, at)
		g.price = price
		where := ""
		if n%5 > 2 {
			where = one(t.d, stores[:3]).name
		}
		t.herOrder([]line{{g, 1}}, at, where)
		if n%3 == 2 {
			t.ask(questionsAfter, "", at.Add(6*day))
		}
		if n%3 == 1 {
			t.call(questionsIdle, "", "", at.Add(9*day))
		}
	}
}

// herOrder buys in a store, or online if there is none.
func (t tell) herOrder(basket []line, at time.Time, where string) {
	number, sum := t.orderNumber(at), total(basket)
	fields := []any{"order_id", number, "total", sum, "currency", "KRW", "items", items(basket), "payment_method", "card", "store", where}
	if where != "" {
		t.put(SourcePOS, "order.completed", events.ChannelStore, at, Who{Loyalty: t.p.loyalty, Phone: t.p.phone}, data(fields...))
		t.put(SourcePOS, "points.earned", events.ChannelStore, at.Add(time.Second), Who{Loyalty: t.p.loyalty}, data("points", sum/100, "order_id", number))
		return
	}
	o := order{number: number, basket: basket, total: sum, who: Who{User: t.p.user}, at: at}
	t.put(SourceShop, "order.completed", events.ChannelWeb, at, Who{User: t.p.user, Anonymous: t.w.plan.browser(t.p, at, 0)}, data(fields...))
	t.shop("payment.approved", events.ChannelWeb, at.Add(2*time.Second), data("order_id", number, "amount", sum, "currency", "KRW", "method", "card"))
	t.ship(o, t.d.span(8*time.Hour, 30*time.Hour))
}

// Epilogue is what happens to the first story after the end: the call is answered, the order leaves.
func (c *Company) Epilogue() []Touchpoint {
	w := c.world()
	t := w.tell(0, 99)
	after := func(d time.Duration) time.Time { return c.plan.End.Add(d) }
	who := Who{Phone: bare(t.p.phone)}
	t.put(SourceCall, "call.answered", events.ChannelCall, after(45*time.Second), who, data("call_id", "CALL-7730-1", "agent", "박지훈", "menu", "배송", "topic", "배송"))
	t.shop("shipment.dispatched", events.ChannelWeb, after(150*time.Second), data("order_id", dueOrder, "carrier", "한빛택배", "tracking_no", "TRK"+strconv.Itoa(87950)))
	t.put(SourceCall, "call.ended", events.ChannelCall, after(240*time.Second), who, data("call_id", "CALL-7730-1", "direction", "inbound", "agent", "박지훈",
		"topic", "배송", "summary", "ORD-87950 오늘 출고 확인. 결제 오류는 한도 상향 후 재시도 안내.", "duration_s", 320, "wait_s", 100, "resolved", true, "case_id", dueCase, "order_id", dueOrder))
	t.shop("inquiry.answered", events.ChannelInquiry, after(260*time.Second), data("inquiry_id", dueCase, "agent", "박지훈", "body", "오늘 출고되어 토요일 오전에 도착합니다."))
	t.shop("inquiry.closed", events.ChannelInquiry, after(265*time.Second), data("inquiry_id", dueCase, "agent", "박지훈", "resolution", "당일 출고"))
	t.shop("survey.sent", events.ChannelMessage, after(330*time.Second), data("survey_id", "SVY-7730-2", "kind", "csat", "case_id", dueCase))
	var out []Touchpoint
	w.flush(after(time.Hour), func(tp Touchpoint) bool {
		out = append(out, tp)
		return true
	})
	return out
}
