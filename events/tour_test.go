package events_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestTourLeadsSomewhere checks that every file and package the tour in doc.go names is there.
func TestTourLeadsSomewhere(t *testing.T) {
	t.Parallel()
	tour, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	places := regexp.MustCompile(`\b(events|projections|services|cmd)/[a-z0-9_/]+(\.(go|json))?`).FindAllString(string(tour), -1)
	if len(places) < 40 {
		t.Fatalf("the tour names only %d places", len(places))
	}
	for _, place := range places {
		if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(place))); err != nil {
			t.Errorf("the tour leads to %s, which is not there", place)
		}
	}
}
