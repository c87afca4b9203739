package demo

import (
	"time"

	"github.com/c360hq/c360/events"
)

// stories tells them all. doc.go says what each is about.
func (c *Company) stories(w *world) {
	w.beforeThisCall()
	for i, p := range c.people {
		switch p.story {
		case StoryHandOff:
			w.tell(i, 1).handOff()
		case StoryTypo:
			if c.people[i+1].story == StoryTypo {
				w.tell(i+1, 2).typo(p)
			}
		case StoryWrongMail:
			if c.people[i+1].story == StoryWrongMail {
				w.tell(i+1, 3).wrongMail(p)
			}
		case StoryVIP:
			w.tell(i, 4).openComplaint()
		case StoryCoating:
			w.tell(i, 5).coating()
		}
	}
}

// handOff is asked on the web in the evening and continued on the phone the next morning, under the same case.
func (t tell) handOff() {
	const number = "CASE-3352"
	t.shop("inquiry.opened", events.ChannelInquiry, t.kst(2, 20, 10), opened(question{
		category: "렌즈", subject: "누진렌즈 적응 문의",
		body: "누진다초점은 처음인데 운전할 때 어지러우면 교환이 되나요? 지금 쓰는 도수는 처방전으로 올려 두었습니다.",
	}, number, "", "normal"))
	t.shop("inquiry.answered", events.ChannelInquiry, t.kst(2, 21, 5), data("inquiry_id", number, "agent", "송민아",
		"body", "올려 주신 처방전 확인했습니다. 30일 안에 한 번 무상 교환이 됩니다. 내일 전화 주시면 검안 예약을 잡아 드릴게요."))
	who := Who{Phone: bare(t.p.phone)}
	call := []any{"call_id", "CALL-3352", "direction", "inbound", "agent", "이수빈", "topic", "렌즈", "case_id", number}
	t.put(SourceCall, "call.started", events.ChannelCall, t.kst(1, 10, 20), who, data(append([]any{"menu", "상담", "number_dialled", "대표번호 1588", "wait_s", 22}, call...)...))
	t.put(SourceCall, "call.ended", events.ChannelCall, t.kst(1, 10, 24), who, data(append([]any{
		"summary", "웹 문의 이어서 상담. 처방전 다시 묻지 않음. 토요일 검안 예약.", "duration_s", 214, "wait_s", 22, "resolved", true,
	}, call...)...))
	t.put(SourceCall, "appointment.booked", events.ChannelCall, t.kst(1, 10, 25), who,
		data("appointment_id", "APT-3352", "store", stores[t.p.place.store].name, "at", t.kst(-3, 11, 0).Format(time.RFC3339), "topic", "누진렌즈 검안"))
	t.shop("inquiry.closed", events.ChannelInquiry, t.kst(1, 10, 26), data("inquiry_id", number, "agent", "이수빈", "resolution", "무상 교환 안내, 검안 예약"))
}

// typo is a purchase where the till took somebody else's loyalty number: one digit beside the buyer's own.
func (t tell) typo(other *person) {
	at := t.kst(6, 15, 31)
	basket := []line{{goods[firstOf[9]], 1}}
	number := t.orderNumber(at)
	t.put(SourcePOS, "order.completed", events.ChannelStore, at, Who{Loyalty: other.loyalty, Phone: t.p.phone}, data("order_id", number, "total", total(basket),
		"currency", "KRW", "items", items(basket), "store", stores[t.p.place.store].name, "payment_method", "card"))
}

// wrongMail is a browser that claims the mail address of somebody else. It must not link.
func (t tell) wrongMail(other *person) {
	at := t.kst(3, 22, 2)
	v := visitor{source: SourceWeb, channel: events.ChannelWeb, session: "0badcafe"}
	v.who = Who{Anonymous: t.w.plan.browser(t.p, at, 0), Email: other.email}
	t.put(SourceWeb, "page.viewed", events.ChannelWeb, at, Who{Anonymous: v.who.Anonymous},
		data("url", site+"/my/coupons", "path", "/my/coupons", "title", "쿠폰함", "name", "쿠폰함", "session_id", v.session))
	t.put(SourceWeb, "customer.identified", events.ChannelWeb, at.Add(40*time.Second), v.who, data("traits", data("email", other.email)))
}

// openComplaint is the best customer with a broken frame, three days without an answer, and an advertisement.
func (t tell) openComplaint() {
	const number = "CASE-3378"
	bought := t.kst(24, 18, 20)
	frame := line{good{"FR-1001", "티타늄 라운드", "안경테", "LUMEN", 239_000}, 1}
	order := t.orderNumber(bought)
	t.put(SourcePOS, "order.completed", events.ChannelStore, bought, Who{Loyalty: t.p.loyalty, Phone: t.p.phone}, data("order_id", order, "total", total([]line{frame}),
		"currency", "KRW", "items", items([]line{frame}), "store", stores[t.p.place.store].name, "payment_method", "card"))
	t.shop("inquiry.opened", events.ChannelInquiry, t.kst(3, 11, 42), opened(question{
		category: "AS", subject: "안경 경첩 파손", complaint: true,
		body: "3주 전에 산 안경 경첩이 부러졌습니다. 매장에서는 온라인에 문의하라고 하고, 여기서는 답이 없네요.",
	}, number, order, "high"))
	who := Who{Phone: bare(t.p.phone)}
	t.put(SourceCall, "call.started", events.ChannelCall, t.kst(2, 14, 3), who, data("call_id", "CALL-3378-1", "direction", "inbound", "menu", "AS", "number_dialled", "대표번호 1588", "wait_s", 310))
	t.put(SourceCall, "call.ended", events.ChannelCall, t.kst(2, 14, 12), who, data("call_id", "CALL-3378-1", "direction", "inbound", "agent", "한지우", "topic", "AS",
		"summary", "경첩 파손 불만. 담당자 회신 약속.", "duration_s", 226, "wait_s", 310, "resolved", false, "case_id", number, "order_id", order))
	t.shop("message.sent", events.ChannelMessage, t.kst(1, 11, 0), data("message_id", "MSG-3378", "medium", "sms", "template", "season_off", "subject", "시즌 오프 최대 40%", "campaign", "season_off"))
	t.put(SourceCall, "call.missed", events.ChannelCall, t.kst(1, 16, 40), who, data("call_id", "CALL-3378-2"))
}

// coating is one of many complaints about the same lens within six days.
func (t tell) coating() {
	at := t.ago(time.Duration(3+t.p.index*97%140) * time.Hour)
	q := question{category: "AS", subject: "렌즈 코팅 벗겨짐", complaint: true, body: one(t.d, coatingTexts)}
	t.shop("inquiry.opened", events.ChannelInquiry, at, opened(q, t.caseNumber(at), "", "normal"))
}

var coatingTexts = []string{
	"블루라이트 차단 1.60 렌즈 코팅이 한 달 만에 벗겨졌어요.", "렌즈 가장자리 코팅이 일어납니다. 블루라이트 차단 제품이에요.", "코팅이 갈라져서 빛 번짐이 심해요. 교환해 주세요.",
}
