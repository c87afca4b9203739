package events_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
)

func catalogue(t testing.TB) *events.Catalogue {
	t.Helper()
	c, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// theTypes are the types that the rooms, the demo and the console rely on.
const theTypes = `page.viewed screen.viewed product.viewed product.clicked products.searched product.list_viewed product.added product.removed
	cart.viewed cart.shared wishlist.product_added wishlist.product_removed product.shared
	checkout.started checkout.step_viewed checkout.step_completed payment.entered payment.approved payment.failed
	order.completed order.updated order.cancelled order.refunded order.status_viewed order.ready order.picked_up
	shipment.dispatched shipment.delivered shipment.delayed
	coupon.issued coupon.applied coupon.entered coupon.denied coupon.removed coupon.redeemed promotion.viewed promotion.clicked
	store.visited stock.adjusted call.started call.answered call.ended call.missed
	inquiry.opened inquiry.answered inquiry.closed inquiry.reopened review.submitted review.answered survey.sent survey.answered
	message.sent message.delivered message.opened message.clicked message.bounced message.unsubscribed campaign.received
	consent.given consent.withdrawn customer.identified customer.grouped customer.aliased note.added tier.changed points.earned points.burned
	loyalty.joined lead.created app.installed app.opened app.updated app.uninstalled deep_link.opened
	appointment.booked appointment.kept appointment.missed identity.linked identity.unlinked parked.skipped clock.ticked`

func TestCatalogueHoldsTheTypes(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, name := range strings.Fields(theTypes) {
		if got, ok := c.Lookup(name); !ok || got.Name != name {
			t.Errorf("the catalogue has no %s", name)
		}
	}
	if _, ok := c.Lookup("custom.song_played"); ok {
		t.Error("the catalogue knows a custom type")
	}
	if !slices.IsSortedFunc(c.Types(), func(a, b *events.Type) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("Types is not sorted")
	}
}

func TestEveryTypeIsComplete(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$`)
	for _, typ := range catalogue(t).Types() {
		if !name.MatchString(typ.Name) || typ.Group == "" || typ.Schema < 1 || typ.Noise < 0 || typ.Noise > 2 {
			t.Errorf("%s: bad name, group, version or noise: %+v", typ.Name, typ)
		}
		if !hasScript(typ.Title.Ko, unicode.Hangul) || !hasScript(typ.Title.En, unicode.Latin) {
			t.Errorf("%s: titles %+v", typ.Name, typ.Title)
		}
		if !slices.Contains([]events.Tone{events.TonePlain, events.ToneGood, events.ToneBad}, typ.Tone) {
			t.Errorf("%s: tone %q", typ.Name, typ.Tone)
		}
		if _, ok := events.ParseChannel(string(typ.Channel)); !ok && typ.Channel != "" {
			t.Errorf("%s: channel %q", typ.Name, typ.Channel)
		}
		for _, f := range typ.Fields {
			checkField(t, typ, f)
		}
	}
}

func hasScript(s string, script *unicode.RangeTable) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(script, r) })
}

var retention = regexp.MustCompile(`^(P[1-9][0-9]*[MY]|account)$`)

func checkField(t *testing.T, typ *events.Type, f events.Field) {
	t.Helper()
	if !slices.Contains([]events.PII{events.PIINone, events.PIIDirect, events.PIISensitive}, f.PII) {
		t.Errorf("%s: %s: pii mark %q", typ.Name, f.Path, f.PII)
	}
	if !retention.MatchString(f.Retention) || f.Doc == "" || len(f.Kinds) == 0 {
		t.Errorf("%s: %s: no retention, sentence or type: %+v", typ.Name, f.Path, f)
	}
	if f.Required && slices.Contains(f.Kinds, "null") {
		t.Errorf("%s: %s is required and may be null", typ.Name, f.Path)
	}
}

// TestEveryFieldIsMarkedInItsSchema looks at the documents themselves, where a missing mark cannot hide behind a default.
func TestEveryFieldIsMarkedInItsSchema(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	fields, marked := 0, 0
	for _, name := range schemaNames(t, c) {
		raw, err := fs.ReadFile(c.Schemas(), name)
		if err != nil {
			t.Fatal(err)
		}
		fields += bytes.Count(raw, []byte(`"description"`))
		marked += bytes.Count(raw, []byte(`", "x-pii": "`))
		if a, b := bytes.Count(raw, []byte(`"x-pii"`)), bytes.Count(raw, []byte(`"x-retention"`)); a != b {
			t.Errorf("%s: %d pii marks and %d retentions", name, a, b)
		}
	}
	if fields == 0 || fields != marked {
		t.Errorf("%d fields, %d of them marked", fields, marked)
	}
}

func schemaNames(t testing.TB, c *events.Catalogue) []string {
	t.Helper()
	names, err := fs.Glob(c.Schemas(), "*.json")
	if err != nil || len(names) < 2 {
		t.Fatalf("%d schemas, %v", len(names), err)
	}
	return names
}

func TestFieldMarks(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, x := range []struct {
		typ, path string
		want      events.PII
	}{
		{"customer.identified", "traits.email", events.PIIDirect},
		{"customer.identified", "traits.gender", events.PIISensitive},
		{"customer.identified", "traits.tier", events.PIINone},
		{"customer.identified", "traits.shoe_size", events.PIIDirect},
		{"order.completed", "items[].sku", events.PIINone},
		{"order.completed", "gift_message", events.PIIDirect},
		{"inquiry.opened", "body", events.PIIDirect},
	} {
		typ, ok := c.Lookup(x.typ)
		if !ok || typ.PII(x.path) != x.want {
			t.Errorf("%s %s: want %s", x.typ, x.path, x.want)
		}
	}
}

func TestValidateGolden(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, x := range []struct{ typ, data, pointer, problem string }{
		{"order.completed", `{"order_id":"ORD-1","total":128000,"items":[{"sku":"S1","price":null,"quantity":2}],"gift":{"to":["x"]}}`, "", ""},
		{"order.completed", `{"order_id":87950}`, "", ""},
		{"order.completed", `{"order_id":"1","items":null,"coupon":null}`, "", ""},
		{"page.viewed", ``, "", ""},
		{"page.viewed", `{"utm":{"source":"naver"}}`, "", ""},
		{"clock.ticked", `{"anything":1}`, "", ""},
		{"order.completed", ``, "/order_id", "missing"},
		{"order.completed", `{}`, "/order_id", "missing"},
		{"order.completed", `{"total":1}`, "/order_id", "missing"},
		{"order.completed", `{"order_id":null}`, "/order_id", "must be a number or a string, not null"},
		{"order.completed", `{"order_id":""}`, "/order_id", "empty"},
		{"order.completed", `{"order_id":["1"]}`, "/order_id", "not an array"},
		{"order.completed", `{"order_id":"1","total":"128000"}`, "/total", "must be a number, not a string"},
		{"order.completed", `{"order_id":"1","items":{}}`, "/items", "must be an array"},
		{"order.completed", `{"order_id":"1","items":[{"sku":"a"},{"name":"b"}]}`, "", ""},
		{"order.completed", `{"order_id":"1","items":[{"sku":"a"},{"sku":""}]}`, "/items/1/sku", "empty"},
		{"product.viewed", `{"name":"coat"}`, "", ""},
		{"order.completed", `{"order_id":"1","items":[{"sku":"a"},7]}`, "/items/1", "must be an object"},
		{"call.ended", `{"call_id":"c1","resolved":"yes"}`, "/resolved", "must be true or false, not a string"},
		{"customer.identified", `{"traits":{"name":{"first":"x"}}}`, "/traits/name", "not an object"},
		{"identity.linked", `{"a":"f1"}`, "/b", "missing"},
		{"page.viewed", `[]`, "", "must be an object"},
		{"page.viewed", `{"url":"x"`, "/url", "middle"},
		{"page.viewed", `{} {}`, "", "after the end"},
		{"page.viewed", ` `, "", "middle"},
	} {
		typ, ok := c.Lookup(x.typ)
		if !ok {
			t.Fatalf("no %s", x.typ)
		}
		err := typ.Validate([]byte(x.data))
		var bad *events.DataError
		switch {
		case x.problem == "" && err == nil:
		case !errors.As(err, &bad) || bad.Pointer != x.pointer || !strings.Contains(bad.Problem, x.problem):
			t.Errorf("%s %s: %v; want %q %q", x.typ, x.data, err, x.pointer, x.problem)
		}
	}
}

// schemas compiles every type with a full implementation of JSON Schema 2020-12.
func schemas(t testing.TB, c *events.Catalogue) map[string]*jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	for _, name := range schemaNames(t, c) {
		raw, err := fs.ReadFile(c.Schemas(), name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := compiler.AddResource("https://c360.example/schemas/"+name, doc); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	compiled := map[string]*jsonschema.Schema{}
	for _, typ := range c.Types() {
		s, err := compiler.Compile("https://c360.example/schemas/" + typ.Group + ".json#/$defs/" + typ.Name)
		if err != nil {
			t.Fatalf("%s: %v", typ.Name, err)
		}
		compiled[typ.Name] = s
	}
	return compiled
}

// TestValidateAgreesWithJSONSchema gives both implementations random data for random types.
func TestValidateAgreesWithJSONSchema(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	reference := schemas(t, c)
	refused := 0
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(c.Types()).Draw(t, "type")
		data := randomData(t, typ)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		want, got := reference[typ.Name].Validate(value), typ.Validate([]byte(data))
		if (want == nil) != (got == nil) {
			t.Fatalf("%s %s: Validate says %v, JSON Schema says %v", typ.Name, data, got, want)
		}
		if got != nil {
			refused++
		}
	})
	if refused == 0 {
		t.Error("no random data was refused: the comparison says nothing")
	}
}

// randomData writes an object of known and unknown fields, mostly with values of the right type.
func randomData(t *rapid.T, typ *events.Type) string {
	var parts []string
	for _, f := range typ.Fields {
		if strings.ContainsAny(f.Path, ".[") || !f.Required && rapid.Bool().Draw(t, "leave out") || rapid.IntRange(0, 9).Draw(t, "drop") == 0 {
			continue
		}
		parts = append(parts, fmt.Sprintf("%q:%s", f.Path, randomValue(t, typ, f)))
	}
	if rapid.Bool().Draw(t, "extra") {
		parts = append(parts, `"extra":{"a":[1,null]}`)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func randomValue(t *rapid.T, typ *events.Type, f events.Field) string {
	if rapid.IntRange(0, 9).Draw(t, "any") == 0 {
		return rapid.SampledFrom([]string{`null`, `true`, `1.5`, `""`, `"x"`, `{}`, `[]`, `[{}]`, `[1]`, `{"a":1}`}).Draw(t, "value")
	}
	switch kind := rapid.SampledFrom(f.Kinds).Draw(t, "kind"); kind {
	case "null":
		return "null"
	case "boolean":
		return "false"
	case "number":
		return "-12.50"
	case "string":
		return rapid.SampledFrom([]string{`"x"`, `"한"`, `"\u00e9\n"`, `" "`}).Draw(t, "text")
	case "array":
		return "[" + strings.Join(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return randomNested(t, typ, f.Path+"[].") }), 0, 3).Draw(t, "items"), ",") + "]"
	}
	return randomNested(t, typ, f.Path+".")
}

func randomNested(t *rapid.T, typ *events.Type, prefix string) string {
	var parts []string
	for _, f := range typ.Fields {
		name, inside := strings.CutPrefix(f.Path, prefix)
		if inside && rapid.IntRange(0, 4).Draw(t, "keep") > 0 {
			parts = append(parts, fmt.Sprintf("%q:%s", name, randomValue(t, typ, f)))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func BenchmarkValidate(b *testing.B) {
	c := catalogue(b)
	data := []byte(`{"order_id":"ORD-87950","total":128000,"currency":"KRW","store":"강남","coupon":"WELCOME10","payment_method":"card",` +
		`"items":[{"sku":"SKU-1182","name":"울 머플러","price":64000,"quantity":2},{"sku":"SKU-1183","name":"장갑","price":32000,"quantity":1}]}`)
	order, _ := c.Lookup("order.completed")
	b.Run("walk", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for range b.N {
			if err := order.Validate(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	reference := schemas(b, c)["order.completed"]
	b.Run("jsonschema", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for range b.N {
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			if err != nil || reference.Validate(value) != nil {
				b.Fatal("refused")
			}
		}
	})
}

func BenchmarkNewCatalogue(b *testing.B) {
	for range b.N {
		catalogue(b)
	}
}

func ExampleCatalogue_Lookup() {
	c, err := events.NewCatalogue()
	if err != nil {
		fmt.Println(err)
		return
	}
	order, known := c.Lookup("order.completed")
	fmt.Println(known, order.Title.En, order.Title.Ko, order.Tone)
	fmt.Println(order.Validate([]byte(`{"order_id":"ORD-1","gift_wrap":true}`)))
	fmt.Println(order.Validate([]byte(`{"total":128000}`)))
	// Output:
	// true Order 주문 good
	// <nil>
	// /order_id: missing; events of this type need it
}
