package identity_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/roomtest"
)

var day = time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)

func event(n int, ids ...events.Identifier) events.Event {
	return events.Event{
		Source: "s", ID: fmt.Sprintf("e%d", n), Type: "page.viewed", Time: day.Add(time.Duration(n) * time.Second), Identifiers: ids,
	}
}

func decision(id, kind string, at time.Time, a, b uuid.UUID) events.Event {
	return events.Event{
		Source: "c360", ID: id, Type: kind, Time: at,
		Data: fmt.Appendf(nil, `{"a":%q,"b":%q,"reason":"test","actor":"kim"}`, a, b),
	}
}

func asserted(kind, value string) events.Identifier {
	return events.Identifier{Kind: kind, Value: value, Grade: events.Asserted}
}

func claimed(kind, value string) events.Identifier {
	return events.Identifier{Kind: kind, Value: value, Grade: events.Claimed}
}

func fold(t roomtest.Fataler, room *identity.Room, list []events.Event, batch int) *roomtest.Store {
	t.Helper()
	store := roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), batch, room); err != nil {
		t.Fatalf("fold: %v", err)
	}
	return store
}

// view opens a snapshot that closes with the test.
func view(t *testing.T, store *roomtest.Store) projections.View {
	t.Helper()
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

func fragmentOf(ids ...events.Identifier) uuid.UUID {
	f, _ := events.FragmentOf(ids)
	return f
}

func TestLinkAndUnlinkLeaveNoTrace(t *testing.T) {
	t.Parallel()
	room := newRoom(t, nil)
	rapid.Check(t, func(t *rapid.T) {
		list := roomtest.Generate(rapid.Uint64().Draw(t, "events"), roomtest.Options{People: 10, Events: 80, Shared: 20})
		before := deriveAll(room.Rules(), roomtest.Record(list))
		all := fragmentsOf(before)
		slices.SortFunc(all, compare)
		a, b := rapid.SampledFrom(all).Draw(t, "a"), rapid.SampledFrom(all).Draw(t, "b")
		late := day.AddDate(5, 0, 0)
		first, second := "identity.linked", "identity.unlinked"
		if before[a] == before[b] {
			first, second = second, first
		}
		there := append(slices.Clone(list), decision("d1", first, late, a, b))
		back := append(slices.Clone(there), decision("d2", second, late.Add(1e9), a, b))
		if got := customers(t, room, fold(t, room, there, 20), all); a != b && (got[a] == got[b]) != (first == "identity.linked") {
			t.Errorf("after %s: %s and %s", first, got[a], got[b])
		}
		if d := cmp.Diff(before, customers(t, room, fold(t, room, back, 20), all)); d != "" {
			t.Errorf("there and back is not the same (-before +after):\n%s", d)
		}
	})
}

// counted counts what is read.
type counted struct {
	*roomtest.Store
	keys int
}

type countedView struct {
	projections.View
	store *counted
}

func (s *counted) View(ctx context.Context) (projections.View, error) {
	v, err := s.Store.View(ctx)
	return countedView{v, s}, err
}

func (v countedView) Get(ctx context.Context, t *projections.Table, keys [][]any, found func(projections.Row) error) error {
	v.store.keys += len(keys)
	return v.View.Get(ctx, t, keys, found)
}

func TestTenThousandPeopleShareAPhone(t *testing.T) {
	t.Parallel()
	const people = 10_000
	room := newRoom(t, nil)
	list := make([]events.Event, people)
	for i := range list {
		list[i] = event(i, asserted(events.KindLoyaltyID, fmt.Sprintf("L%d", i)), asserted(events.KindPhone, "+82215880000"))
	}
	for name, order := range map[string][]events.Event{"in order": list, "shuffled": roomtest.Shuffle(7, list)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := &counted{Store: roomtest.NewStore()}
			log := roomtest.Record(order)
			for i := 0; i < len(log); i += 40 {
				before := store.keys
				if err := roomtest.FoldBatch(t.Context(), store, log[i:i+40], room); err != nil {
					t.Fatal(err)
				}
				if read := store.keys - before; read > 150 {
					t.Fatalf("a batch of 40 after %d people read %d rows", i, read)
				}
				if i < 2000 {
					largest(t, room, store.Store, room.Rules().Limits[events.KindPhone])
				}
			}
			largest(t, room, store.Store, 1)
			matches, err := room.ByIdentifier(t.Context(), view(t, store.Store), events.KindPhone, "+82215880000", 1000)
			if err != nil || len(matches) != 256 {
				t.Errorf("the phone finds %d fragments, %v", len(matches), err)
			}
		})
	}
}

// largest fails if a customer has more fragments than limit.
func largest(t *testing.T, room *identity.Room, store *roomtest.Store, limit int) {
	t.Helper()
	sizes := map[string]int{}
	table := room.Tables()[0]
	err := view(t, store).Scan(t.Context(), table, projections.Range{}, func(r projections.Row) (bool, error) {
		sizes[string(r[1].([]byte))]++
		return true, nil
	})
	if most := slices.Max(slices.Collect(maps.Values(sizes))); err != nil || most > limit {
		t.Fatalf("a customer has %d fragments, the limit is %d; %v", most, limit, err)
	}
}

// Some SDKs make up an anonymous id for every event of a user who is signed in.
func TestFreshAnonymousIDsAreCheap(t *testing.T) {
	t.Parallel()
	room, store := newRoom(t, nil), &counted{Store: roomtest.NewStore()}
	var list []events.Event
	for i := range 3000 {
		list = append(list, event(i, asserted(events.KindUserID, "u1"), claimed(events.KindAnonymousID, fmt.Sprintf("fresh%d", i))))
	}
	log := roomtest.Record(list)
	for i := range log {
		before := store.keys
		if err := roomtest.FoldBatch(t.Context(), store, log[i:i+1], room); err != nil {
			t.Fatal(err)
		}
		if read := store.keys - before; read > 6 {
			t.Fatalf("event %d read %d rows", i, read)
		}
	}
	v := view(t, store.Store)
	found, err := room.ByIdentifier(t.Context(), v, events.KindAnonymousID, "fresh2999", 5)
	if err != nil || len(found) != 1 || found[0].Customer != fragmentOf(asserted(events.KindUserID, "u1")) {
		t.Errorf("the last anonymous id finds %v, %v", found, err)
	}
	ids, err := room.Identifiers(t.Context(), v, []uuid.UUID{found[0].Fragment})
	if err != nil || len(ids) < 200 {
		t.Errorf("%d identifiers are shown, %v", len(ids), err)
	}
	row := rowsOf(t, v, room.Tables()[:1])
	if size := len(row[slices.Collect(maps.Keys(row))[0]]); size > 8000 {
		t.Errorf("the fragment's row has %d bytes", size)
	}
}

// A browser event with an anonymous id of its own still joins the user who is signed in, after any number of others.
func TestABrowserIsLinkedAfterManyFreshIDs(t *testing.T) {
	t.Parallel()
	room := newRoom(t, nil)
	list := []events.Event{event(0, claimed(events.KindAnonymousID, "browser"))}
	for i := 1; i < 100; i++ {
		list = append(list, event(i, asserted(events.KindUserID, "u1"), claimed(events.KindAnonymousID, fmt.Sprintf("a-fresh%d", i))))
	}
	list = append(list, event(100, asserted(events.KindUserID, "u1"), claimed(events.KindAnonymousID, "browser")))
	user, browser := fragmentOf(asserted(events.KindUserID, "u1")), fragmentOf(claimed(events.KindAnonymousID, "browser"))
	got := customers(t, room, fold(t, room, list, 9), []uuid.UUID{user, browser})
	if got[user] != got[browser] {
		t.Errorf("user is %s, browser is %s", got[user], got[browser])
	}
}

// rowsOf returns all rows by table and key.
func rowsOf(t *testing.T, v projections.Reader, tables []*projections.Table) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, table := range tables {
		err := v.Scan(t.Context(), table, projections.Range{}, func(r projections.Row) (bool, error) {
			all[fmt.Sprintf("%s %x", table.Name, table.Key(r))] = fmt.Sprintf("%x", r)
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestClaimsTouchNobody(t *testing.T) {
	t.Parallel()
	room := newRoom(t, nil)
	var victims, attacks []events.Event
	for i := range 1000 {
		mail, phone := fmt.Sprintf("v%d@example.com", i), fmt.Sprintf("+8210000%05d", i)
		victims = append(victims, event(i, asserted(events.KindUserID, fmt.Sprintf("u%d", i)), asserted(events.KindEmail, mail), asserted(events.KindPhone, phone)))
		attacks = append(attacks,
			event(5000+i, claimed(events.KindAnonymousID, "attacker"), claimed(events.KindEmail, mail)),
			event(7000+i, claimed(events.KindEmail, mail), claimed(events.KindUserID, fmt.Sprintf("u%d", i))),
			event(9000+i, claimed(events.KindAnonymousID, fmt.Sprintf("x%d", i)), claimed(events.KindPhone, phone), claimed(events.KindUserID, fmt.Sprintf("u%d", i))))
	}
	forged := decision("forged", "identity.linked", day, fragmentOf(claimed(events.KindAnonymousID, "attacker")), fragmentOf(asserted(events.KindUserID, "u1")))
	forged.Source = "web"
	attacks = append(attacks, forged)
	before := rowsOf(t, view(t, fold(t, room, victims, 100)), room.Tables())
	v := view(t, fold(t, room, slices.Concat(victims, attacks), 100))
	after := rowsOf(t, v, room.Tables())
	for key, row := range before {
		if after[key] != row {
			t.Fatalf("%s changed from\n%s to\n%s", key, row, after[key])
		}
	}
	matches, err := room.ByIdentifier(t.Context(), v, events.KindEmail, "v7@example.com", 10)
	if err != nil || len(matches) != 3 || !matches[0].Proven || matches[1].Proven || matches[2].Proven {
		t.Errorf("the victim's address finds %v, %v", matches, err)
	}
	e, err := room.Explain(t.Context(), v, []uuid.UUID{fragmentOf(asserted(events.KindUserID, "u7"))})
	if err != nil || len(e.Links) != 0 || len(e.Suggestions) == 0 || !strings.HasPrefix(e.Suggestions[0].Because, "claimed ") {
		t.Errorf("the victim is explained by %+v, %v", e, err)
	}
}
