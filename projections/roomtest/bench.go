package roomtest

import (
	"testing"

	"github.com/c360hq/c360/projections"
)

// Bench measures what a room costs per event, with reading rows from memory, decoding, folding and encoding, but
// without writing them: batches of 2000 events of 2000 people who have some history.
func Bench(b *testing.B, rooms ...projections.Room) {
	b.Helper()
	const history, batch = 30_000, 2000
	log := Record(Generate(1, Options{People: 2000, Events: history + 10*batch, Shared: 5}))
	store := NewStore()
	if err := Fold(b.Context(), store, log[:history], batch, rooms...); err != nil {
		b.Fatal(err)
	}
	touches := make([]projections.Touch, 0, 10*batch)
	for i := history; i < history+10*batch; i++ {
		touches = append(touches, projections.NewTouch(&log[i]))
	}
	v, err := store.View(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer v.Close()
	b.ReportAllocs()
	rows, n := 0, 0
	for b.Loop() {
		at := n % 10 * batch
		changes, err := foldInto(projections.NewBatch(b.Context(), v), touches[at:at+batch], rooms)
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range changes {
			rows += len(c.Put) + len(c.Delete)
		}
		n++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*batch), "ns/event")
	b.ReportMetric(float64(rows)/float64(n*batch), "rows/event")
}
