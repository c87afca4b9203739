package churn

import (
	"strconv"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// news is one sort of bad news and how much sooner a flag goes up for it.
type news struct {
	code   string
	weight float64
	types  []string
	is     func(*history.Touchpoint) bool // nil is every touchpoint of these types
	words  events.Text
}

// newsOf lists the bad news that weigh something.
func newsOf(s *Signals) []*news {
	all := [...]news{
		{
			code: "complaint", weight: s.Complaint, types: []string{"inquiry.opened", "inquiry.reopened", "review.submitted", "survey.answered"},
			is: complains, words: events.Text{Ko: "불만 접수 또는 낮은 평가", En: "complaint or low rating"},
		},
		{
			code: "refund", weight: s.Refund, types: []string{history.OrderCancelled, history.OrderRefunded},
			words: events.Text{Ko: "주문 취소 또는 환불", En: "order cancelled or refunded"},
		},
		{
			code: "unsubscribe", weight: s.Unsubscribe, types: []string{"message.unsubscribed", "consent.withdrawn", "app.uninstalled"},
			words: events.Text{Ko: "수신 거부 또는 앱 삭제", En: "unsubscribed or removed the app"},
		},
		{
			code: "trouble", weight: s.Trouble, types: []string{"payment.failed", "shipment.delayed", "call.missed"},
			words: events.Text{Ko: "결제 실패, 배송 지연 또는 부재중 전화", En: "failed payment, late delivery or missed call"},
		},
	}
	var list []*news
	for i := range all {
		if all[i].weight > 0 {
			list = append(list, &all[i])
		}
	}
	return list
}

// complains reports a complaint, or a rating of at most 2 of 5. A rating without a scale is of 5.
func complains(t *history.Touchpoint) bool {
	if t.Field("complaint") == "true" {
		return true
	}
	score, err := strconv.ParseFloat(t.Field("score"), 64)
	if err != nil || t.Type == "inquiry.opened" {
		return false
	}
	scale, err := strconv.ParseFloat(t.Field("scale"), 64)
	if err != nil || scale <= 0 {
		scale = 5
	}
	return score <= .4*scale
}

// latest returns the latest bad news of a sort from a day on, nil if there is none.
func (n *news) latest(h *history.History, at int64, from day) *history.Touchpoint {
	var found *history.Touchpoint
	for _, name := range n.types {
		places := h.Between(h.Of(name), from.start()-1, at)
		for i := len(places) - 1; i >= 0; i-- {
			t := &h.Touchpoints[places[i]]
			if found != nil && t.At <= found.At {
				break
			}
			if n.is == nil || n.is(t) {
				found = t
				break
			}
		}
	}
	return found
}

// boost returns how much higher bad news makes the ratio. It changes with touchpoints only: the days that it looks back on
// are counted from the last visit, not from today.
func (p *Program) boost(h *history.History, at int64, last day) float64 {
	sum := 1.0
	for _, n := range p.news {
		if n.latest(h, at, p.newsFrom(last)) != nil {
			sum += n.weight
		}
	}
	return sum
}

// newsFrom returns the first day whose bad news counts.
func (p *Program) newsFrom(last day) day { return last - day(p.policy.Signals.Days) }
