package query_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/query"
)

// heroEvents is what the customers of BenchmarkAsOf have: 300 events in four fragments.
const heroEvents = 300

// BenchmarkAsOf asks for pages of customers with 300 events in 4 fragments as of instants of their story, out of a log
// and a read store on disk, and reports the median and the 95th percentile. C360_BENCH_EVENTS says among how many
// events of others.
func BenchmarkAsOf(b *testing.B) {
	const heroes = 50
	mux, log := openDisk(b, heroes, benchEvents(b))
	first, err := log.At(b.Context(), 1)
	must(b, err)
	head, err := log.Head(b.Context())
	must(b, err)
	for _, call := range []string{"", "/timeline", "/identity"} {
		for _, clock := range []string{"known_at", "as_of", "now"} {
			path := func(i int) string {
				base := "/v1/customers/" + heroID(i%heroes).String() + call
				switch clock {
				case "known_at":
					return fmt.Sprintf("%s?known_at=%d", base, int(head.Position)*(5+i%16)/20)
				case "as_of":
					return base + "?as_of=" + first[0].Time.Add(-time.Duration(i%90)*day).UTC().Format(time.RFC3339)
				}
				return base
			}
			b.Run("customer"+call+"/"+clock, func(b *testing.B) { quick(b, mux, path) })
		}
	}
}

func heroID(i int) uuid.UUID {
	return fragmentOf(touch(0, events.ChannelStore, "order.completed", `{}`, fmt.Sprintf("user_id:hero%d", i)))
}

// heroStory is what the fragments of a customer leave behind: an account, a card, a phone and a browser.
func heroStory(hero, i int) events.Event {
	account, phone := fmt.Sprintf("user_id:hero%d", hero), fmt.Sprintf("phone:+8210%08d", 10_000_000+hero)
	card, browser := fmt.Sprintf("loyalty_id:HERO%d", hero), fmt.Sprintf("anonymous_id:hero%d", hero)
	ago := time.Duration(heroEvents-i) * 31 * time.Hour
	order := fmt.Sprintf(`{"order_id":"ORD-%d-%d","total":%d,"currency":"KRW","items":[{"sku":"K1","name":"캐시미어 니트","quantity":1,"price":129000}]}`, hero, i, 1000*i)
	switch {
	case i%40 == 0:
		return touch(ago, events.ChannelWeb, "customer.identified", `{"traits":{"name":"김서연","city":"서울","tier":"골드"}}`, account, phone, browser)
	case i%40 == 1:
		return touch(ago, events.ChannelStore, "loyalty.joined", `{"tier":"실버"}`, card, phone)
	case i%5 == 0:
		return touch(ago, events.ChannelStore, "order.completed", order, card)
	case i%5 == 1:
		return touch(ago, events.ChannelWeb, "order.completed", order, account)
	case i%5 == 2:
		return touch(ago, events.ChannelCall, "call.ended", fmt.Sprintf(`{"call_id":"C-%d-%d","duration_s":300,"agent":"최유나","topic":"배송"}`, hero, i), phone)
	}
	return touch(ago, events.ChannelWeb, "page.viewed", `{"title":"겨울 아우터","path":"/outer","category":"아우터"}`, browser)
}

// openDisk returns a service over a log and a read store on disk, and the log. What the heroes do is spread over what
// everybody else does.
func openDisk(b *testing.B, heroes, others int) (*http.ServeMux, events.Log) {
	b.Helper()
	dir, quiet := b.TempDir(), slog.New(slog.DiscardHandler)
	log, err := pebblelog.Open(b.Context(), pebblelog.Options{
		Dir: filepath.Join(dir, "log"), MarkPath: filepath.Join(dir, "mark"), Now: time.Now, Logger: quiet,
	})
	must(b, err)
	people, err := identity.New(identity.DefaultRules())
	must(b, err)
	factory, err := sqlitestore.NewFactory(filepath.Join(dir, "views"), sqlitestore.Options{})
	must(b, err)
	folding := projections.Options{Log: log, Rooms: []projections.Room{people, profile.New(), timeline.New(), history.New()}, Now: time.Now, Logger: quiet}
	generations := projections.NewGenerations(projections.GenerationsOptions{Engine: folding, Factory: factory})
	must(b, generations.Start(context.Background()))
	b.Cleanup(func() {
		must(b, generations.Stop())
		must(b, log.Close())
	})
	must(b, generations.Live().Await(b.Context(), appendTown(b, log, heroes, others)))
	catalogue, err := events.NewCatalogue()
	must(b, err)
	service, err := query.New(query.Config{
		Catalogue: catalogue, Live: generations.Live(), Past: pastOf(folding, people, generations.Live()), Log: log,
		Identity: people, Profile: profile.New(), Timeline: timeline.New(), Now: time.Now, Registry: prometheus.NewRegistry(),
	})
	must(b, err)
	b.Cleanup(service.Close)
	mux := http.NewServeMux()
	service.Routes(mux)
	return mux, log
}

func appendTown(b *testing.B, log events.Log, heroes, others int) (last events.Position) {
	b.Helper()
	const page = 1000
	var entries []events.Entry
	for i, hero := 0, 0; i < others; i++ {
		add := func(id string, e events.Event) {
			e.ID, e.Received = id, e.Time
			entries = append(entries, events.Touchpoint(e))
		}
		add(strconv.Itoa(i), touchpoint(i, others/10))
		for ; hero < heroes*heroEvents*(i+1)/others; hero++ {
			add(fmt.Sprintf("hero%d", hero), heroStory(hero%heroes, hero/heroes))
		}
		if len(entries) < page && i+1 < others {
			continue
		}
		results, err := log.Append(b.Context(), entries...)
		must(b, err)
		last, entries = results[len(results)-1].Position, entries[:0]
	}
	return last
}

// quick measures calls one after the other.
func quick(b *testing.B, mux http.Handler, path func(i int) string) {
	b.Helper()
	b.ReportAllocs()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		r, w := httptest.NewRequest(http.MethodGet, "http://localhost"+path(i), nil), httptest.NewRecorder()
		began := time.Now()
		mux.ServeHTTP(w, r)
		took = append(took, time.Since(began))
		if w.Code != http.StatusOK {
			b.Fatalf("%s answered %d: %s", path(i), w.Code, w.Body)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-µs")
}
