package churns

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// FlagsAnswer is the answer of GET /v1/churn: who is flagged by a policy.
type FlagsAnswer struct {
	Policy *PolicyBrief `json:"policy" doc:"the policy that flags; null if none holds"`
	// Missing is there while no policy holds, or while its data is not enough.
	Missing *events.Text   `json:"missing" doc:"what data is missing, and by how much, for a policy that fits; null if nothing is"`
	Flags   []Flag         `json:"flags"`
	Totals  FlagTotals     `json:"totals"`
	Outcome FlagOutcomes   `json:"outcomes" doc:"what became of the flags raised lately"`
	Order   string         `json:"order" enum:"risk,since"`
	Ranked  *FlagsRanked   `json:"ranked" doc:"how the order by risk was made; null for the order by since"`
	Judging *PolicyJudging `json:"judging" doc:"how far judging everybody under a new version is; null if everybody has been"`
	// Next continues the list.
	Next     string          `json:"next" doc:"cursor of the next page, empty on the last"`
	Position events.Position `json:"position" doc:"position of the log that the answer is true at"`
}

// Flag is one customer who is flagged.
type Flag struct {
	ID          uuid.UUID  `json:"id"`
	Name        string     `json:"name"`
	Tier        string     `json:"tier"`
	LastChannel string     `json:"last_channel"`
	LastSeen    *time.Time `json:"last_seen"`
	Since       time.Time  `json:"since" doc:"when the flag went up"`
	// Risk and what follows are as of the moment of the answer.
	Risk         int          `json:"risk" doc:"0 to 100; the flag goes up at 50"`
	Reasons      []FlagReason `json:"reasons" doc:"the heaviest first, at most 3"`
	SilentDays   *int         `json:"silent_days" doc:"days since the last activity; null if there was none"`
	UsualGapDays *float64     `json:"usual_gap_days" doc:"median days between active days; null with fewer than three"`
	Value        []FlagMoney  `json:"value" doc:"what the customer spent in all, net of cancellations and refunds, by currency"`
}

// FlagReason is one reason of a flag.
type FlagReason struct {
	Code    string      `json:"code" enum:"silence,decline,model,complaint,refund,unsubscribe,trouble"`
	Channel string      `json:"channel" doc:"the one that a decline is of; empty for anything else"`
	Text    events.Text `json:"text"`
	Weight  int         `json:"weight" doc:"points of the risk; all reasons add up to it"`
	// Numbers are what it was seen by, such as silence_days and usual_gap_days.
	Numbers  map[string]float64 `json:"numbers" doc:"what it was seen by, such as silence_days"`
	Evidence []FlagEvidence     `json:"evidence" doc:"the events behind it, the latest first"`
}

// FlagEvidence is one event behind a reason.
type FlagEvidence struct {
	Position events.Position `json:"position" doc:"see GET /v1/events/{position}"`
	Type     string          `json:"type"`
	Time     time.Time       `json:"time"`
	Pivotal  bool            `json:"pivotal" doc:"had this event not happened, the flag would be the other way"`
}

// FlagMoney is money of one currency.
type FlagMoney struct {
	Currency string       `json:"currency"`
	Amount   events.Money `json:"amount"`
}

// FlagTotals counts flags. What a policy flagged by beginning to hold is not counted as raised.
type FlagTotals struct {
	Flagged int64      `json:"flagged" doc:"flagged now"`
	Week    FlagsMoved `json:"days_7"`
	Month   FlagsMoved `json:"days_30"`
	// Complete is false if so much happened that only the latest was counted.
	Complete bool `json:"complete" doc:"false: so many flags moved that only the latest were counted"`
}

// FlagsMoved counts flags that went up and down.
type FlagsMoved struct {
	Raised  int64 `json:"raised"`
	Lowered int64 `json:"lowered"`
}

// FlagOutcomes counts flags by what became of them.
type FlagOutcomes struct {
	Raised   int64 `json:"raised" doc:"flags looked at: all below"`
	Returned int64 `json:"returned" doc:"the customer was there again, and has bought nothing yet"`
	Bought   int64 `json:"bought"`
	Lost     int64 `json:"lost" doc:"nothing happened in time"`
	Pending  int64 `json:"pending" doc:"nothing has happened, and there is time left"`
	// Days are how long back flags are looked at, and WithinDays is the time to come back in.
	Days       int  `json:"days" doc:"flags raised in the last so many days are looked at"`
	WithinDays int  `json:"within_days" doc:"how long a customer has to come back"`
	Complete   bool `json:"complete" doc:"false: there were so many that only the latest were looked at"`
}

// FlagsRanked says how an order by risk was made.
type FlagsRanked struct {
	At    time.Time `json:"at" doc:"the moment as of which risks were computed; it is kept for some seconds"`
	Of    int64     `json:"of" doc:"how many flagged customers were ranked"`
	Exact bool      `json:"exact" doc:"false: more are flagged than are ranked at once; those flagged last were"`
}

// PolicyBrief names a policy and says what it is worth.
type PolicyBrief struct {
	Name    string      `json:"name"`
	Title   events.Text `json:"title"`
	Kind    string      `json:"kind" enum:",rhythm,decline,model" doc:"empty if it was removed, or cannot be used"`
	Version int         `json:"version" doc:"counts the versions of the policy from 1 on"`
	Since   time.Time   `json:"since" doc:"when this version began to hold"`
	Actor   string      `json:"actor" doc:"who wrote it; c360 is the calibration"`
	// Measured is null if nobody has measured the policy.
	Measured *PolicyWorth `json:"measured" doc:"what the policy was worth on past days; null if nobody has measured it"`
	Note     *events.Text `json:"note" doc:"what is to be known of the policy"`
}

// PolicyWorth is what a policy was worth on past days, beside plain recency.
type PolicyWorth struct {
	Text        events.Text `json:"text" doc:"the same in a sentence"`
	Cutoffs     []string    `json:"cutoffs" doc:"the days as of whose end it was measured, YYYY-MM-DD"`
	HeldBack    bool        `json:"held_back" doc:"those days had no part in picking the policy"`
	HorizonDays int         `json:"horizon_days"`
	Label       string      `json:"label" enum:"no_purchase,no_visit"`
	Customers   int64       `json:"customers"`
	Slipped     int64       `json:"slipped"`
	Flagged     int64       `json:"flagged"`
	Right       int64       `json:"right" doc:"flagged and slipped"`
	BaseRate    float64     `json:"base_rate" doc:"the precision of flagging anybody"`
	Precision   float64     `json:"precision"`
	Recall      float64     `json:"recall"`
	AUC         float64     `json:"auc"`
	MinTimes    float64     `json:"min_times" doc:"who would usually have come so many times within the horizon was judged"`
	Unjudged    int64       `json:"unjudged" doc:"flagged too, but the horizon could tell nothing of them"`
	// Recency is the same for as many flags by days since the last visit alone.
	Recency PlainRecency `json:"recency" doc:"the same for as many flags by days since the last visit alone"`
}

// PlainRecency is what ranking by days since the last visit is worth, at the same number of flags.
type PlainRecency struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	AUC       float64 `json:"auc"`
}

// PoliciesAnswer lists the policies.
type PoliciesAnswer struct {
	Policies []Policy        `json:"policies" doc:"in the order of their names; removed ones are not there"`
	Default  string          `json:"default" doc:"the one that GET /v1/churn takes if none is named, empty if there is none"`
	Missing  *events.Text    `json:"missing" doc:"what data is missing for a policy that fits; null if nothing is"`
	Position events.Position `json:"position"`
}

// Policy is one policy, whole.
type Policy struct {
	PolicyBrief
	Rule     json.RawMessage  `json:"rule" doc:"the policy in its own language, with every member; see PUT /v1/churn/policies/{name}"`
	Fault    string           `json:"fault" doc:"why it cannot be used, empty if it can"`
	Removed  bool             `json:"removed" doc:"nobody is flagged by it any more"`
	Flagged  int64            `json:"flagged"`
	Judging  *PolicyJudging   `json:"judging" doc:"how far judging everybody under a new version is; null if everybody has been"`
	Versions []PolicyRevision `json:"versions" doc:"the latest first"`
}

// PolicyJudging is how far judging everybody is.
type PolicyJudging struct {
	Done  int64 `json:"done" doc:"how many fragments have been looked at"`
	Fresh bool  `json:"fresh" doc:"the policy is new, so whoever has not been looked at is not counted yet"`
}

// PolicyRevision is one version of a policy.
type PolicyRevision struct {
	Version int         `json:"version"`
	Since   time.Time   `json:"since"`
	Actor   string      `json:"actor"`
	Title   events.Text `json:"title"`
	Removed bool        `json:"removed"`
	Fault   string      `json:"fault"`
}

// PolicyAnswer is the answer of GET /v1/churn/policies/{name}.
type PolicyAnswer struct {
	Policy
	Position events.Position `json:"position"`
}

// PolicyRequest is the body of PUT /v1/churn/policies/{name}.
type PolicyRequest struct {
	Title events.Text     `json:"title,omitzero" doc:"what people call the policy"`
	Rule  json.RawMessage `json:"rule" doc:"the policy: one of rhythm, decline and model, beside version, counts, until_days and signals"`
	Since string          `json:"since,omitempty" doc:"when it begins to hold, RFC 3339 or YYYY-MM-DD in Seoul; not in the future; an earlier time restates the past; left out it is now"`
	// Position guards against overwriting what somebody else decided since.
	Position events.Position `json:"position,omitempty" doc:"position of the answer you decide on; if somebody has changed the policy since, the call answers 409"`
}

// PolicyAccepted says where the log took a policy.
type PolicyAccepted struct {
	Name     string          `json:"name"`
	Position events.Position `json:"position" doc:"give it as wait= to read what follows"`
	Changed  bool            `json:"changed" doc:"false: it was so already, and nothing was written"`
}

// PolicyHistory is the answer of GET /v1/churn/policies/{name}/history: flags raised and lowered, the latest first.
type PolicyHistory struct {
	Name     string          `json:"name"`
	Changes  []FlagChange    `json:"changes"`
	Next     string          `json:"next" doc:"cursor of the next page, empty on the last"`
	Position events.Position `json:"position"`
}

// FlagChange is one flag raised or lowered.
type FlagChange struct {
	ID      uuid.UUID `json:"id"`
	Name    string    `json:"name" doc:"of the customer"`
	Time    time.Time `json:"time"`
	Raised  bool      `json:"raised"`
	Version int       `json:"version" doc:"of the policy"`
	Began   bool      `json:"began" doc:"the policy made it so by beginning to hold"`
	// Cause is null if time alone made it so.
	Cause *FlagEvidence `json:"cause" doc:"the event that made it so; null if it was time, or the policy"`
	// Outcome is empty for a flag that was lowered.
	Outcome string `json:"outcome" enum:",pending,returned,bought,lost" doc:"what became of a flag that was raised, empty for one that was lowered"`
}

// CustomerFlags is what every policy says of one customer.
type CustomerFlags struct {
	ID       uuid.UUID       `json:"id"`
	Flags    []CustomerFlag  `json:"flags" doc:"one a policy: the flagged ones first, then by risk"`
	Missing  *events.Text    `json:"missing" doc:"what is missing if there is no policy; null if there is one"`
	Position events.Position `json:"position"`
}

// CustomerFlag is what one policy says of one customer.
type CustomerFlag struct {
	Policy  PolicyBrief `json:"policy"`
	Flagged bool        `json:"flagged"`
	// Since is when the flag went up; null if it is down.
	Since *time.Time `json:"since" doc:"when the flag went up; null if it is down"`
	Due   *time.Time `json:"due" doc:"when that may change next if nothing happens; null if never"`
	Risk  int        `json:"risk" doc:"0 to 100; the flag goes up at 50"`
	// Known is false if too little is known of the customer to judge; Note says what is missing.
	Known   bool           `json:"known" doc:"false: too little is known of the customer to judge"`
	Note    *events.Text   `json:"note" doc:"what is missing, or why somebody silent is no longer flagged; null if there is nothing to say"`
	Trend   []RiskPoint    `json:"trend" doc:"the risk at the ends of the last 12 weeks, the earliest first"`
	Reasons []FlagReason   `json:"reasons" doc:"the heaviest first"`
	Pivotal []FlagEvidence `json:"pivotal" doc:"had any one of these events not happened, the flag would be the other way; the latest first"`
	Past    []PastFlag     `json:"past" doc:"the flags raised so far, the latest first, the one that is up included"`
}

// RiskPoint is the risk at one time.
type RiskPoint struct {
	Time    time.Time `json:"time" doc:"the end of a week (Sunday) in Seoul"`
	Risk    int       `json:"risk"`
	Flagged bool      `json:"flagged"`
}

// PastFlag is one flag that was raised.
type PastFlag struct {
	Raised  time.Time     `json:"raised"`
	Began   bool          `json:"began" doc:"the policy raised it by beginning to hold"`
	Lowered *time.Time    `json:"lowered" doc:"null if it is still up"`
	Version int           `json:"version" doc:"of the policy"`
	Outcome string        `json:"outcome" enum:"pending,returned,bought,lost"`
	Cause   *FlagEvidence `json:"cause" doc:"the event by which the customer returned or bought; null if there is none"`
}

// ChurnBrief is the churn flag as the page of a customer shows it: that of the policy which says the most.
type ChurnBrief struct {
	Policy  string        `json:"policy"`
	Title   events.Text   `json:"title"`
	Version int           `json:"version"`
	Flagged bool          `json:"flagged"`
	Since   *time.Time    `json:"since" doc:"when the flag went up; null if it is down"`
	Risk    int           `json:"risk" doc:"0 to 100; the flag goes up at 50"`
	Known   bool          `json:"known" doc:"false: too little is known of the customer to judge"`
	Note    *events.Text  `json:"note"`
	Trend   []RiskPoint   `json:"trend" doc:"the risk at the ends of the last 12 weeks, the earliest first"`
	Reasons []ChurnReason `json:"reasons" doc:"the heaviest first; GET /v1/customers/{id}/churn has the events behind them"`
}

// ChurnReason is one reason in short.
type ChurnReason struct {
	Code   string      `json:"code" enum:"silence,decline,model,complaint,refund,unsubscribe,trouble"`
	Text   events.Text `json:"text"`
	Weight int         `json:"weight"`
}
