package query

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/brief"
	"github.com/c360hq/c360/services/query/churns"
	"github.com/c360hq/c360/services/query/numbers"
	"github.com/c360hq/c360/services/query/offers"
	"github.com/c360hq/c360/services/query/segments"
)

// The types below are the answers of the API: what they say is what /openapi.json says. A field is always there
// unless it is marked omitempty; a list that holds nothing is [].

// SearchAnswer is the answer to a look-up or a search.
type SearchAnswer struct {
	Customers []Hit           `json:"customers"`
	Next      string          `json:"next" doc:"cursor of the next page, empty on the last"`
	Position  events.Position `json:"position" doc:"position of the log that the answer is true at"`
	Moment
}

// Hit is one customer that was found, and why.
type Hit struct {
	ID          uuid.UUID  `json:"id"`
	Name        string     `json:"name"`
	Tier        string     `json:"tier"`
	Phone       string     `json:"phone"`
	Email       string     `json:"email"`
	City        string     `json:"city"`
	LastSeen    *time.Time `json:"last_seen"`
	LastChannel string     `json:"last_channel"`
	Events      int64      `json:"events"`
	Orders      int64      `json:"orders"`
	Matched     Matched    `json:"matched"`
}

// Matched says why a customer was found.
type Matched struct {
	Kind   string `json:"kind" doc:"phone, email, loyalty_id or another identifier kind, name, initials, order, inquiry, case; recent if nothing was asked for"`
	Value  string `json:"value" doc:"what matched, as it is stored; empty if nothing was asked for"`
	Proven bool   `json:"proven" doc:"false: only a browser claimed this, anybody can type it"`
}

// CustomerAnswer is everything the customer page shows above the fold, in one answer.
type CustomerAnswer struct {
	ID              uuid.UUID                  `json:"id" doc:"the smallest fragment id of the customer; every fragment id leads here"`
	Name            string                     `json:"name"`
	Initials        string                     `json:"initials" doc:"what an avatar shows: the given name, or first letters"`
	Fragments       []FragmentAnswer           `json:"fragments"`
	Identifiers     []IdentifierAnswer         `json:"identifiers"`
	Traits          map[string]Trait           `json:"traits"`
	Totals          Totals                     `json:"totals"`
	FirstSeen       *time.Time                 `json:"first_seen"`
	LastSeen        *time.Time                 `json:"last_seen"`
	LastChannel     string                     `json:"last_channel"`
	Segments        []segments.CustomerSegment `json:"segments" doc:"those the customer is in"`
	Churn           *churns.ChurnBrief         `json:"churn" doc:"null if there is no policy"`
	Value           *numbers.Glance            `json:"value" doc:"null if it is not measured yet, or at another instant than now: GET /v1/customers/{id}/value tells"`
	Recommendations []offers.OfferBrief        `json:"recommendations" doc:"up to 4: what is due to be bought again, then what fits"`
	OffersNote      *events.Text               `json:"recommendations_note" doc:"why there are none; null if they are what they are"`
	Consents        []Consent                  `json:"consents"`
	Cases           []CaseAnswer               `json:"cases" doc:"open first, newest first"`
	Notes           []Note                     `json:"notes" doc:"pinned first, newest first"`
	Ribbon          Ribbon                     `json:"ribbon"`
	Brief           *brief.Brief               `json:"brief"`
	Rhythm          Rhythm                     `json:"rhythm"`
	Position        events.Position            `json:"position"`
	Moment
}

// FragmentAnswer is one fragment of a customer.
type FragmentAnswer struct {
	ID        uuid.UUID  `json:"id"`
	FirstSeen *time.Time `json:"first_seen"`
	LastSeen  *time.Time `json:"last_seen"`
	Events    int64      `json:"events"`
	Channels  []string   `json:"channels"`
	Sources   []string   `json:"sources"`
}

// IdentifierAnswer is one identifier of a customer.
type IdentifierAnswer struct {
	Kind      string      `json:"kind"`
	Value     string      `json:"value"`
	Grade     string      `json:"grade" enum:"claimed,asserted,verified"`
	Fragments []uuid.UUID `json:"fragments"`
	FirstSeen *time.Time  `json:"first_seen"`
	Inert     bool        `json:"inert" doc:"true: shared by too many, or blocked; it links nobody"`
}

// Trait is one thing known about a customer, and who said it.
type Trait struct {
	Value  json.RawMessage `json:"value"`
	Grade  string          `json:"grade"`
	Source string          `json:"source"`
	Time   *time.Time      `json:"time"`
}

// Totals counts what the customer did.
type Totals struct {
	Events       int64            `json:"events"`
	ByChannel    map[string]int64 `json:"by_channel"`
	ByType       map[string]int64 `json:"by_type"`
	Orders       int64            `json:"orders"`
	Cancelled    int64            `json:"cancelled"`
	Revenue      []Amount         `json:"revenue"`
	Refunded     []Amount         `json:"refunded"`
	FirstOrderAt *time.Time       `json:"first_order_at"`
	LastOrderAt  *time.Time       `json:"last_order_at"`
	ByQuarter    []QuarterAmount  `json:"by_quarter"`
}

// Amount is money of one currency.
type Amount struct {
	Currency string       `json:"currency"`
	Amount   events.Money `json:"amount"`
}

// QuarterAmount is money of one currency in one quarter.
type QuarterAmount struct {
	Quarter  string       `json:"quarter" doc:"2026Q3"`
	Currency string       `json:"currency"`
	Amount   events.Money `json:"amount"`
}

// Consent is what the customer last said about one purpose and medium.
type Consent struct {
	Purpose string     `json:"purpose"`
	Medium  string     `json:"medium"`
	Given   bool       `json:"given"`
	Time    *time.Time `json:"time"`
	Source  string     `json:"source"`
}

// CaseAnswer is one matter between the customer and the company.
type CaseAnswer struct {
	ID         string     `json:"id"`
	Subject    string     `json:"subject"`
	Category   string     `json:"category"`
	Complaint  bool       `json:"complaint"`
	State      string     `json:"state" enum:"open,answered,closed"`
	OpenedAt   *time.Time `json:"opened_at"`
	AnsweredAt *time.Time `json:"answered_at"`
	ClosedAt   *time.Time `json:"closed_at"`
	Channel    string     `json:"channel"`
	OrderID    string     `json:"order_id"`
	Agent      string     `json:"agent"`
}

// Note is what a colleague wrote down about the customer.
type Note struct {
	ID     string     `json:"id"`
	Text   string     `json:"text"`
	Author string     `json:"author"`
	Store  string     `json:"store"`
	Pinned bool       `json:"pinned"`
	Time   *time.Time `json:"time"`
}

// Ribbon counts events per channel and week, for the strip at the top of the page.
type Ribbon struct {
	Start    string             `json:"start" doc:"the first Monday, YYYY-MM-DD"`
	Weeks    int                `json:"weeks"`
	Channels map[string][]int64 `json:"channels"`
}

// Rhythm is how often the customer usually comes, and how long it has been.
type Rhythm struct {
	UsualGapDays *float64 `json:"usual_gap_days" doc:"median days between active days; null with fewer than three"`
	SilentDays   *int     `json:"silent_days" doc:"days since the last activity; null if there was none"`
}
