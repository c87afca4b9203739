package history_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/roomtest"
)

var day0 = time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)

// at is so many hours after day0.
func at(hours int) time.Time { return day0.Add(time.Duration(hours) * time.Hour) }

// told is an event of somebody with a user id.
func told(id, source, kind string, hours int, data string) events.Event {
	grade := events.Asserted
	if source == "web" {
		grade = events.Claimed
	}
	return events.Event{
		Source: source, ID: id, Type: kind, Channel: events.ChannelWeb, Time: at(hours), Data: []byte(data),
		Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: "u1", Grade: grade}},
	}
}

// fold returns the history that events make, whosever they are.
func fold(t *testing.T, list ...events.Event) *history.History {
	t.Helper()
	room, store := history.New(), roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), max(3, len(list)/50), room); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	h, err := room.Load(t.Context(), v, fragmentsOf(list))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func fragmentsOf(list []events.Event) []uuid.UUID {
	var ids []uuid.UUID
	seen := map[uuid.UUID]bool{}
	for i := range list {
		if f, ok := list[i].Fragment(); ok && !seen[f] {
			seen[f] = true
			ids = append(ids, f)
		}
	}
	return ids
}

func TestOrderFree(t *testing.T) {
	t.Parallel()
	roomtest.OrderFree(t, roomtest.Options{People: 5, Events: 300}, history.New())
}

// TestOrdersAsOf tells of one order in a browser and in the shop behind it, of its refund and its cancellation, and asks what
// was known of it when.
func TestOrdersAsOf(t *testing.T) {
	t.Parallel()
	h := fold(t,
		told("1", "web", "order.completed", 10, `{"order_id":"A","total":100}`),
		told("2", "shop", "order.completed", 12, `{"order_id":"A","total":90,"items":[{"sku":"s","quantity":1,"price":90}]}`),
		told("3", "shop", "order.refunded", 20, `{"order_id":"A","total":30}`),
		told("4", "shop", "order.cancelled", 30, `{"order_id":"A"}`),
		told("5", "shop", "order.completed", 40, `{"total":7}`),
	)
	type seen struct {
		Orders                 int
		Placed                 int
		Total, Net             events.Money
		Cancelled, Returned, I bool
	}
	for hours, want := range map[int]seen{
		9:  {},
		10: {1, 10, 100_0000, 100_0000, false, false, false},
		12: {1, 12, 90_0000, 90_0000, false, false, true},
		25: {1, 12, 90_0000, 60_0000, false, true, true},
		30: {1, 12, 90_0000, 0, true, true, true},
		41: {2, 12, 90_0000, 0, true, true, true},
	} {
		got := seen{}
		for i, o := range h.Orders() {
			step, ok := o.AsOf(at(hours).UnixMicro())
			if !ok {
				continue
			}
			if got.Orders++; i == 0 {
				got.Placed = int(time.UnixMicro(step.Placed).Sub(day0).Hours())
				got.Total, got.Net, got.Cancelled, got.Returned = step.Total, step.Net, step.Cancelled, step.Returned
				got.I = len(step.Items) == 1
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %d hours (-want +got):\n%s", hours, diff)
		}
	}
}

// TestTraitsAsOf checks that the better proof wins over what is said later, and that nothing is known before it was said.
func TestTraitsAsOf(t *testing.T) {
	t.Parallel()
	h := fold(t,
		told("1", "web", "customer.identified", 1, `{"traits":{"tier":"gold","city":"서울","name":"김서연"}}`),
		told("2", "crm", "customer.identified", 2, `{"traits":{"tier":"silver"}}`),
		told("3", "web", "customer.identified", 3, `{"traits":{"tier":"platinum","city":"부산"}}`),
		told("4", "crm", "tier.changed", 4, `{"tier":"vip"}`),
	)
	for hours, want := range map[int][2]string{0: {"", ""}, 1: {`"gold"`, `"서울"`}, 2: {`"silver"`, `"서울"`}, 3: {`"silver"`, `"부산"`}, 4: {`"vip"`, `"부산"`}} {
		tier, _ := h.Trait("tier", at(hours).UnixMicro())
		city, _ := h.Trait("city", at(hours).UnixMicro())
		if tier != want[0] || city != want[1] {
			t.Errorf("after %d hours: tier %s, city %s; want %v", hours, tier, city, want)
		}
	}
	if name, said := h.Trait("name", at(9).UnixMicro()); said != nil {
		t.Errorf("a history holds the name %s", name)
	}
}

func TestConsentAsOf(t *testing.T) {
	t.Parallel()
	h := fold(t,
		told("1", "crm", "consent.given", 1, `{"purpose":"marketing","medium":"sms"}`),
		told("2", "crm", "message.unsubscribed", 5, `{"medium":"email"}`),
		told("3", "crm", "consent.withdrawn", 8, `{"purpose":"marketing"}`),
	)
	for hours, want := range map[int]bool{0: false, 1: true, 5: true, 8: false} {
		if got, _ := h.Consent("marketing", "sms", at(hours).UnixMicro()); got != want {
			t.Errorf("sms after %d hours: %v", hours, got)
		}
	}
}

// TestMoreThanAreKept checks that the latest touchpoints are kept, that orders are not pushed out by page views, and that
// what is left of the others adds up, in any order.
func TestMoreThanAreKept(t *testing.T) {
	t.Parallel()
	const views = history.MaxTouchpoints + 1500
	list := []events.Event{told("o", "shop", "order.completed", 0, `{"order_id":"first","total":5}`)}
	for i := range views {
		list = append(list, told("v"+strconv.Itoa(i), "web", "page.viewed", 1+i, `{"path":"/p","category":"렌즈"}`))
	}
	h := fold(t, list...)
	back := fold(t, roomtest.Shuffle(7, list)...)
	if diff := cmp.Diff(h.Touchpoints, back.Touchpoints); diff != "" {
		t.Errorf("another order of arrival (-in order +shuffled):\n%s", diff)
	}
	kept, older := len(h.Of("page.viewed")), h.OlderOf("page.viewed")
	left := views - kept
	want := history.Older{Type: "page.viewed", Count: int64(left), First: at(1).UnixMicro(), Last: at(left).UnixMicro()}
	if diff := cmp.Diff(want, older); left > 0 && diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
	if kept < history.MaxTouchpoints || kept > history.MaxTouchpoints*5/4 || len(h.Orders()) != 1 {
		t.Errorf("%d views and %d orders are kept", kept, len(h.Orders()))
	}
}

// TestManyMoreInAnyOrder tells one fragment, of which far more happens than is kept, in any order, with repeats, in batches
// of any size, from nothing and with some of it there already: the rows are the same.
func TestManyMoreInAnyOrder(t *testing.T) {
	t.Parallel()
	room := history.New()
	for seed := range uint64(4) {
		list := many(seed)
		want := rows(t, list, len(list), room)
		shuffled := roomtest.Shuffle(seed+100, list)
		halves := slices.Concat(list[len(list)/2:], roomtest.Shuffle(seed, list[:len(list)/2]))
		for name, order := range map[string][]events.Event{"in order": list, "shuffled": shuffled, "latest half first": halves} {
			if got := rows(t, order, 3000/int(seed+1), room); got != want {
				t.Errorf("seed %d, %s:\n%sin one batch:\n%s", seed, name, got, want)
			}
		}
		if got := rows(t, aLittleLate(list), 5, room); got != want {
			t.Errorf("seed %d, a little late:\n%sin one batch:\n%s", seed, got, want)
		}
	}
}

// aLittleLate turns every few events around, so that in small batches what happened first is often told second.
func aLittleLate(list []events.Event) []events.Event {
	late := slices.Clone(list)
	for some := range slices.Chunk(late, 7) {
		slices.Reverse(some)
	}
	return late
}

// many is more than is kept of either sort, some of it at one time.
func many(seed uint64) []events.Event {
	var list []events.Event
	for i := range 2*history.MaxTouchpoints + 4000 {
		id, hours := fmt.Sprint(seed, "-", i), i/3
		if (uint64(i)*2654435761>>8+seed)%5 < 2 {
			list = append(list, told("o"+id, "shop", "order.completed", hours, `{"order_id":"`+id+`","total":5}`))
		} else {
			list = append(list, told("v"+id, "web", "page.viewed", hours, `{"path":"/p"}`))
		}
	}
	return list
}

func rows(t *testing.T, list []events.Event, batch int, room projections.Room) string {
	t.Helper()
	store := roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), batch, room); err != nil {
		t.Fatal(err)
	}
	digest, err := roomtest.Digest(t.Context(), store, room)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// TestScan walks customers, of one fragment and of several, whole and in stretches, and finds each once.
func TestScan(t *testing.T) {
	t.Parallel()
	room, store := history.New(), roomtest.NewStore()
	var list []events.Event
	groups := history.Groups{}
	for i := range 300 {
		e := told(strconv.Itoa(i), "web", "page.viewed", i, `{"path":"/"}`)
		e.Identifiers[0].Value = fmt.Sprint("u", i)
		list = append(list, e)
	}
	ids := fragmentsOf(list)
	for i := 0; i+3 <= 90; i += 3 {
		for _, f := range ids[i : i+3] {
			groups[f] = ids[i : i+3]
		}
	}
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), 100, room); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, stretches := range [][][]byte{{nil, nil}, {nil, {0x40}, {0x80}, {0x81}, {0xc0}, nil}} {
		found, touchpoints := map[uuid.UUID]int{}, 0
		for i := range len(stretches) - 1 {
			scan(t, room, v, groups, stretches[i], stretches[i+1], func(h *history.History) {
				found[h.Customer]++
				touchpoints += len(h.Touchpoints)
			})
		}
		if len(found) != 240 || touchpoints != 300 {
			t.Errorf("%d customers, %d touchpoints, want 240 and 300", len(found), touchpoints)
		}
	}
}

func scan(t *testing.T, room *history.Room, v projections.Reader, groups history.Groups, from, to []byte, found func(*history.History)) {
	t.Helper()
	err := room.Scan(t.Context(), v, groups, from, to, func(h *history.History) error { found(h); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

func TestWithout(t *testing.T) {
	t.Parallel()
	h := fold(t,
		told("1", "shop", "order.completed", 1, `{"order_id":"A","total":1}`),
		told("2", "shop", "order.completed", 2, `{"order_id":"B","total":2}`),
	)
	less := h.Without(h.Touchpoints[0].Ref())
	if len(less.Orders()) != 1 || less.Orders()[0].Number != "B" || len(h.Orders()) != 2 {
		t.Errorf("orders without the first: %v", less.Orders())
	}
}

// FuzzRow reads rows that nobody wrote.
func FuzzRow(f *testing.F) {
	list := []events.Event{
		told("1", "shop", "order.completed", 1, `{"order_id":"A","total":1,"items":[{"sku":"s","category":"c","quantity":2,"price":1}]}`),
		told("2", "web", "customer.identified", 2, `{"traits":{"city":"서울"}}`),
	}
	store := roomtest.NewStore()
	if err := roomtest.Fold(f.Context(), store, roomtest.Record(list), 9, history.New()); err != nil {
		f.Fatal(err)
	}
	v, err := store.View(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	table := history.New().Tables()[0]
	if err := v.Scan(f.Context(), table, projections.Range{}, func(r projections.Row) (bool, error) {
		f.Add(r[5].([]byte)) //nolint:forcetypeassert // a blob
		return true, nil
	}); err != nil {
		f.Fatal(err)
	}
	v.Close()
	f.Fuzz(func(t *testing.T, blob []byte) {
		store := roomtest.NewStore()
		id := uuid.UUID{1}
		row := projections.Row{id[:], int64(0), int64(0), int64(0), int64(1), blob}
		change := projections.TableChanges{Table: table, Put: []projections.Row{row}}
		if err := store.Commit(t.Context(), projections.Changes{Tables: []projections.TableChanges{change}, Checkpoint: projections.Checkpoint{Position: 1}}); err != nil {
			t.Fatal(err)
		}
		v, err := store.View(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		_, _ = history.New().Load(t.Context(), v, []uuid.UUID{id}) // an error or a history, and no more memory than it is long
	})
}

// TestMoreDaysThanAreKept tells of one fragment on more days, with more types, than are counted apart, forwards and backwards.
func TestMoreDaysThanAreKept(t *testing.T) {
	t.Parallel()
	list := make([]events.Event, 2600)
	for i := range list {
		k := i*7919 + 1
		list[i] = told(strconv.Itoa(i), "web", "custom.t"+strconv.Itoa(k%400), 24*(k%2500), "")
	}
	var digests []string
	for range 2 {
		store, room := roomtest.NewStore(), history.New()
		if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), 100, room); err != nil {
			t.Fatal(err)
		}
		digest, err := roomtest.Digest(t.Context(), store, room)
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, digest)
		slices.Reverse(list)
	}
	if digests[0] != digests[1] {
		t.Errorf("forwards\n%s\nbackwards\n%s", digests[0], digests[1])
	}
}

// TestActivityIsTheModel counts what fragments did beside the room.
func TestActivityIsTheModel(t *testing.T) {
	t.Parallel()
	list := roomtest.Generate(7, roomtest.Options{People: 8, Events: 900})
	room, store := history.New(), roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(roomtest.Shuffle(3, list)), 40, room); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	got, err := room.Activities(t.Context(), v, fragmentsOf(list))
	if err != nil {
		t.Fatal(err)
	}
	type did struct {
		First, Last, Events int64
		Kinds, Days         map[string]uint64
	}
	want, is := map[uuid.UUID]did{}, map[uuid.UUID]did{}
	seen := map[string]bool{}
	for i := range list {
		e := &list[i]
		f, ok := e.Fragment()
		key := e.Source + "\x00" + e.ID
		if !ok || seen[key] {
			continue
		}
		seen[key] = true
		at := e.Time.UnixMicro()
		d, had := want[f]
		if !had {
			d = did{First: at, Last: at, Kinds: map[string]uint64{}, Days: map[string]uint64{}}
		}
		d.First, d.Last, d.Events = min(d.First, at), max(d.Last, at), d.Events+1
		d.Kinds[e.Source+" "+e.Type+" "+string(e.Channel)]++
		d.Days[string(e.Channel)+" "+e.Time.In(history.Zone).Format(time.DateOnly)]++
		want[f] = d
	}
	for f, a := range got {
		d := did{a.First, a.Last, a.Events, map[string]uint64{}, map[string]uint64{}}
		for _, c := range a.Counts() {
			d.Kinds[c.Source+" "+c.Type+" "+c.Channel] = c.N
		}
		for _, c := range a.Days {
			for _, n := range c.List {
				d.Days[c.Channel+" "+n.Day.Start().Format(time.DateOnly)] = n.N
			}
		}
		is[f] = d
	}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Errorf("-model +room:\n%s", diff)
	}
}
