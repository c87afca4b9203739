package importer_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/cmd/c360/delivery"
	"github.com/c360hq/c360/cmd/c360/importer"
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/ingest"
)

// catalogue is the same for every house.
var catalogue = sync.OnceValues(events.NewCatalogue)

// house is a real ingest service in front of a real log.
type house struct {
	t       *testing.T
	log     events.Log
	handler http.Handler
}

func newHouse(t *testing.T) *house {
	t.Helper()
	sources, err := auth.ParseSources("pos:POSKEY:asserted:channel=store,web:WEBKEY:claimed")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	log := memlog.New(time.Now)
	service, err := ingest.New(ingest.Config{Log: log, Sources: sources, Catalogue: catalogue, Rejects: t.TempDir(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(service.Close(), log.Close()); err != nil {
			t.Error(err)
		}
	})
	return &house{t: t, log: log, handler: service.Handler()}
}

// all returns every event, by id.
func (h *house) all() map[string]events.Recorded {
	h.t.Helper()
	out := map[string]events.Recorded{}
	after := events.Position(0)
	for {
		page, err := h.log.Read(h.t.Context(), after, 5000)
		if err != nil {
			h.t.Fatal(err)
		}
		if len(page) == 0 {
			return out
		}
		for _, e := range page {
			if _, twice := out[e.Source+"/"+e.ID]; twice {
				h.t.Fatalf("%s is in the log twice", e.ID)
			}
			out[e.Source+"/"+e.ID], after = e, e.Position
		}
	}
}

func (h *house) types() map[string]int {
	h.t.Helper()
	out := map[string]int{}
	for _, e := range h.all() {
		out[e.Type]++
	}
	return out
}

// options import one file into the house; what is said goes to out.
func (h *house) options(file string) (importer.Options, *bytes.Buffer) {
	out := &bytes.Buffer{}
	return importer.Options{
		Files: []string{file}, URL: "http://c360", Key: "POSKEY", Doer: delivery.InProcess(h.handler),
		Stdout: out, Stderr: io.Discard, Now: time.Now,
	}, out
}

// file writes a file into a folder of its own.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// importFile imports content and returns what was said.
func (h *house) importFile(t *testing.T, name string, content []byte, change func(*importer.Options)) (string, error) {
	t.Helper()
	o, out := h.options(file(t, name, content))
	if change != nil {
		change(&o)
	}
	err := importer.Run(t.Context(), o)
	return out.String(), err
}

func mapFile(t *testing.T, content string) func(*importer.Options) {
	t.Helper()
	path := file(t, "map.json", []byte(content))
	return func(o *importer.Options) { o.Map = path }
}

// doer is a Doer made of a function.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }
