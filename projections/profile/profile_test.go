package profile_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/roomtest"
)

func TestOrderFree(t *testing.T) {
	t.Parallel()
	roomtest.OrderFree(t, roomtest.Options{People: 5, Events: 300}, profile.New())
}

// varied returns events of one fragment on so many different days, with more traits and consents than are kept.
func varied(n, days, seed int) []events.Event {
	list := make([]events.Event, n)
	for i := range list {
		k := i*7919 + seed
		list[i] = events.Event{
			Source: "s", ID: strconv.Itoa(i), Type: "custom.t" + strconv.Itoa(k%400), Channel: events.ChannelWeb,
			Time:        time.Unix(0, 0).AddDate(0, 0, k%days),
			Identifiers: []events.Identifier{{Kind: events.KindDevice, Value: "d"}},
		}
		switch i % 5 {
		case 0:
			list[i].Type = "customer.identified"
			list[i].Data = fmt.Appendf(nil, `{"traits":{"name":"N%d","t%d":%d,"u%d":1,"v%d":2,"tier":"T%d"}}`, k, k%150, i, k%150, k%150, i)
		case 1:
			list[i].Type, list[i].Data = "consent.given", fmt.Appendf(nil, `{"purpose":"p%d","medium":"sms"}`, k%100)
		}
	}
	return list
}

func TestOrderFreeBeyondTheLimits(t *testing.T) {
	t.Parallel()
	roomtest.OrderFreeOf(t, profile.New(), func(t *rapid.T) []events.Event {
		return varied(600, 300, rapid.IntRange(0, 1<<20).Draw(t, "seed"))
	})
}

func TestNamesAreFoundUntilTheyChange(t *testing.T) {
	t.Parallel()
	room, store := profile.New(), roomtest.NewStore()
	called := func(n int, name string) events.Event {
		return events.Event{
			Source: "s", ID: strconv.Itoa(n), Type: "customer.identified", Time: time.Unix(int64(n), 0),
			Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: "u", Grade: events.Asserted}},
			Data:        fmt.Appendf(nil, `{"traits":{"name":%q}}`, name),
		}
	}
	log := roomtest.Record([]events.Event{called(2, "김서연"), called(1, "박옛날"), called(3, "이서윤")})
	find := func(q string) int {
		v, err := store.View(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		found, err := room.ByName(t.Context(), v, events.NameQuery(q), 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	for i, want := range []map[string]int{
		{"김서연": 1, "ㄱㅅㅇ": 1, "서여": 1, "박옛날": 0, "": 0}, {"김서연": 1, "박": 0}, {"김서연": 0, "ㅇㅅㅇ": 1, "서": 1},
	} {
		if err := roomtest.FoldBatch(t.Context(), store, log[i:i+1], room); err != nil {
			t.Fatal(err)
		}
		for q, n := range want {
			if got := find(q); got != n {
				t.Errorf("after event %d %q finds %d, want %d", i, q, got, n)
			}
		}
	}
}

func BenchmarkFold(b *testing.B) { roomtest.Bench(b, profile.New()) }
