package segment

import "github.com/c360hq/c360/events"

// names are what people call the traits and fields that have a name beside their own.
var names = map[string]events.Text{
	"tier": {Ko: "등급", En: "tier"}, "gender": {Ko: "성별", En: "gender"}, "city": {Ko: "도시", En: "city"},
	"district": {Ko: "지역", En: "district"}, "joined_on": {Ko: "가입일", En: "day of joining"}, birthDate: {Ko: "생년월일", En: "birth date"},
	birthLunar: {Ko: "음력 생일", En: "lunar birthday"}, "language": {Ko: "언어", En: "language"}, "home_store": {Ko: "주 이용 매장", En: "usual store"},
	"loyalty_programme": {Ko: "멤버십", En: "loyalty programme"}, timeZone: {Ko: "시간대", En: "time zone"},
	"sku": {Ko: "상품", En: "article"}, fieldItemSKU: {Ko: "상품", En: "article"}, "category": {Ko: "분류", En: "category"},
	fieldItemCategory: {Ko: "상품 분류", En: "article category"}, "brand": {Ko: "브랜드", En: "brand"}, "query": {Ko: "검색어", En: "search words"},
	"path": {Ko: "페이지 경로", En: "path"}, "store": {Ko: "매장", En: "store"}, "coupon": {Ko: "쿠폰", En: "coupon"},
	"payment_method": {Ko: "결제 수단", En: "payment method"}, "status": {Ko: "상태", En: "status"}, "error_code": {Ko: "오류 코드", En: "error code"},
	"step": {Ko: "단계", En: "step"}, "direction": {Ko: "방향", En: "direction"}, "topic": {Ko: "주제", En: "topic"},
	"menu": {Ko: "메뉴", En: "menu"}, "priority": {Ko: "우선순위", En: "priority"}, "medium": {Ko: "매체", En: "medium"},
	"template": {Ko: "템플릿", En: "template"}, "campaign": {Ko: "캠페인", En: "campaign"}, "promotion": {Ko: "프로모션", En: "promotion"},
	"purpose": {Ko: "목적", En: "purpose"}, "programme": {Ko: "멤버십", En: "programme"}, "interest": {Ko: "관심", En: "interest"},
	"survey": {Ko: "설문", En: "survey"}, "inquiry_id": {Ko: "문의 번호", En: "inquiry number"}, "case_id": {Ko: "케이스 번호", En: "case number"},
	"score": {Ko: "점수", En: "score"}, "scale": {Ko: "만점", En: "scale"}, "duration_s": {Ko: "길이(초)", En: "duration (s)"},
	"wait_s": {Ko: "대기(초)", En: "wait (s)"}, "points": {Ko: "포인트", En: "points"}, "quantity": {Ko: "수량", En: "quantity"},
	"complaint": {Ko: "불만", En: "complaint"}, "resolved": {Ko: "해결", En: "resolved"}, fieldChannel: {Ko: "채널", En: "channel"},
	fieldAmount: {Ko: "금액", En: "amount"}, fieldOrder: {Ko: "주문 번호", En: "order number"},
}

// nameOf returns what people call a trait or field.
func nameOf(name string) events.Text {
	if t, ok := names[name]; ok {
		return t
	}
	return both(name)
}
