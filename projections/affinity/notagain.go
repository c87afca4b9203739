package affinity

import (
	"slices"
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// NotAgain is a rule that keeps something from being offered again to somebody who had it: a table row, not a program.
type NotAgain struct {
	Name string `json:"name"`
	// After is what makes the rule hold: "bought" or "returned".
	After string `json:"after"`
	// Hold is what is held back: "item", the same article, or "category", everything of its category.
	Hold string `json:"hold"`
	// Categories narrow the rule to products whose category contains one of these words, in any case; none: all products.
	Categories []string `json:"categories,omitempty"`
	// Days is how long it holds; 0: for ever.
	Days int `json:"days,omitempty"`
	// Why is told beside what was left out.
	Why events.Text `json:"why"`
}

// The words of a rule.
const (
	AfterBought   = "bought"
	AfterReturned = "returned"
	HoldItem      = "item"
	HoldCategory  = "category"
)

// durable are words in the names of categories of which nobody buys a second piece soon.
var durable = []string{
	"가전", "가구", "매트리스", "냉장고", "세탁기", "텔레비전", "노트북", "휴대폰", "자전거", "안경테",
	"appliance", "furniture", "mattress", "refrigerator", "washing machine", "television", "laptop", "phone", "bicycle", "eyeglass frame",
}

// DefaultNotAgain returns the rules of a fresh installation: nothing that came back, nothing bought in the last fortnight,
// and no second durable good within half a year.
func DefaultNotAgain() []NotAgain {
	return []NotAgain{
		{
			Name: "returned", After: AfterReturned, Hold: HoldItem,
			Why: events.Text{Ko: "반품한 상품입니다.", En: "The customer returned it."},
		},
		{
			Name: "just_bought", After: AfterBought, Hold: HoldItem, Days: 14,
			Why: events.Text{Ko: "최근 14일 안에 구매한 상품입니다.", En: "Bought within the last 14 days."},
		},
		{
			Name: "durable", After: AfterBought, Hold: HoldCategory, Categories: slices.Clone(durable), Days: 180,
			Why: events.Text{Ko: "오래 쓰는 상품을 같은 분류에서 최근 180일 안에 구매했습니다.", En: "A durable good of the same category was bought within the last 180 days."},
		},
	}
}

// LeftOut is something that would have been recommended, but for a rule.
type LeftOut struct {
	SKU  string
	Rule string
	Why  events.Text
	// Evidence is the purchase or the return that the rule goes by.
	Evidence history.Ref
}

// ban says what is held back from a customer.
type ban struct{ items, kinds map[string]LeftOut }

// banned applies the rules to a customer.
func (m *Model) banned(p *Purchases) *ban {
	b := &ban{map[string]LeftOut{}, map[string]LeftOut{}}
	for i := range m.settings.NotAgain {
		r := &m.settings.NotAgain[i]
		concerned := map[string]bool{} // by category: there are few, and many words
		for _, x := range p.Returns {
			if r.After == AfterReturned && r.holds(x.At, p.At) && !p.boughtAfter(x.SKU, x.At) {
				b.hold(r, concerned, x.SKU, m.categoryOf(x.SKU, ""), x.Ref)
			}
		}
		for n := range p.Baskets {
			if o := &p.Baskets[n]; r.After == AfterBought && r.holds(o.At, p.At) {
				for _, it := range o.Items {
					b.hold(r, concerned, it.SKU, m.categoryOf(it.SKU, it.Category), o.Ref)
				}
			}
		}
	}
	return b
}

// boughtAfter reports whether a product was bought, and kept, after a time.
func (p *Purchases) boughtAfter(sku string, at int64) bool {
	return slices.ContainsFunc(p.Baskets, func(b Basket) bool {
		return b.At > at && slices.ContainsFunc(b.Items, func(i Item) bool { return i.SKU == sku })
	})
}

// holds reports whether the rule still holds after something that happened.
func (r *NotAgain) holds(happened, at int64) bool {
	return r.Days <= 0 || int(dayOf(at)-dayOf(happened)) < r.Days
}

// hold applies one rule to one purchase or return.
func (b *ban) hold(r *NotAgain, concerned map[string]bool, sku, category string, ref history.Ref) {
	concerns, known := concerned[category]
	if !known {
		concerns = r.concerns(category)
		concerned[category] = concerns
	}
	held := LeftOut{Rule: r.Name, Why: r.Why, Evidence: ref}
	switch {
	case !concerns:
	case r.Hold == HoldItem:
		b.items[sku] = held
	case category != "":
		b.kinds[category] = held
	}
}

func (r *NotAgain) concerns(category string) bool {
	if len(r.Categories) == 0 || category == "" {
		return len(r.Categories) == 0
	}
	category = strings.ToLower(category)
	return slices.ContainsFunc(r.Categories, func(word string) bool {
		return strings.Contains(category, strings.ToLower(word))
	})
}

// of returns why something is held back, nil if it is not.
func (b *ban) of(sku, category string) *LeftOut {
	held, found := b.items[sku]
	if !found && category != "" {
		held, found = b.kinds[category]
	}
	if !found {
		return nil
	}
	held.SKU = sku
	return &held
}
