package keys_test

import (
	"encoding/hex"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// TestBytes: keys are on people's disks. A change of any of these makes a log that finds nothing of what it has.
func TestBytes(t *testing.T) {
	t.Parallel()
	event, clock, none := keys.NewEvent(258), keys.NewStream("clock"), keys.NewStream("")
	fragment := keys.NewStream("fragment-0195b2a4-7c1e-5d3f-8a2b-1c4d5e6f7081")
	order, one, other := keys.NewID("web", "order-1"), keys.NewID("a", "bc"), keys.NewID("ab", "c")
	for _, c := range []struct {
		what string
		key  []byte
		want string
	}{
		{"event", event[:], "650000000000000102"},
		{"stream of a name", clock[:], "7302d8198efa3604d164853468608c55efa1"},
		{"stream of the empty name", none[:], "7302e3b0c44298fc1c149afbf4c8996fb924"},
		{"stream of a fragment", fragment[:], "73010195b2a47c1e5d3f8a2b1c4d5e6f7081"},
		{"event in a stream", clock.At(258), "7302d8198efa3604d164853468608c55efa10000000000000102"},
		{"id", order[:], "69c2845a6ddb29f5dfa4ac702628b23913"},
		{"id a, bc", one[:], "691e18834c426d00e57788444cb3ccd62c"},
		{"id ab, c", other[:], "69909ac45e439911193205994d09399c29"},
	} {
		if got := hex.EncodeToString(c.key); got != c.want {
			t.Errorf("the key of %s is %s, want %s", c.what, got, c.want)
		}
	}
}

func TestPosition(t *testing.T) {
	t.Parallel()
	stream := keys.NewStream("clock")
	for _, p := range []events.Position{0, 1, 258, 1<<64 - 1} {
		event := keys.NewEvent(p)
		for _, key := range [][]byte{event[:], stream.At(p), event[1:]} {
			if got, ok := keys.Position(key); !ok || got != p {
				t.Errorf("%x ends in position %d, %v, want %d", key, got, ok, p)
			}
		}
	}
	if _, ok := keys.Position(make([]byte, 7)); ok {
		t.Error("seven bytes hold a position")
	}
}

// TestAtKeepsTheKey: what At returns shares no memory with the next one.
func TestAtKeepsTheKey(t *testing.T) {
	t.Parallel()
	stream := keys.NewStream("clock")
	one, two := stream.At(1), stream.At(2)
	if p, _ := keys.Position(one); p != 1 || &one[0] == &two[0] {
		t.Errorf("the first key became %x", one)
	}
}
