package query_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/query"
)

// now is the moment of the tests: a customer is on the phone.
var now = time.Date(2026, 11, 21, 5, 32, 0, 0, time.UTC)

// house is all of c360 behind the API, in one process: log, engine, read store, rooms, service, server.
type house struct {
	t           testing.TB
	log         events.Log
	generations *projections.Generations
	service     *query.Service
	server      *httptest.Server
	logged      *lockedBuffer
	schemas     *schemas
	ids         atomic.Int64
	rooms       []projections.Room
	groups      *standing.Room           // the segments
	config      query.Config             // of the service
	planted     func([]projections.Room) // what is wrong with the rooms of a what-if; nil is nothing
}

// option changes a house before it is built.
type option func(*query.Config)

func withClock(clock func() time.Time) option { return func(c *query.Config) { c.Now = clock } }

func openHouse(t testing.TB, options ...option) *house {
	t.Helper()
	return openSlowHouse(t, 0, options...)
}

// openSlowHouse opens a house that folds what comes in only so often; 0 is as usual.
func openSlowHouse(t testing.TB, linger time.Duration, options ...option) *house {
	t.Helper()
	return openHouseWith(t, func(o *projections.Options) { o.Linger = linger }, options...)
}

// openHouseWith opens a house whose engine is another.
func openHouseWith(t testing.TB, engine func(*projections.Options), options ...option) *house {
	t.Helper()
	h := &house{t: t, logged: &lockedBuffer{}, log: memlog.New(func() time.Time { return now })}
	logger := slog.New(slog.NewTextHandler(h.logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	people, err := identity.New(identity.DefaultRules())
	must(t, err)
	like, story, lives := profile.New(), timeline.New(), history.New()
	groups, flags := segment.NewRoom(people), churn.NewRoom(people)
	h.groups = groups
	factory, err := sqlitestore.NewFactory(t.TempDir(), sqlitestore.Options{})
	must(t, err)
	folding := projections.Options{
		Log: h.log, Rooms: []projections.Room{people, like, story, groups, flags, lives}, Now: func() time.Time { return now }, Logger: logger,
	}
	engine(&folding)
	h.rooms = folding.Rooms
	h.generations = projections.NewGenerations(projections.GenerationsOptions{
		Engine: folding, Factory: factory, Rules: people.Rules().Hash(), RoomsFor: h.roomsFor(folding.Rooms), Code: "test",
	})
	must(t, h.generations.Start(context.Background()))
	catalogue, err := events.NewCatalogue()
	must(t, err)
	c := query.Config{
		Catalogue: catalogue,
		Live:      h.generations.Live(), Generations: h.generations, Past: pastOf(folding, people, h.generations.Live()), Identity: people, Profile: like, Timeline: story, Log: h.log,
		History: lives, Segment: groups, Churn: flags,
		Now: func() time.Time { return now }, Logger: logger, Registry: prometheus.NewRegistry(), Version: "test",
	}
	for _, change := range options {
		change(&c)
	}
	h.config = c
	h.service, err = query.New(c)
	must(t, err)
	mux := http.NewServeMux()
	h.service.Routes(mux)
	h.server = httptest.NewServer(mux)
	h.schemas = readSchemas(t, h.service)
	t.Cleanup(func() {
		h.service.Close()
		h.server.Close()
		must(t, h.generations.Stop())
		must(t, h.log.Close())
	})
	return h
}

// roomsFor makes the rooms of a what-if.
func (h *house) roomsFor(rooms []projections.Room) func(json.RawMessage) ([]projections.Room, string, error) {
	return func(set json.RawMessage) ([]projections.Room, string, error) {
		rules, err := identity.ParseRules(set)
		if err != nil {
			return nil, "", err
		}
		people, err := identity.New(rules)
		other := append([]projections.Room{people}, rooms[1:]...)
		if h.planted != nil {
			h.planted(other)
		}
		return other, rules.Hash(), err
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// happens appends a touchpoint and waits until it is folded; it returns its position.
func (h *house) happens(e events.Event) events.Position {
	h.t.Helper()
	p := h.appends(e)
	must(h.t, h.generations.Live().Await(context.Background(), p))
	return p
}

// appends appends a touchpoint and does not wait.
func (h *house) appends(e events.Event) events.Position {
	h.t.Helper()
	if e.ID == "" {
		e.ID = fmt.Sprintf("e%d", h.ids.Add(1))
	}
	if e.Received.IsZero() {
		e.Received = e.Time
	}
	results, err := h.log.Append(context.Background(), events.Touchpoint(e))
	must(h.t, err)
	return results[0].Position
}

// touch makes an event that happened so long before now. ids are "kind:value", "claimed kind:value" or "verified …".
func touch(ago time.Duration, channel events.Channel, eventType, data string, ids ...string) events.Event {
	e := events.Event{Source: string(channel), Type: eventType, Time: now.Add(-ago), Channel: channel, Data: []byte(data)}
	for _, text := range ids {
		grade := events.Asserted
		if claimed, ok := strings.CutPrefix(text, "claimed "); ok {
			grade, text = events.Claimed, claimed
		}
		id, err := events.ParseIdentifier(text)
		if err != nil {
			panic(err)
		}
		id.Grade = grade
		e.Identifiers = append(e.Identifiers, id)
	}
	return e
}

// get reads a path, demands the status, and checks the answer against the OpenAPI document.
func (h *house) get(operation, path string, status int, into any) *http.Response {
	h.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, h.server.URL+path, nil)
	must(h.t, err)
	return h.do(operation, r, status, into)
}

// post sends a JSON body.
func (h *house) post(operation, path, body string, status int, into any) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, h.server.URL+path, strings.NewReader(body))
	must(h.t, err)
	r.Header.Set("Content-Type", "application/json")
	h.do(operation, r, status, into)
}

func (h *house) do(operation string, r *http.Request, status int, into any) *http.Response {
	h.t.Helper()
	resp, err := h.server.Client().Do(r)
	must(h.t, err)
	body, err := io.ReadAll(resp.Body)
	must(h.t, err)
	must(h.t, resp.Body.Close())
	if resp.StatusCode != status {
		h.t.Fatalf("%s %s answered %d, want %d: %s", r.Method, r.URL, resp.StatusCode, status, body)
	}
	h.schemas.check(h.t, operation, resp, body)
	if into != nil {
		must(h.t, json.Unmarshal(body, into))
	}
	return resp
}

func (h *house) search(q string) query.SearchAnswer {
	h.t.Helper()
	var a query.SearchAnswer
	h.get("searchCustomers", "/v1/customers?q="+url.QueryEscape(q), http.StatusOK, &a)
	return a
}

// schemas are those of the OpenAPI document, and which operations were checked against them.
type schemas struct {
	compiler *jsonschema.Compiler
	mu       sync.Mutex
	places   map[string]string // operation id → pointer to its responses
	seen     map[string]bool
}

func readSchemas(t testing.TB, s *query.Service) *schemas {
	t.Helper()
	text, err := json.Marshal(s.Document())
	must(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	must(t, err)
	x := &schemas{compiler: jsonschema.NewCompiler(), places: map[string]string{}, seen: map[string]bool{}}
	x.compiler.AssertFormat()
	must(t, x.compiler.AddResource("https://c360.example/openapi.json", doc))
	for path, calls := range s.Document().Paths {
		for method, call := range calls {
			x.places[call.OperationID] = "/paths/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(path) + "/" + method + "/responses/"
		}
	}
	return x
}

// check demands that an answer is one that the document describes.
func (x *schemas) check(t testing.TB, operation string, resp *http.Response, body []byte) {
	t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	place, ok := x.places[operation]
	if !ok {
		t.Fatalf("the document describes no call %q", operation)
	}
	if resp.StatusCode < http.StatusBadRequest {
		x.seen[operation] = true
	}
	media, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	if !strings.HasSuffix(media, "json") || operation == "openapi" {
		return
	}
	where := fmt.Sprintf("https://c360.example/openapi.json#%s%d/content/%s/schema", place, resp.StatusCode, strings.ReplaceAll(media, "/", "~1"))
	schema, err := x.compiler.Compile(where)
	if err != nil {
		t.Fatalf("%s answers %d %s, which the document does not describe: %v", operation, resp.StatusCode, media, err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	must(t, err)
	if err := schema.Validate(value); err != nil {
		t.Errorf("the answer of %s is not what the document says: %v\n%s", operation, err, body)
	}
}

// lockedBuffer is a buffer that several goroutines write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
