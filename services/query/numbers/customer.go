package numbers

import (
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/value"
)

const (
	// level is the probability that an interval of purchases holds the number.
	level = 0.9
	// weeksAYear and stepsAYear: purchases to come are discounted in twelve steps a year.
	weeksAYear = 365.0 / 7
	stepsAYear = 12
)

// Worth is what one customer is worth.
type Worth struct {
	Currency  string       `json:"currency" doc:"the one that most customers buy in; purchases in others do not count here"`
	Purchases int          `json:"purchases" doc:"days with a purchase that was not taken back"`
	Spent     events.Money `json:"spent" doc:"net of cancellations and refunds"`
	FirstDay  string       `json:"first_day" doc:"of the first purchase; empty if there is none"`
	LastDay   string       `json:"last_day"`
	RFM       *Fifths      `json:"rfm" doc:"null for who bought nothing"`
	Life      *LifeOf      `json:"life" doc:"null if there is too little data to tell classes by"`
	Tier      *TierOf      `json:"tier" doc:"null if no tiers are set up"`
	Alive     *float64     `json:"alive" doc:"probability of still being a customer; null if the data does not tell drop-out from rarity, or nothing was bought"`
	Forecasts []Ahead      `json:"forecasts" doc:"for 90 and 365 days; empty without a fitted model or a purchase"`
	CLV       *CLV         `json:"clv" doc:"null without forecasts or fitted spending"`
	Model     *ModelNote   `json:"model" doc:"what the figures rest on; null if there is too little data"`
}

// Fifths is where a customer is among all, 1 to 5, 5 the best.
type Fifths struct {
	value.Rank
	Class value.RFMClass `json:"class"`
	Name  events.Text    `json:"name"`
}

// LifeOf is a customer's class of life.
type LifeOf struct {
	Class   string       `json:"class" enum:"new,good,vip,slipping,lapsed,returned,none"`
	Name    events.Text  `json:"name"`
	Due     *time.Time   `json:"due" doc:"when it may change if nothing happens; null if it does not"`
	History []LifeChange `json:"history" doc:"the earliest first"`
}

// LifeChange is one change of class.
type LifeChange struct {
	At      time.Time  `json:"at"`
	From    string     `json:"from"`
	To      string     `json:"to"`
	Cause   string     `json:"cause" doc:"the type of the event that made it so; clock if it was time that passed"`
	EventAt *time.Time `json:"event_at,omitempty"`
}

// TierOf is where a customer stands among the tiers.
type TierOf struct {
	Tier           string       `json:"tier" doc:"empty below the lowest"`
	Revenue        events.Money `json:"revenue" doc:"what counts now"`
	Orders         int64        `json:"orders" doc:"what counts now"`
	Holds          *time.Time   `json:"holds" doc:"when it is lost if nothing more is bought; null if it is not"`
	Next           string       `json:"next" doc:"the tier above; empty at the highest"`
	MissingRevenue events.Money `json:"missing_revenue" doc:"what it takes to get there"`
	MissingOrders  int64        `json:"missing_orders"`
	Until          *time.Time   `json:"until" doc:"by when, before what counts becomes less; null if it does not"`
}

// Ahead is what is expected within so many days.
type Ahead struct {
	Days      int     `json:"days"`
	Purchases float64 `json:"purchases" doc:"expected days with a purchase"`
	Low       int     `json:"low" doc:"with high, holds the number in 9 cases of 10"`
	High      int     `json:"high"`
	Spend     float64 `json:"spend" doc:"what one is expected to cost; 0 if spending was not fitted"`
	Value     float64 `json:"value" doc:"what all are expected to cost"`
}

// CLV is what a customer is expected to spend from now on, discounted to now.
type CLV struct {
	Value    float64 `json:"value"`
	Years    int     `json:"years" doc:"how far it looks"`
	Discount float64 `json:"discount" doc:"a year, 0.1 for 10 %"`
}

// ModelNote says what figures rest on.
type ModelNote struct {
	Model        value.Model     `json:"model"`
	Position     events.Position `json:"position" doc:"of the log that it was fitted at"`
	FittedTo     time.Time       `json:"fitted_to" doc:"the last moment whose purchases were used"`
	Customers    int64           `json:"customers" doc:"that it was fitted to"`
	Identifiable value.Verdict   `json:"identifiable" doc:"whether the data tells drop-out from rarity"`
	Holdout      *value.Report   `json:"holdout" doc:"how it did on time it had not seen, beside the plain forecasts; null if there was too little time"`
}

// WorthAnswer is what one customer is worth, and what it rests on.
type WorthAnswer struct {
	Customer uuid.UUID       `json:"customer"`
	Position events.Position `json:"position" doc:"position of the log that the customer is told at; model.position is that of the model"`
	At       time.Time       `json:"at" doc:"the instant: the answer looks at nothing that happened later"`
	Worth
	Enough bool         `json:"enough" doc:"whether there is data enough for classes and forecasts"`
	Why    *events.Text `json:"why,omitempty" doc:"why there is not"`
}

// Glance is what the page of a customer shows of their worth.
type Glance struct {
	Currency  string          `json:"currency"`
	Purchases int             `json:"purchases"`
	Spent     events.Money    `json:"spent"`
	RFM       *Fifths         `json:"rfm"`
	Class     string          `json:"class" doc:"of life; empty if there is too little data to tell"`
	ClassName *events.Text    `json:"class_name"`
	Tier      *TierOf         `json:"tier"`
	Alive     *float64        `json:"alive"`
	Next90    *Ahead          `json:"next_90_days"`
	CLV       *CLV            `json:"clv"`
	FittedAt  events.Position `json:"fitted_at" doc:"position of the log that the measures are from; GET /v1/customers/{id}/value tells more"`
}

// Glance makes the small form.
func (y *Yardstick) Glance(w *Worth) *Glance {
	b := &Glance{
		Currency: w.Currency, Purchases: w.Purchases, Spent: w.Spent, RFM: w.RFM, Tier: w.Tier, Alive: w.Alive, CLV: w.CLV,
		FittedAt: y.Basis.Position,
	}
	if w.Life != nil {
		b.Class, b.ClassName = w.Life.Class, &w.Life.Name
	}
	if len(w.Forecasts) > 0 {
		b.Next90 = &w.Forecasts[0]
	}
	return b
}
