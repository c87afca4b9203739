package brief

import (
	"cmp"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/headline"
)

// weights says how much a type matters to somebody who picks up the phone. A type that is not listed is what the
// company does by itself (a mailing, a point balance), or noise: the brief does not see it.
var weights = map[string]int{
	"call.started": 100, "call.answered": 100,
	"inquiry.opened": 95, "inquiry.reopened": 95,
	"payment.failed":   90,
	"shipment.delayed": 85,
	"call.missed":      82,
	"survey.answered":  60, "review.submitted": 60,
	"order.cancelled": 75, "order.refunded": 75,
	"call.ended":          72,
	"order.status_viewed": 70,
	"order.completed":     65,
	"appointment.missed":  60, "appointment.booked": 45,
	"coupon.denied":    55,
	"inquiry.answered": 52,
	"checkout.started": 50, "checkout.step_viewed": 48, "checkout.step_completed": 48, "payment.entered": 48,
	"store.visited":     46,
	"product.added":     40,
	"order.picked_up":   40,
	"products.searched": 20, "product.viewed": 20, "product.clicked": 20, "product.list_viewed": 15, "cart.viewed": 15,
	"page.viewed": 10, "screen.viewed": 10,
}

func weight(eventType string) int { return weights[eventType] }

// story is what several touches tell together: the five looks at one order, the two failures of one payment.
type story struct {
	key     string
	touches []*Touch
	// open is set for an inquiry that nobody has answered.
	open bool
}

func (s *story) last() *Touch { return s.touches[len(s.touches)-1] }

// lead is the touch that names the story: the weightiest, and the last of these.
func (s *story) lead() *Touch {
	lead := s.touches[0]
	for _, t := range s.touches {
		if weight(t.Type) >= weight(lead.Type) {
			lead = t
		}
	}
	return lead
}

// weight of a story: an inquiry that was answered weighs less than one that waits, an unhappy answer more than a
// happy one, and a call that is over is no longer live.
func (s *story) weight() int {
	switch t := s.lead(); {
	case s.key == "inquiry "+t.Facts.InquiryID && !s.open:
		return weights["inquiry.answered"]
	case headline.Unhappy(t.Type, &t.Facts):
		return weights["call.missed"] - 2
	case s.isCall() && !s.live():
		return weights[s.last().Type]
	default:
		return weight(t.Type)
	}
}

func (s *story) isCall() bool {
	t := s.lead().Type
	return t == "call.started" || t == "call.answered" || t == "call.ended"
}

// live reports whether the story is a call that has not ended.
func (s *story) live() bool {
	t := s.last().Type
	return t == "call.started" || t == "call.answered"
}

// stories sorts touches (oldest first) into stories, in the order they began.
func stories(touches []Touch, cases []Case) []*story {
	byKey, all := map[string]*story{}, []*story(nil)
	for i := range touches {
		t := &touches[i]
		key := about(t)
		s, ok := byKey[key]
		if !ok {
			s = &story{key: key}
			byKey[key] = s
			all = append(all, s)
		}
		s.touches = append(s.touches, t)
	}
	for _, s := range all {
		s.open = s.waits(cases)
	}
	return all
}

// waiting returns a story for the newest open inquiry from before the window: whoever has been waiting for an answer
// since last week calls about that. Two old ones say no more than one.
func waiting(recent []Touch, cases []Case) []*story {
	inWindow := func(id string) bool {
		return slices.ContainsFunc(recent, func(t Touch) bool { return t.Facts.InquiryID == id })
	}
	var newest *Case
	for i := range cases {
		c := &cases[i]
		if c.State == Open && !inWindow(c.InquiryID) && (newest == nil || c.OpenedAt.After(newest.OpenedAt)) {
			newest = c
		}
	}
	if newest == nil {
		return nil
	}
	facts := headline.Facts{InquiryID: newest.InquiryID, Subject: newest.Subject, Category: newest.Category, OrderID: newest.OrderID}
	t := &Touch{Time: newest.OpenedAt, Type: "inquiry.opened", Channel: events.ChannelInquiry, Facts: facts}
	return []*story{{key: about(t), touches: []*Touch{t}, open: true}}
}

// about names the story a touch belongs to.
func about(t *Touch) string {
	f := &t.Facts
	switch t.Type {
	case "call.started", "call.answered", "call.ended", "call.missed":
		return "call " + f.CallID
	case "inquiry.opened", "inquiry.answered", "inquiry.reopened":
		return "inquiry " + f.InquiryID
	case "page.viewed", "screen.viewed", "product.viewed", "product.clicked", "product.list_viewed", "products.searched":
		return "browsing"
	case "checkout.started", "checkout.step_viewed", "checkout.step_completed", "payment.entered":
		return "checkout"
	case "product.added", "cart.viewed":
		return "cart"
	}
	return t.Type + " " + f.OrderID
}

// waits reports whether the story is an inquiry without an answer: the case says so or, where there is no case, no
// answer came after the question.
func (s *story) waits(cases []Case) bool {
	id := s.last().Facts.InquiryID
	if s.key != "inquiry "+id {
		return false
	}
	for _, c := range cases {
		if c.InquiryID == id && id != "" {
			return c.State == Open
		}
	}
	return s.last().Type != "inquiry.answered"
}

// weightiest returns the stories worth a step, in order of time.
func weightiest(all []*story) []*story {
	chosen := slices.Clone(all)
	slices.SortStableFunc(chosen, func(a, b *story) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), b.last().Time.Compare(a.last().Time))
	})
	chosen = chosen[:min(maxSteps, len(chosen))]
	slices.SortStableFunc(chosen, func(a, b *story) int {
		return cmp.Or(a.last().Time.Compare(b.last().Time), cmp.Compare(a.last().Position, b.last().Position))
	})
	return chosen
}
