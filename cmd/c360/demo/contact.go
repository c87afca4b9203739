package demo

import (
	"time"

	"github.com/c360hq/c360/events"
)

// question is something people ask, and what they are told.
type question struct {
	category, subject, body, answer, summary string
	complaint                                bool
}

var (
	questionsLate = []question{
		{"배송", "배송 지연", "주문한 지 며칠이 지났는데 아직 상품 준비중이에요. 언제 출고되나요?", "입고가 늦어졌습니다. 내일 출고 예정입니다.", "출고 예정일 안내", false},
		{"배송", "배송 지연", "약속한 날짜가 지났습니다. 답변도 없고 너무하네요.", "불편을 드려 죄송합니다. 오늘 바로 출고하겠습니다.", "지연 사과, 당일 출고 처리", true},
	}
	questionsAfter = []question{
		{"교환", "사이즈 교환", "생각보다 커요. 한 사이즈 작은 걸로 교환하고 싶어요.", "교환 접수해 드렸습니다. 내일 수거 기사님이 방문합니다.", "교환 접수", false},
		{"환불", "환불 요청", "색상이 사진과 달라서 환불하고 싶습니다.", "수거 후 영업일 3일 안에 환불됩니다.", "환불 접수", false},
		{"AS", "안경 나사 풀림", "산 지 한 달인데 다리 나사가 자꾸 풀려요.", "가까운 매장에서 무상으로 조여 드립니다.", "무상 수리 안내", true},
		{"렌즈", "도수 확인", "받은 렌즈 도수가 처방전과 다른 것 같아요.", "매장에서 바로 측정해 드리겠습니다. 예약을 잡았습니다.", "매장 검안 예약", true},
	}
	questionsIdle = []question{
		{"재입고", "재입고 문의", "품절된 상품 언제 다시 들어오나요?", "다음 주에 입고됩니다. 알림을 신청해 두었습니다.", "재입고 알림 신청", false},
		{"회원", "포인트 문의", "매장에서 쌓은 포인트가 앱에서 안 보여요.", "멤버십 번호를 연결해 드렸습니다.", "멤버십 연결", false},
		{"결제", "결제 오류", "결제 단계에서 자꾸 오류가 나요.", "카드사 점검이 끝났습니다. 다시 시도해 주세요.", "결제 오류 안내", false},
		{"상담", "렌즈 상담", "난시가 있는데 원데이 렌즈도 있나요?", "난시용 원데이가 있습니다. 매장 시착도 가능합니다.", "난시용 안내", false},
	}
)

// ask opens an inquiry on the web; most are answered within a day, some only after a call. It continues there.
func (s *scene) ask(from []question, order string, at time.Time) {
	if s.p.user == "" {
		return
	}
	q, number, who := one(s.d, from), s.caseNumber(at), Who{User: s.p.user}
	s.put(SourceShop, "inquiry.opened", events.ChannelInquiry, at, who, opened(q, number, order, "normal"))
	answered := at.Add(s.d.span(25*time.Minute, 26*time.Hour))
	if s.d.chance(160) {
		answered = s.call([]question{q}, order, number, at.Add(s.d.span(15*time.Hour, 28*time.Hour))).Add(20 * time.Minute)
	}
	agent := one(s.d, replyAgents)
	s.put(SourceShop, "inquiry.answered", events.ChannelInquiry, answered, who, data("inquiry_id", number, "body", q.answer, "agent", agent))
	if s.tag >= storyTag || s.d.chance(850) {
		s.put(SourceShop, "inquiry.closed", events.ChannelInquiry, answered.Add(s.d.span(time.Hour, 3*day)), who,
			data("inquiry_id", number, "resolution", q.summary, "agent", agent))
		s.surveyed(asking{"SVY-" + number, number, agent, who, 5 - s.d.weighted([]int{40, 30, 15, 10, 5})}, answered.Add(s.d.span(3*day, 4*day)))
	}
}

func opened(q question, number, order, priority string) []byte {
	return data("inquiry_id", number, "case_id", number, "subject", q.subject, "body", q.body, "category", q.category,
		"order_id", order, "complaint", q.complaint, "priority", priority)
}

// call is a conversation on the phone. The call center knows the number, nothing else. It returns when it ended.
func (s *scene) call(from []question, order, number string, at time.Time) time.Time {
	local := at.In(korea)
	if h := local.Hour(); h < 9 || h >= 18 {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, 9, s.d.upTo(59), s.d.upTo(60), 0, korea)
	}
	q, agent, wait := one(s.d, from), one(s.d, callAgents), s.d.between(5, 240)
	id := "CALL-" + s.w.plan.id("call/", s.p.index, "/", s.tag, "/", s.n)[:8]
	who := Who{Phone: bare(s.p.phone)}
	s.put(SourceCall, "call.started", events.ChannelCall, at, who, data("call_id", id, "direction", "inbound", "number_dialled", "대표번호 1588", "menu", q.category, "wait_s", wait))
	if s.d.chance(50) {
		s.put(SourceCall, "call.missed", events.ChannelCall, at.Add(time.Duration(wait)*time.Second), who, data("call_id", id))
		return at
	}
	length := s.d.between(70, 620)
	end, resolved := at.Add(time.Duration(wait+length)*time.Second), s.d.chance(820)
	s.put(SourceCall, "call.ended", events.ChannelCall, end, who, data("call_id", id, "direction", "inbound", "agent", agent, "topic", q.category,
		"summary", q.summary, "duration_s", length, "wait_s", wait, "resolved", resolved, "case_id", number, "order_id", order))
	if s.tag < storyTag && s.d.chance(250) {
		s.surveyed(asking{"SVY-" + id, number, agent, who, s.callScore(resolved)}, end.Add(s.d.span(20*time.Minute, 2*time.Hour)))
	}
	return end
}

// callScore is what somebody thinks of a call: less if they have to ring again.
func (s *scene) callScore(resolved bool) int {
	if resolved {
		return 5 - s.d.weighted([]int{46, 32, 14, 6, 2})
	}
	return 5 - s.d.weighted([]int{6, 14, 28, 30, 22})
}

// smallCall is somebody ringing up without a story before it.
func (s *scene) smallCall(at time.Time) {
	if !s.p.wordless {
		s.call(questionsIdle, "", "", at)
	}
}
