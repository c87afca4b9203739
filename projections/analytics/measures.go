package analytics

import "github.com/c360hq/c360/events"

// Measure names a figure.
type Measure string

// The measures.
const (
	// CSAT is the share of survey answers with 80 % of the scale or more (4 and 5 of 5).
	CSAT Measure = "csat"
	// NPS is the share of answers 9 and 10 less that of 0 to 6, in points from -100 to 100 (Reichheld 2003).
	NPS Measure = "nps"
	// RetentionRate is the share of the customers active in the period before who were active in the period again.
	RetentionRate Measure = "retention"
	// FirstResponse is the time from an inquiry to the first answer (closing it is one), by when it was opened.
	FirstResponse Measure = "first_response"
	// FirstResponseP90 is what nine of ten first answers take at most.
	FirstResponseP90 Measure = "first_response_p90"
	// Resolution is the time from an inquiry to its last closing; one that was reopened waits again.
	Resolution Measure = "resolution"
	// ResolutionP90 is what nine of ten take at most.
	ResolutionP90 Measure = "resolution_p90"
	// CallWait is how long callers waited.
	CallWait Measure = "call_wait"
	// CallResolved is the share of calls that settled the matter, of those that say so.
	CallResolved Measure = "call_resolved"
	// Revenue is what is left, after cancellations and refunds up to now, of the orders placed in the period.
	Revenue Measure = "revenue"
	// Orders counts the orders placed that are not cancelled.
	Orders Measure = "orders"
	// AverageBasket is what such an order cost, before refunds.
	AverageBasket Measure = "average_basket"
	// RepeatPurchase is the share of the period's buyers who had bought at least twice by its end.
	RepeatPurchase Measure = "repeat_purchase"
	// PurchaseInterval is the median of the days between a purchase in the period and the one before it.
	PurchaseInterval Measure = "purchase_interval"
	// ActiveCustomers counts the customers who were active.
	ActiveCustomers Measure = "active_customers"
	// NewCustomers counts the customers who were active for the first time.
	NewCustomers Measure = "new_customers"
	// Reactivation is the share of the customers silent for long when the period began who were active in it.
	Reactivation Measure = "reactivation"
)

// Unit is what a value is measured in.
type Unit string

// The units.
const (
	UnitShare   Unit = "share"   // 0 to 1
	UnitPoints  Unit = "points"  // -100 to 100
	UnitSeconds Unit = "seconds" // of working hours, if those were given
	UnitMoney   Unit = "money"   // units of the currency
	UnitCount   Unit = "count"
	UnitDays    Unit = "days"
)

// way is how a value is made of what was tallied.
type way uint8

const (
	wayShare way = iota // top/bottom
	waySum              // top
	wayMean             // top/bottom
	wayMedian
	wayP90
)

// measure is what is to be known about a Measure.
type measure struct {
	name  Measure
	title events.Text
	unit  Unit
	way   way
	// scale is what a value is multiplied by.
	scale float64
	// better is 1 if more is better, -1 if less is, 0 if neither.
	better int
	// of is the measure whose tally it reads.
	of Measure
}

var measures = []measure{
	{CSAT, events.Text{Ko: "만족도", En: "Satisfaction"}, UnitShare, wayShare, 1, 1, CSAT},
	{NPS, events.Text{Ko: "순추천지수", En: "Net promoter score"}, UnitPoints, wayShare, 100, 1, NPS},
	{RetentionRate, events.Text{Ko: "고객 유지율", En: "Retention"}, UnitShare, wayShare, 1, 1, RetentionRate},
	{FirstResponse, events.Text{Ko: "첫 응답 시간", En: "First response"}, UnitSeconds, wayMedian, 1e-6, -1, FirstResponse},
	{FirstResponseP90, events.Text{Ko: "첫 응답 시간 (90%)", En: "First response, 9 of 10"}, UnitSeconds, wayP90, 1e-6, -1, FirstResponse},
	{Resolution, events.Text{Ko: "해결 시간", En: "Time to resolution"}, UnitSeconds, wayMedian, 1e-6, -1, Resolution},
	{ResolutionP90, events.Text{Ko: "해결 시간 (90%)", En: "Time to resolution, 9 of 10"}, UnitSeconds, wayP90, 1e-6, -1, Resolution},
	{CallWait, events.Text{Ko: "통화 대기 시간", En: "Wait for a call"}, UnitSeconds, wayMedian, 1e-6, -1, CallWait},
	{CallResolved, events.Text{Ko: "통화 해결률", En: "Calls that settled it"}, UnitShare, wayShare, 1, 1, CallResolved},
	{Revenue, events.Text{Ko: "순매출 (반품 제외)", En: "Revenue net of returns"}, UnitMoney, waySum, 1e-4, 1, Revenue},
	{Orders, events.Text{Ko: "주문 수", En: "Orders"}, UnitCount, waySum, 1, 1, Orders},
	{AverageBasket, events.Text{Ko: "평균 주문 금액", En: "Average basket"}, UnitMoney, wayMean, 1e-4, 1, AverageBasket},
	{RepeatPurchase, events.Text{Ko: "재구매율", En: "Repeat purchase rate"}, UnitShare, wayShare, 1, 1, RepeatPurchase},
	{PurchaseInterval, events.Text{Ko: "구매 간격", En: "Days between purchases"}, UnitDays, wayMedian, 1, -1, PurchaseInterval},
	{ActiveCustomers, events.Text{Ko: "활동 고객", En: "Active customers"}, UnitCount, waySum, 1, 1, ActiveCustomers},
	{NewCustomers, events.Text{Ko: "신규 고객", En: "New customers"}, UnitCount, waySum, 1, 1, NewCustomers},
	{Reactivation, events.Text{Ko: "휴면 고객 복귀율", En: "Reactivation rate"}, UnitShare, wayShare, 1, 1, Reactivation},
}
