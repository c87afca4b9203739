package brief

import (
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/headline"
)

// Touch is one event of the customer's timeline.
type Touch struct {
	Time     time.Time       `json:"time"`
	Type     string          `json:"type"`
	Channel  events.Channel  `json:"channel"`
	Position events.Position `json:"position"`
	Facts    headline.Facts  `json:"data"`
}

// Case is one matter of the customer, as far as the brief needs it.
type Case struct {
	InquiryID string    `json:"inquiry_id"`
	State     string    `json:"state"`
	OpenedAt  time.Time `json:"opened_at"`
	Subject   string    `json:"subject"`
	Category  string    `json:"category"`
	OrderID   string    `json:"order_id"`
}

// The states of a case that matter here.
const (
	Open     = "open"
	Answered = "answered"
	Closed   = "closed"
)

// Brief is the card "before this call".
type Brief struct {
	Since    time.Time         `json:"since" doc:"first event of the window"`
	Until    time.Time         `json:"until" doc:"last event of the window"`
	Channels int               `json:"channels" doc:"how many channels the customer used in the window"`
	Events   int               `json:"events" doc:"how many events the window holds"`
	Steps    []Step            `json:"steps" doc:"the weightiest stories of the window, oldest first; at most four"`
	Reason   headline.Text     `json:"reason" doc:"why the customer probably gets in touch"`
	Evidence []events.Position `json:"evidence" doc:"the events that the steps rest on, in log order"`
}

// Step is one story of the window.
type Step struct {
	Time     time.Time       `json:"time" doc:"when it last happened"`
	Channel  events.Channel  `json:"channel"`
	Type     string          `json:"type"`
	Title    headline.Text   `json:"title"`
	Detail   headline.Text   `json:"detail"`
	Tone     headline.Tone   `json:"tone" enum:"plain,good,bad,live"`
	Count    int             `json:"count" doc:"how many events the story holds"`
	Position events.Position `json:"position" doc:"its last event; 0 for a matter that was opened before the window"`
}

const (
	window      = 2 * time.Hour
	maxSteps    = 4
	maxEvidence = 50
)

// Write returns the brief of a customer's recent touches, newest first, in the words of the book, or nil if nothing in
// them is worth saying.
func Write(touches []Touch, cases []Case, book *headline.Book) *Brief {
	recent := cut(touches)
	told := append(waiting(recent, cases), stories(recent, cases)...)
	if len(told) == 0 {
		return nil
	}
	chosen := weightiest(told)
	b := &Brief{Channels: channels(recent), Events: len(recent), Reason: reason(told), Steps: []Step{}, Evidence: evidence(chosen)}
	if len(recent) > 0 {
		b.Since, b.Until = recent[0].Time, recent[len(recent)-1].Time
	} else {
		b.Since, b.Until = told[0].last().Time, told[0].last().Time
	}
	for _, s := range chosen {
		b.Steps = append(b.Steps, s.step(book))
	}
	return b
}

// cut returns the touches of the window, oldest first: the two hours up to the last thing the customer did, but
// nothing from before (and including) the last contact that settled its matter.
func cut(touches []Touch) []Touch {
	var out []Touch
	for i := range touches {
		t := &touches[i]
		if weight(t.Type) == 0 {
			continue
		}
		if len(out) > 0 && t.Time.Before(out[0].Time.Add(-window)) || settles(t) {
			break
		}
		out = append(out, *t)
	}
	slices.Reverse(out)
	return out
}

// settles reports whether the touch ends a matter to the customer's content.
func settles(t *Touch) bool {
	return t.Type == "inquiry.closed" || t.Type == "call.ended" && t.Facts.Resolved != nil && *t.Facts.Resolved
}

func channels(touches []Touch) int {
	seen := map[events.Channel]bool{}
	for i := range touches {
		seen[touches[i].Channel] = true
	}
	return len(seen)
}

func evidence(chosen []*story) []events.Position {
	all := []events.Position{}
	for _, s := range chosen {
		for _, t := range s.touches {
			if t.Position > 0 { // a case from before the window has no touch here
				all = append(all, t.Position)
			}
		}
	}
	slices.Sort(all)
	return all[max(0, len(all)-maxEvidence):]
}
