package importer_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/c360hq/c360/cmd/c360/importer"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every mapping, with a few invented lines in the form of its set, makes exactly the events that are written down.
func TestMappingGoldens(t *testing.T) {
	t.Parallel()
	maps, err := filepath.Glob("testdata/maps/*.json")
	if err != nil || len(maps) != 8 {
		t.Fatalf("%d mappings, %v", len(maps), err)
	}
	for _, path := range maps {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(filepath.Join("testdata", "golden", name+".in"))
			if err != nil {
				t.Fatal(err)
			}
			got := sentAndRejected(t, path, content)
			golden := filepath.Join("testdata", "golden", name+".want")
			if *update {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// sentAndRejected returns what goes over the wire to a real house, and the rejects.
func sentAndRejected(t *testing.T, mapping string, content []byte) []byte {
	t.Helper()
	h := newHouse(t)
	path := file(t, "in", content)
	o, _ := h.options(path)
	o.Map = mapping
	var wire bytes.Buffer
	to := o.Doer
	o.Doer = doer(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		wire.Write(body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		return to.Do(r)
	})
	err := importer.Run(t.Context(), o)
	if err != nil && !errors.Is(err, importer.ErrPartial) {
		t.Fatal(err)
	}
	if errors.Is(err, importer.ErrPartial) {
		raw, err := os.ReadFile(path + ".rejects.ndjson")
		if err != nil {
			t.Fatal(err)
		}
		wire.Write(raw)
	}
	return wire.Bytes()
}
