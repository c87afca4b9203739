package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/c360hq/c360/events/esdblog/esdbtest"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// TestReadingMakesNoLog runs the verbs that only read on a log that is not there: they say so and make nothing, neither
// there nor here, and an empty folder that was here before stays.
func TestReadingMakesNoLog(t *testing.T) {
	t.Parallel()
	nats, esdb := natstest.Start(t), esdbtest.Start(t, esdbtest.Options{})
	readsNothing(t, nats.URL("TYPO"), "there is no stream TYPO")
	readsNothing(t, esdb.URL("")+"&prefix=typo-", "there is no log in")
	wantNoStream(t, nats, "TYPO")
	if streams := esdb.Streams(); len(streams) != 0 {
		t.Errorf("streams were made: %v", streams)
	}
}

func readsNothing(t *testing.T, url, because string) {
	t.Helper()
	for _, there := range []bool{false, true} {
		for _, verb := range [][]string{
			{"verify", "--log", url, "--data"},
			{"log", "head", "--log", url, "--data"},
			{"log", "copy", "--from", url, "--to", "pebble:", "--to-data", filepath.Join(t.TempDir(), "to"), "--from-data"},
		} {
			dir := filepath.Join(t.TempDir(), "data")
			if there {
				must(t, os.Mkdir(dir, 0o700))
			}
			var said bytes.Buffer
			code := run(t.Context(), env{stdout: &said, stderr: &said, getenv: func(string) string { return "" }}, append(verb, dir))
			if code != exitFailed || !strings.Contains(said.String(), because) {
				t.Errorf("%s ended with %d: %s", verb[0], code, &said)
			}
			if _, err := os.Stat(dir); (err == nil) != there {
				t.Errorf("%s: the folder was there: %v; now: %v", verb[0], there, err)
			}
		}
	}
}

func wantNoStream(t *testing.T, server *natstest.Server, name string) {
	t.Helper()
	address, _, _ := strings.Cut(server.URL(""), "/?")
	conn, err := nats.Connect(address)
	must(t, err)
	defer conn.Close()
	js, err := jetstream.New(conn)
	must(t, err)
	if _, err := js.Stream(t.Context(), name); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("the stream %s was made: %v", name, err)
	}
}
