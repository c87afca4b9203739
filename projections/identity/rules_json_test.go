package identity_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/identity"
)

// TestRulesAsJSON: what is missing is the default's, what is given is over it, and null takes a limit away.
func TestRulesAsJSON(t *testing.T) {
	t.Parallel()
	got, err := identity.ParseRules([]byte(`{"version":2,"limits":{"phone":5,"email":null,"badge":7},"blocked":["phone:+821012345678"]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := identity.DefaultRules()
	want.Version, want.Blocked = 2, []string{"phone:+821012345678"}
	want.Limits["phone"], want.Limits["badge"] = 5, 7
	delete(want.Limits, "email")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	back, err := identity.ParseRules(again)
	if err != nil || back.Hash() != got.Hash() {
		t.Errorf("%s came back as %+v, %v", again, back, err)
	}
	if none, err := identity.ParseRules([]byte(`{}`)); err != nil || none.Hash() != identity.DefaultRules().Hash() {
		t.Errorf("no rules are %+v, %v; want the default", none, err)
	}
}

// TestRulesRefused: every fault says where it is and what to write.
func TestRulesRefused(t *testing.T) {
	t.Parallel()
	for text, pointer := range map[string]string{
		`{"limit":{}}`:                   "/limit",
		`{"limits":{"phone":0}}`:         "/limits/phone",
		`{"limits":{"phone":256}}`:       "/limits/phone",
		`{"limits":{"phone":1.5}}`:       "/limits/phone",
		`{"limits":{"Phone":5}}`:         "/limits/Phone",
		`{"limits":{"a/b":5}}`:           "/limits/a~1b",
		`{"limits":[]}`:                  "/limits",
		`{"other_limit":0}`:              "/other_limit",
		`{"max_component":"many"}`:       "/max_component",
		`{"max_component":3000}`:         "/max_gather",
		`{"max_gather":1000000}`:         "/max_gather",
		`{"max_ties":0}`:                 "/max_ties",
		`{"version":0}`:                  "/version",
		`{"strength":["phone"]}`:         "/strength",
		`{"strength":["*","phone","*"]}`: "/strength/2",
		`{"strength":["*","E-Mail"]}`:    "/strength/1",
		`{"blocked":["null"]}`:           "/blocked/0",
		`{"blocked":[":null","phone:"]}`: "/blocked/1",
		`{"blocked":[7]}`:                "/blocked/0",
		`{"version":1,"version":2}`:      "/version",
		`[]`:                             "",
		`{"version":`:                    "/version",
	} {
		_, err := identity.ParseRules([]byte(text))
		var fault *events.JSONError
		if !errors.As(err, &fault) || fault.Pointer != pointer || len(fault.Problem) < 10 {
			t.Errorf("%s: %v, want a fault at %q", text, err, pointer)
		}
	}
}

// FuzzParseRules: whatever is taken makes a room, and comes back the same.
func FuzzParseRules(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"limits":{"phone":5,"email":null},"strength":["phone","*"],"blocked":[":x"],"max_component":1,"max_gather":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := identity.ParseRules(text)
		if err != nil {
			var fault *events.JSONError
			if !errors.As(err, &fault) {
				t.Fatalf("%q is refused without a place: %v", text, err)
			}
			return
		}
		if _, err := identity.New(r); err != nil {
			t.Fatalf("%q is taken and makes no room: %v", text, err)
		}
		out, err := r.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		back, err := identity.ParseRules(out)
		if err != nil || back.Hash() != r.Hash() {
			t.Fatalf("%q became %s, which is %+v, %v", text, out, back, err)
		}
		twice, err := back.MarshalJSON()
		if err != nil || string(twice) != string(out) {
			t.Fatalf("%s and %s are of one set, %v", out, twice, err)
		}
	})
}
