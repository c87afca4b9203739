package query_test

import (
	"time"

	"github.com/c360hq/c360/events"
)

const day = 24 * time.Hour

// seoyeon is the customer of the stories: her phone is known to the shop, her browser only claims things.
type seoyeon struct {
	status, inquiry, failed, call events.Position
}

// tellSeoyeon tells the story of the mock: a late order, an inquiry nobody answered, a failed payment, a call.
func tellSeoyeon(h *house) seoyeon {
	const (
		shop    = "user_id:u-seoyeon"
		phone   = "phone:+821048217730"
		email   = "email:seoyeon.k@example.com"
		card    = "loyalty_id:LM-2207-41893"
		browser = "anonymous_id:b-1"
	)
	var s seoyeon
	h.happens(touch(400*day, events.ChannelStore, "customer.identified",
		`{"traits":{"name":"김서연","city":"서울","tier":"골드","birth_date":"1990-12-03"}}`, card, phone))
	h.happens(touch(300*day, events.ChannelStore, "order.completed",
		`{"order_id":"POS-1","total":129000,"currency":"KRW","store":"코엑스점","items":[{"sku":"B1","name":"실크 블라우스","quantity":1,"price":129000}]}`, card))
	h.happens(touch(200*day, events.ChannelWeb, "consent.given", `{"purpose":"marketing","medium":"sms"}`, shop, phone, email, browser))
	h.happens(touch(60*day, events.ChannelStore, "note.added", `{"note_id":"N1","text":"오전 통화 꺼림","author":"이준호","pinned":true}`, card))
	h.happens(touch(4*day, events.ChannelWeb, "order.completed",
		`{"order_id":"ORD-87950","total":189000,"currency":"KRW","items":[{"sku":"K1","name":"캐시미어 니트"},{"sku":"K2","name":"목도리"}]}`, shop))
	h.happens(touch(day, events.ChannelMessage, "message.sent", `{"medium":"sms","campaign":"겨울 아우터"}`, phone))
	for i := range 5 {
		s.status = h.happens(touch(62*time.Minute-time.Duration(i)*time.Minute, events.ChannelWeb, "order.status_viewed",
			`{"order_id":"ORD-87950","status":"상품 준비중"}`, browser, "claimed user_id:u-seoyeon"))
	}
	s.inquiry = h.happens(touch(41*time.Minute, events.ChannelInquiry, "inquiry.opened",
		`{"inquiry_id":"INQ-3391","case_id":"CASE-3391","order_id":"ORD-87950","subject":"배송 지연","category":"배송","complaint":true,"body":"목요일에 온다던 니트가 아직도 안 왔어요"}`, shop))
	for i := range 14 {
		h.happens(touch(36*time.Minute-time.Duration(i)*30*time.Second, events.ChannelWeb, "page.viewed", `{"title":"겨울 아우터","category":"아우터"}`, browser))
	}
	for i := range 2 {
		s.failed = h.happens(touch(13*time.Minute-time.Duration(i)*time.Minute, events.ChannelWeb, "payment.failed",
			`{"order_id":"ORD-88213","amount":248000,"currency":"KRW","reason":"카드사 한도 초과","error_code":"5104"}`, browser))
	}
	s.call = h.happens(touch(3*time.Minute, events.ChannelCall, "call.started", `{"call_id":"C-1","direction":"inbound","menu":"배송","wait_s":100}`, phone))
	return s
}
