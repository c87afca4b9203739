package query

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/services/query/offers"
)

// offerRoutes are the calls about what goes together and what to offer next.
func (s *Service) offerRoutes() []route {
	all := []route{
		get(s, "/v1/products", "products", "products", "what sells, and what of it matches a text", s.products),
		get(s, "/v1/products/rules", "productRules", "products", "baskets with these things often have that one too", s.productRules).about(rulesOfProductsDoc),
		get(s, "/v1/products/{sku}/bought-together", "boughtTogether", "products", "what goes with a product", s.boughtTogether).about(togetherDoc),
		get(s, "/v1/products/{sku}/who-cares", "whoCaresProduct", "products", "who cares about what a product is", s.whoCaresProduct).about(whoCaresDoc),
		get(s, "/v1/categories/{name}/who-cares", "whoCares", "products", "who cares about a category", s.whoCaresCategory).about(whoCaresDoc),
		get(s, "/v1/customers/{id}/recommendations", "recommendations", "customers", "what one customer may want next, and why", s.recommendations).about(recommendationsDoc),
		ask(s, "/v1/baskets/complete", "completeBasket", "products", "what goes with a basket", s.completeBasket).about(basketDoc),
	}
	for i := range all { // a c360 without histories refuses them all
		for _, status := range []int{http.StatusNotFound, http.StatusConflict} {
			if !slices.Contains(all[i].Problems, status) {
				all[i].Problems = append(all[i].Problems, status)
			}
		}
	}
	return all
}

const (
	togetherDoc = "Ranked by likeness: of all that have one of the two, how many have both, shrunk where little is known; and only what is found together more " +
		"often than chance has it. Lift is shown and not ranked by: it loves what was bought twice. Orders that were cancelled or came back do not count. " +
		"The counts are in memory and follow the log by a moment; after c360 has started they are being made at first, and the call is refused with Retry-After until they are."
	rulesOfProductsDoc = "Every rule with one thing on the right that has the support and the confidence asked for: exact, by looking at every basket. " +
		"min_support and min_confidence are shares of 1. q_value is corrected for all rules with the support."
	whoCaresDoc = "For new arrivals. Every customer is scored from what they looked at and bought of such products, what was lately counting more, mixed with what " +
		"everybody buys as much as little is known of them; this takes a look at everybody, and answers are given again for some seconds. Whether they may be written " +
		"to is not said here."
	recommendationsDoc = "What fits and is new to the customer, each with what it follows from and the events behind that; what is due to be bought again; what a not-again " +
		"rule holds back; and plain popularity beside it, to compare. With as_of, known_at or generation the customer's side is of that moment, and nothing they did " +
		"later has a part in it; what others buy together is that of model.position, which is now. Nobody of whom nothing is known is left without: cold says so."
	basketDoc = "For a basket that is not bought yet. What is in it already is not offered."
)

// skuParam is part of the parameters of calls about one product.
type skuParam struct {
	SKU string `path:"sku" maxlen:"128" doc:"article number, as orders and views tell it"`
}

type productsParams struct {
	Q     string `query:"q" maxlen:"100" doc:"part of the article number, the name, the category or the brand; everything if it is left out"`
	Limit int    `query:"limit" min:"1" max:"200" default:"50" doc:"products in the answer"`
	waiting
}

type rulesParams struct {
	Of            string `query:"of" enum:"products,categories" default:"products" doc:"what the rules are about"`
	MinSupport    string `query:"min_support" maxlen:"20" default:"0.002" doc:"at least this share of all baskets has both sides, 0.0005 to 1"`
	MinConfidence string `query:"min_confidence" maxlen:"20" default:"0.1" doc:"at least this share of the baskets with the left side has the right one, 0 to 1"`
	Length        int    `query:"length" min:"2" max:"4" default:"3" doc:"how many things a rule has at most, both sides together"`
	Limit         int    `query:"limit" min:"1" max:"1000" default:"50" doc:"rules in the answer"`
	waiting
}

type togetherParams struct {
	skuParam
	Limit int `query:"limit" min:"1" max:"100" default:"10" doc:"products in each list"`
	waiting
}

type whoCaresParams struct {
	Limit int `query:"limit" min:"1" max:"200" default:"50" doc:"customers in the answer"`
	everybody
}

type whoCaresProductParams struct {
	skuParam
	whoCaresParams
}

type whoCaresCategoryParams struct {
	Name  string `path:"name" maxlen:"128" doc:"the category, as orders and views tell it"`
	Brand string `query:"brand" maxlen:"128" doc:"the brand of what arrives, if it matters: a product of the one or the other counts half"`
	whoCaresParams
}

type recommendationsParams struct {
	ID     uuid.UUID `path:"id" doc:"the customer, or any of its fragments"`
	Limit  int       `query:"limit" min:"1" max:"50" default:"10" doc:"products to recommend"`
	Within int       `query:"within" min:"0" max:"365" default:"14" doc:"what is due again within so many days"`
	moment
}

type basketParams struct{ waiting }

// RecommendationsAnswer is what one customer may want next.
type RecommendationsAnswer struct {
	offers.RecommendationsAnswer
	Moment
}

// WhoCaresAnswer lists who cares about something that arrives.
type WhoCaresAnswer struct {
	offers.WhoCaresAnswer
	Moment
}
