package brief_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/brief"
	"github.com/c360hq/c360/services/query/headline"
)

var update = flag.Bool("update", false, "write the golden files anew")

// story is one golden case: testdata/<name>.json goes in, testdata/<name>.golden must come out.
type story struct {
	// Touches oldest first, as a person would tell them.
	Touches []brief.Touch `json:"touches"`
	Cases   []brief.Case  `json:"cases"`
}

func TestWrite(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 8 {
		t.Fatalf("found %d stories, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			got := write(t, read(t, file))
			golden := strings.TrimSuffix(file, ".json") + ".golden"
			if *update {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatalf("%v; write it with go test ./services/query/brief -update", err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("brief differs (-want +got):\n%s", diff)
			}
		})
	}
}

func read(t *testing.T, file string) story {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var s story
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return s
}

func write(t *testing.T, s story) []byte {
	t.Helper()
	newest := make([]brief.Touch, 0, len(s.Touches))
	for i := len(s.Touches) - 1; i >= 0; i-- {
		newest = append(newest, s.Touches[i])
	}
	catalogue, err := events.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(brief.Write(newest, s.Cases, headline.NewBook(catalogue))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
