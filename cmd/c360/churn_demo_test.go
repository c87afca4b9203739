package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/sqlitestore"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/churns"
)

// demoHouse is the demo company behind the API, folded in one process.
type demoHouse struct {
	t       *testing.T
	api     api
	service *query.Service
	log     events.Log
	live    *projections.Live
	truth   demo.Truth
	people  []demoPerson
}

// demoPerson is one person of the truth as c360 sees them.
type demoPerson struct {
	*demo.TruePerson
	customers []uuid.UUID
	last      time.Time
}

// away reports whether the person has slipped away and has stopped coming by now.
func (p *demoPerson) away(now time.Time) bool {
	return (p.Slipping == demo.SlippingFading || p.Slipping == demo.SlippingStopped) && !p.SilentFrom.After(now)
}

func openDemoHouse(t *testing.T, plan demo.Plan) *demoHouse {
	t.Helper()
	company, err := demo.New(plan)
	must(t, err)
	now := func() time.Time { return plan.End.Add(time.Minute) }
	h := &demoHouse{t: t, log: memlog.New(now), truth: company.Truth()}
	open, err := openRooms(identity.DefaultRules())
	must(t, err)
	factory, err := sqlitestore.NewFactory(t.TempDir(), sqlitestore.Options{})
	must(t, err)
	g := projections.NewGenerations(projections.GenerationsOptions{
		Engine: projections.Options{Log: h.log, Rooms: open.all(), Now: now}, Factory: factory, Rules: identity.DefaultRules().Hash(), Code: "test",
	})
	must(t, g.Start(context.Background()))
	h.live = g.Live()
	catalogue, err := events.NewCatalogue()
	must(t, err)
	h.service, err = query.New(query.Config{
		Live: h.live, Generations: g, Identity: open.identity, Profile: open.profile, Timeline: open.timeline, Log: h.log, Catalogue: catalogue,
		History: open.history, Segment: open.segment, Churn: open.churn, Now: now, Registry: prometheus.NewRegistry(),
	})
	must(t, err)
	mux := http.NewServeMux()
	h.service.Routes(mux)
	server := httptest.NewServer(mux)
	h.api = api{url: server.URL, doer: server.Client()}
	t.Cleanup(func() {
		h.service.Close()
		server.Close()
		must(t, g.Stop())
		must(t, h.log.Close())
	})
	h.tell(recordedBy(t, company))
	h.meet()
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tell appends what the company recorded, and waits until it is folded.
func (h *demoHouse) tell(all []events.Recorded) {
	h.t.Helper()
	var last events.Position
	for some := range slices.Chunk(all, 1000) {
		entries := make([]events.Entry, len(some))
		for i := range some {
			entries[i] = events.Entry{Stream: some[i].Stream, Event: some[i].Event}
		}
		results, err := h.log.Append(h.t.Context(), entries...)
		must(h.t, err)
		last = results[len(results)-1].Position
	}
	must(h.t, h.live.Await(h.t.Context(), last))
}

// meet finds the customers of every person of the truth.
func (h *demoHouse) meet() {
	h.t.Helper()
	for i := range h.truth.People {
		p := demoPerson{TruePerson: &h.truth.People[i]}
		for _, id := range p.Identifiers {
			var a query.SearchAnswer
			must(h.t, h.api.call(h.t.Context(), http.MethodGet, "/v1/customers?identifier="+url.QueryEscape(id), nil, &a))
			for j := range a.Customers {
				c := &a.Customers[j]
				if !slices.Contains(p.customers, c.ID) {
					p.customers = append(p.customers, c.ID)
				}
				if c.LastSeen != nil && c.LastSeen.After(p.last) {
					p.last = *c.LastSeen
				}
			}
		}
		h.people = append(h.people, p)
	}
}

// flagged lists everybody whom a policy flags, when everybody has been judged.
func (h *demoHouse) flagged(policy string, at events.Position) (map[uuid.UUID]bool, churns.FlagsAnswer) {
	h.t.Helper()
	all, path := map[uuid.UUID]bool{}, fmt.Sprintf("/v1/churn?policy=%s&limit=100&wait=%d", policy, at)
	for {
		var a churns.FlagsAnswer
		must(h.t, h.api.call(h.t.Context(), http.MethodGet, path, nil, &a))
		if a.Judging != nil {
			clear(all)
			continue
		}
		for i := range a.Flags {
			all[a.Flags[i].ID] = true
		}
		if a.Next == "" {
			if int64(len(all)) != a.Totals.Flagged {
				h.t.Errorf("the pages hold %d flagged, the total says %d", len(all), a.Totals.Flagged)
			}
			return all, a
		}
		path = fmt.Sprintf("/v1/churn?policy=%s&limit=100&wait=%d&cursor=%s", policy, at, a.Next)
	}
}

// rates holds flags against the truth, beside as many flags by days since the person was last seen.
func (h *demoHouse) rates(name string, flags map[uuid.UUID]bool) (precision, recall, recency float64) {
	now := h.truth.Plan.End
	away, flagged, right := 0, 0, 0
	people := slices.Clone(h.people)
	for i := range people {
		p := &people[i]
		gone, hit := p.away(now), slices.ContainsFunc(p.customers, func(id uuid.UUID) bool { return flags[id] })
		away, flagged = away+count(gone), flagged+count(hit)
		right += count(gone && hit)
	}
	slices.SortStableFunc(people, func(a, b demoPerson) int { return a.last.Compare(b.last) })
	plain := 0
	for i := range people[:flagged] {
		plain += count(people[i].away(now))
	}
	precision, recall = ratio(right, flagged), ratio(right, away)
	h.t.Logf("%s: %d of %d people are away, %d flagged, %d right: precision %.3f, recall %.3f; plain recency, as many flags: precision %.3f, recall %.3f",
		name, away, len(people), flagged, right, precision, recall, ratio(plain, flagged), ratio(plain, away))
	return precision, recall, ratio(plain, flagged)
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func ratio(a, b int) float64 { return float64(a) / max(float64(b), 1) }

// TestDemoSlippingIsFound holds what the API says of the demo company against its truth: under the company's own policy, and under
// the one that c360 finds by itself when nobody has defined any.
func TestDemoSlippingIsFound(t *testing.T) {
	t.Parallel()
	plan := demo.DefaultPlan(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	plan.Customers, plan.Months = 900, 12
	h := openDemoHouse(t, plan)
	fitted := h.calibrates()
	flags, a := h.flagged(churns.Default, fitted)
	printed, err := json.Marshal(a.Policy)
	must(t, err)
	t.Logf("calibrated: %s", printed)
	checkRates(t, h, "calibrated by c360", flags, .4)
	if a.Policy.Actor != churns.Calibrated || a.Policy.Measured == nil || !a.Policy.Measured.HeldBack {
		t.Errorf("the calibrated policy is %+v", a.Policy)
	}
	own := demo.Definitions(plan).Churn
	var accepted churns.PolicyAccepted
	body := map[string]any{"title": own.Title, "rule": own.Rule, "since": plan.Start().UTC().Format(time.RFC3339)}
	must(t, h.api.call(t.Context(), http.MethodPut, "/v1/churn/policies/"+own.Name, body, &accepted))
	flags, a = h.flagged(own.Name, accepted.Position)
	checkRates(t, h, "the company's own", flags, .5)
	t.Logf("outcomes %+v, totals %+v", a.Outcome, a.Totals)
}

// checkRates wants more than half of those who are away found, and flags that are right so often, and more often than as many by plain
// recency.
func checkRates(t *testing.T, h *demoHouse, name string, flags map[uuid.UUID]bool, least float64) {
	t.Helper()
	precision, recall, plain := h.rates(name, flags)
	if precision < least || recall < .5 || precision < plain {
		t.Errorf("%s: precision %.3f, recall %.3f, plain recency %.3f; want %.1f, .5, and no less than plain recency", name, precision, recall, plain, least)
	}
}

// calibrates lets c360 find a policy by itself.
func (h *demoHouse) calibrates() events.Position {
	h.t.Helper()
	must(h.t, h.service.CalibrateIfDue(h.t.Context()))
	head, err := h.log.Head(h.t.Context())
	must(h.t, err)
	return head.Position
}
