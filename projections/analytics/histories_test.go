package analytics_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/roomtest"
)

// kst is an instant in the company's zone: "2026-03-02 09:00".
func kst(t testing.TB, text string) int64 {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, history.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMicro()
}

// space is what the ids of made-up customers are hashed in.
var space = uuid.MustParse("6ba7b810-9dad-11d1-80b4-00c04fd430c8")

// person is the history of a made-up customer.
func person(name string, list ...history.Touchpoint) *history.History {
	id := uuid.NewSHA1(space, []byte(name))
	for i := range list {
		t := &list[i]
		t.Fragment, t.Key, t.Grade = id, history.KeyOf(name, strconv.Itoa(i)), events.Asserted
	}
	slices.SortStableFunc(list, func(a, b history.Touchpoint) int { return int(min(max(a.At-b.At, -1), 1)) })
	return history.Merge(&history.Fragment{ID: id, Touchpoints: list})
}

// did is a touchpoint; pairs are the names and values of its fields.
func did(at int64, kind string, channel events.Channel, pairs ...string) history.Touchpoint {
	t := history.Touchpoint{At: at, Type: kind, Channel: channel}
	for i := 0; i < len(pairs); i += 2 {
		t.Fields = append(t.Fields, history.Field{Name: pairs[i], Value: pairs[i+1]})
	}
	return t
}

// ordered is a touchpoint about an order, in whole won.
func ordered(at int64, kind, number string, won int64) history.Touchpoint {
	return history.Touchpoint{
		At: at, Type: kind, Channel: events.ChannelWeb, Order: number, Amount: events.Money(won) * 10_000, HasAmount: true, Currency: "KRW",
	}
}

// bought is an order of 10,000 won.
func bought(at int64) history.Touchpoint {
	return ordered(at, history.OrderCompleted, fmt.Sprint("O", at), 10_000)
}

// scan folds events and returns the histories of their fragments.
func scan(t testing.TB, list []events.Event) []*history.History {
	t.Helper()
	room, store := history.New(), roomtest.NewStore()
	if err := roomtest.Fold(t.Context(), store, roomtest.Record(list), 2000, room); err != nil {
		t.Fatal(err)
	}
	v, err := store.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	var all []*history.History
	err = room.Scan(t.Context(), v, nil, nil, nil, func(h *history.History) error {
		all = append(all, h)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// accumulator is what all of this package's have in common.
type accumulator[T, R any] interface {
	Add(*history.History)
	Merge(T)
	Result() R
}

// result adds histories and checks that neither their order nor splitting them among two accumulators matters.
func result[T accumulator[T, R], R any](t testing.TB, empty func() T, all ...*history.History) R {
	t.Helper()
	whole, backwards, left, right := empty(), empty(), empty(), empty()
	for i, h := range all {
		whole.Add(h)
		backwards.Add(all[len(all)-1-i])
		if i%3 == 0 {
			left.Add(h)
		} else {
			right.Add(h)
		}
	}
	left.Merge(right)
	want := jsonOf(t, whole.Result())
	for name, other := range map[string]T{"backwards": backwards, "merged": left} {
		if d := cmp.Diff(want, jsonOf(t, other.Result())); d != "" {
			t.Errorf("%s it is another result (-want +got):\n%s", name, d)
		}
	}
	return whole.Result()
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// made makes a constructor that cannot fail of one that can.
func made[O, T any](t testing.TB, create func(O) (T, error), o O) func() T {
	return func() T {
		a, err := create(o)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}
