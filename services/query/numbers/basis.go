package numbers

import (
	"fmt"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
)

// Basis is what an answer rests on; it begins every answer.
type Basis struct {
	Position   events.Position `json:"position" doc:"position of the log that the answer is true at"`
	At         time.Time       `json:"at" doc:"the instant: the answer looks at nothing that happened later"`
	Segment    string          `json:"segment" doc:"the segment whose members at that instant it is about, empty for everybody"`
	Generation string          `json:"generation,omitempty" doc:"the generation that was asked for, if it is not simply the one that serves"`
	Customers  int64           `json:"customers" doc:"how many customers it is about: of the segment, and heard of by then"`
	Enough     bool            `json:"enough" doc:"whether that is enough to go by"`
	Why        *events.Text    `json:"why,omitempty" doc:"why it is not"`
}

// least is how many of something an answer rests on at least; see [analytics.Least].
const least = analytics.Least

// rests notes that an answer rests on so many of something.
func (b *Basis) rests(on int64, what events.Text) {
	b.Enough, b.Why = on >= least, nil
	if !b.Enough {
		b.lacks(events.Text{
			Ko: fmt.Sprintf("%s %d건으로는 부족합니다. %d건부터 믿을 수 있습니다.", what.Ko, on, least),
			En: fmt.Sprintf("this rests on %d %s; take it seriously from %d on", on, what.En, least),
		})
	}
}

// lacks notes why an answer is not to be gone by.
func (b *Basis) lacks(why events.Text) { b.Enough, b.Why = false, &why }

var (
	customers = events.Text{Ko: "고객", En: "customers"}
	buyers    = events.Text{Ko: "구매 고객", En: "customers who bought"}
	journeys  = events.Text{Ko: "여정", En: "journeys"}
	starters  = events.Text{Ko: "첫 단계 고객", En: "customers at the first step"}
)
