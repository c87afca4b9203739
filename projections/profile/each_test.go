package profile_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
)

// TestEach holds orders, cases, consents and parts one by one against the profile that sums them up, for customers of
// a few fragments that tell of the same orders.
func TestEach(t *testing.T) {
	t.Parallel()
	room, store := profile.New(), roomtest.NewStore()
	log := roomtest.Record(roomtest.Generate(11, roomtest.Options{People: 30, Events: 1500}))
	if err := roomtest.Fold(t.Context(), store, log, 100, room, history.New()); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	orders := 0
	for of := range slices.Chunk(fragmentsOf(log), 4) {
		p, err := room.Load(t.Context(), v, of)
		if err != nil {
			t.Fatal(err)
		}
		all, err := room.Orders(t.Context(), v, of)
		if err != nil {
			t.Fatal(err)
		}
		orders += len(all)
		same(t, "orders", sumOf(p), sumUp(all))
		cases, err := room.Cases(t.Context(), v, of)
		same(t, "cases", p.Cases, cases)
		consents, err2 := room.Consents(t.Context(), v, of)
		same(t, "consents", p.Consents, consents)
		parts, err3 := room.Parts(t.Context(), v, of)
		for _, part := range p.Fragments {
			same(t, "part", part, parts[part.ID])
		}
		if err != nil || err2 != nil || err3 != nil || len(parts) != len(p.Fragments) {
			t.Fatal(err, err2, err3, len(parts), len(p.Fragments))
		}
	}
	if orders < 50 {
		t.Errorf("%d orders only", orders)
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-profile +one by one):\n%s", what, d)
	}
}

func fragmentsOf(log []events.Recorded) []uuid.UUID {
	var all []uuid.UUID
	for i := range log {
		if f, ok := log[i].Fragment(); ok && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// sums are what orders come to.
type sums struct {
	Orders, Cancelled, Refunds int64
	Revenue, Refunded          map[string]events.Money
}

func sumOf(p *profile.Profile) sums {
	return sums{p.Orders, p.Cancelled, p.Refunds, byCurrency(p.Revenue...), byCurrency(p.Refunded...)}
}

func byCurrency(all ...profile.Amount) map[string]events.Money {
	m := map[string]events.Money{}
	for _, a := range all {
		m[a.Currency] += a.Amount
	}
	return m
}

func sumUp(all []profile.Order) sums {
	s := sums{Revenue: map[string]events.Money{}, Refunded: map[string]events.Money{}}
	for _, o := range all {
		if !o.CompletedAt.IsZero() {
			s.Orders++
			s.Revenue[o.Currency] += o.Revenue
		}
		if o.Cancelled {
			s.Cancelled++
		}
		s.Refunds += o.Refunds
		for _, a := range o.Refunded {
			s.Refunded[a.Currency] += a.Amount
		}
	}
	for _, m := range []map[string]events.Money{s.Revenue, s.Refunded} {
		for c, a := range m {
			if a == 0 {
				delete(m, c)
			}
		}
	}
	return s
}
