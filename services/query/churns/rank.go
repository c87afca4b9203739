package churns

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// Ranked is one flagged customer in an order.
type Ranked struct {
	Customer uuid.UUID
	Since    int64
	Risk     int
}

// Rank sorts by risk, the highest first; of equal ones the flag that went up last, then by id.
func Rank(all []Ranked) { slices.SortFunc(all, compareRanked) }

func compareRanked(a, b Ranked) int {
	return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(b.Since, a.Since), bytes.Compare(a.Customer[:], b.Customer[:]))
}

// After returns those that come after one, which need not be among them any more.
func After(all []Ranked, last Ranked) []Ranked {
	i, found := slices.BinarySearchFunc(all, last, compareRanked)
	if found {
		i++
	}
	return all[i:]
}

const cursorVersion = 1

// Cursor writes down a place in a list of flagged customers.
func (r Ranked) Cursor() string {
	b := binary.BigEndian.AppendUint64([]byte{cursorVersion, byte(r.Risk)}, uint64(r.Since)) // #nosec G115 -- taken back by ParseCursor
	return base64.RawURLEncoding.EncodeToString(append(b, r.Customer[:]...))
}

// ErrCursor: a cursor is not one that was handed out.
var ErrCursor = errors.New("the cursor is not one that was handed out; give next of the answer before as it is, or leave it out")

// ParseCursor is the inverse of Ranked.Cursor; nil for none.
func ParseCursor(text string) (*Ranked, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // there is no place, and that is no error
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != 26 || b[0] != cursorVersion || b[1] > 100 {
		return nil, ErrCursor
	}
	return &Ranked{Customer: uuid.UUID(b[10:]), Since: int64(binary.BigEndian.Uint64(b[2:])), Risk: int(b[1])}, nil // #nosec G115 -- see Cursor
}

const (
	// listReasons and listEvidence bound what a line of the list tells of why.
	listReasons  = 3
	listEvidence = 3
)

// Line is one flagged customer of a list, before the events behind the flag were looked up.
type Line struct {
	since int64
	score churn.Score
	value []FlagMoney
}

// Line scores one flagged customer.
func (h *Held) Line(of *history.History, since, at int64) *Line {
	l := &Line{since: since, score: h.Program.Glance(of, at), value: spent(of, at)}
	l.score.Reasons = l.score.Reasons[:min(len(l.score.Reasons), listReasons)]
	for i := range l.score.Reasons {
		r := &l.score.Reasons[i]
		r.Touchpoints = r.Touchpoints[:min(len(r.Touchpoints), listEvidence)]
	}
	return l
}

// Refs are the touchpoints whose positions Flag needs.
func (l *Line) Refs() []history.Ref {
	var refs []history.Ref
	for i := range l.score.Reasons {
		refs = append(refs, l.score.Reasons[i].Touchpoints...)
	}
	return refs
}

// Flag is the line without what the profile knows.
func (l *Line) Flag(places Places) Flag {
	return Flag{Since: instant(l.since), Risk: l.score.Points, Reasons: reasonsOf(&l.score, places), Value: l.value}
}

// spent is what a customer spent by a time, net, by currency; what is nothing is left out.
func spent(of *history.History, at int64) []FlagMoney {
	all := []FlagMoney{}
	orders := of.Orders()
	for i := range orders {
		s, placed := orders[i].AsOf(at)
		if !placed || s.Net == 0 {
			continue
		}
		n, found := slices.BinarySearchFunc(all, s.Currency, func(m FlagMoney, currency string) int { return cmp.Compare(m.Currency, currency) })
		if !found {
			all = slices.Insert(all, n, FlagMoney{Currency: s.Currency})
		}
		all[n].Amount += s.Net
	}
	return all
}

const (
	// OutcomeDays is how long back flags are looked at for what became of them.
	OutcomeDays = 180
	dayMicros   = 24 * int64(time.Hour/time.Microsecond)
)

// Count counts what a policy did to one customer as of a time.
func (t *FlagTotals) Count(changes []standing.Change, at int64) {
	for _, c := range changes {
		ago := at - c.At
		if c.Begin || ago < 0 {
			continue
		}
		if ago < 30*dayMicros {
			t.Month.count(c.In)
		}
		if ago < 7*dayMicros {
			t.Week.count(c.In)
		}
	}
}

func (m *FlagsMoved) count(raised bool) {
	if raised {
		m.Raised++
	} else {
		m.Lowered++
	}
}

func (o *FlagOutcomes) count(outcome churn.Outcome) {
	o.Raised++
	switch outcome {
	case churn.Returned:
		o.Returned++
	case churn.Bought:
		o.Bought++
	case churn.Lost:
		o.Lost++
	case churn.Pending:
		o.Pending++
	}
}

// Add counts what became, as of a time, of the flags that a policy raised lately for one customer.
func (o *FlagOutcomes) Add(s *standing.Schedule, of *history.History, changes []standing.Change, at int64) {
	for _, c := range changes {
		p, ok := s.In(c.At).Judge.(*churn.Program)
		if c.In && !c.Begin && ok && at-c.At < OutcomeDays*dayMicros {
			o.count(p.Winback(of, c.At, at, WithinDays).Outcome)
		}
	}
}

// Lately reports whether a flag that moved at a time may count in what became of flags.
func Lately(moved, at int64) bool { return at-moved < OutcomeDays*dayMicros }

// Merge adds what was counted of other customers.
func (t *FlagTotals) Merge(o *FlagTotals) {
	t.Week.Raised, t.Week.Lowered = t.Week.Raised+o.Week.Raised, t.Week.Lowered+o.Week.Lowered
	t.Month.Raised, t.Month.Lowered = t.Month.Raised+o.Month.Raised, t.Month.Lowered+o.Month.Lowered
}

// Merge adds what was counted of other customers.
func (o *FlagOutcomes) Merge(b *FlagOutcomes) {
	o.Raised, o.Returned, o.Bought = o.Raised+b.Raised, o.Returned+b.Returned, o.Bought+b.Bought
	o.Lost, o.Pending = o.Lost+b.Lost, o.Pending+b.Pending
}

// Risk is 0…100; 50 is where the flag goes up.
func (h *Held) Risk(of *history.History, at int64) int { return h.Program.Points(of, at) }
