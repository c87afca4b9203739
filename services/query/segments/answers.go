package segments

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// SegmentList lists the segments there are, by name.
type SegmentList struct {
	Segments []Segment       `json:"segments"`
	Position events.Position `json:"position" doc:"position of the log that the answer is true at"`
}

// Segment is one segment as it is now.
type Segment struct {
	Name      string          `json:"name"`
	Title     events.Text     `json:"title"`
	Rule      json.RawMessage `json:"rule" doc:"the rule in force, as it was written; null if the segment was removed"`
	Version   int             `json:"version" doc:"number of the version in force; a change of a segment that this one speaks of is a version too"`
	From      time.Time       `json:"from" doc:"since when that version holds"`
	DefinedAt time.Time       `json:"defined_at" doc:"since when there is such a segment"`
	Removed   bool            `json:"removed"`
	Members   int64           `json:"members"`
	Left      *SegmentSweep   `json:"left" doc:"how far judging everybody under a new version is; null when everybody has been"`
	Fault     *SegmentFault   `json:"fault" doc:"why the version in force cannot be used, so that nobody is in; null if it can"`
	Day       SegmentFlow     `json:"last_24h"`
	Week      SegmentFlow     `json:"last_7d"`
}

// SegmentSweep is how far judging everybody is.
type SegmentSweep struct {
	Done  int64 `json:"done" doc:"how many fragments have been looked at"`
	Fresh bool  `json:"fresh" doc:"true: the segment is new, so whoever has not been looked at is not counted yet"`
}

// SegmentFault is what is wrong with a rule.
type SegmentFault struct {
	Pointer string `json:"pointer" doc:"JSON pointer into the rule"`
	Detail  string `json:"detail"`
}

// SegmentFlow counts who came and went, by the last change of each. Who came or went because the rule itself changed is not
// counted.
type SegmentFlow struct {
	Entered int64 `json:"entered" doc:"who came and is still in"`
	Left    int64 `json:"left" doc:"who went and is still out"`
}

// SegmentPage is everything about one segment.
type SegmentPage struct {
	Segment
	Versions []SegmentVersion `json:"versions" doc:"the newest first"`
	Needs    []string         `json:"needs" doc:"the segments its rule speaks of"`
	NeededBy []string         `json:"needed_by" doc:"the segments that speak of it"`
	Position events.Position  `json:"position"`
}

// SegmentVersion is what a segment was for some time.
type SegmentVersion struct {
	Number  int             `json:"number"`
	From    time.Time       `json:"from"`
	Until   *time.Time      `json:"until" doc:"when the next version began; null for the last one"`
	Title   events.Text     `json:"title"`
	Rule    json.RawMessage `json:"rule" doc:"null if the segment was removed"`
	Actor   string          `json:"actor" doc:"who wrote it"`
	Own     bool            `json:"own" doc:"false: its own rule stayed, a segment it speaks of changed"`
	Removed bool            `json:"removed"`
	Fault   *SegmentFault   `json:"fault"`
}

// SegmentRequest says what a segment is to be from now on.
type SegmentRequest struct {
	Title events.Text     `json:"title" doc:"what people call it, in Korean and English; one of the two is enough"`
	Rule  json.RawMessage `json:"rule" doc:"see the language of segment rules"`
	Since string          `json:"since,omitempty" doc:"since when it holds, if that is not now: 2026-05-03 (the beginning of that day in Seoul) or a time; the past is judged anew from then on"`
}

// SegmentAccepted says where a definition is in the log.
type SegmentAccepted struct {
	Name     string          `json:"name"`
	Changed  bool            `json:"changed" doc:"false: it was so already, nothing was written"`
	Position events.Position `json:"position" doc:"read with wait= this position to see it; everybody is judged soon after, see left"`
}

// SegmentCustomer names a customer.
type SegmentCustomer struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name" doc:"empty if nobody said it"`
}

// SegmentMembers is one page of the members of a segment.
type SegmentMembers struct {
	Members  []SegmentMember `json:"members"`
	Total    int64           `json:"total" doc:"how many there are in all"`
	Next     string          `json:"next" doc:"cursor of the next page, empty on the last"`
	AsOf     *time.Time      `json:"as_of,omitempty"`
	Position events.Position `json:"position"`
}

// SegmentMember is one member.
type SegmentMember struct {
	SegmentCustomer
	Since time.Time `json:"since" doc:"when they entered"`
}

// SegmentHistory is one page of who entered and left, the latest first.
type SegmentHistory struct {
	Changes  []SegmentChange `json:"changes"`
	Next     string          `json:"next" doc:"for before=, empty at the beginning"`
	Position events.Position `json:"position"`
}

// SegmentChange is one entry or exit.
type SegmentChange struct {
	Customer SegmentCustomer `json:"customer"`
	At       time.Time       `json:"at"`
	Entered  bool            `json:"entered" doc:"false: they left"`
	Version  int             `json:"version"`
	Cause    SegmentCause    `json:"cause"`
}

// SegmentCause is what made somebody enter or leave.
type SegmentCause struct {
	Kind  string           `json:"kind" enum:"event,clock,rule" doc:"event: a touchpoint; clock: time that passed; rule: a version that began"`
	Event *SegmentEvidence `json:"event" doc:"the touchpoint; null for the others"`
}

// SegmentEvidence is a touchpoint that an answer rests on.
type SegmentEvidence struct {
	Position events.Position `json:"position" doc:"0 if it is in no timeline, so that only its type and time are known"`
	Fragment uuid.UUID       `json:"fragment"`
	Type     string          `json:"type"`
	Time     time.Time       `json:"time"`
	Headline events.Text     `json:"headline"`
	Pivotal  bool            `json:"pivotal" doc:"true: had it alone not happened, the answer would be the other one"`
}

// SegmentPreviewRequest is a rule to try.
type SegmentPreviewRequest struct {
	Rule json.RawMessage `json:"rule"`
	Name string          `json:"name,omitempty" doc:"the segment that is being changed, so that a rule that leads back to it is refused"`
}

// SegmentPreview says who would be in now. If it is sampled, counts are scaled up from a fair sample.
type SegmentPreview struct {
	Sampled   bool              `json:"sampled"`
	Fraction  float64           `json:"fraction" doc:"how much of everybody was looked at; 1 if it is not sampled"`
	Looked    int64             `json:"looked_at" doc:"how many customers were looked at"`
	Customers int64             `json:"customers" doc:"how many there are"`
	Members   int64             `json:"members" doc:"how many would be in"`
	Low       int64             `json:"low" doc:"with high: the true number of members lies between, 19 times out of 20"`
	High      int64             `json:"high"`
	Share     float64           `json:"share" doc:"members of all customers, 0 to 1"`
	Lines     []SegmentLine     `json:"lines" doc:"what each condition at the top removes"`
	Examples  []SegmentCustomer `json:"examples" doc:"up to 10 who would be in"`
	Near      []SegmentCustomer `json:"near" doc:"up to 10 who are not because of one condition only"`
	At        time.Time         `json:"at" doc:"the moment it is about"`
	Position  events.Position   `json:"position"`
}

// SegmentLine is what one condition at the top of a rule does.
type SegmentLine struct {
	Pointer string      `json:"pointer" doc:"JSON pointer of the condition in the rule"`
	Words   events.Text `json:"words"`
	Fails   int64       `json:"fails" doc:"how many customers do not pass it"`
	Loses   int64       `json:"loses" doc:"how many more would be in without it"`
}

// SegmentBacktestRequest asks what a rule would have done.
type SegmentBacktestRequest struct {
	Rule        json.RawMessage `json:"rule,omitempty" doc:"the rule to try; or name"`
	Name        string          `json:"name,omitempty" doc:"the segment whose rule, as it is now, is tried; with rule: the segment that is being changed"`
	From        string          `json:"from,omitempty" doc:"2026-01-01 (the beginning of that day in Seoul) or a time; a year before the end if it is left out"`
	To          string          `json:"to,omitempty" doc:"2026-12-31 (the end of that day in Seoul) or a time; now if it is left out"`
	HorizonDays int             `json:"horizon_days,omitempty" doc:"how many days after a moment count as what happened next, 1 to 365; 30 if it is left out"`
}

// SegmentBacktest says what a rule would have done.
type SegmentBacktest struct {
	From        time.Time       `json:"from"`
	To          time.Time       `json:"to"`
	HorizonDays int             `json:"horizon_days"`
	Months      []SegmentMonth  `json:"months"`
	Entered     SegmentOutcome  `json:"entered" doc:"what happened next to those who came in, each time they did"`
	Members     SegmentOutcome  `json:"members" doc:"what happened next to members, over the ends of all months"`
	Others      SegmentOutcome  `json:"others" doc:"and to everybody else"`
	Position    events.Position `json:"position"`
}

// SegmentMonth is one month of a backtest, in Seoul.
type SegmentMonth struct {
	Month     string         `json:"month" doc:"YYYY-MM"`
	End       time.Time      `json:"end" doc:"the last moment of it that counts"`
	Members   int64          `json:"members" doc:"how many were in at the end"`
	Customers int64          `json:"customers" doc:"how many customers there were at the end"`
	Entered   int64          `json:"entered" doc:"during the month; who is in when the backtest begins did not come"`
	Left      int64          `json:"left"`
	Next      SegmentOutcome `json:"next" doc:"what happened to members after the end of the month; of nobody if the backtest ends before the horizon"`
	Others    SegmentOutcome `json:"others" doc:"and to everybody else"`
}

// SegmentOutcome is what happened to customers within the horizon.
type SegmentOutcome struct {
	Customers int64           `json:"customers" doc:"how often somebody was looked at"`
	Ordered   int64           `json:"ordered" doc:"how many of them ordered"`
	Orders    int64           `json:"orders"`
	Net       []SegmentAmount `json:"net" doc:"what those orders brought"`
	Silent    int64           `json:"silent" doc:"how many did nothing at all"`
}

// SegmentAmount is money of one currency.
type SegmentAmount struct {
	Currency string       `json:"currency"`
	Amount   events.Money `json:"amount"`
}

// CustomerSegment is one segment that a customer is in.
type CustomerSegment struct {
	Name    string      `json:"name"`
	Title   events.Text `json:"title"`
	In      bool        `json:"in"`
	Since   *time.Time  `json:"since" doc:"since when they are in, or out after having been in; null if they never were"`
	Version int         `json:"version" doc:"version of the rule that says so"`
}

// CustomerSegments says of every segment whether a customer is in, and why.
type CustomerSegments struct {
	ID       uuid.UUID       `json:"id"`
	At       time.Time       `json:"at" doc:"the moment it is about"`
	Segments []SegmentWhy    `json:"segments" doc:"those they are in first, then by name"`
	Position events.Position `json:"position"`
}

// SegmentWhy is one segment and why a customer is, or is not, in it.
type SegmentWhy struct {
	CustomerSegment
	Cause *SegmentCause     `json:"cause" doc:"what made them enter, or leave last; null if they never were in"`
	Next  *time.Time        `json:"next" doc:"when the answer may change if nothing happens; null if never"`
	Why   *SegmentCondition `json:"why" doc:"null if the rule cannot be used"`
	Fault *SegmentFault     `json:"fault"`
}

// SegmentCondition is one condition of a rule and how it came out.
type SegmentCondition struct {
	Pointer  string             `json:"pointer" doc:"JSON pointer of the condition in its rule"`
	Segment  string             `json:"segment" doc:"the segment whose rule that is, if it is another one; else empty"`
	Words    events.Text        `json:"words" doc:"what is wanted"`
	Passed   bool               `json:"passed"`
	Observed string             `json:"observed" doc:"what there was; empty for conditions that hold others"`
	Wanted   string             `json:"wanted" doc:"what the rule asks for"`
	Evidence []SegmentEvidence  `json:"evidence" doc:"the touchpoints it rests on, the newest first, at most 20"`
	Total    int                `json:"total" doc:"how many there are"`
	Parts    []SegmentCondition `json:"parts"`
}
