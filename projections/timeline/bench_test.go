package timeline_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/projections/timeline"
)

// BenchmarkPage reads the newest 50 rows of customers with 1, 10 and 500 fragments among 100,000 rows on SQLite.
func BenchmarkPage(b *testing.B) {
	room := timeline.New()
	store, err := sqlitestore.Open(b.Context(), sqlitestore.Options{
		Path: filepath.Join(b.TempDir(), "page.db"), Spec: projections.NewSpec(room), Bulk: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	}()
	log := make([]events.Event, 100_000)
	for i := range log {
		log[i] = events.Event{
			Source: "web", ID: fmt.Sprintf("e%d", i), Type: "page.viewed", Channel: events.ChannelWeb, Time: time.Unix(int64(i), 0),
			Identifiers: []events.Identifier{{Kind: events.KindAnonymousID, Value: fmt.Sprintf("a%d", i%1000)}},
			Data:        []byte(`{"path":"/p/3","title":"페이지"}`),
		}
	}
	if err := roomtest.Fold(b.Context(), store, roomtest.Record(log), 5000, room); err != nil {
		b.Fatal(err)
	}
	if err := store.Finish(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{1, 10, 500, -500} {
		var of []uuid.UUID
		var last map[uuid.UUID]time.Time
		if n < 0 { // with the times of the latest events given
			last = map[uuid.UUID]time.Time{}
		}
		for i := range max(n, -n) {
			f, _ := log[i].Fragment()
			if of = append(of, f); last != nil {
				last[f] = log[len(log)-1000+i].Time
			}
		}
		b.Run(fmt.Sprintf("fragments=%d", n), func(b *testing.B) {
			for b.Loop() {
				v, err := store.View(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				p, err := room.Page(b.Context(), v, of, timeline.Query{LastSeen: last})
				v.Close()
				if err != nil || len(p.Rows) != 50 {
					b.Fatal(len(p.Rows), err)
				}
			}
		})
	}
}
