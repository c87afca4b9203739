package query

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/services/query/churns"
	"github.com/c360hq/c360/services/web"
)

// churnRoutes are the calls about customers who slip away.
func (s *Service) churnRoutes() []route {
	all := []route{
		get(s, "/v1/churn", "churn", "churn", "who is slipping away, and why", s.churnFlags).about(churnDoc),
		get(s, "/v1/churn/policies", "churnPolicies", "churn", "the policies there are", s.churnPolicies),
		get(s, "/v1/churn/policies/{name}", "churnPolicy", "churn", "one policy, with all its versions", s.churnPolicy),
		post(s, "/v1/churn/policies/{name}", "putChurnPolicy", "churn", "say what a policy is from now on", s.putChurnPolicy).by(http.MethodPut).about(putChurnPolicyDoc),
		post(s, "/v1/churn/policies/{name}", "removeChurnPolicy", "churn", "remove a policy", s.removeChurnPolicy).by(http.MethodDelete).about(removeChurnPolicyDoc),
		get(s, "/v1/churn/policies/{name}/history", "churnHistory", "churn", "flags raised and lowered, the latest first", s.churnHistory).about(churnHistoryDoc),
		ask(s, "/v1/churn/backtest", "backtestChurn", "churn", "what a policy would have been worth on past days", s.backtestChurn).about(backtestChurnDoc),
		ask(s, "/v1/churn/calibration", "calibrateChurn", "churn", "find the policy that fits the data", s.calibrateChurn).about(calibrateChurnDoc),
		get(s, "/v1/customers/{id}/churn", "customerChurn", "churn", "what every policy says of one customer, and why", s.customerChurn).about(customerChurnDoc),
	}
	for i := range all { // a c360 without these rooms refuses them all
		if !slices.Contains(all[i].Problems, http.StatusConflict) {
			all[i].Problems = append(all[i].Problems, http.StatusConflict)
		}
	}
	return all
}

const (
	churnDoc = "Those flagged by one policy: if none is named, the one called default, or the first by name, of those that people wrote, or else the calibrated one. By risk, the highest first, or by since, " +
		"the latest flag first. Risks, totals and outcomes are computed for at most 20000 customers at once, those whose flag moved last, and given again for " +
		"some seconds; ranked.exact and complete say whether that was everybody. Beside the flags stands what the policy was measured to be worth on past days, and " +
		"what plain recency would have been."
	putChurnPolicyDoc = "The rule is one of rhythm, decline and model. It is checked before it is written: a refusal points at the faulty place under /rule. " +
		"Appended to the log with every member written out; read with wait= and the position of the answer to see it. Everybody is judged soon after: judging " +
		"says how far that is. To say what holds already changes nothing and answers its position. A since in the past judges the past anew from then on; it must be " +
		"later than the version before."
	removeChurnPolicyDoc = "Nobody is flagged by it any more; its history stays. A policy called default that a person removed is not calibrated again."
	churnHistoryDoc      = "Flags follow from the histories of customers as they are known today: a late event, a link and an unlink restate them. " +
		"Each flag that was raised says what became of it: bought, returned, lost (nothing within 60 days), or pending. This takes a look at everybody; answers are " +
		"given again for some seconds."
	backtestChurnDoc = "Flags as of the ends of past days against what then happened, looking at nothing that was known later, always beside plain recency: as many flags " +
		"by days since the last visit alone. Who would come too rarely for the horizon to tell anything is not judged (min_times). With choose, the threshold is picked by " +
		"budget or by precision, and the policy scaled to it is ready to PUT."
	calibrateChurnDoc = "What c360 does by itself on a fresh install: it tries policies on past days, picks one, and measures it on a day that had no part in picking. With " +
		"apply it becomes the policy called default, unless a person has defined or removed that one. Without enough data it says what is missing."
	customerChurnDoc = "Computed from the history as of the moment asked for, by the policies that were known then. Reasons add up to the risk and name the events behind them; " +
		"a pivotal event would have turned the flag over, had it alone not happened."
)

// noChurn refuses a call about churn where there can be none.
func (s *Service) noChurn() error {
	if s.histories == nil || s.churns == nil {
		return web.Wrong(http.StatusConflict, "this c360 keeps no churn flags; start it with all its rooms")
	}
	return nil
}

// policyName is part of the parameters of calls about one policy.
type policyName struct {
	Name string `path:"name" maxlen:"64" doc:"name of the policy: lower-case letters, digits and hyphens"`
}

type churnParams struct {
	Policy string `query:"policy" maxlen:"64" doc:"the policy that flags; the usual one if it is left out: see GET /v1/churn/policies"`
	Limit  int    `query:"limit" min:"1" max:"100" default:"25" doc:"customers in the answer"`
	Cursor string `query:"cursor" maxlen:"64" doc:"next of the answer before"`
	Order  string `query:"order" enum:"risk,since" default:"risk" doc:"the highest risk first, or the latest flag first"`
	waiting
}

type churnPoliciesParams struct{ waiting }

type churnPolicyParams struct {
	policyName
	waiting
}

type churnHistoryParams struct {
	policyName
	Limit  int    `query:"limit" min:"1" max:"100" default:"50" doc:"changes in the answer"`
	Before string `query:"before" maxlen:"64" doc:"next of the answer before"`
	waiting
}

type backtestChurnParams struct{ waiting }

type customerChurnParams struct {
	ID     uuid.UUID `path:"id" doc:"the customer, or any of its fragments"`
	Policy string    `query:"policy" maxlen:"64" doc:"only this policy"`
	moment
}

// CustomerChurnAnswer is what every policy says of one customer.
type CustomerChurnAnswer struct {
	churns.CustomerFlags
	Moment
}
