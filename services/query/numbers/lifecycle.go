package numbers

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/value"
)

// Classes lists the classes of life, in the order in which they are shown.
func Classes() []value.Class {
	return []value.Class{
		value.ClassNew, value.ClassGood, value.ClassVIP, value.ClassSlipping, value.ClassLapsed, value.ClassReturned, value.ClassNone,
	}
}

// classID is what a class is called in answers.
func classID(c value.Class) string { return cmp.Or(string(c), "none") }

// LifecycleAnswer says how many customers are in which class of life, and how they came there.
type LifecycleAnswer struct {
	Basis
	Currency   string            `json:"currency"`
	Thresholds *value.Thresholds `json:"thresholds" doc:"the limits of the classes, found from everybody's purchases; null if there is too little data"`
	Classes    []ClassCount      `json:"classes"`
	Months     []LifeMonth       `json:"months" doc:"the earliest first"`
}

// ClassCount is how many customers are in a class.
type ClassCount struct {
	Class     string      `json:"class" enum:"new,good,vip,slipping,lapsed,returned,none"`
	Name      events.Text `json:"name"`
	Customers int64       `json:"customers"`
	Share     *float64    `json:"share"`
}

// LifeMonth is what happened in a month.
type LifeMonth struct {
	Month       string           `json:"month" doc:"2026-05"`
	InProgress  bool             `json:"in_progress,omitempty"`
	AtEnd       map[string]int64 `json:"at_end" doc:"customers by class at its end"`
	Transitions []ClassMove      `json:"transitions" doc:"how often customers went from a class to another in it"`
}

// ClassMove is a way from one class to another.
type ClassMove struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Times int64  `json:"times"`
}

// Life counts customers by class of life, month by month. It is for one goroutine; several can be merged.
type Life struct {
	limits *value.Thresholds
	at     int64
	ends   []int64 // of the months, Unix microseconds; the last is at
	start  int64   // of the first month
	months []lifeMonth
}

type lifeMonth struct {
	atEnd map[value.Class]int64
	moves map[[2]value.Class]int64
}

// NewLife returns a count without a customer, of so many months up to the one of an instant.
func NewLife(limits *value.Thresholds, at int64, months int) *Life {
	l := &Life{limits: limits, at: at}
	y, m, _ := time.UnixMicro(at).In(history.Zone).Date()
	begins := func(ago int) int64 { return time.Date(y, m-time.Month(ago), 1, 0, 0, 0, 0, history.Zone).UnixMicro() }
	l.start = begins(months - 1)
	for ago := months - 1; ago >= 0; ago-- {
		l.ends = append(l.ends, min(begins(ago-1)-1, at))
		l.months = append(l.months, lifeMonth{map[value.Class]int64{}, map[[2]value.Class]int64{}})
	}
	return l
}

// Add takes a customer in.
func (l *Life) Add(h *history.History) {
	now, _ := l.limits.At(h, l.start-1)
	moves := l.limits.Transitions(h, l.start-1, l.at)
	for i, end := range l.ends {
		for len(moves) > 0 && moves[0].At <= end {
			now = value.Class(moves[0].To)
			l.months[i].moves[[2]value.Class{value.Class(moves[0].From), now}]++
			moves = moves[1:]
		}
		if h.Until(end) > 0 {
			l.months[i].atEnd[now]++
		}
	}
}

// Merge takes in other customers of the same months.
func (l *Life) Merge(o *Life) {
	for i := range l.months {
		for class, n := range o.months[i].atEnd {
			l.months[i].atEnd[class] += n
		}
		for move, n := range o.months[i].moves {
			l.months[i].moves[move] += n
		}
	}
}

// Lifecycle puts a count into an answer; l is nil if there is too little data.
func Lifecycle(b Basis, currency string, limits *value.Thresholds, l *Life, why *events.Text) *LifecycleAnswer {
	a := &LifecycleAnswer{Basis: b, Currency: currency, Thresholds: limits, Classes: []ClassCount{}, Months: []LifeMonth{}}
	a.Enough, a.Why = l != nil, why
	if l == nil {
		return a
	}
	last := l.months[len(l.months)-1].atEnd
	for _, class := range Classes() {
		a.Classes = append(a.Classes, ClassCount{classID(class), class.Name(), last[class], shareOf(last[class], b.Customers)})
	}
	for i := range l.months {
		a.Months = append(a.Months, l.month(i))
	}
	return a
}

func (l *Life) month(i int) LifeMonth {
	first := time.UnixMicro(l.ends[i]).In(history.Zone)
	m := LifeMonth{Month: first.Format("2006-01"), AtEnd: map[string]int64{}, Transitions: []ClassMove{}}
	next := time.UnixMicro(l.ends[i] + 1).In(history.Zone)
	m.InProgress = next.Month() == first.Month()
	for _, class := range Classes() {
		m.AtEnd[classID(class)] = l.months[i].atEnd[class]
	}
	for move, n := range maps.All(l.months[i].moves) {
		m.Transitions = append(m.Transitions, ClassMove{classID(move[0]), classID(move[1]), n})
	}
	slices.SortFunc(m.Transitions, func(x, y ClassMove) int {
		return cmp.Or(cmp.Compare(y.Times, x.Times), cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	return m
}
