package demo

import (
	"encoding/json"
	"time"

	"github.com/c360hq/c360/events"
)

// visitor is how the web shop or the app sees somebody during one session.
type visitor struct {
	source  string
	channel events.Channel
	who     Who
	session string
}

const site = "https://shop.example.com"

// arrive picks a browser or the app, signed in or not.
func (s *scene) arrive(at time.Time) visitor {
	p, member := s.p, !at.Before(s.p.joined)
	v := visitor{source: SourceWeb, channel: events.ChannelWeb}
	if p.device != "" && member && s.d.chance(p.appShare) {
		v = visitor{source: SourceApp, channel: events.ChannelApp}
		v.who = Who{Anonymous: s.w.plan.appInstall(p), Device: p.device}
	} else {
		v.who.Anonymous = s.w.plan.browser(p, at, min(s.d.upTo(p.browsers), s.d.upTo(p.browsers)))
	}
	v.session = s.w.plan.id("session/", p.index, "/", s.tag, "/", s.n)[:8]
	if member && s.d.chance(p.signedIn) {
		v.who.User = p.user
	}
	return v
}

// shopKnows is what the shop's back end writes when the visitor is signed in. It carries the browser's
// anonymous id: that is what ties the browser to the account.
func (v visitor) shopKnows() Who { return Who{User: v.who.User, Anonymous: v.who.Anonymous} }

// browse is one session: landing, looking around, perhaps a basket, perhaps an order.
func (s *scene) browse(at time.Time) {
	v, st := s.arrive(at), &stepper{at, s.d}
	s.land(v, at)
	if v.who.User != "" && s.d.chance(s.p.signedIn-380) {
		s.signIn(v, st.next(2*time.Second, 20*time.Second))
	}
	if s.d.chance(260) {
		s.put(v.source, "products.searched", v.channel, st.next(3*time.Second, 40*time.Second), v.who,
			data("query", one(s.d, searches), "session_id", v.session))
	}
	basket := s.lookAround(v, st)
	if v.who.User != "" && !s.p.wordless && s.d.chance(s.buysNow(at)) {
		s.orderOnline(v, basket, st.next(70*time.Second, 5*time.Minute))
		return
	}
	if v.who.User != "" && s.d.chance(25) {
		s.ask(questionsIdle, "", st.next(time.Minute, 10*time.Minute))
	}
	if s.d.chance(140) {
		s.put(v.source, "product.added", v.channel, st.next(5*time.Second, time.Minute), v.who, viewed(basket[0].good, v, "cart_id", "cart-"+v.session))
	}
}

// buysNow is how many of a thousand visits end in an order. Who comes less but buys as ever has each visit count more.
func (s *scene) buysNow(at time.Time) int {
	visits, purchases := s.p.pace(at)
	return min(600, 215*purchases/max(1, visits))
}

var searches = []string{"블루라이트 안경", "캐시미어 니트", "엄마 선물", "가벼운 안경테", "누진렌즈", "겨울 코트", "원데이 렌즈", "출근 가방", "머플러", "선글라스 편광", "집들이 선물", "슬랙스"}

// land is the first page or screen of a session.
func (s *scene) land(v visitor, at time.Time) {
	if v.source == SourceApp {
		s.put(v.source, "app.opened", v.channel, at, v.who, data("from_background", s.d.chance(600), "version", "3.14.0", "session_id", v.session))
		return
	}
	page := one(s.d, pages)
	utm := json.RawMessage(nil)
	if s.d.chance(250) {
		utm = one(s.d, campaignsUTM)
	}
	pairs := []any{"url", site + page.path, "path", page.path, "title", page.title, "name", page.title, "session_id", v.session}
	if utm != nil {
		pairs = append(pairs, "utm", utm)
	} else if s.d.chance(400) {
		pairs = append(pairs, "referrer", one(s.d, referrers))
	}
	s.put(v.source, "page.viewed", v.channel, at, v.who, data(pairs...))
}

var (
	pages = []struct{ path, title string }{
		{"/", "홈"},
		{"/new", "신상품"},
		{"/best", "베스트"},
		{"/eyewear", "아이웨어"},
		{"/knit", "니트"},
		{"/outer", "아우터"},
		{"/event/season", "시즌 기획전"},
		{"/", "홈"},
		{"/stores", "매장 안내"},
		{"/my", "마이페이지"},
	}
	referrers    = []string{"https://search.example.com/", "https://social.example.net/", "https://blog.example.org/glasses", "https://mail.example/"}
	campaignsUTM = []json.RawMessage{
		json.RawMessage(`{"source":"search","medium":"cpc","campaign":"brand"}`),
		json.RawMessage(`{"source":"social","medium":"paid","campaign":"outer_launch"}`),
		json.RawMessage(`{"source":"crm","medium":"email","campaign":"weekly_pick"}`),
	}
)

// viewed is what the site says about a good somebody looks at.
func viewed(g good, v visitor, more ...any) []byte {
	return data(append([]any{
		"product_id", g.sku, "sku", g.sku, "name", g.name, "category", g.category, "brand", g.brand, "price", g.price,
		"currency", "KRW", "url", site + "/p/" + g.sku, "session_id", v.session,
	}, more...)...)
}

// lookAround views one to a handful of goods and returns the basket that would come of it.
func (s *scene) lookAround(v visitor, st *stepper) []line {
	basket := s.basket(s.p.favourites, st.at)
	views := 1
	for views < 9 && s.d.chance(480) {
		views++
	}
	for n := range views {
		g := s.good(s.p.favourites, st.at)
		if n == 0 {
			g = basket[0].good
		} else if newcomer := s.arrivedOf(s.p.favourites[0], st.at, 28*day); newcomer != nil && s.d.chance(300) {
			g = *newcomer
		}
		s.put(v.source, "product.viewed", v.channel, st.next(8*time.Second, 100*time.Second), v.who, viewed(g, v))
	}
	if s.d.chance(60) {
		s.put(v.source, "wishlist.product_added", v.channel, st.next(2*time.Second, 20*time.Second), v.who, viewed(basket[0].good, v))
	}
	return basket
}

// signIn is the browser saying who it thinks somebody is (claimed), and the shop knowing it (asserted).
func (s *scene) signIn(v visitor, at time.Time) {
	traits := data("traits", data("name", s.p.name.full(), "email", s.p.email))
	if s.d.chance(500) {
		s.put(v.source, "customer.identified", v.channel, at, v.who, traits)
	}
	s.put(SourceShop, "customer.identified", v.channel, at.Add(300*time.Millisecond), v.shopKnows(), data("traits", data("language", "ko")))
}
