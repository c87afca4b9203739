package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/cmd/c360/delivery"
	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/memstore"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/segment"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/ingest"
)

// TestBacktestIsWhatWasLive lets the demo company live through its history, event by event, with its segments and its churn
// policy defined on the first day and the clock ticking at the end of every month, and writes down who was a member then.
// Afterwards, with the whole history at hand, it computes the members of each month's end anew. Both are the same, exactly.
// C360_TEST_CUSTOMERS makes the company larger; see make backtest.
func TestBacktestIsWhatWasLive(t *testing.T) {
	t.Parallel()
	plan := demo.DefaultPlan(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	plan.Customers, plan.Months = 300, 8
	if text := os.Getenv("C360_TEST_CUSTOMERS"); text != "" {
		plan = demo.DefaultPlan(plan.End)
		if _, err := fmt.Sscan(text, &plan.Customers); err != nil {
			t.Fatal(err)
		}
	}
	company, err := demo.New(plan)
	if err != nil {
		t.Fatal(err)
	}
	months := monthEnds(plan)
	life := lifeOf(t, company, months)
	open, err := openRooms(identity.DefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	store, live := livedThrough(t, open, life, months)
	again := backtested(t, open, store, life, months)
	compared, members := 0, 0
	for key, were := range live {
		if is := again[key]; !slices.Equal(were, is) {
			t.Errorf("%s at %s: %d were members, %d are computed", key.rule, time.UnixMicro(key.at).UTC(), len(were), len(is))
		}
		compared, members = compared+1, members+len(were)
	}
	if members == 0 || compared != len(again) {
		t.Fatalf("%d lists with %d members, %d computed", compared, members, len(again))
	}
	t.Logf("%d events, %d lists of members at %d month ends, %d members in all: the same", len(life), compared, len(months), members)
}

func monthEnds(p demo.Plan) []int64 {
	var ends []int64
	for at := p.Start().AddDate(0, 1, 0); at.Before(p.End); at = at.AddDate(0, 1, 0) {
		ends = append(ends, at.UnixMicro())
	}
	return append(ends, p.End.UnixMicro())
}

// lifeOf is what the company's log would hold had everything been recorded when it happened.
func lifeOf(t *testing.T, company *demo.Company, months []int64) []events.Recorded {
	t.Helper()
	all := recordedBy(t, company)
	for i, d := range demo.Definitions(company.Plan()).Segments {
		all = append(all, decided(i, segment.Stream+d.Name, segment.Defined, company.Plan().Start(), d.Rule))
	}
	policy := demo.Definitions(company.Plan()).Churn
	all = append(all, decided(99, churn.Stream+policy.Name, churn.Defined, company.Plan().Start(), policy.Rule))
	for i, at := range months {
		all = append(all, events.Recorded{Stream: standing.ClockStream, Event: events.Event{
			Source: "~", ID: fmt.Sprint("tick", i), Type: standing.ClockTicked, Time: time.UnixMicro(at).UTC(),
		}})
	}
	slices.SortStableFunc(all, func(a, b events.Recorded) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Source, b.Source))
	})
	for i := range all {
		all[i].Position, all[i].RecordedAt = events.Position(i+1), all[i].Time
	}
	return all
}

func decided(i int, stream, kind string, at time.Time, rule []byte) events.Recorded {
	return events.Recorded{Stream: stream, Event: events.Event{
		Source: "c360", ID: fmt.Sprint("d", i), Type: kind, Time: at, Data: fmt.Appendf(nil, `{"rule":%s}`, rule),
	}}
}

// recordedBy sends the company's history through the real door.
func recordedBy(t *testing.T, company *demo.Company) []events.Recorded {
	t.Helper()
	sources, err := auth.ParseSources(demo.SourcesSpec(demoKeys))
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return company.Plan().End.Add(time.Minute) }
	log := memlog.New(now)
	door, err := ingest.New(ingest.Config{Log: log, Sources: sources, Catalogue: catalogue, Rejects: t.TempDir(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(door.Close(), log.Close()); err != nil {
			t.Error(err)
		}
	}()
	sender := demo.Sender{Client: &delivery.Client{URL: "http://c360", Doer: delivery.InProcess(door.Handler())}, Keys: demoKeys}
	if err := sender.Send(t.Context(), company.History()); err != nil {
		t.Fatal(err)
	}
	var all []events.Recorded
	for {
		page, err := log.Read(t.Context(), events.Position(len(all)), 5000)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// listKey names a list of members.
type listKey struct {
	rule string
	at   int64
}

// livedThrough folds the life of the company, and writes down the members after each tick.
func livedThrough(t *testing.T, open rooms, life []events.Recorded, months []int64) (projections.Store, map[listKey][]uuid.UUID) {
	t.Helper()
	store, err := memstore.New(projections.NewSpec(open.all()...))
	if err != nil {
		t.Fatal(err)
	}
	live := map[listKey][]uuid.UUID{}
	for _, at := range months {
		n := upTo(life, at)
		if err := roomtest.Fold(t.Context(), store, life[:n], 500, open.all()...); err != nil {
			t.Fatal(err)
		}
		life = life[n:]
		inView(t, store, func(v projections.View) {
			for _, room := range []*standing.Room{open.segment, open.churn} {
				noteMembers(t, v, room, at, live)
			}
		})
	}
	return store, live
}

func upTo(life []events.Recorded, at int64) int {
	n := 0
	for n < len(life) && life[n].Time.UnixMicro() <= at {
		n++
	}
	return n
}

func inView(t *testing.T, store projections.Store, look func(projections.View)) {
	t.Helper()
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	look(v)
}

func noteMembers(t *testing.T, v projections.View, room *standing.Room, at int64, into map[listKey][]uuid.UUID) {
	t.Helper()
	set, err := room.Rules(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set.Schedules {
		key := listKey{s.Name, at}
		into[key] = []uuid.UUID{}
		err := room.EachMember(t.Context(), v, s.Name, uuid.UUID{}, func(m standing.Member) (bool, error) {
			into[key] = append(into[key], m.Customer)
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// backtested computes the members at the end of each month out of whole histories, of the customers as they were known then.
func backtested(t *testing.T, open rooms, store projections.Store, life []events.Recorded, months []int64) map[listKey][]uuid.UUID {
	t.Helper()
	who, err := memstore.New(projections.NewSpec(open.identity))
	if err != nil {
		t.Fatal(err)
	}
	again := map[listKey][]uuid.UUID{}
	for _, at := range months {
		n := upTo(life, at)
		if err := roomtest.Fold(t.Context(), who, life[:n], 5000, open.identity); err != nil {
			t.Fatal(err)
		}
		life = life[n:]
		groups := history.Groups{}
		inView(t, who, func(v projections.View) {
			if groups, err = open.identity.Groups(t.Context(), v); err != nil {
				t.Fatal(err)
			}
		})
		inView(t, store, func(v projections.View) {
			for _, room := range []*standing.Room{open.segment, open.churn} {
				computeMembers(t, open.history, room, v, groups, at, again)
			}
		})
	}
	return again
}

func computeMembers(t *testing.T, kept *history.Room, room *standing.Room, v projections.View, groups history.Groups, at int64, into map[listKey][]uuid.UUID) {
	t.Helper()
	set, err := room.Rules(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set.Schedules {
		into[listKey{s.Name, at}] = []uuid.UUID{}
	}
	err = kept.Scan(t.Context(), v, groups, nil, nil, func(h *history.History) error {
		for _, s := range set.Schedules {
			if changes := s.Changes(h, at); len(changes)%2 == 1 {
				key := listKey{s.Name, at}
				into[key] = append(into[key], h.Customer)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set.Schedules {
		slices.SortFunc(into[listKey{s.Name, at}], func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	}
}
