package events_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
)

func identifier(kind, value string, grade events.Grade) events.Identifier {
	return events.Identifier{Kind: kind, Value: value, Grade: grade}
}

// TestFragmentGolden pins fragment ids for ever: a log written today is found under them.
func TestFragmentGolden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id   events.Identifier
		want string
	}{
		{identifier("user_id", "u1", events.Asserted), uuidOf("user_id:u1")},
		{identifier("user_id", "u1", events.Verified), uuidOf("user_id:u1")},
		{identifier("user_id", "u1", events.Claimed), uuidOf("claimed:user_id:u1")},
		{identifier("user_id", "u1", 0), uuidOf("claimed:user_id:u1")},
		{identifier("anonymous_id", "a1", events.Claimed), uuidOf("anonymous_id:a1")},
		{identifier("phone", "+821048217730", events.Asserted), uuidOf("phone:+821048217730")},
	} {
		got, ok := events.FragmentOf([]events.Identifier{c.id})
		if !ok || got.String() != c.want {
			t.Errorf("%v: %s, want %s", c.id, got, c.want)
		}
	}
	if got := uuidOf("user_id:u1"); got != "1182cd41-3f68-58a9-9815-a23b4eabf040" {
		t.Errorf("the name space of fragments has changed: %s", got)
	}
	if _, ok := events.FragmentOf(nil); ok {
		t.Error("nobody has a fragment")
	}
}

// uuidOf is the definition of a fragment id, written a second time.
func uuidOf(name string) string {
	return uuid.NewSHA1(uuid.MustParse("c3600000-0000-5000-8000-000000000360"), []byte(name)).String()
}

func TestFragmentOfTheStrongest(t *testing.T) {
	t.Parallel()
	order := []string{"user_id", "loyalty_id", "card", "email", "phone", "pos_member", "device", "anonymous_id"}
	for i, strong := range order {
		for _, weak := range order[i+1:] {
			ids := []events.Identifier{identifier(weak, "w", events.Asserted), identifier(strong, "s", events.Asserted)}
			if got, _ := events.FragmentOf(ids); got.String() != uuidOf(strong+":s") {
				t.Errorf("%s beside %s does not decide", strong, weak)
			}
		}
	}
}

// TestClaimedStaysApart: what anybody can type never reaches the fragment of the one it belongs to.
func TestClaimedStaysApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ids  []events.Identifier
		want string
	}{
		{"a browser that claims a user", []events.Identifier{identifier("user_id", "u1", events.Claimed), identifier("anonymous_id", "a1", events.Claimed)}, "anonymous_id:a1"},
		{"a server that asserts it", []events.Identifier{identifier("anonymous_id", "a1", events.Asserted), identifier("user_id", "u1", events.Asserted)}, "user_id:u1"},
		{"a claim alone", []events.Identifier{identifier("email", "a@example.com", events.Claimed)}, "claimed:email:a@example.com"},
		{"two claims", []events.Identifier{identifier("phone", "+821048217730", events.Claimed), identifier("email", "a@example.com", events.Claimed)}, "claimed:email:a@example.com"},
		{"a weaker proof beats a stronger claim", []events.Identifier{identifier("user_id", "u1", events.Claimed), identifier("phone", "+821048217730", events.Verified)}, "phone:+821048217730"},
	} {
		if got, ok := events.FragmentOf(c.ids); !ok || got.String() != uuidOf(c.want) {
			t.Errorf("%s: not the fragment of %s", c.name, c.want)
		}
	}
}

var anyIdentifiers = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) events.Identifier {
	return identifier(
		rapid.SampledFrom([]string{"user_id", "loyalty_id", "card", "email", "phone", "custom", "device", "anonymous_id"}).Draw(t, "kind"),
		rapid.SampledFrom([]string{"a", "b", "claimed:a"}).Draw(t, "value"),
		rapid.SampledFrom([]events.Grade{0, events.Claimed, events.Asserted, events.Verified}).Draw(t, "grade"),
	)
}), 1, 6)

// TestFragmentIsPure: the same identifiers give the same fragment and are left alone; of different kinds, their order
// does not matter.
func TestFragmentIsPure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := anyIdentifiers.Draw(t, "ids")
		before := slices.Clone(ids)
		first, _ := events.FragmentOf(ids)
		again, _ := events.FragmentOf(ids)
		if first != again || !slices.Equal(ids, before) {
			t.Fatalf("%v: not pure", ids)
		}
		distinct := slices.Clone(ids)
		slices.SortStableFunc(distinct, func(a, b events.Identifier) int { return strings.Compare(a.Kind, b.Kind) })
		distinct = slices.CompactFunc(distinct, func(a, b events.Identifier) bool { return a.Kind == b.Kind })
		want, _ := events.FragmentOf(distinct)
		slices.Reverse(distinct)
		if got, _ := events.FragmentOf(distinct); got != want {
			t.Fatalf("%v: the order decides", distinct)
		}
	})
}

// TestClaimsNeverReachOthers: no set of identifiers a browser may send leads to the fragment that a server's
// identifier of the same value leads to, random tokens excepted.
func TestClaimsNeverReachOthers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := anyIdentifiers.Draw(t, "ids")
		for i := range ids {
			ids[i].Grade = events.Claimed
		}
		got, _ := events.FragmentOf(ids)
		for _, id := range ids {
			if id.Kind == events.KindAnonymousID || id.Kind == events.KindDevice {
				continue
			}
			id.Grade = events.Asserted
			if owner, _ := events.FragmentOf([]events.Identifier{id}); got == owner {
				t.Fatalf("claims %v reach the fragment of %v", ids, id)
			}
		}
	})
}

func TestIdentifierParses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"phone:+821048217730", "user_id:a:b", "email:a@example.com"} {
		if id, err := events.ParseIdentifier(s); err != nil || id.String() != s {
			t.Errorf("%q: %v, %v", s, id, err)
		}
	}
	for _, s := range []string{"", "phone", "phone:", ":x", "Phone:1", "1a:x", "a b:x"} {
		if id, err := events.ParseIdentifier(s); err == nil {
			t.Errorf("%q is taken as %v", s, id)
		}
	}
	for _, g := range []events.Grade{events.Claimed, events.Asserted, events.Verified} {
		if back, err := events.ParseGrade(g.String()); err != nil || back != g {
			t.Errorf("%v: %v, %v", g, back, err)
		}
	}
	if g, err := events.ParseGrade("sure"); err == nil {
		t.Errorf("an unknown grade is taken as %v", g)
	}
	if events.Grade(0).String() != "claimed" || events.Grade(9).String() != "claimed" {
		t.Error("an unknown grade is not the weakest")
	}
}

func TestStreams(t *testing.T) {
	t.Parallel()
	e := events.Event{Source: "pos", Identifiers: []events.Identifier{identifier("user_id", "u1", events.Asserted)}}
	if got := e.Stream(); got != "fragment-"+uuidOf("user_id:u1") {
		t.Errorf("stream %q", got)
	}
	e.Identifiers = nil
	if got := e.Stream(); got != "source-pos" {
		t.Errorf("stream of nobody %q", got)
	}
}

func ExampleFragmentOf() {
	till, _ := events.FragmentOf([]events.Identifier{{Kind: "phone", Value: "+821048217730", Grade: events.Asserted}})
	offline, _ := events.FragmentOf([]events.Identifier{{Kind: "phone", Value: "+821048217730", Grade: events.Verified}})
	typed, _ := events.FragmentOf([]events.Identifier{{Kind: "phone", Value: "+821048217730", Grade: events.Claimed}})
	fmt.Println(till == offline, till == typed)
	// Output: true false
}
