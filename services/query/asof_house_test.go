package query_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/memstore"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/query"
)

// shelf is a read store that is as far as it was folded, and no further: what a service can serve from.
type shelf struct {
	projections.Store
}

func (s shelf) Await(context.Context, events.Position) error { return nil }

func (s shelf) Status(context.Context) (projections.Status, error) { return projections.Status{}, nil }

func (s shelf) Redrive(context.Context, uuid.UUID) (int, error) { return 0, nil }

func (s shelf) Generation() (projections.Generation, error) { return projections.Generation{}, nil }

func (s shelf) Skip(context.Context, projections.ParkedPlace, func() (events.Position, error)) (events.Position, error) {
	return 0, projections.ErrClosed
}

// twins are two services over one log: one knows everything and is asked as of an instant, the other knows only a
// prefix of the log and is asked what is true now.
type twins struct {
	t      testing.TB
	log    *memlog.Log
	record []events.Recorded
	rooms  []projections.Room
	people *identity.Room

	knowing http.Handler
	prefix  projections.Store
	fresh   http.Handler
	today   time.Time // of the second
}

// openTwins appends events, in the order given, a minute after each other, and folds them for the first twin.
func openTwins(t testing.TB, rules identity.Rules, list []events.Event) *twins {
	t.Helper()
	clock := recordingBegins
	people, err := identity.New(rules)
	must(t, err)
	w := &twins{t: t, people: people, log: memlog.New(func() time.Time { clock = clock.Add(time.Minute); return clock })}
	w.rooms = []projections.Room{people, profile.New(), timeline.New(), history.New()}
	w.append(list)
	w.knowing = w.service(w.folded(), true, func() time.Time { return clock.Add(time.Hour) })
	w.prefix = w.store()
	w.fresh = w.service(w.prefix, false, func() time.Time { return w.today })
	return w
}

var recordingBegins = time.Date(2027, 1, 6, 0, 0, 0, 0, time.UTC)

func (w *twins) append(list []events.Event) {
	for i := range list {
		e := events.Touchpoint(list[i])
		if list[i].Source == "c360" {
			e.Stream = "identity"
		}
		_, err := w.log.Append(context.Background(), e)
		must(w.t, err)
	}
	var err error
	w.record, err = w.log.Read(context.Background(), 0, len(list))
	must(w.t, err)
}

func (w *twins) store() projections.Store {
	s, err := memstore.New(projections.NewSpec(w.rooms...))
	must(w.t, err)
	return s
}

// folded is the whole log, folded by the engine.
func (w *twins) folded() projections.Store {
	s := w.store()
	e := projections.NewEngine(projections.Options{
		Log: w.log, Store: s, Rooms: w.rooms, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	must(w.t, e.RunTo(context.Background(), w.record[len(w.record)-1].Position))
	e.Stop()
	return s
}

func (w *twins) service(s projections.Store, past bool, clock func() time.Time) http.Handler {
	catalogue, err := events.NewCatalogue()
	must(w.t, err)
	c := query.Config{
		Catalogue: catalogue, Live: shelf{s}, Identity: w.people, Profile: profile.New(), Timeline: timeline.New(),
		Log: w.log, Now: clock, Registry: prometheus.NewRegistry(),
	}
	if past {
		c.Past = projections.NewPast(projections.PastOptions{
			Log: w.log, Rooms: w.rooms, Neighbours: w.people, Live: s.View,
			Store: func() (projections.Store, error) { return w.store(), nil },
		})
	}
	service, err := query.New(c)
	must(w.t, err)
	w.t.Cleanup(service.Close)
	mux := http.NewServeMux()
	service.Routes(mux)
	return mux
}

// feed gives the second twin events more.
func (w *twins) feed(more []events.Recorded) {
	must(w.t, roomtest.Fold(context.Background(), w.prefix, more, 2000, w.rooms...))
}

// ask returns the status and the answer, without what says when it is true.
func ask(t testing.TB, h http.Handler, path string) (int, map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
	var a map[string]any
	must(t, json.Unmarshal(w.Body.Bytes(), &a))
	if w.Code != http.StatusOK {
		return w.Code, map[string]any{"detail": a["detail"]}
	}
	for _, name := range []string{"position", "as_of", "known_at"} {
		delete(a, name)
	}
	return w.Code, a
}

// pastOf answers as of an instant from the log and the rooms that an engine folds.
func pastOf(o projections.Options, people *identity.Room, live *projections.Live) query.Past {
	return projections.NewPast(projections.PastOptions{
		Log: o.Log, Rooms: o.Rooms, Neighbours: people, Live: live.View,
		Store: func() (projections.Store, error) { return memstore.New(projections.NewSpec(o.Rooms...)) },
	})
}
