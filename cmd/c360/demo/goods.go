package demo

import (
	"strconv"
	"time"
)

// good is something the company sells. Prices are Korean won.
type good struct {
	sku, name, category, brand string
	price                      int
}

// line is a good in a basket.
type line struct {
	good
	quantity int
}

type kind struct {
	prefix, category, brand string
	low, high               int // price in thousands
	makes, models           []string
}

// Kinds that something else here speaks of.
const (
	kindFrames   = 0
	kindContacts = 2
)

// kinds are what the goods are put together from.
var kinds = []kind{
	{"FR", "안경테", "LUMEN", 79, 239, []string{"티타늄", "뿔테", "하금테", "울템"}, []string{"라운드", "보스턴", "스퀘어", "웰링턴"}},
	{"SG", "선글라스", "LUMEN", 89, 279, []string{"편광", "미러", "틴트"}, []string{"캣아이", "에비에이터", "오버사이즈"}},
	{"CL", "콘택트렌즈", "LUMEN", 19, 69, []string{"원데이", "2주용", "난시용"}, []string{"투명", "브라운", "그레이"}},
	{"LS", "안경렌즈", "LUMEN", 59, 389, []string{"블루라이트 차단", "누진다초점", "고굴절 압축"}, []string{"1.60", "1.67", "1.74"}},
	{"KN", "니트", "MARU", 59, 159, []string{"캐시미어", "메리노 울", "알파카", "코튼"}, []string{"니트", "가디건", "터틀넥"}},
	{"OT", "아우터", "MARU", 129, 349, []string{"울 블렌드", "구스다운", "트위드"}, []string{"코트", "패딩", "재킷"}},
	{"TP", "셔츠·블라우스", "MARU", 39, 139, []string{"실크", "옥스퍼드", "리넨"}, []string{"블라우스", "셔츠"}},
	{"BT", "팬츠·스커트", "MARU", 45, 129, []string{"와이드", "테이퍼드", "플리츠"}, []string{"슬랙스", "데님", "스커트"}},
	{"AC", "머플러·장갑", "MARU", 29, 99, []string{"캐시미어", "램스울", "가죽"}, []string{"머플러", "장갑"}},
	{"BG", "가방", "SOL", 69, 289, []string{"소가죽", "나일론", "캔버스"}, []string{"토트백", "크로스백", "백팩"}},
	{"HM", "홈·리빙", "SOL", 12, 79, []string{"소이 캔들", "린넨", "세라믹"}, []string{"세트", "룸", "테이블"}},
	{"CR", "케어 용품", "SOL", 5, 25, []string{"김서림 방지", "렌즈", "울 전용"}, []string{"클리너", "세척액", "케이스"}},
}

// goods is every good, kind by kind; firstOf is where a kind begins.
var goods, firstOf = stock()

func stock() ([]good, []int) {
	var all []good
	var first []int
	for k, kd := range kinds {
		first = append(first, len(all))
		d := throw(7, uint64(k))
		for _, made := range kd.makes {
			for _, model := range kd.models {
				sku := kd.prefix + "-" + strconv.Itoa(1001+len(all))
				all = append(all, good{sku, made + " " + model, kd.category, kd.brand, d.between(kd.low, kd.high) * 1000})
			}
		}
	}
	return all, append(first, len(all))
}

// bySKU finds a good by its number.
var bySKU = byNumber()

func byNumber() map[string]good {
	all := make(map[string]good, len(goods))
	for _, g := range goods {
		all[g.sku] = g
	}
	return all
}

// companion is the kind bought together with a kind, and how often in a thousand baskets: people who need one need
// some of the other. Which one, is left to chance but for the pairs in together.go.
var companion = map[int]struct{ kind, permille int }{
	0: {3, 450}, 2: {11, 380}, 3: {0, 250}, 4: {8, 380}, 5: {8, 220}, 6: {7, 260}, 1: {11, 180},
}

// good picks something a person with these favourite kinds would look at.
func (s *scene) good(favourites [2]int, at time.Time) good {
	k := s.d.upTo(len(kinds))
	if s.d.chance(700) {
		k = favourites[s.d.upTo(2)]
	}
	return s.goodOf(k, at)
}

func (s *scene) goodOf(k int, at time.Time) good {
	if g := s.arrivedOf(k, at, forEver); g != nil && s.d.chance(120) {
		return *g
	}
	low, high := firstOf[k], firstOf[k+1]
	// The first ones of a kind sell better than the last.
	return goods[low+min(s.d.upTo(high-low), s.d.upTo(high-low))]
}

// basket is what a person with these favourite kinds would buy.
func (s *scene) basket(favourites [2]int, at time.Time) []line {
	first := s.good(favourites, at)
	basket := append([]line{{first, 1}}, s.goesWith(first, at)...)
	if s.d.chance(150) {
		basket = append(basket, line{s.good(favourites, at), s.d.between(1, 2)})
	}
	return basket
}

func total(basket []line) int {
	sum := 0
	for _, l := range basket {
		sum += l.price * l.quantity
	}
	return sum
}
