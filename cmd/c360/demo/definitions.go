package demo

import (
	"encoding/json"

	"github.com/c360hq/c360/events"
)

// Definition is a rule that the company decides on: what the API is given.
type Definition struct {
	// Name is what the rule is addressed by, Title what people read.
	Name  string      `json:"name"`
	Title events.Text `json:"title"`
	// Rule is in the language of segments, or a churn policy.
	Rule json.RawMessage `json:"rule"`
}

// Rules are what the company decides on its first day.
type Rules struct {
	Segments []Definition `json:"segments"`
	// Churn is the policy that says who is slipping away.
	Churn Definition `json:"churn"`
}

// Definitions returns what the company of a plan decides on its first day: the segments its people work with, and one churn
// policy. So far every plan has the same company. Each call returns its own copy.
func Definitions(Plan) Rules {
	d := Rules{Churn: define("rhythm-broken", "발길이 끊긴 고객", "Silent for longer than usual", policy)}
	for _, s := range segments {
		d.Segments = append(d.Segments, define(s.name, s.ko, s.en, s.rule))
	}
	return d
}

func define(name, ko, en, rule string) Definition {
	return Definition{Name: name, Title: events.Text{Ko: ko, En: en}, Rule: json.RawMessage(rule)}
}

// policy flags a silence that is long for this customer, sooner after bad news, and gives up after a year.
const policy = `{"version":1,"counts":{"of":"visits"},"rhythm":{"factor":2.5,"gap":"median","min_visits":5},"until_days":365,
	"signals":{"days":90,"complaint":0.25,"refund":0.15,"unsubscribe":0.25,"trouble":0.1}}`

var segments = []struct{ name, ko, en, rule string }{
	{"vip-waiting", "VIP 답변 대기", "VIPs waiting for an answer", `{"all":[
		{"trait":"tier","in":["gold","platinum"]},
		{"sequence":[{"event":"inquiry.opened"},{"event":"inquiry.answered","absent":true}],"same":"inquiry_id","ago":{"<=":"30d"}}]}`},
	{"first-purchase-30d", "최근 30일 첫 구매", "First purchase in the last 30 days", `{"first":"order.completed","ago":{"<=":"30d"}}`},
	{"cart-abandoned-24h", "장바구니 이탈 24시간", "Cart left for 24 hours", `
		{"sequence":[{"event":"product.added"},{"event":"order.completed","absent":true}],"ago":{">=":"24h","<=":"7d"}}`},
	{"lens-refill", "렌즈 재구매 시기", "Contact lenses are running out", `
		{"last":"order.completed","where":[{"field":"item.category","is":"콘택트렌즈"}],"ago":{">=":"25d","<=":"45d"}}`},
	{"gold-dormant-90d", "골드 이상 90일 무구매", "Gold or better, no purchase for 90 days", `{"all":[
		{"trait":"tier","in":["gold","platinum"]},
		{"last":"order.completed","ago":{">=":"90d"}}]}`},
	{"birthday-7d", "생일 7일 이내", "Birthday within 7 days", `{"birthday":{"within":"7d"}}`},
	{"sms-seoul-women-30s", "마케팅 SMS 동의 서울 여성 30대", "Women in Seoul in their thirties who agreed to text messages", `{"all":[
		{"trait":"gender","is":"female"},
		{"trait":"city","is":"서울"},
		{"trait":"age",">=":30,"<":40},
		{"consent":"marketing","medium":"sms"}]}`},
	{"returned-not-back", "반품 후 미구매", "Returned something and bought nothing since", `
		{"sequence":[{"event":"order.refunded"},{"event":"order.completed","absent":true}],"ago":{">=":"14d","<=":"180d"}}`},
	{"detractors", "추천 의향 낮음 (NPS 0~6점)", "Would not recommend us (NPS 0 to 6)", `
		{"event":"survey.answered","where":[{"field":"survey","is":"nps"},{"field":"score","<=":6}],"within":"180d"}`},
	{"million-won-year", "연 구매 100만 원 이상", "A million won or more in a year", `
		{"event":"order.completed","sum":"amount",">=":1000000,"within":"1y"}`},
}
