package churn

import "github.com/c360hq/c360/events"

// Version is the version of the policies that this package writes and reads.
const Version = 1

// What a policy counts.
const (
	// Visits are the days on which the customer did something.
	Visits = "visits"
	// Purchases are the days on which an order was placed that was not cancelled or refunded whole since.
	Purchases = "purchases"
)

// Policy is one rule of churn. Exactly one of Rhythm, Decline and Model is there.
type Policy struct {
	Version int      `json:"version"`
	Counts  Counts   `json:"counts"`
	Rhythm  *Rhythm  `json:"rhythm,omitempty"`
	Decline *Decline `json:"decline,omitempty"`
	Model   *Model   `json:"model,omitempty"`
	// UntilDays is the silence, in days, after which somebody is gone rather than slipping, and no longer flagged; 0 is never.
	UntilDays int     `json:"until_days"`
	Signals   Signals `json:"signals"`
	// Measured is what the policy was worth on past days; nil if nobody has measured it.
	Measured *Measured `json:"measured,omitempty"`
	// Note says in words what is to be known of the policy, such as that data was not enough to measure it.
	Note *events.Text `json:"note,omitempty"`
}

// Counts says which touchpoints count as the customer being there.
type Counts struct {
	// Of is Visits or Purchases.
	Of string `json:"of"`
	// Types narrows visits to touchpoints of these types; empty is every type of the catalogue that is the customer's own doing.
	Types []string `json:"types,omitempty"`
	// Channels narrows them to these channels; empty is all.
	Channels []events.Channel `json:"channels,omitempty"`
}

// How a usual gap is found.
const (
	Median = "median"
	Mean   = "mean"
)

// Rhythm flags silence that is long for this customer: of more days than Factor × the usual gap between days of visits,
// where that product is at least FloorDays and at most CeilingDays.
type Rhythm struct {
	Factor float64 `json:"factor"`
	// Gap is Median or Mean, of the last Gaps gaps.
	Gap  string `json:"gap"`
	Gaps int    `json:"gaps"`
	// PriorDays is the gap of a typical customer; it weighs in as if it had been seen PriorGaps times, so that two visits by
	// chance on following days are no rhythm. PriorGaps 0 takes the customer's own gap as it is.
	PriorDays float64 `json:"prior_days"`
	PriorGaps float64 `json:"prior_gaps"`
	// MinVisits is how many days of visits there must be for a rhythm.
	MinVisits   int     `json:"min_visits"`
	FloorDays   float64 `json:"floor_days"`
	CeilingDays float64 `json:"ceiling_days"`
}

// Decline flags less than this customer's own before: in the last WindowDays the count is lower by more than Fall (a share of
// the whole) than the mean of the Windows windows of that length before, and so low by chance with a probability below
// Significance.
type Decline struct {
	WindowDays int `json:"window_days"`
	Windows    int `json:"windows"`
	// MinWindows is how many whole windows there must be since the first visit; Windows are used if there are as many.
	MinWindows   int     `json:"min_windows"`
	Fall         float64 `json:"fall"`
	Significance float64 `json:"significance"`
}

// Model flags customers of whom the probability of still being one, or the purchases to expect of them, are below Threshold.
type Model struct {
	// Name is ParetoNBD or MBGNBD, as projections/value fits them: in weeks, to the days that count. Its purchases are visits
	// where visits count.
	Name string `json:"name"`
	// Parameters are r, alpha, s, beta of Pareto/NBD, and r, alpha, a, b of MBG/NBD.
	Parameters map[string]float64 `json:"parameters"`
	Threshold  float64            `json:"threshold"`
	// WithinWeeks is 0 for the probability of still being a customer, or else the weeks of which the purchases to expect are
	// held against the threshold. The latter rank better: whoever buys rarely may well be a customer and not come back soon.
	WithinWeeks float64 `json:"within_weeks"`
	// MinDays is how many days that count there must be.
	MinDays int `json:"min_days"`
}

// Signals say how much sooner a flag goes up after bad news: a weight of 0.25 makes the ratio 1.25 times as high. Bad news counts from
// Days before the last visit on.
type Signals struct {
	Days int `json:"days"`
	// Complaint is a complaint, or a review or a survey answered with at most 2 of 5.
	Complaint float64 `json:"complaint"`
	// Refund is an order cancelled or refunded.
	Refund float64 `json:"refund"`
	// Unsubscribe is the customer not wanting to hear from us any more.
	Unsubscribe float64 `json:"unsubscribe"`
	// Trouble is a payment that failed or a delivery that was late.
	Trouble float64 `json:"trouble"`
}

// Measured is what a policy was worth: its flags of past days against what then happened, beside plain recency.
type Measured struct {
	// Cutoffs are the days as of whose end it was measured, "2006-01-02" in history.Zone. HeldBack says that they had no part in picking it.
	Cutoffs  []string `json:"cutoffs"`
	HeldBack bool     `json:"held_back"`
	// HorizonDays is how far ahead was looked, for what Label says.
	HorizonDays int    `json:"horizon_days"`
	Label       string `json:"label"`
	// MinTimes is how often those judged would have come within the horizon at their usual gap, at least; see Trial.
	MinTimes float64 `json:"min_times"`
	// Customers were judged; Slipped of them did what Label says; Flagged had a flag; Right are both.
	Customers int64 `json:"customers"`
	Slipped   int64 `json:"slipped"`
	Flagged   int64 `json:"flagged"`
	Right     int64 `json:"right"`
	// Unjudged had a flag too, but the horizon is too short to tell anything of them: see Trial.MinTimes.
	Unjudged int64 `json:"unjudged"`
	// BaseRate is Slipped/Customers: the precision of flagging anybody.
	BaseRate  float64 `json:"base_rate"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	AUC       float64 `json:"auc"`
	// The same for as many flags by days since the last visit alone, among those judged.
	RecencyPrecision float64 `json:"recency_precision"`
	RecencyRecall    float64 `json:"recency_recall"`
	RecencyAUC       float64 `json:"recency_auc"`
}

// Kind returns "rhythm", "decline" or "model", "" if the policy has none.
func (p *Policy) Kind() string {
	switch {
	case p.Rhythm != nil:
		return "rhythm"
	case p.Decline != nil:
		return "decline"
	case p.Model != nil:
		return "model"
	}
	return ""
}

// defaultRhythm, defaultDecline and defaultModel are what a missing member is.
var (
	defaultCounts  = Counts{Of: Visits}
	defaultRhythm  = Rhythm{Factor: 2.5, Gap: Median, Gaps: 24, MinVisits: 5, FloorDays: 14, CeilingDays: 180}
	defaultDecline = Decline{WindowDays: 56, Windows: 6, MinWindows: 2, Fall: .5, Significance: .05}
	defaultModel   = Model{Threshold: .5, MinDays: 1}
	defaultSignals = Signals{Days: 90}
)

// Default returns the policy of a fresh install before anything is known of its data: silence of more than two and a half
// times the own usual gap. It would rather miss somebody than cry wolf. See Calibrate for one that fits the data.
func Default() Policy {
	r := defaultRhythm
	return Policy{Version: Version, Counts: defaultCounts, Rhythm: &r, UntilDays: 365, Signals: defaultSignals}
}
