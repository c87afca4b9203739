package projections_test

import (
	"strings"
	"testing"
)

// An event whose schema is newer than this program waits, with those of its fragment; the others go on.
func TestNewerSchemaIsParked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	newer := event(2, "anna", "page.viewed")
	newer.Schema = 99
	to := b.add(t, event(1, "anna", "page.viewed"), newer, event(3, "anna", "page.viewed"), event(4, "ben", "page.viewed"))
	e := b.engine(t)
	must(t, e.RunTo(t.Context(), to))
	if got := parkedText(t, e); got != "[02 03+]" {
		t.Errorf("parked %s, want the newer event and what is behind it", got)
	}
	all, err := e.Parked(t.Context())
	must(t, err)
	for _, p := range all {
		if !p.Behind && !strings.Contains(p.Reason, "start a newer c360") {
			t.Errorf("the reason %q does not say what to do", p.Reason)
		}
	}
}
