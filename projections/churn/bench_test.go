package churn_test

import (
	"testing"

	"github.com/c360hq/c360/projections/churn"
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
		"expected, Pareto/NBD": `{"version":1,"counts":{"of":"purchases"},"model":{"name":"pareto_nbd","parameters":{"r":0.553,"alpha":10.578,"s":0.606,"beta":11.669},"within_weeks":8}}`,
		"expected, MBG/NBD":    `{"version":1,"counts":{"of":"purchases"},"model":{"name":"mbg_nbd","parameters":{"r":0.525,"alpha":6.183,"a":0.891,"b":1.614},"within_weeks":8}}`,
		"rhythm with news":     `{"version":1,"rhythm":{},"signals":{"complaint":0.5,"refund":0.25,"unsubscribe":0.5,"trouble":0.25}}`,
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

func BenchmarkBacktestAdd(b *testing.B) {
	h := thirty()
	test, err := churn.NewBacktest(compile(b, rhythmText), churn.Trial{
		Cutoffs: []int64{on(100), on(130), on(160), on(190), on(220), on(240)}, HorizonDays: 30, Label: churn.NoVisit, Now: on(300),
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		test.Add(h)
	}
}
