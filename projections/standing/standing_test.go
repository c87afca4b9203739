package standing_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/standing"
)

// often is a rule for tests: at least Min touchpoints of a type within so many hours, and whoever stands under Also.
type often struct {
	Type  string `json:"type"`
	Min   int    `json:"min"`
	Hours int    `json:"hours"`
	Also  string `json:"also,omitempty"`
}

func (o often) Needs() []string {
	if o.Also == "" {
		return nil
	}
	return []string{o.Also}
}

func (o often) Compile(of func(string) (standing.Rule, bool)) (standing.Judge, error) {
	j := judge{often: o}
	if o.Also == "" {
		return j, nil
	}
	other, ok := of(o.Also)
	if !ok {
		return nil, fmt.Errorf("there is no rule %s", o.Also)
	}
	also, err := other.Compile(of)
	j.also = also
	return j, err
}

type judge struct {
	often
	also standing.Judge
}

func (j judge) Concerns(kind string) bool {
	return kind == j.Type || j.also != nil && j.also.Concerns(kind)
}

func (j judge) At(h *history.History, at int64) (in bool, due int64) {
	within := (time.Duration(j.Hours) * time.Hour).Microseconds()
	places := h.Between(h.Of(j.Type), at-within, at)
	due = standing.Never
	if in = len(places) >= j.Min; in {
		due = h.Touchpoints[places[len(places)-j.Min]].At + within
	}
	if j.also == nil {
		return in, due
	}
	other, next := j.also.At(h, at)
	return in && other, min(due, next)
}

func parse(body []byte) (standing.Rule, error) {
	var o often
	err := json.Unmarshal(body, &o)
	return o, err
}

func read(t *projections.Touch) (standing.Definition, bool) {
	return standing.Definition{Name: t.Stream[len("rule-"):], From: t.Time.UnixMicro(), Body: t.Data}, true
}

// rooms are the rooms in the order in which they settle.
func rooms(t fataler, sweep int) (*history.Room, *standing.Room, []projections.Room) {
	who, err := identity.New(identity.DefaultRules())
	if err != nil {
		t.Fatalf("%v", err)
	}
	kept := history.New()
	room := standing.New(standing.Config{
		Tables: standing.NewTables("rule"), Version: 1, Stream: "rule-", Defined: "rule.defined", Removed: "rule.removed", Read: read, Parse: parse, Groups: who, Sweep: sweep,
	})
	return kept, room, []projections.Room{who, room, kept}
}

type fataler interface {
	Context() context.Context
	Fatalf(format string, args ...any)
}

// start is when roomtest's histories begin.
var start = time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)

// decision is an event of c360 itself.
func decision(id, stream, kind string, hours int, data string) events.Recorded {
	return events.Recorded{Stream: stream, Event: events.Event{
		Source: "c360", ID: id, Type: kind, Time: start.Add(time.Duration(hours) * time.Hour), Data: []byte(data),
	}}
}

// decisions are rules that are defined, changed and removed while things happen, and ticks.
func decisions(t *rapid.T) []events.Recorded {
	var all []events.Recorded
	types := []string{"page.viewed", "order.completed", "customer.identified"}
	for i := range rapid.IntRange(1, 6).Draw(t, "definitions") {
		name := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "rule")
		o := often{
			Type: rapid.SampledFrom(types).Draw(t, "type"), Min: rapid.IntRange(1, 3).Draw(t, "min"),
			Hours: rapid.SampledFrom([]int{5, 48, 400}).Draw(t, "hours"),
		}
		if name == "c" {
			o.Also = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "also")
		}
		kind := "rule.defined"
		if rapid.IntRange(0, 4).Draw(t, "removed") == 0 {
			kind = "rule.removed"
		}
		body, err := json.Marshal(o)
		if err != nil {
			t.Fatalf("%v", err)
		}
		all = append(all, decision(fmt.Sprint("d", i), "rule-"+name, kind, rapid.IntRange(-10, 400).Draw(t, "at"), string(body)))
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "ticks") {
		all = append(all, decision(fmt.Sprint("t", i), "clock", "clock.ticked", rapid.IntRange(0, 900).Draw(t, "tick"), `{}`))
	}
	return all
}

// mix puts decisions at random places among what happened, in a random order.
func mix(t *rapid.T, happened []events.Event, decided []events.Recorded) []events.Recorded {
	log := roomtest.Record(happened)
	for _, d := range rapid.Permutation(decided).Draw(t, "decisions") {
		log = slices.Insert(log, rapid.IntRange(0, len(log)).Draw(t, "place"), d)
	}
	for i := range log {
		log[i].Position = events.Position(i + 1)
		log[i].RecordedAt = start.AddDate(2, 0, i)
	}
	return log
}

// TestLive folds touchpoints, links, definitions and ticks, in any order and in batches of any size, with sweeps whenever,
// and checks that what is written down is what replaying each customer's history says, and the same in a rebuild.
func TestLive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kept, room, all := rooms(t, rapid.SampledFrom([]int{1, 3, 1000}).Draw(t, "sweep size"))
		happened := roomtest.Generate(rapid.Uint64().Draw(t, "events"), roomtest.Options{Events: 120, People: 6, Shared: 30, Decisions: 12})
		decided := decisions(t)
		log := mix(t, roomtest.Shuffle(rapid.Uint64().Draw(t, "order"), happened), decided)
		live := roomtest.NewStore()
		for size := rapid.SampledFrom([]int{1, 5, 30}).Draw(t, "batch"); len(log) > 0; log = log[min(size, len(log)):] {
			if err := roomtest.FoldBatch(t.Context(), live, log[:min(size, len(log))], all...); err != nil {
				t.Fatal(err)
			}
			for range rapid.SampledFrom([]int{0, 0, 1, 2, 100}).Draw(t, "sweeps") {
				sweepOnce(t, live, room)
			}
		}
		sweep(t, live, all)
		check(t, live, kept, room, all[0].(*identity.Room)) //nolint:forcetypeassert // the first
		rebuilt := roomtest.NewStore()
		if err := roomtest.Fold(t.Context(), rebuilt, mix(t, happened, decided), 1000, all...); err != nil {
			t.Fatal(err)
		}
		if a, b := digest(t, live, room), digest(t, rebuilt, room); a != b {
			t.Fatalf("live:\n%s\nrebuilt:\n%s", a, b)
		}
	})
}

func sweepOnce(t *rapid.T, store projections.Store, room projections.Sweeper) {
	if _, err := roomtest.SweepOnce(t.Context(), store, room); err != nil {
		t.Fatal(err)
	}
}

func sweep(t *rapid.T, store projections.Store, all []projections.Room) {
	if err := roomtest.Sweep(t.Context(), store, all...); err != nil {
		t.Fatal(err)
	}
}

func digest(t *rapid.T, store projections.Store, room projections.Room) string {
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	sums, err := projections.Digest(t.Context(), v, room.Tables(), false)
	if err != nil {
		t.Fatal(err)
	}
	return sums.String()
}

// expected is what replaying every history gives.
type expected map[string][]standing.Member

// check compares what is written down with replaying every customer's history.
func check(t *rapid.T, store projections.Store, kept *history.Room, room *standing.Room, who *identity.Room) {
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	set, err := room.Rules(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := room.Clock(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	groups, err := who.Groups(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	want, got := expected{}, expected{}
	err = kept.Scan(t.Context(), v, groups, nil, nil, func(h *history.History) error {
		to := max(clock, h.Touchpoints[len(h.Touchpoints)-1].At)
		for _, s := range set.Schedules {
			changes := s.Changes(h, to)
			if n := len(changes); n > 0 && changes[n-1].In {
				want[s.Name] = append(want[s.Name], standing.Member{Customer: h.Customer, Since: changes[n-1].At})
			}
			if in, _ := s.At(h, to); in != (len(changes)%2 == 1) {
				t.Fatalf("rule %s, customer %s: the answer is %v after %v", s.Name, h.Customer, in, changes)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set.Schedules {
		written(t, v, room, s.Name, got)
		slices.SortFunc(want[s.Name], byCustomer)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("(-replayed +written down):\n%s", diff)
	}
}

func written(t *rapid.T, v projections.View, room *standing.Room, rule string, got expected) {
	members, err := room.Members(t.Context(), v, rule, uuid.UUID{}, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if len(members) > 0 {
		got[rule] = members
	}
	if n, err := room.Count(t.Context(), v, rule); err != nil || int(n) != len(members) {
		t.Fatalf("%d members are counted, %d are there: %v", n, len(members), err)
	}
	latest, err := room.Latest(t.Context(), v, rule, nil, 3)
	slices.SortFunc(members, func(a, b standing.Member) int {
		return cmp.Or(cmp.Compare(b.Since, a.Since), slices.Compare(b.Customer[:], a.Customer[:]))
	})
	if err != nil || !slices.Equal(latest, members[:min(3, len(members))]) {
		t.Fatalf("who entered last: %v, of %v: %v", latest, members, err)
	}
	slices.SortFunc(members, byCustomer)
	var in []standing.Member
	err = room.EachLast(t.Context(), v, []string{"nobody's", rule}, func(place int, customer uuid.UUID, is bool, at int64) {
		if is && place == 1 {
			in = append(in, standing.Member{Customer: customer, Since: at})
		}
	})
	slices.SortFunc(in, byCustomer)
	if err != nil || !slices.Equal(in, members) {
		t.Fatalf("where everybody stands: %v, members are %v: %v", in, members, err)
	}
}

func byCustomer(a, b standing.Member) int { return slices.Compare(a.Customer[:], b.Customer[:]) }
