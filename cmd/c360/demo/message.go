package demo

import (
	"time"

	"github.com/c360hq/c360/events"
)

var campaigns = []struct{ key, subject string }{
	{"weekly_pick", "이번 주 추천 상품"},
	{"restock", "기다리시던 상품이 다시 들어왔어요"},
	{"season_off", "시즌 오프 최대 40%"},
	{"outer_launch", "겨울 아우터 신상품"},
	{"vision_check", "시력 검사 받을 때가 되었어요"},
	{"points_expire", "이번 달 사라지는 포인트"},
}

// marketing goes out on Tuesdays and Fridays, to some of those who agreed, never at night.
func (s *scene) marketing(midnight time.Time, weekday time.Weekday) {
	if s.p.user == "" || s.withdraws(midnight) || weekday != time.Tuesday && weekday != time.Friday {
		return
	}
	for _, medium := range media {
		if !s.p.optIn[medium] || !s.d.chance(s.p.mailRate) {
			continue
		}
		c := one(s.d, campaigns)
		s.message(medium, c.key, c.subject, c.key, midnight.Add(s.d.span(10*time.Hour, 19*time.Hour)))
	}
}

// message is one message on its way to a person, and what they do with it.
func (s *scene) message(medium, template, subject, campaign string, at time.Time) {
	who := Who{User: s.p.user}
	id := "MSG-" + s.w.plan.id("message/", s.p.index, "/", s.tag, "/", s.n)[:8]
	fields := data("message_id", id, "medium", medium, "template", template, "subject", subject, "campaign", campaign)
	short := data("message_id", id, "medium", medium, "subject", subject, "campaign", campaign)
	s.put(SourceShop, "message.sent", events.ChannelMessage, at, who, fields)
	if s.d.chance(15) {
		s.put(SourceShop, "message.bounced", events.ChannelMessage, at.Add(4*time.Second), who, short)
		return
	}
	if !s.d.chance(330 * s.p.visiting(at) / 1000) {
		return
	}
	read := at.Add(s.d.span(time.Minute, 10*time.Hour))
	s.put(SourceShop, "message.opened", events.ChannelMessage, read, who, short)
	if s.d.chance(300) {
		s.put(SourceShop, "message.clicked", events.ChannelMessage, read.Add(9*time.Second), who, short)
	}
}

// withdraws takes every agreement back on the day that comes, and says whether it has come.
func (s *scene) withdraws(midnight time.Time) bool {
	out := s.p.optOut
	if out.IsZero() || !out.Before(midnight.Add(day)) {
		return false
	}
	for _, medium := range media {
		if s.p.optIn[medium] && !out.Before(midnight) {
			s.put(SourceShop, "consent.withdrawn", events.ChannelWeb, out, Who{User: s.p.user},
				data("purpose", "marketing", "medium", medium, "text_version", "2025-03"))
		}
	}
	return true
}
