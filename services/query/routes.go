package query

import "net/http"

// table lists every call of the service. It is what the mux, the OpenAPI document and the tests go by.
func (s *Service) table() []route {
	routes := []route{
		get(s, "/v1/customers", "searchCustomers", "customers", "find customers", s.search).about(searchDoc),
		get(s, "/v1/customers/{id}", "customer", "customers", "everything about one customer", s.customer),
		get(s, "/v1/customers/{id}/timeline", "timeline", "timeline", "what one customer did, newest first", s.timeline).about(timelineDoc),
		get(s, "/v1/customers/{id}/timeline/months", "timelineMonths", "timeline", "how much happened in which month", s.months),
		get(s, "/v1/events/{position}", "event", "timeline", "one event, whole", s.event),
		get(s, "/v1/customers/{id}/identity", "identity", "identity", "why these fragments are one customer", s.identity),
		post(s, "/v1/identity/links", "link", "identity", "decide that two fragments are one person", s.link).about(decisionDoc),
		post(s, "/v1/identity/unlinks", "unlink", "identity", "decide that two fragments are two persons", s.unlink).about(decisionDoc),
		get(s, "/v1/types", "types", "operations", "what every source sends", s.types),
		get(s, "/v1/projections", "projections", "operations", "how far the read models are", s.projections),
		get(s, "/v1/generations", "generations", "operations", "the generations there are", s.listGenerations),
		post(s, "/v1/generations", "createGeneration", "operations", "build a new generation beside the one that serves", s.createGeneration).about(createDoc),
		get(s, "/v1/generations/{id}", "generation", "operations", "everything about one generation", s.generation),
		post(s, "/v1/generations/{id}", "dropGeneration", "operations", "remove a generation, or end its building", s.drop).by(http.MethodDelete),
		post(s, "/v1/generations/{id}/swap", "swap", "operations", "let another generation serve", s.swap),
		s.differenceRoute(),
		get(s, "/v1/identity/rules", "identityRules", "identity", "the rules that say who is one customer", s.rules).about(rulesDoc),
		get(s, "/v1/parked", "parked", "operations", "the events that could not be folded and wait", s.parked),
		get(s, "/v1/parked/{id}", "parkedQueue", "operations", "what waits of one fragment, and why", s.parkedQueue),
		post(s, "/v1/parked/{id}/skip", "skip", "operations", "leave a parked event out of the read models", s.skip).about(skipDoc),
		post(s, "/v1/parked/{id}/redrive", "redrive", "operations", "fold the parked events of a fragment", s.redrive).about(redriveDoc),
		s.streamRoute(),
		get(s, "/healthz", "healthz", "operations", "whether the process lives", s.healthz).toAnybody(),
		get(s, "/readyz", "readyz", "operations", "whether reads can be served", s.readyz).toAnybody(),
		s.metricsRoute(),
	}
	routes = append(routes, s.numberRoutes()...)
	routes = append(routes, s.segmentRoutes()...)
	routes = append(routes, s.churnRoutes()...)
	routes = append(routes, s.offerRoutes()...)
	return append(routes, s.docRoutes()...)
}

const (
	searchDoc = "Either identifier=kind:value (exact) or q= (one box: a phone number or part of one, an e-mail address, a name, its first " +
		"letters or initial consonants, a loyalty number, an order, inquiry or case number). Exact matches come first, and what only a " +
		"browser claimed comes last, with proven=false. Every hit says why it was found."
	timelineDoc = "Events of all fragments of the customer by the time they happened. Like events in a row are one row with a count " +
		"(group=1, the default); group=0 shows every event. Cursors hold a place and no page number, so new events move nothing."
	createDoc = "Answers as soon as the generation has a name; GET /v1/generations/{id} says how far it is. One is built at a time. Serving goes " +
		"on meanwhile. A build that is interrupted, by a restart for example, is gone on with by the same request. What is built is looked at with " +
		"?generation=ID of the customer calls and compared with GET /v1/generations/{id}/diff; only a rebuild can be swapped in."
	decisionDoc = "Appended to the log; a decision wins over what identifiers say until the opposite decision. Read with wait= and the " +
		"position of the answer to see what follows. To decide what stands already changes nothing and answers its position."
)
