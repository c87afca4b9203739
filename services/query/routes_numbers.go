package query

// numberRoutes are the calls about numbers.
func (s *Service) numberRoutes() []route {
	return []route{
		get(s, "/v1/analytics/kpi", "kpi", "analytics", "tiles of figures, each beside the period before, week by week and against its target", s.kpi).about(numbersDoc),
		get(s, "/v1/analytics/retention", "retention", "analytics", "who came back in which month, by the month of joining", s.retention).about(numbersDoc),
		get(s, "/v1/analytics/funnel", "funnel", "analytics", "how far customers come", s.funnel).about(numbersDoc),
		ask(s, "/v1/analytics/funnel", "funnelWhere", "analytics", "how far customers come, by steps with conditions", s.funnelWhere).about(numbersDoc),
		get(s, "/v1/analytics/paths", "paths", "analytics", "by which ways customers come to a goal", s.paths).about(numbersDoc),
		get(s, "/v1/analytics/rfm", "rfm", "analytics", "customers by how lately and how often they bought", s.rfm).about(numbersDoc),
		get(s, "/v1/analytics/rfm/customers", "rfmCustomers", "analytics", "who is in one place of the grid", s.rfmCustomers),
		get(s, "/v1/analytics/value", "segmentValues", "analytics", "what segments are worth, and the model of value", s.segmentValues).about(numbersDoc),
		get(s, "/v1/analytics/value/model", "valueModel", "analytics", "a model of when customers buy again, fitted to the customers asked for", s.valueModel).about(modelDoc),
		get(s, "/v1/analytics/survival", "survival", "analytics", "how long customers stay, and who comes back", s.survival).about(numbersDoc),
		get(s, "/v1/analytics/returns", "returns", "analytics", "whether who returns something buys again", s.returns).about(numbersDoc),
		get(s, "/v1/analytics/lifecycle", "lifecycle", "analytics", "classes of life, and how customers went from one to another", s.lifecycle).about(numbersDoc),
		get(s, "/v1/analytics/contrast", "contrast", "analytics", "what sets the members of a segment apart", s.contrast).about(numbersDoc),
		ask(s, "/v1/analytics/lookalikes", "lookalikes", "analytics", "who is like the members of a segment", s.lookalikes).about(numbersDoc),
		get(s, "/v1/analytics/trend", "trend", "analytics", "one measure week by week, and what it may do next", s.trend).about(numbersDoc),
		get(s, "/v1/analytics/scans", "scans", "analytics", "how far the calls about all customers are", s.scans),
		get(s, "/v1/customers/{id}/value", "customerValue", "customers", "what one customer is worth", s.customerValue).about(customerValueDoc),
	}
}

const (
	numbersDoc = "Counted from all histories when it is asked for. It looks at nothing that happened after as_of; segment= narrows it to who was a " +
		"member then. Two such calls run at once, those who ask the same share one answer, and an answer is given again for up to ten times as long as it " +
		"took to make (30 s at most). 503 with Retry-After if too many wait; GET /v1/analytics/scans says how far they are."
	modelDoc = "BG/NBD, MBG/NBD or Pareto/NBD by maximum likelihood, with Gamma-Gamma for spending. The hold-out is the last quarter of the time " +
		"(at most 26 weeks): a model that was fitted before it, beside going on at the same rate and nobody buying again. Purchases of whole days " +
		"count, up to the last one that was over."
	customerValueDoc = "Measured by what was found from all customers: for now, by the measures that c360 keeps, which it makes anew in the background " +
		"every ten minutes at most; as of an instant, by what purchases up to the day before tell, as known now. model says what they rest on."
)
