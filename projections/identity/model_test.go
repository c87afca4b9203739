package identity_test

import (
	"bytes"
	"cmp"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
)

// model derives all customers at once from all events, with no care for cost: what the room must come to.
type model struct {
	rules     identity.Rules
	fragments map[uuid.UUID]bool
	known     map[events.Identifier]map[uuid.UUID]events.Grade // grade left out of the key
	decisions map[[2]uuid.UUID]decided
	customers map[uuid.UUID]uuid.UUID
}

type decided struct {
	event  *events.Recorded
	linked bool
}

func deriveAll(rules identity.Rules, log []events.Recorded) map[uuid.UUID]uuid.UUID {
	m := model{
		rules: rules, fragments: map[uuid.UUID]bool{}, known: map[events.Identifier]map[uuid.UUID]events.Grade{},
		decisions: map[[2]uuid.UUID]decided{}, customers: map[uuid.UUID]uuid.UUID{},
	}
	for i := range log {
		m.take(&log[i])
	}
	rest := m.fragments
	for left := 0; len(rest) > 0; left++ {
		rest = m.derive(left, rest)
	}
	return m.customers
}

func (m *model) take(e *events.Recorded) {
	if e.Stream == "identity" {
		m.decide(e)
		return
	}
	f, ok := e.Fragment()
	if !ok {
		return
	}
	m.fragments[f] = true
	for _, id := range e.Identifiers {
		if !id.Links() {
			continue
		}
		k := events.Identifier{Kind: id.Kind, Value: id.Value}
		if m.known[k] == nil {
			m.known[k] = map[uuid.UUID]events.Grade{}
		}
		m.known[k][f] = max(m.known[k][f], id.Grade)
	}
}

func (m *model) decide(e *events.Recorded) {
	b := events.DecodeBody(e.Data)
	pair := [2]uuid.UUID{uuid.MustParse(b.A), uuid.MustParse(b.B)}
	if pair[0] == pair[1] {
		return
	}
	if bytes.Compare(pair[0][:], pair[1][:]) > 0 {
		pair[0], pair[1] = pair[1], pair[0]
	}
	m.fragments[pair[0]], m.fragments[pair[1]] = true, true
	had, ok := m.decisions[pair]
	if !ok || cmp.Or(e.Time.Compare(had.event.Time), cmp.Compare(e.ID, had.event.ID)) > 0 {
		m.decisions[pair] = decided{e, e.Type == "identity.linked"}
	}
}

func (m *model) rank(kind string) int {
	if i := slices.Index(m.rules.Strength, kind); i >= 0 {
		return i + 1
	}
	return slices.Index(m.rules.Strength, identity.Custom) + 1
}

func (m *model) limit(kind string) int {
	if n, ok := m.rules.Limits[kind]; ok {
		return n
	}
	return m.rules.OtherLimit
}

func (m *model) hub(f uuid.UUID) bool {
	n := 0
	for _, in := range m.known {
		if _, ok := in[f]; ok && len(in) > 1 {
			n++
		}
	}
	return n > m.rules.MaxTies
}

// tied returns, for every identifier that ties at this level, the fragments it ties.
func (m *model) tied(left int) map[events.Identifier][]uuid.UUID {
	all := map[events.Identifier][]uuid.UUID{}
	for id, in := range m.known {
		if len(in) < 2 || len(in) > m.limit(id.Kind) || m.rank(id.Kind) > len(m.rules.Strength)-left {
			continue
		}
		for f := range in {
			if !m.hub(f) {
				all[id] = append(all[id], f)
			}
		}
	}
	return all
}

// derive finds the components of these fragments at one level and the customers in those that are small enough. It
// returns the others.
func (m *model) derive(left int, rest map[uuid.UUID]bool) map[uuid.UUID]bool {
	component := map[uuid.UUID]uuid.UUID{}
	for f := range rest {
		component[f] = f
	}
	join := func(a, b uuid.UUID) {
		from, to := component[a], component[b]
		for f, c := range component {
			if c == from {
				component[f] = to
			}
		}
	}
	tied := m.tied(left)
	for _, in := range tied {
		for _, f := range in[1:] {
			if rest[f] {
				join(in[0], f)
			}
		}
	}
	if left <= len(m.rules.Strength) {
		for pair, d := range m.decisions {
			if d.linked && rest[pair[0]] {
				join(pair[0], pair[1])
			}
		}
	}
	parts := map[uuid.UUID][]uuid.UUID{}
	for f, c := range component {
		parts[c] = append(parts[c], f)
	}
	tooLarge := map[uuid.UUID]bool{}
	for _, part := range parts {
		if len(part) <= m.rules.MaxGather {
			m.divide(part, tied, left)
			continue
		}
		for _, f := range part {
			tooLarge[f] = true
		}
	}
	return tooLarge
}

// divide makes the ties of a component one after the other, the strongest first.
func (m *model) divide(part []uuid.UUID, tied map[events.Identifier][]uuid.UUID, left int) {
	sets := map[uuid.UUID][]uuid.UUID{}
	for _, f := range part {
		sets[f] = []uuid.UUID{f}
	}
	join := func(a, b uuid.UUID) bool {
		if slices.Contains(sets[a], b) {
			return true
		}
		if len(sets[a])+len(sets[b]) > m.rules.MaxComponent || left <= len(m.rules.Strength) && m.apart(sets[a], sets[b]) {
			return false
		}
		all := slices.Concat(sets[a], sets[b])
		for _, f := range all {
			sets[f] = all
		}
		return true
	}
	if left <= len(m.rules.Strength) {
		for _, pair := range m.pairs() {
			if m.decisions[pair].linked && sets[pair[0]] != nil && sets[pair[1]] != nil {
				join(pair[0], pair[1])
			}
		}
	}
	for grade := events.Verified; grade >= events.Claimed; grade-- {
		for _, id := range m.strongestFirst(tied) {
			var heads []uuid.UUID
			for _, f := range m.atLeast(id, tied[id], grade) {
				if sets[f] == nil {
					continue
				}
				if !slices.ContainsFunc(heads, func(h uuid.UUID) bool { return join(h, f) }) {
					heads = append(heads, f)
				}
			}
		}
	}
	for f, set := range sets {
		m.customers[f] = slices.MinFunc(set, compare)
	}
}

func compare(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

func (m *model) apart(a, b []uuid.UUID) bool {
	for _, x := range a {
		for _, y := range b {
			pair := [2]uuid.UUID{x, y}
			if compare(x, y) > 0 {
				pair = [2]uuid.UUID{y, x}
			}
			if d, ok := m.decisions[pair]; ok && !d.linked {
				return true
			}
		}
	}
	return false
}

func (m *model) pairs() [][2]uuid.UUID {
	var all [][2]uuid.UUID
	for pair := range m.decisions {
		all = append(all, pair)
	}
	slices.SortFunc(all, func(a, b [2]uuid.UUID) int { return cmp.Or(compare(a[0], b[0]), compare(a[1], b[1])) })
	return all
}

func (m *model) strongestFirst(tied map[events.Identifier][]uuid.UUID) []events.Identifier {
	var all []events.Identifier
	for id := range tied {
		all = append(all, id)
	}
	slices.SortFunc(all, func(a, b events.Identifier) int {
		return cmp.Or(cmp.Compare(m.rank(a.Kind), m.rank(b.Kind)), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	})
	return all
}

func (m *model) atLeast(id events.Identifier, in []uuid.UUID, grade events.Grade) []uuid.UUID {
	var all []uuid.UUID
	for _, f := range in {
		if m.known[id][f] >= grade {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, compare)
	return all
}

// customers returns what the room came to.
func customers(t roomtest.Fataler, room *identity.Room, store *roomtest.Store, of []uuid.UUID) map[uuid.UUID]uuid.UUID {
	t.Helper()
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatalf("view: %v", err)
	}
	defer v.Close()
	got, err := room.Customers(t.Context(), v, of)
	if err != nil {
		t.Fatalf("customers: %v", err)
	}
	return got
}

func fragmentsOf(m map[uuid.UUID]uuid.UUID) []uuid.UUID {
	var all []uuid.UUID
	for f := range m {
		all = append(all, f)
	}
	return all
}

func TestRoomIsTheModel(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*identity.Rules){"default rules": nil, "small limits": small, "hubs": hubs} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			room := newRoom(t, change)
			rapid.Check(t, func(t *rapid.T) {
				o := roomtest.Options{
					People: rapid.IntRange(3, 20).Draw(t, "people"), Events: 150,
					Decisions: rapid.IntRange(0, 20).Draw(t, "decisions"), Shared: rapid.SampledFrom([]int{0, 20, 80}).Draw(t, "shared"),
				}
				list := roomtest.Generate(rapid.Uint64().Draw(t, "events"), o)
				log := roomtest.Record(roomtest.Shuffle(rapid.Uint64().Draw(t, "order"), list))
				store := roomtest.NewStore()
				if err := roomtest.Fold(t.Context(), store, log, rapid.SampledFrom([]int{1, 5, 40, 500}).Draw(t, "batch"), room); err != nil {
					t.Fatal(err)
				}
				want := deriveAll(room.Rules(), log)
				got := customers(t, room, store, fragmentsOf(want))
				for f, customer := range want {
					if got[f] != customer {
						t.Errorf("fragment %s: customer %s, the model says %s", f, got[f], customer)
					}
				}
			})
		})
	}
}
