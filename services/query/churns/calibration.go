package churns

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/standing"
)

// CalibrationRequest is the body of POST /v1/churn/calibration.
type CalibrationRequest struct {
	Budget    float64 `json:"budget,omitempty" doc:"the largest share of the customers that may be flagged at once, 0.01 to 0.5; 0.1 if left out"`
	Precision float64 `json:"precision,omitempty" doc:"the share of right flags that is wanted at least, 0 to 1; anything if left out"`
	Apply     bool    `json:"apply,omitempty" doc:"make what was found the policy called default, unless a person has defined or removed that one"`
}

// CalibrationAnswer is the policy that fits the data.
type CalibrationAnswer struct {
	Enough   bool             `json:"enough" doc:"false: there is not enough data; text says what is missing"`
	Text     events.Text      `json:"text" doc:"what was measured, or what is missing and by how much"`
	Rule     json.RawMessage  `json:"rule" doc:"the policy picked, ready for PUT; what holds for any data if there is not enough"`
	Kind     string           `json:"kind" enum:"rhythm,decline,model"`
	Measured *PolicyWorth     `json:"measured" doc:"on a day that had no part in picking; null without enough data"`
	Tried    []CalibrationTry `json:"tried" doc:"every candidate"`
	Applied  bool             `json:"applied" doc:"it is the policy called default now"`
	Position events.Position  `json:"position" doc:"of the log that it is true at, or of the policy if it was applied"`
}

// CalibrationTry is one candidate.
type CalibrationTry struct {
	Kind  string          `json:"kind" enum:"rhythm,decline,model"`
	Rule  json.RawMessage `json:"rule" doc:"with the threshold that was picked for it"`
	Found bool            `json:"found" doc:"false: no threshold of it keeps to the budget"`
	J     float64         `json:"j" doc:"share flagged of those who slipped less share flagged of those who stayed, on the days of picking"`
	// Measured is null if nothing was found.
	Measured *PolicyWorth `json:"measured" doc:"on the day held back; null if nothing was found"`
}

// usualBudget is the largest share of the customers that a policy of a fresh install flags: as many as anybody has the time to look
// after, and few enough to be right.
const usualBudget = .1

// Goal is what to calibrate for, with what is known up to a time, Unix microseconds. Its error is a *RequestError.
func (q *CalibrationRequest) Goal(now int64) (churn.Goal, error) {
	g := churn.Goal{Now: now, Budget: q.Budget, Precision: q.Precision}
	if g.Budget == 0 {
		g.Budget = usualBudget
	}
	switch {
	case !(g.Budget >= .01 && g.Budget <= .5):
		return g, &RequestError{"/budget", "give 0.01 to 0.5"}
	case !(g.Precision >= 0 && g.Precision <= 1):
		return g, &RequestError{"/precision", "give 0 to 1"}
	}
	return g, nil
}

// CalibrationOf is the answer of a calibration.
func CalibrationOf(c *churn.Calibrated) (*CalibrationAnswer, error) {
	rule, err := c.Policy.Marshal()
	a := &CalibrationAnswer{
		Enough: c.Enough, Text: c.Words, Rule: rule, Kind: c.Policy.Kind(), Measured: worth(c.Policy.Measured), Tried: []CalibrationTry{},
	}
	for i := range c.Tried {
		t := &c.Tried[i]
		try := CalibrationTry{Kind: t.Policy.Kind(), Found: t.Found, J: t.J}
		if t.Found {
			try.Measured = worth(&t.Measured)
		}
		var failed error
		if try.Rule, failed = t.Policy.Marshal(); failed != nil {
			err = failed
		}
		a.Tried = append(a.Tried, try)
	}
	if err != nil {
		return nil, fmt.Errorf("write down a policy: %w", err)
	}
	return a, nil
}

// backDays is how far back the first policy of a fresh install holds, so that it is seen since when customers are silent, and what
// became of those who were before.
const backDays = 365

// title is what people call the policy of a fresh install.
var title = events.Text{Ko: "자동 보정된 기본 기준", En: "Fitted to the data by c360"}

// Calibration is what a calibration writes of a policy that it found, with what is known up to a time, Unix microseconds; first
// if there was none before.
func Calibration(c *churn.Calibrated, now int64, first bool) (Writing, error) {
	w := Writing{Written: standing.Written{Title: title, Actor: Calibrated}}
	var err error
	if w.Rule, err = c.Policy.Marshal(); err != nil {
		return w, fmt.Errorf("write down a policy: %w", err)
	}
	if first {
		y, m, d := time.UnixMicro(now).In(history.Zone).Date()
		w.Since = time.Date(y, m, d-backDays, 0, 0, 0, 0, history.Zone).UTC()
	}
	return w, nil
}

const (
	// growth is how much more data makes a calibration worth another one, keepDays how long one is kept otherwise.
	growth   = 1.5
	keepDays = 30
)

// Grown reports whether so much was added to a log since a position that another look is worth it.
func Grown(since, now events.Position) bool { return float64(now) >= growth*float64(since) }

// Stale reports whether a policy that a calibration wrote at a time is worth replacing by what another found: there is half as much
// data again, or a month is over.
func Stale(h *Held, written, now time.Time, found *churn.Calibrated) bool {
	had, has := h.Program.Policy().Measured, found.Policy.Measured
	if had == nil || has == nil || now.Sub(written) >= keepDays*24*time.Hour {
		return true
	}
	return float64(has.Customers) >= growth*float64(had.Customers)
}

// NotLooked is said while no calibration has looked at the data, NotWanted when there is enough and yet no policy.
var (
	NotLooked = events.Text{
		Ko: "아직 데이터를 살펴보지 않았습니다. 시작하고 몇 분 뒤 자동으로 기준을 찾습니다. 바로 하려면 c360 churn calibrate를 실행하세요.",
		En: "The data has not been looked at yet: c360 does so some minutes after it starts. To have it now, run c360 churn calibrate.",
	}
	NotWanted = events.Text{
		Ko: "정책이 없습니다. c360 churn calibrate --apply로 기본 기준을 정하거나, c360 churn put으로 직접 정해 주세요.",
		En: "There is no policy. Run c360 churn calibrate --apply for one that fits the data, or c360 churn put for your own.",
	}
)
