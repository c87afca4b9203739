package churns

import (
	"encoding/json"

	"github.com/c360hq/c360/events"
)

// BacktestRequest is the body of POST /v1/churn/backtest.
type BacktestRequest struct {
	Name string          `json:"name,omitempty" doc:"test the policy of this name; or give rule"`
	Rule json.RawMessage `json:"rule,omitempty" doc:"test this policy, which need not be stored"`
	// Cutoffs and Months exclude each other.
	Cutoffs     []string     `json:"cutoffs,omitempty" doc:"days as of whose end flags are looked at, YYYY-MM-DD; at most 36"`
	Months      int          `json:"months,omitempty" doc:"instead of cutoffs: the ends of the last so many months whose horizon is over; 6 if both are left out"`
	HorizonDays int          `json:"horizon_days,omitempty" doc:"how many days after a cut-off are looked at; 60 if left out"`
	Label       string       `json:"label,omitempty" enum:"no_visit,no_purchase" doc:"what a flag foretells; no_visit for a policy that counts visits, else no_purchase"`
	MinVisits   int          `json:"min_visits,omitempty" doc:"judge who had been there on so many days; 3 if left out"`
	ActiveDays  int          `json:"active_days,omitempty" doc:"judge who was there in the last so many days; 365 if left out"`
	MinTimes    *float64     `json:"min_times,omitempty" doc:"judge who would usually have come so many times within the horizon, of others it can tell nothing; 3 if left out, 0 judges everybody"`
	Cost        *FlagCost    `json:"cost,omitempty" doc:"what flags cost and save; without it the cost curve has no money"`
	Choose      *FlagsChosen `json:"choose,omitempty" doc:"pick a threshold by budget or by precision"`
}

// FlagCost is what flags cost and save.
type FlagCost struct {
	Contact events.Money `json:"contact" doc:"what contacting one flagged customer costs"`
	Saved   events.Money `json:"saved" doc:"what a right flag is worth on average, given how many of them can be kept"`
}

// FlagsChosen says how to pick a threshold. One of its members is given.
type FlagsChosen struct {
	Budget    int64   `json:"budget,omitempty" doc:"flag as many as possible, but at most so many customers at a time"`
	Precision float64 `json:"precision,omitempty" doc:"find as many as possible with at least this precision, 0 to 1"`
}

// BacktestAnswer is what a policy was worth on past days, always beside plain recency.
type BacktestAnswer struct {
	Rule        json.RawMessage `json:"rule" doc:"the policy that was tested, with every member"`
	Kind        string          `json:"kind" enum:"rhythm,decline,model"`
	Label       string          `json:"label" enum:"no_visit,no_purchase"`
	HorizonDays int             `json:"horizon_days"`
	All         FlagMetrics     `json:"all" doc:"all cut-off dates together; a customer counts once at each"`
	Cutoffs     []FlagMetrics   `json:"cutoffs" doc:"of each date, the earliest first"`
	Calibration []RiskBin       `json:"calibration" doc:"for tenths of the scale of risk, what share slipped"`
	Curve       []FlagThreshold `json:"curve" doc:"what thresholds from high to low would have flagged and cost; the policy's own is 50"`
	// Best is the threshold worth the most money.
	Best     *FlagThreshold  `json:"best" doc:"the threshold that is worth the most money; null without cost, or if none is worth anything"`
	Chosen   *PolicyChosen   `json:"chosen" doc:"what was asked for with choose; null if nothing was"`
	Text     events.Text     `json:"text" doc:"the outcome in a sentence"`
	Position events.Position `json:"position"`
}

// FlagMetrics are what flags were worth as of one cut-off date, or of several together.
type FlagMetrics struct {
	Cutoff    string  `json:"cutoff" doc:"the day as of whose end, YYYY-MM-DD; empty for several together"`
	Customers int64   `json:"customers" doc:"who were judged"`
	Slipped   int64   `json:"slipped" doc:"who did what the label says"`
	Flagged   int64   `json:"flagged"`
	Right     int64   `json:"right" doc:"flagged and slipped"`
	BaseRate  float64 `json:"base_rate" doc:"the precision of flagging anybody"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Lift      float64 `json:"lift" doc:"precision over base rate"`
	AUC       float64 `json:"auc" doc:"how well the risk ranks; 0.5 is chance"`
	Unjudged  int64   `json:"unjudged" doc:"flagged too, but the horizon can tell nothing of them (min_times); in no other number"`
	// Recency is the same number of flags by days since the last visit alone.
	Recency PlainRecency `json:"recency" doc:"as many flags by days since the last visit alone"`
}

// RiskBin is one tenth of the scale of risk.
type RiskBin struct {
	From      int     `json:"from"`
	To        int     `json:"to" doc:"not included but in the last"`
	Customers int64   `json:"customers"`
	Slipped   int64   `json:"slipped"`
	Mean      float64 `json:"mean" doc:"mean of the risk"`
	Rate      float64 `json:"rate" doc:"what share slipped"`
	Low       float64 `json:"low" doc:"of its interval at 95 % (Wilson)"`
	High      float64 `json:"high"`
}

// FlagThreshold is one threshold and what it would have meant.
type FlagThreshold struct {
	Risk      float64 `json:"risk" doc:"the threshold on the scale of risk; 50 is the policy's own"`
	Flagged   int64   `json:"flagged"`
	Right     int64   `json:"right"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	// Recency is as many flags by days since the last visit alone.
	RecencyPrecision float64      `json:"recency_precision"`
	RecencyRecall    float64      `json:"recency_recall"`
	Net              events.Money `json:"net" doc:"right × saved − flagged × contact; 0 without cost"`
}

// PolicyChosen is the threshold that was picked, and the policy that has it.
type PolicyChosen struct {
	Found     bool            `json:"found"`
	Text      events.Text     `json:"text" doc:"what was picked, or why nothing was"`
	Threshold *FlagThreshold  `json:"threshold"`
	Rule      json.RawMessage `json:"rule" doc:"the policy scaled to that threshold, ready for PUT /v1/churn/policies/{name}; null if nothing was found"`
}
