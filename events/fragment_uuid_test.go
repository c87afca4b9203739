package events_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// TestFragmentIsUUIDv5 holds fragment ids against the library: a shop that is offline computes them with any other.
func TestFragmentIsUUIDv5(t *testing.T) {
	t.Parallel()
	space := uuid.MustParse("c3600000-0000-5000-8000-000000000360")
	for _, value := range []string{"u1", "김서연", "", strings.Repeat("x", events.MaxIdentifier), strings.Repeat("x", 2*events.MaxIdentifier)} {
		for name, id := range map[string]events.Identifier{
			"user_id:" + value:         {Kind: events.KindUserID, Value: value, Grade: events.Asserted},
			"claimed:user_id:" + value: {Kind: events.KindUserID, Value: value, Grade: events.Claimed},
			"anonymous_id:" + value:    {Kind: events.KindAnonymousID, Value: value, Grade: events.Claimed},
		} {
			if got, ok := events.FragmentOf([]events.Identifier{id}); !ok || got != uuid.NewSHA1(space, []byte(name)) {
				t.Errorf("%.40s became %s", name, got)
			}
		}
	}
}
