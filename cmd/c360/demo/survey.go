package demo

import (
	"time"

	"github.com/c360hq/c360/events"
)

// asking is what somebody is asked about: a survey about a case, a visit or a call with an agent, and the score they give if
// they give one.
type asking struct {
	survey, number, agent string
	who                   Who
	score                 int
}

// surveyed asks for a score and gets one, sometimes.
func (s *scene) surveyed(a asking, at time.Time) {
	s.put(SourceShop, "survey.sent", events.ChannelMessage, at, a.who, data("survey_id", a.survey, "kind", "csat"))
	if !s.d.chance(320) {
		return
	}
	s.put(SourceShop, "survey.answered", events.ChannelInquiry, at.Add(s.d.span(5*time.Minute, 20*time.Hour)), a.who, data("survey_id", a.survey,
		"score", a.score, "scale", 5, "kind", "csat", "text", surveyTexts[a.score-1], "agent", a.agent, "case_id", a.number))
}

var surveyTexts = [5]string{"같은 설명을 여러 번 해야 했어요.", "답변이 늦었어요.", "보통이에요.", "친절했어요.", "빠르고 정확했어요."}

// wouldRecommend asks some of those who come often once a year whether they would recommend the company. Who is slipping away
// seldom answers, and not kindly.
func (s *scene) wouldRecommend(start time.Time) {
	p, at := s.p, start.Add(34*time.Hour+time.Duration(s.p.index%600)*time.Second)
	if p.user == "" || p.gap() > 90*day || at.Sub(p.joined) < 60*day || (s.w.week+p.index)%52 != 0 || !s.present(at) || !s.d.chance(800) {
		return
	}
	who, survey := Who{User: p.user}, "NPS-"+s.w.plan.id("nps/", p.index, "/", s.tag)[:8]
	s.put(SourceShop, "survey.sent", events.ChannelMessage, at, who, data("survey_id", survey, "kind", "nps"))
	visits := p.visiting(at)
	if !s.d.chance(300 * visits / 1000) {
		return
	}
	weights := []int{30, 26, 18, 10, 6, 4, 2, 1, 1, 1, 1}
	if visits < 700 {
		weights = []int{4, 6, 10, 12, 14, 16, 14, 10, 6, 4, 4}
	}
	s.put(SourceShop, "survey.answered", events.ChannelInquiry, at.Add(s.d.span(5*time.Minute, 40*time.Hour)), who,
		data("survey_id", survey, "score", 10-s.d.weighted(weights), "scale", 10, "kind", "nps"))
}
