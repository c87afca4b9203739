package demo

import (
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// person is somebody the company knows, or will know, and how they behave. Nothing in it changes while the
// company runs: what a person does in a week follows from the seed, the person and the week alone.
type person struct {
	index  int
	story  string
	name   name
	gender string
	birth  string // YYYY-MM-DD
	lunar  bool   // birth is a day of the lunisolar calendar
	place  district
	tier   string
	joined time.Time

	// How the sources know them. Empty: that source does not.
	user, email, phone, loyalty, device string
	browsers                            int
	// cardKnownToShop says the shop's account carries the loyalty number, tillPhone how often in a thousand
	// purchases the till takes the phone number: without either, web and store stay two customers.
	cardKnownToShop bool
	tillPhone       int

	// How often, in thousandths per day.
	webRate, storeRate int
	callRate           int // in thousandths per thousand days
	appShare           int // permille of sessions
	signedIn           int // permille of sessions
	whim               int // in thousandths, how often they let their rhythm pass
	favourites         [2]int
	uses               []use
	pace               pace
	slip               slip
	quietFrom          time.Time       // from here on only the story happens; zero: never
	wordless           bool            // the story makes the orders, not chance
	optIn              map[string]bool // marketing by medium
	optOut             time.Time       // takes every agreement back then; zero: never
	mailRate           int             // permille of the mailings to those who agreed
}

// The tiers, lowest first.
const (
	tierWelcome  = "welcome"
	tierSilver   = "silver"
	tierGold     = "gold"
	tierPlatinum = "platinum"
)

// activity is how lively people are: most hardly, a few very much.
var activity = []struct {
	weight, webRate, storeRate int
	tier                       string
}{
	{260, 4, 1, tierWelcome},
	{330, 8, 3, tierWelcome},
	{260, 16, 6, tierSilver},
	{110, 35, 9, tierSilver},
	{32, 82, 16, tierGold},
	{8, 190, 28, tierPlatinum},
}

// idSpace is the UUIDv5 name space of everything this package names.
var idSpace = uuid.MustParse("c3600000-0000-5000-8000-00000000de00")

func (p Plan) id(parts ...any) string {
	return uuid.NewSHA1(idSpace, fmt.Append(nil, append([]any{p.Seed, "/"}, parts...)...)).String()
}

// phoneOf returns a mobile number that cannot be anybody's: see doc.go.
func phoneOf(n int) string {
	const subscribers = 10_000_000
	rest := (n*7_919_033 + 4_120_361) % subscribers
	return fmt.Sprintf("010-0%03d-%04d", rest/10_000, rest%10_000)
}

// people makes everybody the company will know; the stories' people come first.
func (p Plan) people() []*person {
	all := p.cast()
	for i := len(all); i < p.Customers; i++ {
		all = append(all, p.person(i))
	}
	return all
}

// person makes one of the many.
func (p Plan) person(index int) *person {
	d := throw(p.Seed, 1, uint64(index)) //nolint:gosec // an index
	one := &person{index: index, gender: female, favourites: [2]int{d.upTo(len(kinds)), d.upTo(len(kinds))}}
	if d.chance(440) {
		one.gender = male
	}
	year := p.End.Year() - d.between(19, 72)
	one.name = d.name(one.gender, year)
	one.birth = fmt.Sprintf("%04d-%02d-%02d", year, d.between(1, 12), d.between(1, 28))
	one.lunar = year < 1972 && d.chance(350)
	one.place = d.district()
	p.joins(one, d)
	p.known(one, d)
	p.behaves(one, d)
	return one
}

// joins says when: six in ten were customers before the history begins.
func (p Plan) joins(one *person, d *dice) {
	length := p.End.Sub(p.Start())
	if d.chance(600) {
		one.joined = p.Start().Add(-d.span(30*day, 1800*day))
		return
	}
	one.joined = p.Start().Add(d.span(0, length-2*day)).Truncate(time.Second)
}

// known gives a person the names that the sources have for them: a quarter knows only the till, a third only the
// web shop, the rest both.
func (p Plan) known(one *person, d *dice) {
	one.phone = phoneOf(one.index)
	shape := d.upTo(100)
	if shape >= 25 {
		p.account(one, d)
	}
	if shape < 65 {
		one.loyalty = fmt.Sprintf("LM-%s-%05d", one.joined.In(korea).Format("0601"), (one.index*61+10_007)%100_000)
		one.cardKnownToShop = d.chance(720)
		one.tillPhone = [3]int{0, 300, 900}[d.weighted([]int{25, 45, 30})]
	}
}

func (p Plan) account(one *person, d *dice) {
	one.user = "u-" + strconv.Itoa(100_000+one.index)
	one.browsers = 1 + d.weighted([]int{65, 30, 5})
	one.email = fmt.Sprintf("%s.%s%d@%s", one.name.romanGiven, one.name.romanFamily, one.index,
		[]string{"example.com", "example.net", "example.org", "mail.example"}[d.weighted([]int{50, 20, 20, 10})])
	if d.chance(420) {
		one.device = p.id("device/", one.index)
	}
}

func (p Plan) behaves(one *person, d *dice) {
	kind := d.slipping()
	a := activity[d.weighted(livelier(kind != ""))]
	one.tier, one.pace, one.whim = a.tier, steady, d.upTo(60)
	if one.user != "" {
		one.webRate = a.webRate + d.upTo(a.webRate)
	}
	if one.loyalty != "" {
		one.storeRate = a.storeRate + d.upTo(a.storeRate)
	}
	one.callRate = 200 + 35*a.webRate
	one.signedIn = 800
	if one.device != "" {
		one.appShare = d.between(300, 800)
	}
	one.mailRate = 24
	if d.chance(150) {
		one.optOut = one.joined.Add(d.span(60*day, 1000*day))
	}
	one.optIn = map[string]bool{"sms": d.chance(520), "email": d.chance(470), "push": d.chance(300), "kakao": d.chance(440)}
	one.uses = d.uses(one.favourites)
	if kind != "" {
		p.slips(one, kind, d)
	}
}

// livelier are the weights of the activities; who slips away has come often enough to be missed.
func livelier(slipping bool) []int {
	weights := make([]int, len(activity))
	for i, a := range activity {
		if !slipping || i >= 2 {
			weights[i] = a.weight
		}
	}
	return weights
}

// browser returns the anonymous id of the browser somebody uses then: people clear their cookies, or buy a new
// machine, about once a year, each at a time of their own.
func (p Plan) browser(one *person, at time.Time, which int) string {
	const life = 365 * day
	own := throw(p.Seed, 11, uint64(one.index), uint64(which)).span(0, life) //nolint:gosec // small numbers
	return p.id("browser/", one.index, "/", which, "/", int(at.Add(own).Unix()/int64(life/time.Second)))
}

func (p Plan) appInstall(one *person) string { return p.id("install/", one.index) }

// local is a phone number as people in the country write it, without dashes, and in the international way:
// each source has its own habit, and c360 must see one number.
func bare(phone string) string {
	out := make([]byte, 0, len(phone))
	for i := range len(phone) {
		if phone[i] != '-' {
			out = append(out, phone[i])
		}
	}
	return string(out)
}

func international(phone string) string { return "+82 " + phone[1:] }
