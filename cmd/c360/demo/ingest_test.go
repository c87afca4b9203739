package demo_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/delivery"
	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/ingest"
)

var keys = map[string]string{"web": "W", "app": "A", "shop": "S", "pos": "P", "call": "C"}

// after is a clock of the minute after the end.
func after() time.Time { return end.Add(time.Minute) }

// house is a real ingest service in front of a real log.
type house struct {
	log     events.Log
	handler http.Handler
}

func newHouse(t testing.TB, now func() time.Time) house {
	t.Helper()
	sources, err := auth.ParseSources(demo.SourcesSpec(keys))
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	log := memlog.New(now)
	service, err := ingest.New(ingest.Config{Log: log, Sources: sources, Catalogue: catalogue, Rejects: t.TempDir(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(service.Close(), log.Close()); err != nil {
			t.Error(err)
		}
	})
	return house{log, service.Handler()}
}

func (h house) sender() *demo.Sender {
	return &demo.Sender{Client: &delivery.Client{URL: "http://c360", Doer: delivery.InProcess(h.handler)}, Keys: keys}
}

func (h house) each(t testing.TB, visit func(events.Recorded)) int {
	t.Helper()
	n, from := 0, events.Position(0)
	for {
		all, err := h.log.Read(t.Context(), from, 5000)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 {
			return n
		}
		for _, e := range all {
			visit(e)
			from = e.Position
		}
		n += len(all)
	}
}

// What arrives in the log, through the real door, is what the truth says: types, sources, channels, times, and who.
func TestEverythingArrivesAsTheTruthSays(t *testing.T) {
	t.Parallel()
	h := newHouse(t, after)
	c := company(t, small())
	truth := c.Truth()
	if err := h.sender().Send(t.Context(), c.History()); err != nil {
		t.Fatal(err)
	}
	sent := map[string]demo.Touchpoint{}
	for tp := range c.History() {
		sent[tp.Source+"/"+tp.ID] = tp
	}
	types, channels, nameless := map[string]int{}, map[string]int{}, 0
	n := h.each(t, func(e events.Recorded) {
		types[e.Type]++
		channels[string(e.Channel)]++
		tp, ok := sent[e.Source+"/"+e.ID]
		if !ok || !e.Time.Equal(tp.At) || e.Type != tp.Type {
			t.Errorf("%s %s %s at %s is not what was sent: %+v", e.Source, e.ID, e.Type, e.Time, tp)
		}
		if len(e.Identifiers) == 0 {
			nameless++
		}
	})
	if n != truth.Events || nameless != truth.Nameless {
		t.Errorf("%d events, %d nameless; the truth says %d and %d", n, nameless, truth.Events, truth.Nameless)
	}
	if !maps.Equal(types, truth.ByType) {
		t.Errorf("types %v\nthe truth %v", types, truth.ByType)
	}
	if !maps.Equal(channels, truth.ByChannel) {
		t.Errorf("channels %v\nthe truth %v", channels, truth.ByChannel)
	}
	if err := h.sender().Send(t.Context(), c.History()); err != nil {
		t.Fatal(err)
	}
	if again := h.each(t, func(events.Recorded) {}); again != n {
		t.Errorf("sent twice, %d became %d", n, again)
	}
}

// Fragments and the links between them, worked out from the log as the identity room would, make the customers that
// the truth counts.
func TestLogLinksToTheTruthsCustomers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, after)
	c := company(t, small())
	if err := h.sender().Send(t.Context(), c.History()); err != nil {
		t.Fatal(err)
	}
	parent := map[string]string{}
	var root func(string) string
	root = func(id string) string {
		if p, ok := parent[id]; ok && p != id {
			return root(p)
		}
		parent[id] = id
		return id
	}
	h.each(t, func(e events.Recorded) {
		f, ok := e.Fragment()
		if !ok {
			return
		}
		for _, id := range e.Identifiers {
			if id.Links() {
				parent[root(id.String())] = root(f.String())
			}
		}
	})
	customers := 0
	for id := range parent {
		if root(id) == id {
			customers++
		}
	}
	if want := c.Truth().Customers; customers != want {
		t.Errorf("%d customers, the truth says %d", customers, want)
	}
}

func TestRunRemembersAndGoesOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, after)
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	var requests atomic.Int32
	to := delivery.InProcess(h.handler)
	o := demo.Options{Plan: small(), Now: after, Dir: dir, Progress: io.Discard, Sender: &demo.Sender{Keys: keys, Client: &delivery.Client{
		URL: "http://c360", Doer: doer(func(r *http.Request) (*http.Response, error) {
			if requests.Add(1) == 30 {
				stop()
			}
			return to.Do(r)
		}),
	}}}
	if err := demo.Run(ctx, o); err == nil || !strings.Contains(err.Error(), "start again") {
		t.Fatalf("interrupted: %v", err)
	}
	stopped := h.each(t, func(events.Recorded) {})
	o.Sender, o.Plan.End = h.sender(), end.Add(30*time.Minute) // a later start: the first plan counts
	var said bytes.Buffer
	o.Progress = &said
	loaded := 0
	o.Loaded = func(m demo.Memory) {
		if loaded++; !m.Plan.End.Equal(end) || !m.Done {
			t.Errorf("loaded %+v", m)
		}
	}
	for range 2 {
		if err := demo.Run(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	want := company(t, small()).Truth().Events
	if got := h.each(t, func(events.Recorded) {}); got != want || stopped == 0 || stopped >= want || loaded != 2 {
		t.Errorf("%d of %d events, %d when stopped, loaded %d times", got, want, stopped, loaded)
	}
	if strings.Count(said.String(), " touchpoints in ") != 1 {
		t.Errorf("the second run loaded again:\n%s", said.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "truth.json")); err != nil {
		t.Error(err)
	}
}

// doer is a Doer made of a function.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// Live plays the trickle and the first story's end by the clock it is given.
func TestLiveFollowsTheClock(t *testing.T) {
	t.Parallel()
	now := end.Add(20 * time.Second)
	h := newHouse(t, func() time.Time { return now })
	ctx, stop := context.WithCancel(t.Context())
	s := h.sender()
	s.Client.Wait = func(_ context.Context, d time.Duration) error {
		if now = now.Add(d); now.After(end.Add(6 * time.Minute)) {
			stop()
			return ctx.Err()
		}
		return nil
	}
	if err := s.Live(ctx, company(t, small()), 2, func() time.Time { return now }); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	types := map[string]int{}
	n := h.each(t, func(e events.Recorded) {
		types[e.Type]++
		if e.Time.Before(end) || e.Time.After(e.RecordedAt.Add(time.Second)) || e.RecordedAt.Sub(e.Time) > 5*time.Second {
			t.Errorf("%s happened at %s and arrived at %s", e.Type, e.Time, e.RecordedAt)
		}
	})
	if n < 300 || n > 1500 || types["call.answered"] != 1 || types["inquiry.closed"] == 0 {
		t.Errorf("%d touchpoints in 6 minutes at 2 a second: %v", n, types)
	}
}

// BenchmarkLoad loads the default company through the real ingest service into a log in memory.
func BenchmarkLoad(b *testing.B) {
	c, n := company(b, demo.DefaultPlan(end)), 0
	for b.Loop() {
		h := newHouse(b, after)
		if err := h.sender().Send(b.Context(), c.History()); err != nil {
			b.Fatal(err)
		}
		n += h.each(b, func(events.Recorded) {})
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}
