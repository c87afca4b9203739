package churn

import (
	"fmt"

	"github.com/c360hq/c360/events"
)

var noCandidate = events.Text{
	Ko: "원하는 정밀도와 예산을 지키는 기준이 없습니다. 정밀도를 낮추거나 예산을 늘려 주세요.",
	En: "No threshold keeps to the wanted precision and budget. Ask for less precision or allow more flags.",
}

// Words say in a sentence what a policy was measured to be worth, beside flagging anybody and beside plain recency.
func (m *Measured) Words() events.Text {
	what := events.Text{Ko: "구매 없음", En: "no purchase"}
	if m.Label == NoVisit.String() {
		what = events.Text{Ko: "방문 없음", En: "no visit"}
	}
	if m.Flagged == 0 {
		return events.Text{
			Ko: fmt.Sprintf("%d일 내 %s(전체 %d%%)을 미리 알아보는지 확인했으나 대상자가 없었습니다.", m.HorizonDays, what.Ko, percent(m.BaseRate)),
			En: fmt.Sprintf("Measured on %s within %d days (%d%% of all): nobody was flagged.", what.En, m.HorizonDays, percent(m.BaseRate)),
		}
	}
	return events.Text{
		Ko: m.who().Ko + fmt.Sprintf("%d일 내 %s: 표시한 고객의 %d%%가 실제로 그랬고(전체 %d%%, 마지막 방문일만 보면 %d%%), 그런 고객의 %d%%를 찾았습니다(마지막 방문일만 보면 %d%%).",
			m.HorizonDays, what.Ko, percent(m.Precision), percent(m.BaseRate), percent(m.RecencyPrecision), percent(m.Recall), percent(m.RecencyRecall)),
		En: m.who().En + fmt.Sprintf("%s within %d days: true of %d%% of those flagged (of all: %d%%; by last visit alone: %d%%); %d%% of those who slipped were found (by last visit alone: %d%%).",
			what.En, m.HorizonDays, percent(m.Precision), percent(m.BaseRate), percent(m.RecencyPrecision), percent(m.Recall), percent(m.RecencyRecall)),
	}
}

// who says who was judged.
func (m *Measured) who() events.Text {
	if m.MinTimes == 0 {
		return events.Text{Ko: fmt.Sprintf("고객 %d명 기준, ", m.Customers), En: fmt.Sprintf("Of %d customers: ", m.Customers)}
	}
	return events.Text{
		Ko: fmt.Sprintf("평소라면 그동안 %s번 이상 왔을 고객 %d명 기준, ", number(m.MinTimes), m.Customers),
		En: fmt.Sprintf("Of %d customers who would usually have come %s times or more: ", m.Customers, number(m.MinTimes)),
	}
}

// missing says what data is not enough, in words; the zero Text if it is.
func (c *Calibration) missing() events.Text {
	need := neededDays(c.goal.HorizonDays)
	if c.survey.Regular < NeededRegulars || c.survey.Days() < need {
		return events.Text{
			Ko: fmt.Sprintf("아직 데이터가 충분하지 않습니다: 방문한 날이 %d일 이상인 고객 %d명(필요 %d명), 기록 기간 %d일(필요 %d일).",
				RegularVisits, c.survey.Regular, NeededRegulars, c.survey.Days(), need),
			En: fmt.Sprintf("There is not enough data yet: customers with visits on %d days or more: %d (%d are needed); length of the history: %d days (%d are needed).",
				RegularVisits, c.survey.Regular, NeededRegulars, c.survey.Days(), need),
		}
	}
	slipped, stayed := c.tests[0].cuts[pickDates].score.totals(0)
	if min(slipped, stayed) >= NeededEach {
		return events.Text{}
	}
	return events.Text{
		Ko: fmt.Sprintf("아직 데이터가 충분하지 않습니다: %d일 내 떠난 고객 %d명, 남은 고객 %d명(각각 필요 %d명).",
			c.goal.HorizonDays, slipped, stayed, NeededEach),
		En: fmt.Sprintf("There is not enough data yet: within %d days %d customers slipped and %d stayed (%d of each are needed).",
			c.goal.HorizonDays, slipped, stayed, NeededEach),
	}
}
