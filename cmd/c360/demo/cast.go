package demo

import (
	"fmt"
	"time"
)

// The stories, as the truth file names them.
const (
	StoryBeforeCall = "before-this-call"
	StoryHandOff    = "inquiry-continued-by-phone"
	StoryFading     = "falling-visits"
	StoryFamily     = "family-sharing-a-phone"
	StoryTypo       = "till-typo"
	StoryWrongMail  = "somebody-elses-mail"
	StoryVIP        = "vip-with-open-complaint"
	StoryBirthday   = "birthday-next-week"
	StoryLeapDay    = "born-on-29-february"
	StoryNamesake   = "same-name"
	StoryCoating    = "complaints-about-one-product"
)

// cast makes the people of the stories, always in this order, so that their numbers are known in advance.
func (p Plan) cast() []*person {
	all := []*person{p.seoyeon(0)}
	add := func(story string, n name, gender string, age int) *person {
		one := p.member(len(all), story, n, gender, age)
		all = append(all, one)
		return one
	}
	add(StoryHandOff, name{"이", "도윤", "lee", "doyoon"}, male, 44)
	p.fades(add(StoryFading, name{"한", "유진", "han", "yujin"}, female, 33))
	mother := add(StoryFamily, name{"정", "미란", "jung", "miran"}, female, 52)
	son := add(StoryFamily, name{"정", "하준", "jung", "hajun"}, male, 21)
	son.phone, son.place = mother.phone, mother.place
	jiwoo := add(StoryTypo, name{"송", "지우", "song", "jiwoo"}, female, 38)
	jia := add(StoryTypo, name{"송", "지아", "song", "jia"}, female, 29)
	jia.loyalty = jiwoo.loyalty[:len(jiwoo.loyalty)-1] + string('0'+('9'-jiwoo.loyalty[len(jiwoo.loyalty)-1]))
	add(StoryWrongMail, name{"문", "서윤", "moon", "seoyoon"}, female, 31)
	add(StoryWrongMail, name{"문", "서현", "moon", "seohyun"}, female, 27)
	p.richest(add(StoryVIP, name{"배", "정윤", "bae", "jungyoon"}, female, 47))
	add(StoryLeapDay, name{"오", "윤서", "oh", "yoonseo"}, female, 34).birth = "1992-02-29"
	p.crowd(add)
	return all
}

// crowd makes the stories that need many people.
func (p Plan) crowd(add func(string, name, string, int) *person) {
	for n := range 16 {
		d := throw(p.Seed, 4, uint64(n))
		one := add(StoryBirthday, d.name(female, 1985), female, d.between(28, 69))
		p.bornNextWeek(one, n)
	}
	for n := range 7 {
		one := add(StoryNamesake, name{"김", "민준", "kim", "minjun"}, male, 22+3*n)
		one.place = districts[n/2]
	}
	for n := range 14 {
		d := throw(p.Seed, 5, uint64(n))
		add(StoryCoating, d.name(male, 1990), male, d.between(25, 60))
	}
}

// member is somebody every source knows well.
func (p Plan) member(index int, story string, n name, gender string, age int) *person {
	one := p.person(index)
	one.story, one.name, one.gender, one.lunar = story, n, gender, false
	one.birth = fmt.Sprintf("%d%s", p.End.Year()-age, one.birth[4:])
	one.joined = p.Start().Add(-time.Duration(200+index*7) * day)
	one.phone = phoneOf(index)
	p.account(one, throw(p.Seed, 6, uint64(index))) //nolint:gosec // an index
	one.loyalty = fmt.Sprintf("LM-%s-%05d", one.joined.In(korea).Format("0601"), 20_001+index*137)
	one.cardKnownToShop, one.tillPhone = true, 500
	p.behaves(one, throw(p.Seed, 7, uint64(index))) //nolint:gosec // an index
	one.webRate, one.storeRate, one.callRate = 50, 9, 500
	one.tier, one.pace, one.optOut = tierSilver, steady, time.Time{}
	one.slip, one.uses, one.whim = slip{}, nil, 0
	one.optIn = map[string]bool{"sms": true, "email": true}
	return one
}

// fades comes less and less in the last twelve weeks, and not at all in the last four.
func (p Plan) fades(one *person) {
	one.tier, one.webRate, one.storeRate = tierGold, 480, 70
	one.slip = slip{kind: SlippingFading, since: p.End.Add(-12 * 7 * day), over: 8 * 7 * day}
	one.pace = func(at time.Time) (visits, purchases int) {
		weeks := int(p.End.Sub(at) / (7 * day))
		n := min(1000, max(0, (weeks-3)*110))
		return n, n
	}
}

func (p Plan) richest(one *person) {
	one.tier, one.webRate, one.storeRate, one.callRate = tierPlatinum, 330, 170, 1500
	one.quietFrom = p.End.Add(-4 * day)
}

// bornNextWeek gives somebody a birthday one to seven days after the end; every fourth counts by the moon.
func (p Plan) bornNextWeek(one *person, n int) {
	next := p.End.In(korea).AddDate(0, 0, 1+n%7)
	one.birth = one.birth[:4] + next.Format("-01-02")
	if one.birth[5:] == "02-29" {
		one.birth = one.birth[:5] + "02-28" // which most years have
	}
	if n%4 != 3 {
		return
	}
	// Nobody here is born in a leap month or on a 30th, which most lunar months lack and no solar February has.
	if l, ok := lunar(next); ok && !l.leap && l.day < 29 {
		one.lunar, one.birth = true, fmt.Sprintf("%s-%02d-%02d", one.birth[:4], l.month, l.day)
	}
}
