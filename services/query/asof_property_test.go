package query_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
)

// proof is how much of the past is compared.
type proof struct {
	generate            roomtest.Options
	customers, instants int
}

// proofSize is a few seconds' worth, or, with C360_ASOF, 1,000 customers at 20 instants on both clocks, among as many
// events as that says (100,000 with C360_ASOF=1). Rules that are made to be met get a tenth of the customers then.
func proofSize(t *testing.T, madeUp bool) proof {
	t.Helper()
	text := os.Getenv("C360_ASOF")
	if text == "" {
		return proof{roomtest.Options{People: 40, Events: 800, Decisions: 30, Shared: 30}, 25, 4}
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	if n == 1 {
		n = 100_000
	}
	p := proof{roomtest.Options{People: n / 20, Events: n, Decisions: n / 100, Shared: 4}, 1000, 20}
	if madeUp {
		p.customers = 100
	}
	return p
}

// TestAsOfIsAFreshPrefix: what is answered as of an instant is what a service answers that was fed nothing but the
// events of that instant, of whomever, on whichever clock.
func TestAsOfIsAFreshPrefix(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*identity.Rules){
		"default rules": func(*identity.Rules) {},
		"small limits": func(r *identity.Rules) {
			r.Limits = map[string]int{"phone": 3, "email": 3, "anonymous_id": 4}
			r.MaxComponent, r.MaxTies, r.MaxGather = 6, 9, 8
		},
		"hubs": func(r *identity.Rules) { r.MaxTies, r.MaxComponent, r.MaxGather = 2, 4, 5 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, p := identity.DefaultRules(), proofSize(t, name != "default rules")
			change(&rules)
			list := roomtest.Shuffle(1, roomtest.Generate(7, p.generate))
			openTwins(t, rules, list).prove(p, rand.New(rand.NewPCG(7, 1)))
		})
	}
}

func (w *twins) prove(p proof, r *rand.Rand) {
	whom := w.sample(p.customers, r)
	byTime := slices.Clone(w.record)
	slices.SortStableFunc(byTime, func(a, b events.Recorded) int { return a.Time.Compare(b.Time) })
	asked, there, beyond := 0, 0, 0
	for _, clock := range []struct {
		name  string
		order []events.Recorded
		at    func(last *events.Recorded) (moment string, today time.Time)
	}{
		{"known", w.record, func(last *events.Recorded) (string, time.Time) {
			return fmt.Sprintf("known_at=%d", last.Position), last.RecordedAt
		}},
		{"occurred", byTime, func(last *events.Recorded) (string, time.Time) {
			return "as_of=" + last.Time.UTC().Format(time.RFC3339Nano), last.Time
		}},
	} {
		w.renew()
		fed := 0
		for i := range p.instants {
			next := len(clock.order) * (i + 1) / (p.instants + 1)
			for next < len(clock.order) && clock.name == "occurred" && clock.order[next].Time.Equal(clock.order[next-1].Time) {
				next++
			}
			w.feed(clock.order[fed:next])
			fed = next
			var moment string
			moment, w.today = clock.at(&clock.order[fed-1])
			for _, f := range whom {
				asked++
				switch w.compare(f, moment) {
				case http.StatusOK:
					there++
				case http.StatusUnprocessableEntity:
					beyond++
				}
			}
		}
	}
	w.t.Logf("%d questions about a customer at an instant: %d were there, %d refused", asked, there, beyond)
	if beyond > asked/10 || there < asked/3 {
		w.t.Errorf("of %d questions %d were refused and %d were about somebody who was there", asked, beyond, there)
	}
}

// renew empties the second twin.
func (w *twins) renew() {
	w.prefix = w.store()
	w.fresh = w.service(w.prefix, false, func() time.Time { return w.today })
}

// sample returns fragments, each about as often as it has events.
func (w *twins) sample(n int, r *rand.Rand) []uuid.UUID {
	var all []uuid.UUID
	for tries := 0; len(all) < n && tries < 20*n; tries++ {
		f, ok := w.record[r.IntN(len(w.record))].Fragment()
		if ok && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// compare asks both twins about a customer, and returns the status of the one who knows everything.
func (w *twins) compare(f uuid.UUID, moment string) int {
	w.t.Helper()
	worst := 0
	for _, call := range []string{"?", "/identity?", "/timeline?limit=7&", "/timeline/months?"} {
		path := "/v1/customers/" + f.String() + call
		wantStatus, want := ask(w.t, w.fresh, path)
		status, got := ask(w.t, w.knowing, path+moment)
		worst = max(worst, status)
		switch diff := cmp.Diff(want, got); {
		case status == http.StatusUnprocessableEntity:
		case status != wantStatus:
			w.t.Fatalf("%s%s answers %d %v, a fresh prefix %d %v", path, moment, status, got, wantStatus, want)
		case diff != "" && status == http.StatusOK:
			w.t.Fatalf("%s%s (-fresh prefix +as of):\n%s", path, moment, diff)
		}
	}
	return worst
}
