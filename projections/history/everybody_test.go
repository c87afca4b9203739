package history_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/roomtest"
)

// TestEverybody compares it with Scan, less what nobody needs: customers of one fragment and of several, of few touchpoints
// and of many, whole and in stretches, more than are read at once.
func TestEverybody(t *testing.T) {
	t.Parallel()
	const fragments = 1800
	room, store, dice := history.New(), roomtest.NewStore(), rand.New(rand.NewPCG(3, 3))
	var list []events.Event
	firsts := make([]events.Event, fragments)
	for i := range 4 * fragments {
		owner := dice.IntN(fragments)
		if i%5 == 0 {
			owner %= 20 // some have many
		}
		kind, data := "page.viewed", `{"path":"/"}`
		switch dice.IntN(3) {
		case 0:
			kind, data = "order.completed", `{"order_id":"`+strconv.Itoa(i)+`","total":10,"items":[{"sku":"A","price":10}]}`
		case 1:
			kind, data = "customer.identified", `{"traits":{"tier":"vip"}}`
		}
		e := told(strconv.Itoa(i), "web", kind, dice.IntN(100), data)
		e.Identifiers[0].Value = fmt.Sprint("u", owner)
		list, firsts[owner] = append(list, e), e
	}
	groups := history.Groups{}
	firsts = slices.DeleteFunc(firsts, func(e events.Event) bool { return e.ID == "" })
	ids := fragmentsOf(firsts)
	for i := 0; i+5 <= len(ids)/2; i += 5 {
		for _, f := range ids[i : i+5] {
			groups[f] = ids[i : i+5]
		}
	}
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), 500, room); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	by := list[0].Time.UnixMicro()
	for _, need := range []history.Need{
		{By: 1 << 60, Kinds: []string{"page.viewed", "order.completed", "customer.identified"}}, {By: by, Kinds: []string{"order.completed"}}, {By: by, Traits: true}, {By: by},
	} {
		for _, edges := range [][][]byte{{nil, nil}, {nil, {0x40}, {0x80}, {0x81}, nil}} {
			for i := range len(edges) - 1 {
				var want, got []*history.History
				scan(t, room, v, groups, edges[i], edges[i+1], func(h *history.History) {
					if h.Until(need.By) > 0 {
						want = append(want, narrowed(h, need))
					}
				})
				err := room.Everybody(t.Context(), v, groups, edges[i], edges[i+1], need, func(h *history.History) error {
					got = append(got, h)
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(history.History{}), cmpopts.EquateEmpty()); d != "" {
					t.Fatalf("%+v, %d of %v: %s", need, i, edges, d)
				}
			}
		}
	}
}

// narrowed leaves out what nobody needs.
func narrowed(h *history.History, n history.Need) *history.History {
	f := &history.Fragment{ID: h.Customer, Older: h.Older, Kinds: h.Kinds}
	for _, t := range h.Touchpoints {
		if n.Traits && len(t.Traits) > 0 || slices.Contains(n.Kinds, t.Type) {
			f.Touchpoints = append(f.Touchpoints, t)
		}
	}
	return history.Merge(f)
}

// A stop stops it.
func TestEverybodyStops(t *testing.T) {
	t.Parallel()
	room, store := history.New(), roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record([]events.Event{told("1", "web", "page.viewed", 1, `{}`)}), 10, room); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	stop := fmt.Errorf("enough of %v", uuid.UUID{})
	if err := room.Everybody(t.Context(), v, nil, nil, nil, history.Need{By: 1 << 60}, func(*history.History) error { return stop }); err != stop { //nolint:errorlint // it must be that one
		t.Errorf("it says %v", err)
	}
}
