package headline

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/c360hq/c360/events"
)

// A phrase says one part of a line, or nothing if the facts do not hold it.
type phrase func(f *Facts) Text

// Amount writes money the way people read it: ₩248,000, or 12.50 USD.
func Amount(m events.Money, currency string) string {
	if m == 0 {
		return ""
	}
	whole, cents, found := strings.Cut(m.String(), ".")
	text := thousands(whole)
	if found {
		text += "." + (cents + "0")[:max(2, len(cents))]
	}
	if currency == "" || currency == "KRW" {
		return "₩" + text
	}
	return text + " " + currency
}

func thousands(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Quote shortens what somebody wrote to n runes and puts it in quotation marks.
func Quote(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return ""
	}
	if utf8.RuneCountInString(s) > n {
		s = string([]rune(s)[:n]) + "…"
	}
	return "“" + s + "”"
}

const quoteRunes = 80

func total(f *Facts) Text    { return Same(Amount(f.Total, f.Currency)) }
func order(f *Facts) Text    { return Same(f.OrderID) }
func store(f *Facts) Text    { return Same(f.Store) }
func reason(f *Facts) Text   { return Same(f.Reason) }
func category(f *Facts) Text { return Same(f.Category) }
func subject(f *Facts) Text  { return Same(f.Subject) }
func topic(f *Facts) Text    { return Same(f.Topic) }
func coupon(f *Facts) Text   { return Same(f.Coupon) }
func query(f *Facts) Text    { return Same(Quote(f.Query, quoteRunes)) }
func text(f *Facts) Text     { return Same(Quote(f.Text, quoteRunes)) }
func method(f *Facts) Text   { return Same(f.Method) }
func tracking(f *Facts) Text { return Same(strings.TrimSpace(f.Carrier + " " + f.TrackingNo)) }
func caseID(f *Facts) Text   { return Same(f.CaseID) }
func author(f *Facts) Text   { return Same(f.Author) }
func status(f *Facts) Text   { return Word(f.Status) }
func step(f *Facts) Text     { return Same(f.Step) }

func item(f *Facts) Text { return Same(firstOf(f.Item, f.SKU)) }

// items says "캐시미어 니트 외 1건": the first item and how many more.
func items(f *Facts) Text {
	more := f.ItemsCount - 1
	if more < 1 || f.Item == "" {
		return item(f)
	}
	n := strconv.Itoa(more)
	return Text{Ko: f.Item + " 외 " + n + "건", En: f.Item + " and " + n + " more"}
}

func page(f *Facts) Text { return Same(firstOf(f.Title, f.Path)) }

func campaign(f *Facts) Text { return Same(firstOf(f.Subject, f.Campaign, f.Template)) }

func agent(f *Facts) Text {
	if f.Agent == "" {
		return Text{}
	}
	return Text{Ko: "상담원 " + f.Agent, En: "agent " + f.Agent}
}

func menu(f *Facts) Text {
	if f.Menu == "" {
		return Text{}
	}
	return Text{Ko: f.Menu + " 메뉴 선택", En: "chose " + f.Menu}
}

func code(f *Facts) Text {
	if f.ErrorCode == "" {
		return Text{}
	}
	return Text{Ko: "오류 " + f.ErrorCode, En: "error " + f.ErrorCode}
}

func waited(f *Facts) Text {
	if f.WaitS <= 0 {
		return Text{}
	}
	d := seconds(f.WaitS)
	return Text{Ko: "대기 " + d.Ko, En: "waited " + d.En}
}

func duration(f *Facts) Text { return seconds(f.DurationS) }

// seconds says 8분 12초 or 8 min 12 s.
func seconds(s int) Text {
	if s <= 0 {
		return Text{}
	}
	sec := strconv.Itoa(s % 60)
	if s < 60 {
		return Text{Ko: sec + "초", En: sec + " s"}
	}
	m := strconv.Itoa(s / 60)
	if s%60 == 0 {
		return Text{Ko: m + "분", En: m + " min"}
	}
	return Text{Ko: m + "분 " + sec + "초", En: m + " min " + sec + " s"}
}

func score(f *Facts) Text {
	if f.Score == nil {
		return Text{}
	}
	s := strconv.FormatFloat(*f.Score, 'f', -1, 64)
	if f.Scale > 0 {
		s += " / " + strconv.Itoa(f.Scale)
	}
	return Same(s)
}

func points(f *Facts) Text {
	if f.Points == 0 {
		return Text{}
	}
	return Same(thousands(strconv.Itoa(f.Points)) + "P")
}

func tier(f *Facts) Text {
	if f.Previous == "" {
		return Same(f.Tier)
	}
	return Same(f.Previous + " → " + f.Tier)
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// words are the codes that sources send and people should not have to read.
var words = map[string]Text{
	"sms": {Ko: "문자", En: "text message"}, "email": {Ko: "이메일", En: "e-mail"}, "push": {Ko: "앱 푸시", En: "push"},
	"kakao": {Ko: "알림톡", En: "KakaoTalk"}, "call": {Ko: "전화", En: "call"}, "*": {Ko: "모든 수단", En: "every medium"},
	"marketing": {Ko: "마케팅 수신", En: "marketing"}, "night": {Ko: "야간 발송", En: "night-time messages"},
	"third_party": {Ko: "제3자 제공", En: "sharing with third parties"}, "profiling": {Ko: "맞춤 분석", En: "profiling"},
	"csat": {Ko: "만족도", En: "satisfaction"}, "nps": {Ko: "추천 지수", En: "NPS"},
	"paid": {Ko: "결제 완료", En: "paid"}, "preparing": {Ko: "상품 준비중", En: "being prepared"},
	"shipped": {Ko: "배송중", En: "on its way"}, "delivered": {Ko: "배송 완료", En: "delivered"},
	"cancelled": {Ko: "취소됨", En: "cancelled"}, "refunded": {Ko: "환불됨", En: "refunded"},
	"ready": {Ko: "픽업 준비 완료", En: "ready for pickup"}, "delayed": {Ko: "배송 지연", En: "delayed"},
	"outbound": {Ko: "발신", En: "outbound"}, "inbound": {Ko: "수신", En: "inbound"},
}

// Word says a code in words; a code nobody listed is said as it is.
func Word(code string) Text {
	if w, ok := words[code]; ok {
		return w
	}
	return Same(code)
}

func medium(f *Facts) Text    { return Word(f.Medium) }
func purpose(f *Facts) Text   { return Word(f.Purpose) }
func direction(f *Facts) Text { return Word(f.Direction) }

func complaint(f *Facts) Text {
	if !f.Complaint {
		return Text{}
	}
	return Text{Ko: "불만", En: "complaint"}
}

func unresolved(f *Facts) Text {
	if f.Resolved == nil || *f.Resolved {
		return Text{}
	}
	return Text{Ko: "해결 안 됨", En: "not resolved"}
}
