package query

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/services/query/segments"
)

// segmentRoutes are the calls about segments.
func (s *Service) segmentRoutes() []route {
	all := []route{
		get(s, "/v1/segments", "segments", "segments", "the segments there are", s.listSegments).about(segmentsDoc),
		get(s, "/v1/segments/{name}", "segment", "segments", "one segment, with all its versions", s.oneSegment),
		post(s, "/v1/segments/{name}", "putSegment", "segments", "say what a segment is from now on", s.putSegment).by(http.MethodPut).about(putSegmentDoc),
		post(s, "/v1/segments/{name}", "removeSegment", "segments", "remove a segment", s.removeSegment).by(http.MethodDelete).about(removeSegmentDoc),
		get(s, "/v1/segments/{name}/members", "segmentMembers", "segments", "who is in a segment", s.segmentMembers).about(membersDoc),
		get(s, "/v1/segments/{name}/history", "segmentHistory", "segments", "who entered and left, the latest first", s.segmentHistory).about(segmentHistoryDoc),
		ask(s, "/v1/segments/preview", "previewSegment", "segments", "who would be in, before it is saved", s.previewSegment).about(previewDoc),
		ask(s, "/v1/segments/backtest", "backtestSegment", "segments", "what a rule would have done, month by month", s.backtestSegment).about(backtestDoc),
		get(s, "/v1/customers/{id}/segments", "customerSegments", "segments", "which segments a customer is in, and why", s.customerSegments).about(whyDoc),
	}
	for i := range all { // a c360 without these rooms refuses them all
		if !slices.Contains(all[i].Problems, http.StatusConflict) {
			all[i].Problems = append(all[i].Problems, http.StatusConflict)
		}
	}
	return all
}

const (
	segmentsDoc = "By name. What came and went counts by the last change of each customer: entered in the last 24 hours and still in, left and still " +
		"out; changes that a new version of the rule made are left out. These counts may be some seconds older than the rest."
	putSegmentDoc = "The rule is a JSON tree; see the language of segment rules. It is checked before it is written: a refusal points at the faulty " +
		"place under /rule. Appended to the log; read with wait= and the position of the answer to see it. Everybody is judged soon after: left says how far " +
		"that is. To say what holds already changes nothing and answers its position. A since in the past judges the past anew from then on."
	removeSegmentDoc  = "Nobody is in it any more; its history stays. A segment that others speak of is not removed."
	membersDoc        = "With as_of, those who were in at that time by what is known today, which takes a look at everybody."
	segmentHistoryDoc = "Entries and exits follow from the histories of customers as they are known today: a late event, a link and an unlink restate them. " +
		"This takes a look at everybody; answers are given again for some seconds."
	previewDoc = "At first a fair sample is counted and scaled up, with an interval; exact=1 looks at everybody. Lines say what each condition at the top " +
		"removes: an all has one line a condition, any other rule is its own only line."
	backtestDoc = "Judges every customer by the rule at every moment from from to to, looking at nothing that happened later, and then at what happened next. " +
		"What would have been, by what is known today. The rule of a segment is the one in force now."
	whyDoc = "Condition by condition, with the touchpoints it rests on; pivotal ones would have turned the answer over, each alone. " +
		"Segments are those that were defined by the moment asked for."
)

// segmentName is part of the parameters of calls about one segment.
type segmentName struct {
	Name string `path:"name" maxlen:"64" doc:"name of the segment: lower-case letters, digits and hyphens"`
}

type segmentsParams struct{ waiting }

type segmentParams struct {
	segmentName
	waiting
}

type segmentMembersParams struct {
	segmentName
	Limit  int    `query:"limit" min:"1" max:"200" default:"50" doc:"members in the answer"`
	Cursor string `query:"cursor" maxlen:"64" doc:"next of the answer before"`
	Order  string `query:"order" enum:"latest,id" default:"latest" doc:"those who entered last first, or in the order of their ids"`
	AsOf   string `query:"as_of" maxlen:"40" doc:"who was in then: 2026-05-03 (the end of that day in Seoul) or 2026-05-03T18:00:00+09:00"`
	waiting
}

type segmentHistoryParams struct {
	segmentName
	Limit  int    `query:"limit" min:"1" max:"200" default:"50" doc:"changes in the answer"`
	Before string `query:"before" maxlen:"64" doc:"next of the answer before"`
	waiting
}

type previewParams struct {
	Exact int `query:"exact" min:"0" max:"1" default:"0" doc:"1: look at everybody, not at a sample"`
	waiting
}

type backtestParams struct{ waiting }

type customerSegmentsParams struct {
	ID   uuid.UUID `path:"id" doc:"the customer, or any of its fragments"`
	Name string    `query:"name" maxlen:"64" doc:"only this segment"`
	moment
}

// CustomerSegmentsAnswer says of every segment whether a customer is in, and why.
type CustomerSegmentsAnswer struct {
	segments.CustomerSegments
	Moment
}
