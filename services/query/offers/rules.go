package offers

import (
	"fmt"

	"github.com/c360hq/c360/projections/affinity"
)

// What rules are about.
const (
	OfProducts   = "products"
	OfCategories = "categories"
)

// RuleQuery says which rules are wanted.
type RuleQuery struct {
	// Of is OfProducts or OfCategories.
	Of                        string
	MinSupport, MinConfidence float64
	// Length is how many things a rule has in all, Limit how many rules are told.
	Length, Limit int
}

// Rules lists the association rules, the surest first. It returns an *affinity.TooManyError if there are too many to look
// at.
func (c *Counts) Rules(q RuleQuery) (*RulesAnswer, error) {
	search := c.model.Rules
	if q.Of == OfCategories {
		search = c.model.CategoryRules
	}
	found, err := search(q.MinSupport, q.MinConfidence, q.Length)
	if err != nil {
		return nil, fmt.Errorf("look for rules: %w", err)
	}
	a := &RulesAnswer{
		Rules: []OfferRule{}, Found: len(found), Of: q.Of, MinSupport: q.MinSupport, MinConfidence: q.MinConfidence,
		Model: c.at, Position: c.at.Position,
	}
	for i := range found[:min(q.Limit, len(found))] {
		a.Rules = append(a.Rules, c.rule(&found[i], q.Of))
	}
	return a, nil
}

func (c *Counts) rule(r *affinity.Rule, of string) OfferRule {
	a := OfferRule{OfferCounts: countsOf(r), Significant: r.Q <= c.model.Settings().MaxQ, Reason: r.Text, If: []OfferThing{}}
	for _, left := range r.If {
		a.If = append(a.If, c.thing(left, of))
	}
	a.Then = c.thing(r.Then, of)
	if of == OfProducts {
		a.Reason = c.say(r.Text, append([]string{r.Then}, r.If...)...)
	}
	return a
}

func (c *Counts) thing(key, of string) OfferThing {
	if of == OfCategories {
		return OfferThing{Key: key, Name: key}
	}
	return OfferThing{Key: key, Name: c.names[key]}
}
