package churns

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
)

// RequestError says where a request is wrong, as a JSON pointer, and what to write instead.
type RequestError struct{ Pointer, Detail string }

// Error returns the place and the detail.
func (w *RequestError) Error() string { return w.Pointer + ": " + w.Detail }

const (
	defaultMonths  = 6
	defaultHorizon = 60
	defaultActive  = 365
	defaultTimes   = 3 // as a calibration does
	maxHorizon     = 366
)

// Trial reads what a backtest is to look at, of a policy, with what is known up to a time, Unix microseconds. Its error is a *RequestError.
func (q *BacktestRequest) Trial(p churn.Policy, now int64) (churn.Trial, error) {
	t := churn.Trial{
		HorizonDays: or(q.HorizonDays, defaultHorizon), Now: now, Label: churn.NoVisit,
		MinVisits: or(q.MinVisits, churn.RegularVisits), ActiveDays: or(q.ActiveDays, defaultActive), MinTimes: defaultTimes,
	}
	if q.MinTimes != nil {
		t.MinTimes = *q.MinTimes
	}
	if q.Label == churn.NoPurchase.String() || q.Label == "" && p.Counts.Of == churn.Purchases {
		t.Label = churn.NoPurchase
	}
	if q.Cost != nil {
		t.Contact, t.Saved = q.Cost.Contact, q.Cost.Saved
	}
	if err := q.check(&t); err != nil {
		return t, err
	}
	var err error
	t.Cutoffs, err = q.cutoffs(&t)
	return t, err
}

func or(given, otherwise int) int {
	if given == 0 {
		return otherwise
	}
	return given
}

func (q *BacktestRequest) check(t *churn.Trial) error {
	switch {
	case t.HorizonDays < 1 || t.HorizonDays > maxHorizon:
		return &RequestError{"/horizon_days", fmt.Sprintf("is %d; give 1 to %d", t.HorizonDays, maxHorizon)}
	case q.Label != "" && q.Label != churn.NoVisit.String() && q.Label != churn.NoPurchase.String():
		return &RequestError{"/label", `give "no_visit" or "no_purchase"`}
	case q.MinVisits < 0 || q.MinVisits > 100:
		return &RequestError{"/min_visits", "give 1 to 100"}
	case q.ActiveDays < 0 || q.ActiveDays > 3650:
		return &RequestError{"/active_days", "give 1 to 3650"}
	case !(t.MinTimes >= 0 && t.MinTimes <= 100):
		return &RequestError{"/min_times", "give 0 to 100"}
	case q.Months < 0 || q.Months > churn.MaxCutoffs:
		return &RequestError{"/months", fmt.Sprintf("give 1 to %d", churn.MaxCutoffs)}
	case q.Months > 0 && len(q.Cutoffs) > 0:
		return &RequestError{"/months", "excludes cutoffs; give one of them"}
	case len(q.Cutoffs) > churn.MaxCutoffs:
		return &RequestError{"/cutoffs", fmt.Sprintf("has %d days; give at most %d", len(q.Cutoffs), churn.MaxCutoffs)}
	case t.Contact < 0 || t.Contact > mostMoney:
		return &RequestError{"/cost/contact", "give 0 to 1000000000"}
	case t.Saved < 0 || t.Saved > mostMoney:
		return &RequestError{"/cost/saved", "give 0 to 1000000000"}
	}
	return q.checkChoice()
}

// mostMoney keeps the sums of a curve within bounds.
const mostMoney = events.Money(1_000_000_000) * 10_000

func (q *BacktestRequest) checkChoice() error {
	c := q.Choose
	switch {
	case c == nil:
		return nil
	case (c.Budget != 0) == (c.Precision != 0):
		return &RequestError{"/choose", "give one of budget and precision"}
	case c.Budget < 0:
		return &RequestError{"/choose/budget", "give 1 or more"}
	case c.Precision < 0 || c.Precision > 1:
		return &RequestError{"/choose/precision", "give more than 0, and at most 1"}
	}
	return nil
}

// cutoffs are the days given, or the ends of the last months whose horizon is over.
func (q *BacktestRequest) cutoffs(t *churn.Trial) ([]int64, error) {
	latest := t.Now - int64(t.HorizonDays)*dayMicros
	if len(q.Cutoffs) == 0 {
		return ends(latest, or(q.Months, defaultMonths)), nil
	}
	var all []int64
	for i, text := range q.Cutoffs {
		day, err := time.ParseInLocation(time.DateOnly, text, history.Zone)
		place := "/cutoffs/" + strconv.Itoa(i)
		at := day.AddDate(0, 0, 1).UnixMicro() - 1
		switch {
		case err != nil:
			return nil, &RequestError{place, "is no day; write it like 2026-03-31"}
		case at > latest:
			return nil, &RequestError{place, fmt.Sprintf("the %d days after it are not over yet; give a day until %s, or a shorter horizon",
				t.HorizonDays, time.UnixMicro(latest+1).In(history.Zone).AddDate(0, 0, -1).Format(time.DateOnly))}
		case slices.Contains(all, at):
			return nil, &RequestError{place, "is there already; give it once"}
		}
		all = append(all, at)
	}
	slices.Sort(all)
	return all, nil
}

// ends are the ends of the last months up to a time, the earliest first.
func ends(latest int64, months int) []int64 {
	y, m, _ := time.UnixMicro(latest + 1).In(history.Zone).Date()
	all := make([]int64, months)
	for i := range all {
		all[months-1-i] = time.Date(y, m-time.Month(i), 1, 0, 0, 0, 0, history.Zone).UnixMicro() - 1
	}
	return all
}

// BacktestOf is the answer of a backtest that has seen everybody.
func BacktestOf(q *BacktestRequest, p churn.Policy, b *churn.Backtest) (*BacktestAnswer, error) {
	rule, err := p.Marshal()
	if err != nil {
		return nil, fmt.Errorf("write down a policy: %w", err)
	}
	r := b.Result()
	m := r.Measured()
	a := &BacktestAnswer{
		Rule: rule, Kind: p.Kind(), Label: r.Trial.Label.String(), HorizonDays: r.Trial.HorizonDays, All: metrics(&r.All), Text: m.Words(),
	}
	for i := range r.Cutoffs {
		a.Cutoffs = append(a.Cutoffs, metrics(&r.Cutoffs[i]))
	}
	for _, x := range r.Calibration {
		a.Calibration = append(a.Calibration, RiskBin(x))
	}
	for i := range r.Curve {
		a.Curve = append(a.Curve, *threshold(&r.Curve[i]))
	}
	if q.Cost != nil && r.Best.Flagged > 0 {
		a.Best = threshold(&r.Best)
	}
	return a, nil
}

func metrics(m *churn.Metrics) FlagMetrics {
	a := FlagMetrics{
		Customers: m.Customers, Slipped: m.Slipped, Flagged: m.Flagged, Right: m.Right, BaseRate: m.BaseRate,
		Precision: m.Precision, Recall: m.Recall, F1: m.F1, Lift: m.Lift, AUC: m.AUC, Unjudged: m.UnjudgedFlagged,
		Recency: PlainRecency{Precision: m.Recency.Precision, Recall: m.Recency.Recall, F1: m.Recency.F1, AUC: m.Recency.AUC},
	}
	if m.Cutoff != 0 {
		a.Cutoff = dayOf(m.Cutoff)
	}
	return a
}

func dayOf(at int64) string { return time.UnixMicro(at).In(history.Zone).Format(time.DateOnly) }

func threshold(c *churn.Choice) *FlagThreshold {
	return &FlagThreshold{
		Risk: c.Points, Flagged: c.Flagged, Right: c.Right, Precision: c.Precision, Recall: c.Recall,
		RecencyPrecision: c.RecencyPrecision, RecencyRecall: c.RecencyRecall, Net: c.Net,
	}
}

// Choose picks a threshold and scales the policy to it; false if there is none. See [PolicyChosen.Measure].
func Choose(by *FlagsChosen, p churn.Policy, b *churn.Backtest) (chosen *PolicyChosen, scaled churn.Policy, found bool) {
	c, err := by.pick(b)
	if err != nil { // no threshold does what was asked for: that is an answer
		return &PolicyChosen{Rule: []byte("null"), Text: noThreshold}, p, false
	}
	chosen = &PolicyChosen{Rule: []byte("null"), Text: noPolicy, Threshold: threshold(&c)}
	scaled, err = p.Scaled(c.Ratio)
	return chosen, scaled, err == nil
}

func (by *FlagsChosen) pick(b *churn.Backtest) (churn.Choice, error) {
	if by.Precision > 0 {
		return b.ByPrecision(by.Precision)
	}
	return b.ByBudget(by.Budget)
}

// Measure completes the choice with the scaled policy and what that was worth on the same days.
func (c *PolicyChosen) Measure(scaled churn.Policy, tested *churn.Result) error {
	m := tested.Measured()
	scaled.Measured = &m
	rule, err := scaled.Marshal()
	if err != nil {
		return fmt.Errorf("write down a policy: %w", err)
	}
	c.Found, c.Rule, c.Text = true, rule, m.Words()
	return nil
}

var (
	noThreshold = events.Text{
		Ko: "그 조건을 지키는 기준이 없습니다. 대상 인원을 늘리거나 정밀도를 낮춰 주세요.",
		En: "No threshold does that. Allow more flags, or ask for less precision.",
	}
	noPolicy = events.Text{
		Ko: "그 기준은 이 정책이 가질 수 있는 값의 범위를 벗어납니다.",
		En: "That threshold is out of the bounds of what this policy may say.",
	}
)
