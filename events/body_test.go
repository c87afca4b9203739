package events_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
)

func TestDecodeBody(t *testing.T) {
	t.Parallel()
	b := events.DecodeBody([]byte(`{"order_id":87950,"total":12.5,"currency":"KRW","unknown":{"a":[1,{"b":2}]},
		"items":[{"sku":"s1","name":"\ud64d\uc0bc","quantity":2,"price":"6.25","x":null},7],"resolved":true,"reason":null,
		"traits":{"name":"김서연","age":36,"gone":null}}`))
	want := events.Body{
		OrderID: "87950", Total: 125000, HasTotal: true, Currency: "KRW", Resolved: true, HasResolved: true,
		Items:  []events.Item{{SKU: "s1", Name: "홍삼", Quantity: 20000, Price: 62500}, {Quantity: 10000}},
		Traits: []events.Trait{{Name: "name", Value: `"김서연"`}, {Name: "age", Value: "36"}},
	}
	if d := cmp.Diff(want, b); d != "" {
		t.Error(d)
	}
}

func TestDecodeBodyKeepsWhatCameBeforeAFault(t *testing.T) {
	t.Parallel()
	for _, data := range []string{`{"order_id":"A","store":`, `{"order_id":"A","items":[{]}`, `{"order_id":"A"}}`} {
		if got := events.DecodeBody([]byte(data)).OrderID; got != "A" {
			t.Errorf("%s: order_id %q", data, got)
		}
	}
	for _, data := range []string{``, `null`, `[]`, `7`, `"x"`, `{`} {
		if d := cmp.Diff(events.Body{}, events.DecodeBody([]byte(data))); d != "" {
			t.Errorf("%s: %s", data, d)
		}
	}
}

func TestParseMoney(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"4812000": "4812000", "2.55": "2.55", "-0.00019": "-0.0001", `"12.5"`: "12.5", "1e3": "1000", "0": "0",
		"": "!", "x": "!", "1.2.3": "!", "999999999999999999999": "!", `""`: "!", "NaN": "!", "-": "!",
	} {
		got := "!"
		if m, ok := events.ParseMoney(text); ok {
			got = m.String()
		}
		if got != want {
			t.Errorf("ParseMoney(%s) = %s, want %s", text, got, want)
		}
	}
}

func BenchmarkDecodeBody(b *testing.B) {
	for name, data := range map[string]string{
		"page":  `{"url":"https://shop.example/p/3","path":"/p/3","title":"홍삼 절편","referrer":"https://search.example/","session_id":"s-18273"}`,
		"order": `{"order_id":"ORD-87950","total":58000,"currency":"KRW","payment_method":"card","store":"강남점","items":[{"sku":"A1","name":"홍삼 절편","category":"건강","brand":"정","quantity":2,"price":29000}]}`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				events.DecodeBody([]byte(data))
			}
		})
	}
}
