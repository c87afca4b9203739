package analytics

import (
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// one is the whole of a number read by events.ParseMoney.
const one = events.Money(10_000)

// addSurveys tallies survey answers, by the channel and the agent they are about.
func (k *KPI) addSurveys(h *history.History) {
	for _, p := range h.Between(h.Of("survey.answered"), -1<<63, k.o.At) {
		t := &h.Touchpoints[p]
		m, f, ok := opinion(t)
		if !ok {
			continue
		}
		about := subject(h, t)
		agent := t.Field("agent")
		if agent == "" {
			agent = about.Field("agent")
		}
		k.put(m, "", t.At, f, part{"channel", string(about.Channel)}, part{"agent", agent})
	}
}

// opinion reads an answer; false if it has no score on its scale. Without a scale it is one to five, or ten for an NPS.
func opinion(t *history.Touchpoint) (Measure, fact, bool) {
	m, scale := CSAT, 5*one
	if strings.EqualFold(t.Field("survey"), "nps") {
		m, scale = NPS, 10*one
	}
	score, ok := events.ParseMoney(t.Field("score"))
	if given, has := events.ParseMoney(t.Field("scale")); has && given > 0 {
		scale = given
	}
	if !ok || score < 0 || score > scale {
		return m, fact{}, false
	}
	f := fact{bottom: 1}
	switch {
	case m == CSAT:
		f.top = number(score*5 >= scale*4)
	case score*10 >= scale*9:
		f.top = 1
	case score*10 < scale*7:
		f.top = -1
	}
	return m, f, true
}

// subject is the latest call or inquiry before an answer that has its case number; the answer itself if there is none.
func subject(h *history.History, t *history.Touchpoint) *history.Touchpoint {
	number := t.Field("case_id")
	if number == "" {
		return t
	}
	for i := h.Until(t.At) - 1; i >= 0; i-- {
		x := &h.Touchpoints[i]
		contact := strings.HasPrefix(x.Type, "call.") || strings.HasPrefix(x.Type, "inquiry.")
		if contact && (x.Field("case_id") == number || x.Field("inquiry_id") == number) {
			return x
		}
	}
	return t
}
