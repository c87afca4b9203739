package brief

import (
	"strconv"

	"github.com/c360hq/c360/services/query/headline"
)

const quoteRunes = 24

// step writes a story as one step of the card.
func (s *story) step(book *headline.Book) Step {
	t, n := s.lead(), s.count()
	title, detail := book.Say(t.Type, &t.Facts)
	if special := s.title(n); special.Ko != "" {
		title = special
	} else if n > 1 {
		title = headline.Text{Ko: title.Ko + " ×" + strconv.Itoa(n), En: title.En + " ×" + strconv.Itoa(n)}
	}
	if special := s.detail(); special.Ko != "" {
		detail = special
	}
	return Step{
		Time: s.last().Time, Channel: t.Channel, Type: t.Type, Title: title, Detail: detail,
		Tone: s.tone(book), Count: len(s.touches), Position: s.last().Position,
	}
}

// count is how often the leading thing happened: a call is one call, however many events it has.
func (s *story) count() int {
	if s.isCall() {
		return 1
	}
	n := 0
	for _, t := range s.touches {
		if t.Type == s.lead().Type {
			n++
		}
	}
	return n
}

func (s *story) tone(book *headline.Book) headline.Tone {
	t := s.lead()
	switch {
	case s.isCall() && s.live():
		return headline.Live
	case s.open:
		return headline.Bad
	case s.isCall():
		return book.Tone(s.last().Type, &s.last().Facts)
	}
	return book.Tone(t.Type, &t.Facts)
}

// title says the stories for which the card has words of its own.
func (s *story) title(n int) headline.Text {
	t, times := s.lead(), strconv.Itoa(n)
	switch {
	case s.isCall() && s.live():
		return headline.Text{Ko: "전화 연결", En: "On the phone"}
	case s.isCall(), t.Type == "call.missed":
		return callTitle(s.last())
	case t.Type == "payment.failed" && n > 1:
		return headline.Text{Ko: "결제 " + times + "회 실패", En: "Payment failed " + times + " times"}
	case t.Type == "payment.failed":
		return headline.Text{Ko: "결제 실패", En: "Payment failed"}
	case t.Type == "order.status_viewed" && n > 1:
		return headline.Text{Ko: "주문 배송 상태를 " + times + "번 확인", En: "Checked the order status " + times + " times"}
	case t.Type == "order.status_viewed":
		return headline.Text{Ko: "주문 배송 상태 확인", En: "Checked the order status"}
	case s.key == "inquiry "+t.Facts.InquiryID:
		return s.inquiryTitle(&t.Facts)
	case s.key == "browsing" && n > 1:
		return headline.Text{Ko: "상품·페이지 " + times + "번 조회", En: "Looked at " + times + " pages"}
	}
	return headline.Text{}
}

func callTitle(t *Touch) headline.Text {
	if t.Facts.Resolved != nil && !*t.Facts.Resolved {
		return headline.Text{Ko: "통화 종료, 해결 안 됨", En: "Call ended, not resolved"}
	}
	if t.Type == "call.missed" {
		return headline.Text{Ko: "부재중 전화", En: "Missed call"}
	}
	return headline.Text{Ko: "통화 종료", En: "Call ended"}
}

func (s *story) inquiryTitle(f *headline.Facts) headline.Text {
	what := firstOf(s.fact(subject), s.fact(category), f.Topic)
	ko, en := "답변 완료", "answered"
	if s.open {
		ko, en = "답변 없음", "no answer yet"
	}
	if what == "" {
		return headline.Text{Ko: "문의, " + ko, En: "Inquiry, " + en}
	}
	return headline.Text{Ko: what + " 문의, " + ko, En: "Inquiry “" + what + "”, " + en}
}

func subject(f *headline.Facts) string  { return f.Subject }
func category(f *headline.Facts) string { return f.Category }
func body(f *headline.Facts) string     { return f.Text }
func orderID(f *headline.Facts) string  { return f.OrderID }
func item(f *headline.Facts) string     { return firstOf(f.Item, f.SKU) }

// fact returns the first thing any touch of the story says about something.
func (s *story) fact(of func(*headline.Facts) string) string {
	for _, t := range s.touches {
		if v := of(&t.Facts); v != "" {
			return v
		}
	}
	return ""
}

// detail says the second line where the row's own would be too long for a card.
func (s *story) detail() headline.Text {
	switch t := s.lead(); {
	case s.key == "inquiry "+t.Facts.InquiryID:
		return headline.Same(headline.Quote(s.fact(body), quoteRunes))
	case t.Type == "payment.failed":
		price := headline.Amount(t.Facts.Total, t.Facts.Currency)
		return headline.Same(spaced(firstOf(t.Facts.Item, t.Facts.OrderID), price))
	case t.Type == "order.status_viewed":
		status := headline.Word(t.Facts.Status)
		return headline.Text{Ko: dotted(t.Facts.OrderID, status.Ko), En: dotted(t.Facts.OrderID, status.En)}
	case s.key == "browsing":
		return headline.Same(firstOf(s.fact(item), s.fact(category), s.fact(pageTitle)))
	}
	return headline.Text{}
}

func pageTitle(f *headline.Facts) string { return f.Title }

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

func spaced(a, b string) string { return between(a, " ", b) }
func dotted(a, b string) string { return between(a, " · ", b) }

func between(a, gap, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + gap + b
}
