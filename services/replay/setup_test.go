package replay_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
	"github.com/c360hq/c360/projections/identity"
	"github.com/c360hq/c360/projections/memstore"
	"github.com/c360hq/c360/projections/profile"
	"github.com/c360hq/c360/projections/timeline"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

var update = flag.Bool("update", false, "write the golden files anew")

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// told is a line of testdata/log.ndjson.
type told struct {
	Known            time.Time
	ID, Source, Type string
	Channel          events.Channel
	Time             time.Time
	Grade            string
	Who              []string
	Data             json.RawMessage
}

func (x *told) event(t testing.TB) events.Event {
	t.Helper()
	e := events.Event{
		ID: x.ID, Source: x.Source, Type: x.Type, Channel: x.Channel, Time: x.Time, Received: x.Known, Data: x.Data,
	}
	grade, err := events.ParseGrade(x.Grade)
	must(t, err)
	for _, who := range x.Who {
		i, err := events.ParseIdentifier(who)
		must(t, err)
		i.Grade = grade
		e.Identifiers = append(e.Identifiers, i)
	}
	return e
}

// readTold reads the hand-made log.
func readTold(t testing.TB) []told {
	t.Helper()
	b, err := os.ReadFile("testdata/log.ndjson")
	must(t, err)
	var all []told
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		var x told
		must(t, json.Unmarshal(lines.Bytes(), &x))
		all = append(all, x)
	}
	return all
}

// house is a log and the rooms that fold it.
type house struct {
	log   events.Log
	rooms []projections.Room
	who   *identity.Room
	like  *profile.Room
}

// openHouse makes a house whose log holds these events, each recorded when it says.
func openHouse(t testing.TB, all []told) *house {
	t.Helper()
	var now time.Time
	log := memlog.New(func() time.Time { return now })
	t.Cleanup(func() { must(t, log.Close()) })
	for i := range all {
		now = all[i].Known
		_, err := log.Append(t.Context(), events.Touchpoint(all[i].event(t)))
		must(t, err)
	}
	return houseOf(t, log)
}

func houseOf(t testing.TB, log events.Log) *house {
	t.Helper()
	who, err := identity.New(identity.DefaultRules())
	must(t, err)
	h := &house{log: log, who: who, like: profile.New()}
	h.rooms = []projections.Room{who, h.like, timeline.New(), history.New()}
	return h
}

// source folds everything and shows it.
func (h *house) source(t testing.TB) *dataset.Source {
	t.Helper()
	store, err := memstore.New(projections.NewSpec(h.rooms...))
	must(t, err)
	return h.fold(t, store)
}

// fold folds everything into a store and shows it.
func (h *house) fold(t testing.TB, store projections.Store) *dataset.Source {
	t.Helper()
	head, err := h.log.Head(t.Context())
	must(t, err)
	engine := projections.NewEngine(projections.Options{Log: h.log, Store: store, Rooms: h.rooms, Now: time.Now, Logger: discard()})
	must(t, engine.RunTo(t.Context(), head.Position))
	v, err := store.View(t.Context())
	must(t, err)
	t.Cleanup(func() {
		v.Close()
		engine.Stop()
		must(t, store.Close())
	})
	return &dataset.Source{View: v, Log: h.log, Identity: h.who, Profile: h.like}
}

// handMade is the source of the hand-made log.
func handMade(t testing.TB) *dataset.Source {
	t.Helper()
	return openHouse(t, readTold(t)).source(t)
}

var origin = replay.Origin{Code: "test", Rules: "rules", Rooms: []string{"identity@2"}}

// options exports everything from s as a format.
func options(t testing.TB, s *dataset.Source, name string) replay.Options {
	t.Helper()
	f, err := format.Find(name, format.Options{})
	must(t, err)
	return replay.Options{Source: s, Origin: origin, Dir: filepath.Join(t.TempDir(), "out"), Format: f, Tables: dataset.All()}
}

// written is a dataset in a format.
func written(t testing.TB, s *dataset.Source, d *dataset.Dataset, f format.Format) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := f.New(&b, d.Columns)
	must(t, err)
	must(t, d.Rows(t.Context(), s, dataset.Query{}, w.Write))
	must(t, w.Close())
	return b.Bytes()
}

// golden compares with a file of testdata/golden.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata/golden", name)
	if *update {
		must(t, os.WriteFile(path, got, 0o600))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s is not what it was (-was +is); -update writes it anew:\n%s", path, d)
	}
}

// files returns the files of a folder by name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(b)
		return err
	}))
	return all
}

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	must(t, err)
	return string(b)
}

// broken is a log that cannot be read to its end.
type broken struct{ events.Log }

// Read gives the first events and then fails.
func (l broken) Read(ctx context.Context, after events.Position, _ int) ([]events.Recorded, error) {
	if after > 3 {
		return nil, io.ErrUnexpectedEOF
	}
	return l.Log.Read(ctx, after, 2)
}
