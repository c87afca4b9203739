package history

import (
	"slices"
	"strconv"
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// FieldKind says how a field can be compared.
type FieldKind uint8

// The kinds of fields.
const (
	FieldText FieldKind = 1 + iota
	FieldNumber
	FieldFlag
)

// fact is a field that is kept, and where it is in a decoded body.
type fact struct {
	name string
	kind FieldKind
	of   func(*events.Body) string
}

// facts are kept of every touchpoint that has them. None of them names or reaches a customer, all are short.
var facts = []fact{
	{"sku", FieldText, func(b *events.Body) string { return b.SKU }},
	{"category", FieldText, func(b *events.Body) string { return b.Category }},
	{"brand", FieldText, func(b *events.Body) string { return b.Brand }},
	{"query", FieldText, func(b *events.Body) string { return b.Query }},
	{"path", FieldText, func(b *events.Body) string { return b.Path }},
	{"store", FieldText, func(b *events.Body) string { return b.Store }},
	{"coupon", FieldText, func(b *events.Body) string { return b.Coupon }},
	{"payment_method", FieldText, func(b *events.Body) string { return b.Method }},
	{"status", FieldText, func(b *events.Body) string { return b.Status }},
	{"error_code", FieldText, func(b *events.Body) string { return b.ErrorCode }},
	{"step", FieldText, func(b *events.Body) string { return b.Step }},
	{"direction", FieldText, func(b *events.Body) string { return b.Direction }},
	{"topic", FieldText, func(b *events.Body) string { return b.Topic }},
	{"menu", FieldText, func(b *events.Body) string { return b.Menu }},
	{"agent", FieldText, func(b *events.Body) string { return b.Agent }},
	{"priority", FieldText, func(b *events.Body) string { return b.Priority }},
	{"medium", FieldText, func(b *events.Body) string { return b.Medium }},
	{"template", FieldText, func(b *events.Body) string { return b.Template }},
	{"campaign", FieldText, func(b *events.Body) string { return b.Campaign }},
	{"promotion", FieldText, func(b *events.Body) string { return b.Promotion }},
	{"purpose", FieldText, func(b *events.Body) string { return b.Purpose }},
	{"tier", FieldText, func(b *events.Body) string { return b.Tier }},
	{"programme", FieldText, func(b *events.Body) string { return b.Programme }},
	{"interest", FieldText, func(b *events.Body) string { return b.Interest }},
	{"survey", FieldText, func(b *events.Body) string { return b.Survey }},
	{"inquiry_id", FieldText, func(b *events.Body) string { return b.InquiryID }},
	{"case_id", FieldText, func(b *events.Body) string { return b.CaseID }},
	{"score", FieldNumber, func(b *events.Body) string { return b.Score }},
	{"scale", FieldNumber, func(b *events.Body) string { return b.Scale }},
	{"duration_s", FieldNumber, func(b *events.Body) string { return b.Duration }},
	{"wait_s", FieldNumber, func(b *events.Body) string { return b.Wait }},
	{"points", FieldNumber, func(b *events.Body) string { return b.Points }},
	{"quantity", FieldNumber, func(b *events.Body) string { return b.Quantity }},
	{"complaint", FieldFlag, func(b *events.Body) string { return flag(b.Complaint, b.Complaint) }},
	{"resolved", FieldFlag, func(b *events.Body) string { return flag(b.Resolved, b.HasResolved) }},
}

func flag(value, given bool) string {
	if !given {
		return ""
	}
	return strconv.FormatBool(value)
}

// Fields lists the fields that histories keep, and how each can be compared. Beside them a touchpoint has its amount,
// its order number and its items ("item.sku", "item.category").
func Fields() map[string]FieldKind {
	all := make(map[string]FieldKind, len(facts))
	for _, f := range facts {
		all[f.name] = f.kind
	}
	return all
}

const (
	// maxText bounds a field; a longer one is cut.
	maxText = 64
	// maxItems bounds the lines of one touchpoint that are kept, the first ones.
	maxItems = 64
	// maxTrait bounds the value of a trait; a longer one is left out.
	maxTrait = 256
	// maxTraits bounds the traits one touchpoint says.
	maxTraits = 64
)

// touchpointOf makes an event small.
func touchpointOf(t *projections.Touch) Touchpoint {
	b := &t.Body
	p := Touchpoint{
		At: t.Time.UnixMicro(), Key: KeyOf(t.Source, t.ID), Fragment: t.Fragment, Type: t.Type, Channel: t.Channel,
		Grade: gradeOf(t), Order: short(b.OrderID),
	}
	p.Amount, p.HasAmount = amountOf(t.Type, b)
	if p.HasAmount {
		p.Currency = b.CurrencyCode()
	}
	for i := range facts {
		if v := facts[i].of(b); v != "" {
			p.Fields = append(p.Fields, Field{facts[i].name, short(v)})
		}
	}
	p.Items = itemsOf(b)
	p.Traits = traitsOf(t)
	return p
}

func gradeOf(t *projections.Touch) events.Grade {
	best := events.Claimed
	for i := range t.Identifiers {
		best = max(best, t.Identifiers[i].Grade)
	}
	return best
}

// amountOf is the total, the amount or the price, or the sum of the items. An order has no other amount than its total.
func amountOf(kind string, b *events.Body) (events.Money, bool) {
	isOrder := strings.HasPrefix(kind, "order.")
	switch {
	case b.HasTotal:
		return b.Total, true
	case b.HasAmount && !isOrder:
		return b.Amount, true
	case b.HasPrice && !isOrder:
		return b.Price, true
	}
	sum := events.Money(0)
	for i := range b.Items {
		sum += b.Items[i].Cost()
	}
	return sum, len(b.Items) > 0
}

func itemsOf(b *events.Body) []Item {
	n := min(len(b.Items), maxItems)
	if n == 0 {
		return nil
	}
	items := make([]Item, n)
	for i := range items {
		from := &b.Items[i]
		items[i] = Item{SKU: short(from.SKU), Category: short(from.Category), Quantity: from.Quantity, Price: from.Price}
	}
	return items
}

// traitsOf are the traits that an event says about its person and that rules may ask about.
func traitsOf(t *projections.Touch) []events.Trait {
	asserted := gradeOf(t) >= events.Asserted
	switch {
	case t.Type == "tier.changed" && asserted && t.Body.Tier != "":
		return []events.Trait{{Name: "tier", Value: strconv.Quote(short(t.Body.Tier))}}
	case t.Type == "loyalty.joined" && asserted && t.Body.Programme != "":
		return []events.Trait{{Name: "loyalty_programme", Value: strconv.Quote(short(t.Body.Programme))}}
	case t.Type == "customer.grouped", t.Type != "customer.identified" && !asserted:
		return nil
	}
	var said []events.Trait
	for _, x := range t.Body.Traits {
		if x.Name != "" && len(x.Name) <= maxText && len(x.Value) <= maxTrait && len(said) < maxTraits && !slices.Contains(leftOut, x.Name) {
			said = append(said, x)
		}
	}
	return said
}

// short cuts a text at a character.
func short(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for end > 0 && s[end]&0xc0 == 0x80 {
		end--
	}
	return s[:end]
}
