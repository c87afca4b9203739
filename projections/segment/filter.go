package segment

import (
	"strings"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// The fields of a touchpoint beside those of history.Fields.
const (
	fieldChannel      = "channel"
	fieldAmount       = "amount"
	fieldOrder        = "order"
	fieldItemSKU      = "item.sku"
	fieldItemCategory = "item.category"
)

// fieldKinds are the fields that rules may ask about.
var fieldKinds = func() map[string]valueKind {
	kinds := map[string]valueKind{fieldChannel: kindText, fieldAmount: kindNumber, fieldItemSKU: kindText, fieldItemCategory: kindText}
	for name, k := range history.Fields() {
		kinds[name] = [...]valueKind{history.FieldText: kindText, history.FieldNumber: kindNumber, history.FieldFlag: kindFlag}[k]
	}
	return kinds
}()

// filter says which touchpoints are meant: those of a type that pass all tests.
type filter struct {
	kind   string
	custom bool // nobody needs to have sent such a thing yet
	where  []fieldTest
	title  events.Text
}

// fieldTest tests one field of a touchpoint.
type fieldTest struct {
	name string
	test test
}

// orders reports whether orders are meant, which count once and are held net.
func (f *filter) orders() bool { return f.kind == history.OrderCompleted }

// passes judges a touchpoint of the right type.
func (f *filter) passes(t *history.Touchpoint) bool {
	for i := range f.where {
		if !f.where[i].passes(t) {
			return false
		}
	}
	return true
}

func (f *fieldTest) passes(t *history.Touchpoint) bool {
	switch f.name {
	case fieldChannel:
		return f.test.passes(string(t.Channel))
	case fieldAmount:
		return f.test.passesMoney(t.Amount, t.HasAmount)
	case fieldItemSKU, fieldItemCategory:
		return f.passesItems(t.Items)
	}
	return f.test.passes(t.Field(f.name))
}

// passesItems reports whether one item passes; for is_not and not_in, whether every item does.
func (f *fieldTest) passesItems(items []history.Item) bool {
	not := f.test.op == opIsNot || f.test.op == opNotIn || f.test.op == opExists && !f.test.exists
	for i := range items {
		v := items[i].SKU
		if f.name == fieldItemCategory {
			v = items[i].Category
		}
		if f.test.passes(v) != not {
			return !not
		}
	}
	return not
}

// passesMoney judges an amount.
func (t *test) passesMoney(m events.Money, given bool) bool {
	switch t.op {
	case opExists:
		return given == t.exists
	case opNumber:
		return given && t.span.has(int64(m))
	case opIs, opIn, opIsNot, opNotIn:
		found := false
		for i := range t.values {
			found = found || given && t.values[i].amount == m
		}
		return found == (t.op == opIs || t.op == opIn)
	default:
		return false // amounts hold no parts and are no days
	}
}

// write writes the filter as members of a JSON object, without braces.
func (f *filter) write(b []byte, key string) []byte {
	b = quote(append(quote(b, key), ':'), f.kind)
	if f.custom {
		b = append(b, `,"custom":true`...)
	}
	if len(f.where) == 0 {
		return b
	}
	b = append(b, `,"where":`...)
	for i := range f.where {
		b = append(b, "[,"[min(i, 1)])
		b = quote(append(b, `{"field":`...), f.where[i].name)
		b = append(f.where[i].test.write(append(b, ',')), '}')
	}
	return append(b, ']')
}

// words names the touchpoints: "Page viewed (category is lens)".
func (f *filter) words() events.Text {
	if len(f.where) == 0 {
		return f.title
	}
	var ko, en []string
	for i := range f.where {
		w := &f.where[i]
		t := w.test.words()
		ko, en = append(ko, nameOf(w.name).Ko+": "+t.Ko), append(en, nameOf(w.name).En+" "+t.En)
	}
	return events.Text{
		Ko: f.title.Ko + " (" + strings.Join(ko, ", ") + ")",
		En: f.title.En + " (" + strings.Join(en, ", ") + ")",
	}
}

func (f *filter) need(n *needs) {
	n.kind(f.kind)
	if f.orders() {
		n.kind(history.OrderCancelled, history.OrderRefunded)
	}
}
