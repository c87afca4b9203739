package projections_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// bundle is a log, a store and what engines over them are made with.
type bundle struct {
	log   *memlog.Log
	store projections.Store
	path  string
	opts  projections.Options
}

func setup(t testing.TB, rooms ...projections.Room) *bundle {
	t.Helper()
	if len(rooms) == 0 {
		rooms = []projections.Room{newTally()}
	}
	b := &bundle{log: memlog.New(time.Now), path: filepath.Join(t.TempDir(), "views.db")}
	b.opts = options(b.log, rooms...)
	b.open(t)
	t.Cleanup(func() {
		must(t, b.store.Close())
		must(t, b.log.Close())
	})
	return b
}

func options(log events.Log, rooms ...projections.Room) projections.Options {
	return projections.Options{Log: log, Rooms: rooms, Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
}

func (b *bundle) open(t testing.TB) {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Path: b.path, Spec: projections.NewSpec(b.opts.Rooms...)})
	must(t, err)
	b.store, b.opts.Store = s, s
}

// engine returns one that is stopped when the test ends.
func (b *bundle) engine(t testing.TB) *projections.Engine {
	t.Helper()
	e := projections.NewEngine(b.opts)
	t.Cleanup(e.Stop)
	return e
}

func (b *bundle) head(t testing.TB) events.Position {
	t.Helper()
	h, err := b.log.Head(t.Context())
	must(t, err)
	return h.Position
}

func (b *bundle) digest(t testing.TB, withOrder bool) string {
	return digest(t, b.store, b.opts.Rooms, withOrder)
}

func digest(t testing.TB, s interface {
	View(context.Context) (projections.View, error)
}, rooms []projections.Room, withOrder bool,
) string {
	t.Helper()
	v, err := s.View(t.Context())
	must(t, err)
	defer v.Close()
	var all strings.Builder
	for _, r := range rooms {
		sums, err := projections.Digest(t.Context(), v, r.Tables(), withOrder)
		must(t, err)
		all.WriteString(sums.String())
	}
	return all.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// event is a touchpoint of a person.
func event(n int, person, kind string) events.Event {
	e := events.Event{
		ID: fmt.Sprintf("event-%d", n), Source: "test", Type: kind, Time: time.Unix(int64(n), 0).UTC(), Channel: events.ChannelWeb,
		Received: time.Unix(int64(n), 0).UTC(),
	}
	if person != "" {
		e.Identifiers = []events.Identifier{{Kind: events.KindUserID, Value: person, Grade: events.Asserted}}
	}
	return e
}

func (b *bundle) add(t testing.TB, all ...events.Event) events.Position {
	t.Helper()
	results, err := b.log.Append(t.Context(), roomtest.Entries(all...)...)
	must(t, err)
	return results[len(results)-1].Position
}

// many returns n ordinary events of some people.
func many(n, people int) []events.Event {
	var all []events.Event
	for i := range n {
		kind := []string{"page.viewed", "order.completed", "call.ended"}[i%3]
		if i%17 == 16 {
			kind = "forget"
		}
		all = append(all, event(i, fmt.Sprintf("person-%d", i*i%people), kind))
	}
	return all
}
