package churn_test

import (
	"testing"

	"github.com/c360hq/c360/projections/history"
)

// thirty is a customer of 30 touchpoints.
func thirty() *history.History {
	var list []history.Touchpoint
	for i, d := range every(9, 0, 29*9) {
		if i%5 == 0 {
			list = append(list, order(on(d), string(rune('a'+i)), 10))
		} else {
			list = append(list, visits(d)...)
		}
	}
	return historyOf(list...)
}

func BenchmarkAt(b *testing.B) {
	for name, text := range map[string]string{
		"rhythm": rhythmText, "decline": declineText, "model": modelText,
		"rhythm with news": `{"version":1,"rhythm":{},"signals":{"complaint":0.5,"refund":0.25,"unsubscribe":0.5,"trouble":0.25}}`,
	} {
		b.Run(name, func(b *testing.B) {
			p, h, at := compile(b, text), thirty(), on(270)
			b.ReportAllocs()
			for b.Loop() {
				p.At(h, at)
			}
		})
	}
}

func BenchmarkScore(b *testing.B) {
	p, h, at := compile(b, rhythmText), thirty(), on(270)
	b.ReportAllocs()
	for b.Loop() {
		p.Score(h, at)
	}
}
