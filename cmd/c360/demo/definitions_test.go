package demo_test

import (
	"encoding/json"
	"slices"
	"testing"
	"unicode"

	"github.com/google/uuid"

	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/churn"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/segment"
)

// TestDefinitionsAreRules reads every definition as the API would.
func TestDefinitionsAreRules(t *testing.T) {
	t.Parallel()
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	rules := demo.Definitions(small())
	names := map[string]bool{}
	for _, d := range append(slices.Clone(rules.Segments), rules.Churn) {
		if names[d.Name] || !hangul(d.Title.Ko) || hangul(d.Title.En) || d.Title.En == "" || !json.Valid(d.Rule) {
			t.Errorf("definition %+v", d)
		}
		names[d.Name] = true
	}
	for _, d := range rules.Segments {
		if _, err := segment.Parse(d.Rule, segment.Vocabulary{Catalogue: catalogue}); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
	if p, err := churn.Parse(rules.Churn.Rule); err != nil || p.Rhythm == nil {
		t.Errorf("churn policy: %v", err)
	}
	if len(rules.Segments) < 8 {
		t.Errorf("%d segments", len(rules.Segments))
	}
}

func hangul(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Hangul, r) {
			return true
		}
	}
	return false
}

// histories are those of a company's people as c360 keeps them, had it known who is who.
func histories(t *testing.T, c *demo.Company) []*history.History {
	t.Helper()
	h := newHouse(t, after)
	if err := h.sender().Send(t.Context(), c.History()); err != nil {
		t.Fatal(err)
	}
	person := map[string]int{}
	for tp := range c.History() {
		person[tp.ID] = tp.Person
	}
	var log []events.Recorded
	mine := make([]map[uuid.UUID]bool, c.Plan().Customers)
	h.each(t, func(e events.Recorded) {
		f, ok := e.Fragment()
		if who := person[e.ID]; ok && who >= 0 {
			if log = append(log, e); mine[who] == nil {
				mine[who] = map[uuid.UUID]bool{}
			}
			mine[who][f] = true
		}
	})
	return load(t, log, mine)
}

func load(t *testing.T, log []events.Recorded, mine []map[uuid.UUID]bool) []*history.History {
	t.Helper()
	room, store := history.New(), roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, log, 20_000, room); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	out := make([]*history.History, len(mine))
	for i, fragments := range mine {
		var ids []uuid.UUID
		for f := range fragments {
			ids = append(ids, f)
		}
		if out[i], err = room.Load(t.Context(), v, ids); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// Every segment has members on the first day, and none has everybody; the policy finds those who slip away.
func TestDefinitionsFindPeople(t *testing.T) {
	t.Parallel()
	plan := demo.DefaultPlan(end)
	plan.Customers = 1500
	c := company(t, plan)
	all, rules := histories(t, c), demo.Definitions(plan)
	for _, d := range rules.Segments {
		rule, err := segment.Parse(d.Rule, segment.Vocabulary{Any: true})
		if err != nil {
			t.Fatalf("%s: %v", d.Name, err)
		}
		program, err := segment.Compile(rule, nil)
		if err != nil {
			t.Fatalf("%s: %v", d.Name, err)
		}
		members := 0
		for _, h := range all {
			if in, _ := program.At(h, end.UnixMicro()); in {
				members++
			}
		}
		t.Logf("%s (%s): %d of %d people", d.Name, d.Title.Ko, members, len(all))
		if members == 0 || members*3 > len(all) {
			t.Errorf("%s has %d of %d people", d.Name, members, len(all))
		}
	}
	found(t, rules.Churn, all, c.Truth().People)
}

func found(t *testing.T, d demo.Definition, all []*history.History, people []demo.TruePerson) {
	t.Helper()
	policy, err := churn.Parse(d.Rule)
	if err != nil {
		t.Fatal(err)
	}
	program, err := churn.Compile(policy)
	if err != nil {
		t.Fatal(err)
	}
	flagged, right, away, gone := 0, 0, 0, 0
	for i, p := range people {
		slipping := p.Slipping == demo.SlippingFading || p.Slipping == demo.SlippingStopped
		in, _ := program.At(all[i], end.UnixMicro())
		switch {
		case slipping && end.Sub(p.SilentFrom) > 365*oneDay:
			gone++
			continue
		case slipping:
			away++
		}
		if in {
			flagged++
		}
		if in && slipping {
			right++
		}
	}
	recall, precision := float64(right)/float64(away), float64(right)/float64(flagged)
	t.Logf("%s: recall %.3f, precision %.3f of %d flags; %d are gone for more than a year", d.Name, recall, precision, flagged, gone)
	if recall < .6 || precision < .5 {
		t.Errorf("%s: recall %.3f, precision %.3f of %d flags", d.Name, recall, precision, flagged)
	}
}
