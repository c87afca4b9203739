package profile

import (
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Profile is a customer: the merge of the profiles of its fragments.
type Profile struct {
	// Fragments are in the order asked for; those without events are left out.
	Fragments []Part
	// Name is the trait name, or what the given and family names make of it; "" if nobody said.
	Name, GivenName string
	// Traits by name.
	Traits map[string]Trait

	Events    int64
	ByChannel map[events.Channel]int64
	ByType    map[string]int64

	FirstSeen, LastSeen time.Time
	LastChannel         events.Channel

	// Orders counts orders completed, those cancelled later included; Cancelled counts cancellations.
	Orders, Cancelled, Refunds int64
	Revenue, Refunded          []Amount
	FirstOrderAt, LastOrderAt  time.Time
	ByQuarter                  []QuarterAmount
	Consents                   []Consent
	// Cases has the open ones first, then the newest.
	Cases []Case
	// Notes has the pinned ones first, then the newest.
	Notes []Note

	days history.Days
}

// Part is what one fragment brings to a profile.
type Part struct {
	ID                  uuid.UUID
	FirstSeen, LastSeen time.Time
	Events              int64
	Channels            []events.Channel
	Sources             []string
}

// Trait is something said about a person, and who said it.
type Trait struct {
	// Value is JSON.
	Value           string
	Grade           events.Grade
	Source, EventID string
	Time            time.Time
}

// Amount is money in one currency.
type Amount struct {
	Currency string
	Amount   events.Money
}

// QuarterAmount is the revenue of a quarter ("2026Q3") in one currency.
type QuarterAmount struct {
	Quarter string
	Amount
}

// Consent is the latest word on one purpose through one medium.
type Consent struct {
	Purpose, Medium string
	Given           bool
	TextVersion     string
	Source, EventID string
	Time            time.Time
}

// CaseState says where a case stands.
type CaseState string

// The states of a case.
const (
	Open     CaseState = "open"
	Answered CaseState = "answered"
	Closed   CaseState = "closed"
)

// Case is an inquiry, with the calls about it. Times that did not happen are zero.
type Case struct {
	ID                string
	Subject, Category string
	Complaint         bool
	Priority          string
	State             CaseState
	OpenedAt          time.Time // the first opening
	AnsweredAt        time.Time // the latest answer
	ClosedAt          time.Time // the latest closing, zero while it is open again
	Channel           events.Channel
	OrderID, Agent    string
}

// Note is something a colleague wrote down.
type Note struct {
	ID, Text, Author, Store string
	Pinned                  bool
	Time                    time.Time
}

// Ribbon is the number of events per week and channel, oldest first; the last week is the current one.
type Ribbon struct {
	// Start is the Monday of the first week.
	Start    time.Time
	Weeks    int
	Channels map[events.Channel][]int64
}

// RibbonWeeks is how many weeks a ribbon covers: 18 months.
const RibbonWeeks = 78

// Rhythm says how often a customer comes.
type Rhythm struct {
	// UsualGapDays is the median number of days from one visit day to the next; 0 with fewer than three visit days.
	UsualGapDays float64
	// SilentDays is the number of days since the last visit day, -1 if there was none.
	SilentDays int
}

// MonthCount is the number of events of one month ("2026-11", in Zone) and channel.
type MonthCount struct {
	Month   string
	Start   time.Time
	Channel events.Channel
	Count   int64
}
