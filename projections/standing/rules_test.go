package standing_test

import (
	"testing"

	"github.com/c360hq/c360/projections/standing"
)

// TestTripped: a definition that the language of rules trips over has nobody under it; the others are as they were.
func TestTripped(t *testing.T) {
	t.Parallel()
	set := standing.NewSet([]standing.Definition{
		{Name: "bad", From: 1, Body: []byte("trip")}, {Name: "good", From: 2, Body: []byte(`{"type":"page.viewed","min":1,"hours":5}`)},
	}, func(body []byte) (standing.Rule, error) {
		if string(body) == "trip" {
			panic("out of range")
		}
		return parse(body)
	})
	if v := set.Schedule("bad").Versions[0]; v.Fault == nil || v.Judge != nil {
		t.Errorf("the bad rule is %+v", v)
	}
	if v := set.Schedule("good").Versions[0]; v.Fault != nil || v.Judge == nil {
		t.Errorf("the good rule is %+v", v)
	}
}

// TestClash: names that FNV-1a makes the same 32 bits of are told.
func TestClash(t *testing.T) {
	t.Parallel()
	set := standing.NewSet([]standing.Definition{{Name: "costarring", Body: []byte(`{}`)}}, parse)
	if other, clashes := set.Clash("liquid"); !clashes || other != "costarring" {
		t.Errorf("liquid and costarring: %q, %v", other, clashes)
	}
	for _, name := range []string{"costarring", "gold"} {
		if other, clashes := set.Clash(name); clashes {
			t.Errorf("%s clashes with %s", name, other)
		}
	}
}
