package value

import "github.com/c360hq/c360/events"

// RFMClass is a named place in the grid of recency and frequency.
type RFMClass string

// The classes.
const (
	Champions   RFMClass = "champions"
	Loyal       RFMClass = "loyal"
	Promising   RFMClass = "promising"
	JustBegun   RFMClass = "just_begun"
	NeedCare    RFMClass = "need_care"
	AboutToRest RFMClass = "about_to_rest"
	MustKeep    RFMClass = "must_keep"
	AtRisk      RFMClass = "at_risk"
	Resting     RFMClass = "resting"
)

// rfmClasses is the grid: rows are recency 1 to 5, columns frequency 1 to 5.
var rfmClasses = [5][5]RFMClass{
	{Resting, Resting, AtRisk, AtRisk, MustKeep},
	{Resting, Resting, AtRisk, AtRisk, MustKeep},
	{AboutToRest, AboutToRest, NeedCare, Loyal, Loyal},
	{JustBegun, Promising, Promising, Loyal, Loyal},
	{JustBegun, Promising, Promising, Champions, Champions},
}

var rfmNames = map[RFMClass]events.Text{
	Champions:   {Ko: "최우수", En: "Champions"},
	Loyal:       {Ko: "단골", En: "Loyal"},
	Promising:   {Ko: "유망", En: "Promising"},
	JustBegun:   {Ko: "첫걸음", En: "Just begun"},
	NeedCare:    {Ko: "관심 필요", En: "Need care"},
	AboutToRest: {Ko: "휴면 직전", En: "About to rest"},
	MustKeep:    {Ko: "놓치면 안 됨", En: "Must keep"},
	AtRisk:      {Ko: "이탈 위험", En: "At risk"},
	Resting:     {Ko: "휴면", En: "Resting"},
}

// Class returns the name of the customer's place in the grid.
func (r Rank) Class() RFMClass {
	if r.R < 1 || r.R > 5 || r.F < 1 || r.F > 5 {
		return ""
	}
	return rfmClasses[r.R-1][r.F-1]
}

// Name returns the class in words.
func (c RFMClass) Name() events.Text { return rfmNames[c] }
