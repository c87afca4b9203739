package numbers

import (
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
)

// RetentionAnswer is retention by joining month.
type RetentionAnswer struct {
	Basis
	Active  analytics.Activity       `json:"active" doc:"by what customers join and come back"`
	Joined  int64                    `json:"joined" doc:"how many customers the table is made of: those who were ever active"`
	Orders  int64                    `json:"orders" doc:"their orders that are not cancelled"`
	Revenue []analytics.Revenues     `json:"revenue" doc:"net of cancellations and refunds"`
	Months  []analytics.JoiningMonth `json:"months" doc:"the months in which they joined, the earliest first; a month without is left out"`
}

// Retention puts a table into an answer.
func Retention(b Basis, t *analytics.RetentionTable) *RetentionAnswer {
	b.rests(t.Customers, customers)
	return &RetentionAnswer{
		Basis: b, Active: t.Active, Joined: t.Customers, Orders: t.Orders, Revenue: listed(t.Revenue), Months: listed(t.Months),
	}
}

// FunnelAnswer is a funnel, step by step.
type FunnelAnswer struct {
	Basis
	Period     analytics.Span         `json:"period" doc:"when the first step happened"`
	Within     int64                  `json:"within_s" doc:"how long after the first step the last may come, seconds"`
	Steps      []analytics.FunnelStep `json:"steps"`
	Conversion *float64               `json:"conversion" doc:"the share of those at the first step who came to the last"`
}

// Funnel puts a funnel into an answer.
func Funnel(b Basis, t *analytics.FunnelTable) *FunnelAnswer {
	b.rests(t.Steps[0].Customers, starters)
	for i := range t.Steps {
		t.Steps[i].Sample = listed(t.Steps[i].Sample)
	}
	return &FunnelAnswer{Basis: b, Period: t.Period, Within: t.Within, Steps: t.Steps, Conversion: t.Conversion}
}

// FunnelRequest are the steps of a funnel with conditions on their fields.
type FunnelRequest struct {
	Steps []StepRequest `json:"steps" doc:"2 to 8, in the order in which they must happen; others may lie between"`
}

// StepRequest is one step: a type of touchpoint, and what its fields must be.
type StepRequest struct {
	Type  string         `json:"type"`
	Where []FieldRequest `json:"where,omitempty" doc:"all must hold, 8 at most"`
}

// FieldRequest is a condition on a field that histories keep: sku, category, path, store, score, … or channel, amount, currency, order_id, item.sku, item.category.
type FieldRequest struct {
	Field string        `json:"field"`
	In    []string      `json:"in,omitempty" doc:"its value is one of these"`
	Least *events.Money `json:"least,omitempty" doc:"it is a number of this or more"`
	Most  *events.Money `json:"most,omitempty" doc:"it is a number of this or less"`
}

// Analytics returns the steps as analytics take them.
func (r *FunnelRequest) Analytics() []analytics.Step {
	steps := make([]analytics.Step, len(r.Steps))
	for i, s := range r.Steps {
		steps[i].Type = s.Type
		for _, w := range s.Where {
			steps[i].Where = append(steps[i].Where, analytics.Where(w))
		}
	}
	return steps
}

// PathsAnswer are the ways that were gone most.
type PathsAnswer struct {
	Basis
	Period    analytics.Span   `json:"period" doc:"when the goal was reached"`
	Exact     bool             `json:"exact" doc:"every journey was counted; if not, one customer in one_in was, and counts are those times one_in"`
	OneIn     int64            `json:"one_in"`
	Journeys  int64            `json:"journeys" doc:"how many reached the goal"`
	Different int64            `json:"different" doc:"by how many different ways"`
	Paths     []analytics.Path `json:"paths"`
}

// Paths puts paths into an answer.
func Paths(b Basis, t *analytics.PathTable) *PathsAnswer {
	b.rests(t.Journeys, journeys)
	return &PathsAnswer{
		Basis: b, Period: t.Period, Exact: t.Exact, OneIn: t.OneIn, Journeys: t.Journeys, Different: t.Different, Paths: listed(t.Paths),
	}
}

// SurvivalAnswer is how long customers stay and who comes back.
type SurvivalAnswer struct {
	Basis
	Active        analytics.Activity        `json:"active"`
	Silence       int                       `json:"silence_days" doc:"after so many days of silence a customer counts as lost"`
	Watched       int64                     `json:"watched" doc:"customers who were ever active"`
	Lost          int64                     `json:"lost" doc:"of whom so many fell silent for so long at least once"`
	Curve         []analytics.SurvivalPoint `json:"curve" doc:"the share not lost yet by days since they were first active (Kaplan and Meier 1958)"`
	Median        *int64                    `json:"median_days" doc:"by how many days half are lost; null if that has not been seen"`
	Back          []analytics.Reactivated   `json:"back" doc:"who of the lost came back within so many days"`
	Returned      int64                     `json:"returned"`
	ReturnedShare *float64                  `json:"returned_share"`
	BackMedian    *float64                  `json:"back_median_days"`
}

// Survival puts a curve into an answer.
func Survival(b Basis, t *analytics.SurvivalTable) *SurvivalAnswer {
	b.rests(t.Customers, customers)
	return &SurvivalAnswer{
		Basis: b, Active: t.Active, Silence: t.Silence, Watched: t.Customers, Lost: t.Lost, Curve: listed(t.Curve), Median: t.Median,
		Back: listed(t.Back), Returned: t.Returned, ReturnedShare: t.ReturnedShare, BackMedian: t.BackMedian,
	}
}

// ReturnsAnswer says who bought again after a return.
type ReturnsAnswer struct {
	Basis
	Period     analytics.Span     `json:"period" doc:"when the orders were placed"`
	Days       int                `json:"days" doc:"within how many days of the return, or of the order, they bought again"`
	Returned   analytics.Again    `json:"returned" doc:"customers who had an order refunded or cancelled"`
	Others     analytics.Again    `json:"others"`
	Difference *float64           `json:"difference" doc:"the share of returned less that of others; null if either is missing"`
	Interval   analytics.Interval `json:"interval" doc:"where the difference lies, 95 %"`
}

// Returns puts a comparison into an answer.
func Returns(b Basis, t *analytics.ReturnTable) *ReturnsAnswer {
	b.rests(min(t.Returned.Customers, t.Others.Customers), events.Text{Ko: "작은 쪽 고객", En: "customers on the smaller side"})
	return &ReturnsAnswer{
		Basis: b, Period: t.Period, Days: t.Days, Returned: t.Returned, Others: t.Others, Difference: t.Difference, Interval: t.Interval,
	}
}

// GroupsAnswer is what segments are worth, and the model of value.
type GroupsAnswer struct {
	Basis
	Period       analytics.Span         `json:"period" doc:"when orders and contacts happened"`
	Silence      int                    `json:"silence_days" doc:"after so many days without any activity a customer counts as churned"`
	CostCurrency string                 `json:"cost_currency"`
	All          analytics.GroupValue   `json:"all" doc:"everybody, in a segment or not"`
	Segments     []analytics.GroupValue `json:"segments" doc:"by name; a customer of several segments counts in each"`
	Model        *ModelAnswer           `json:"model" doc:"the model that customers are measured by; null if none is ready: GET /v1/analytics/value/model makes one"`
}

// Groups puts a table into an answer.
func Groups(b Basis, t *analytics.ValueTable, silence int) *GroupsAnswer {
	b.rests(t.All.Customers, customers)
	t.All.Revenue = listed(t.All.Revenue)
	for i := range t.Groups {
		t.Groups[i].Revenue = listed(t.Groups[i].Revenue)
	}
	return &GroupsAnswer{
		Basis: b, Period: t.Period, Silence: silence, CostCurrency: t.CostCurrency, All: t.All, Segments: listed(t.Groups),
	}
}

// CornerAnswer is a page of the customers in one place of the grid.
type CornerAnswer struct {
	Basis
	Currency string           `json:"currency"`
	R        int              `json:"r"`
	F        int              `json:"f"`
	Listed   []CornerCustomer `json:"listed" doc:"in the order of their ids"`
	Next     *uuid.UUID       `json:"next" doc:"give it as after for the next page; null on the last"`
}
