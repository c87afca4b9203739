package demo

import (
	"time"

	"github.com/c360hq/c360/events"
)

// arrival is a good that was not there from the beginning: it arrives so many weeks before the end.
type arrival struct {
	good
	kind, weeks int
}

// arrivals come one after the other; the last arrives in the week after the end.
var arrivals = []arrival{
	{good{"KN-1201", "핸드메이드 캐시미어 가디건", "니트", "MARU", 189_000}, 4, 58},
	{good{"SG-1202", "클립온 편광 선글라스", "선글라스", "LUMEN", 129_000}, 1, 30},
	{good{"TP-1203", "워셔블 실크 셔츠", "셔츠·블라우스", "MARU", 119_000}, 6, 24},
	{good{"CL-1204", "실리콘 하이드로겔 원데이", "콘택트렌즈", "LUMEN", 49_000}, 2, 19},
	{good{"HM-1205", "세라믹 디퓨저 세트", "홈·리빙", "SOL", 45_000}, 10, 14},
	{good{"BG-1206", "리사이클 나일론 백팩", "가방", "SOL", 139_000}, 9, 9},
	{good{"OT-1207", "롱 구스다운 패딩", "아우터", "MARU", 329_000}, 5, 6},
	{good{"FR-1208", "에어 티타늄 라운드", "안경테", "LUMEN", 219_000}, 0, 3},
	{good{"AC-1209", "캐시미어 터치 장갑", "머플러·장갑", "MARU", 59_000}, 8, 2},
	{good{"CR-1210", "휴대용 렌즈 초음파 세척기", "케어 용품", "SOL", 25_000}, 11, 1},
	{good{"KN-1211", "알파카 하이넥 니트", "니트", "MARU", 149_000}, 4, -1},
}

// arrivedAt is nine in the morning, so many weeks before the end.
func (p Plan) arrivedAt(a *arrival) time.Time {
	e := p.End.In(korea)
	return time.Date(e.Year(), e.Month(), e.Day()-7*a.weeks, 9, 0, 0, 0, korea)
}

// announce says what arrives this week. It is about goods and nobody.
func (s *scene) announce(start time.Time) {
	for i := range arrivals {
		a := &arrivals[i]
		if at := s.w.plan.arrivedAt(a); !at.Before(start) && at.Before(start.Add(7*day)) {
			s.put(SourceShop, "product.arrived", events.ChannelOther, at, Who{}, data("sku", a.sku, "name", a.name,
				"category", a.category, "brand", a.brand, "price", a.price, "currency", "KRW", "url", site+"/p/"+a.sku))
		}
	}
}

// arrivedOf returns the goods of a kind that arrived before a moment, at most so long before; nil if there are none.
func (s *scene) arrivedOf(kind int, at time.Time, within time.Duration) *good {
	for i := len(arrivals) - 1; i >= 0; i-- {
		if arrivals[i].kind != kind {
			continue
		}
		if since := at.Sub(s.w.plan.arrivedAt(&arrivals[i])); since > 0 && since < within {
			return &arrivals[i].good
		}
	}
	return nil
}
