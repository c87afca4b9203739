package brief

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/c360hq/c360/services/query/headline"
)

// reason says in one sentence why the customer probably gets in touch: the two weightiest topics, and a warning not
// to ask again for what the customer has already written.
func reason(told []*story) headline.Text {
	topics, asked := topics(told)
	out := headline.Text{Ko: "특별한 용건이 보이지 않습니다.", En: "Nothing stands out."}
	switch {
	case len(topics) > 1:
		a, b := topics[0], topics[1]
		out.Ko = a.Ko + particle(a.Ko, "이", "가") + " 먼저, " + b.Ko + particle(b.Ko, "은", "는") + " 그다음."
		out.En = "First " + a.En + ", then " + b.En + "."
	case len(topics) == 1:
		out.Ko = topics[0].Ko + " 건일 가능성이 큽니다."
		out.En = "Most likely about " + topics[0].En + "."
	}
	if asked {
		out.Ko += " 문의 내용을 다시 묻지 마세요."
		out.En += " Do not ask again what the inquiry already says."
	}
	return out
}

// topics returns what the stories are about as noun phrases, weightiest first, each order once; asked tells that an open inquiry is
// among them.
func topics(told []*story) (all []headline.Text, asked bool) {
	seen := map[string]bool{}
	byWeight := slices.Clone(told)
	slices.SortStableFunc(byWeight, func(a, b *story) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), b.last().Time.Compare(a.last().Time))
	})
	for _, s := range byWeight {
		asked = asked || s.open
		t, ok := s.topic()
		if (s.key == "cart" || s.key == "checkout") && bought(told) {
			continue
		}
		if !ok || seen[t.Ko] || s.sameOrder(seen) {
			continue
		}
		seen[t.Ko] = true
		all = append(all, t)
	}
	return all, asked
}

// sameOrder reports whether a weightier story has already spoken about the order of this one, and notes it.
func (s *story) sameOrder(seen map[string]bool) bool {
	id := s.fact(orderID)
	if id == "" || s.lead().Type == "payment.failed" {
		return false
	}
	known := seen["order "+id]
	seen["order "+id] = true
	return known
}

// topic says what the story asks for; false if it asks for nothing.
func (s *story) topic() (text headline.Text, ok bool) {
	t, id := s.lead(), s.fact(orderID)
	switch {
	case s.open:
		text = s.inquiryTopic(id)
	case t.Type == "payment.failed":
		text = headline.Text{Ko: "결제 오류", En: "the failed payment"}
	case t.Type == "shipment.delayed":
		text = headline.Text{Ko: spaced(id, "배송 지연"), En: "the late delivery" + of(id)}
	case t.Type == "order.status_viewed":
		text = headline.Text{Ko: spaced(id, "출고 확인"), En: "the shipping" + of(id)}
	case t.Type == "order.cancelled" || t.Type == "order.refunded":
		text = headline.Text{Ko: spaced(id, "취소·환불 확인"), En: "the cancellation or refund" + of(id)}
	default:
		text = s.lesserTopic()
	}
	return text, text.Ko != ""
}

// lesserTopic says what the story asks for when nothing is wrong with an order.
func (s *story) lesserTopic() headline.Text {
	t := s.last()
	switch {
	case t.Type == "call.missed":
		return headline.Text{Ko: "부재중 전화 회신", En: "the missed call"}
	case t.Type == "call.ended" && t.Facts.Resolved != nil:
		return headline.Text{Ko: "지난 통화에서 끝나지 않은 용건", En: "what the last call left open"}
	case headline.Unhappy(t.Type, &t.Facts):
		return headline.Text{Ko: "낮은 만족도 응답", En: "the low score they gave"}
	case t.Type == "coupon.denied":
		return headline.Text{Ko: "쿠폰 적용 오류", En: "the refused coupon"}
	case t.Type == "appointment.missed":
		return headline.Text{Ko: "놓친 예약 변경", En: "the missed appointment"}
	case s.key == "cart" || s.key == "checkout":
		what := s.fact(item)
		return headline.Text{Ko: spaced(quoted(what), "구매 상담"), En: "buying " + cmp.Or(quoted(what), "what is in the cart")}
	case t.Type == "order.completed":
		return headline.Text{Ko: spaced(t.Facts.OrderID, "주문 확인"), En: spaced("the order", t.Facts.OrderID)}
	case t.Type == "appointment.booked":
		return headline.Text{Ko: spaced(t.Facts.Store, "예약 확인"), En: "the appointment"}
	}
	return headline.Text{}
}

// bought reports whether the stories end in an order: what was put into the cart is then no question any more.
func bought(told []*story) bool {
	return slices.ContainsFunc(told, func(s *story) bool { return s.lead().Type == "order.completed" })
}

// inquiryTopic says what an open inquiry asks for, from the words in its subject and category.
func (s *story) inquiryTopic(id string) headline.Text {
	words := strings.ToLower(s.fact(subject) + " " + s.fact(category))
	switch {
	case containsAny(words, "환불", "취소", "refund", "cancel"):
		return headline.Text{Ko: spaced(id, "환불 확인"), En: "the refund" + of(id)}
	case containsAny(words, "교환", "반품", "exchange", "return"):
		return headline.Text{Ko: spaced(id, "교환·반품 확인"), En: "the exchange or return" + of(id)}
	case containsAny(words, "배송", "출고", "도착", "deliver", "shipping"):
		return headline.Text{Ko: spaced(id, "출고 확인"), En: "the shipping" + of(id)}
	}
	if what := cmp.Or(s.fact(subject), s.fact(category), id); what != "" {
		return headline.Text{Ko: "답변 없는 " + quoted(what) + " 문의", En: "the unanswered inquiry " + quoted(what)}
	}
	return headline.Text{Ko: "답변 없는 문의", En: "the unanswered inquiry"}
}

func containsAny(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

func of(id string) string {
	if id == "" {
		return ""
	}
	return " of " + id
}

func quoted(s string) string { return headline.Quote(s, quoteRunes) }

// particle chooses the Korean particle that follows a word: the first after a final consonant, else the second.
func particle(word, closed, open string) string {
	last, _ := utf8.DecodeLastRuneInString(word)
	if last < '가' || last > '힣' || (last-'가')%28 == 0 {
		return open
	}
	return closed
}
