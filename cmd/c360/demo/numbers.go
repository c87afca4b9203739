package demo

import (
	"strconv"
	"time"
)

// Order and case numbers are what people read out on the phone. They grow with time: every week has a range of
// its own, so that a week can be made without the weeks before it. The end of each range belongs to the stories.
const (
	firstNumber   = 10_000
	ordersPerWeek = 1000
	casesPerWeek  = 200
	forStories    = 100
)

// theOrders are the order numbers of the story everybody is shown first.
var theOrders = map[int]bool{87950: true, 88213: true}

// storyTag is the first tag that stands for a story rather than a week.
const storyTag = 1_000_000

func (s *scene) orderNumber(at time.Time) string {
	n := s.number(at, ordersPerWeek, &s.w.orders)
	for theOrders[n] {
		n = s.number(at, ordersPerWeek, &s.w.orders)
	}
	return "ORD-" + strconv.Itoa(n)
}

func (s *scene) caseNumber(at time.Time) string {
	return "CASE-" + strconv.Itoa(s.number(at, casesPerWeek, &s.w.cases))
}

func (s *scene) number(at time.Time, perWeek int, used *int) int {
	width := perWeek * max(1, (s.w.plan.Customers+4999)/5000)
	if s.tag >= storyTag {
		s.w.told++
		return firstNumber + (s.w.plan.week(at)+1)*width - 1 - s.w.told%forStories
	}
	*used++
	return firstNumber + s.w.week*width + *used
}
