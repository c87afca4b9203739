package events_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
)

// songPlayed is a type with a history: version 1 said song, by and secs, the last sometimes as a text; version 2 title,
// artists and seconds; version 3 has a length with its unit.
const songPlayed = "custom.song_played"

func songs(t testing.TB) *events.Upcasters {
	t.Helper()
	u, err := events.NewUpcasters(
		events.Upcaster{Type: songPlayed, From: 1, Data: songFrom1},
		events.Upcaster{Type: songPlayed, From: 2, Data: songFrom2},
	)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

type songV2 struct {
	Title   string   `json:"title,omitempty"`
	Artists []string `json:"artists,omitempty"`
	Seconds *float64 `json:"seconds,omitempty"`
}

func songFrom1(data []byte) ([]byte, error) {
	var old struct {
		Song string
		By   []string
		Secs json.RawMessage
	}
	if err := json.Unmarshal(data, &old); err != nil {
		return nil, errors.New("not the object it was")
	}
	song := songV2{Title: old.Song, Artists: old.By}
	if len(old.Secs) > 0 {
		seconds, err := strconv.ParseFloat(strings.Trim(string(old.Secs), `"`), 64)
		if err != nil {
			return nil, errors.New("secs is no number")
		}
		song.Seconds = &seconds
	}
	return json.Marshal(song)
}

func songFrom2(data []byte) ([]byte, error) {
	var old songV2
	if err := json.Unmarshal(data, &old); err != nil {
		return nil, errors.New("not the object it was")
	}
	type length struct {
		Value float64 `json:"value"`
		Unit  string  `json:"unit"`
	}
	song := struct {
		Title   string   `json:"title,omitempty"`
		Artists []string `json:"artists,omitempty"`
		Length  *length  `json:"length,omitempty"`
	}{Title: old.Title, Artists: old.Artists}
	if old.Seconds != nil {
		song.Length = &length{*old.Seconds, "s"}
	}
	return json.Marshal(song)
}

// golden is a file of testdata/upcast: an event as the log holds it, or what becomes of it.
type golden struct {
	Schema int             `json:"schema"`
	Data   json.RawMessage `json:"data"`
	Error  string          `json:"error"`
}

func readGolden(t *testing.T, path string) golden {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return g
}

// TestUpcastGoldenFiles: every form that was ever written is read as it always was. A file is never changed; a new version
// of a type adds files.
func TestUpcastGoldenFiles(t *testing.T) {
	t.Parallel()
	ins, err := filepath.Glob("testdata/upcast/*.in.json")
	if err != nil || len(ins) < 7 {
		t.Fatalf("%d golden files, %v", len(ins), err)
	}
	u := songs(t)
	for _, path := range ins {
		in, want := readGolden(t, path), readGolden(t, strings.TrimSuffix(path, ".in.json")+".want.json")
		r := song(in.Schema, in.Data)
		err := u.Apply(r)
		if want.Error != "" {
			if err == nil || err.Error() != want.Error || r.Schema != in.Schema || !bytes.Equal(r.Data, in.Data) {
				t.Errorf("%s: %v, schema %d, %s; want the error %s and the event as it was", path, err, r.Schema, r.Data, want.Error)
			}
			continue
		}
		if err != nil || r.Schema != want.Schema || !bytes.Equal(r.Data, want.Data) {
			t.Errorf("%s: schema %d, %s, %v; want %d, %s", path, r.Schema, r.Data, err, want.Schema, want.Data)
		}
	}
}

// song is an event of that type, with everything about it set that an upcaster must leave alone.
func song(schema int, data []byte) *events.Recorded {
	at := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	return &events.Recorded{
		Event: events.Event{
			ID: "e-1", Source: "radio", Type: songPlayed, Schema: schema, Subject: "a song", Time: at, Channel: events.ChannelApp,
			Identifiers: []events.Identifier{{Kind: events.KindUserID, Value: "u-1", Grade: events.Asserted}},
			Data:        data, Received: at.Add(time.Second), Sent: at.Add(2 * time.Second), Original: at.Add(3 * time.Second), TraceParent: "00-x",
		},
		Stream: "fragment-x", Position: 7, RecordedAt: at.Add(4 * time.Second), Hash: events.Hash{1, 2, 3},
	}
}

// rest is an event without what an upcaster may change.
func rest(t *testing.T, r events.Recorded) string {
	t.Helper()
	r.Schema, r.Data = 0, nil
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// FuzzUpcast holds the law of upcasting against any data: pure, done after once, nothing changed but Data and Schema, and
// nothing at all if it fails.
func FuzzUpcast(f *testing.F) {
	for _, data := range []string{`{"song":"봄날","secs":"274"}`, `{"title":"x","seconds":1e3}`, `{"secs":{}}`, `[]`, ``, `{"song":1}`} {
		for schema := range 5 {
			f.Add(schema, []byte(data))
		}
	}
	f.Fuzz(func(t *testing.T, schema int, data []byte) {
		u := songs(t)
		given := bytes.Clone(data)
		once, again := song(schema, data), song(schema, bytes.Clone(data))
		err := u.Apply(once)
		if !bytes.Equal(data, given) {
			t.Fatalf("the data was written to: %q", data)
		}
		if other := u.Apply(again); (err == nil) != (other == nil) || !bytes.Equal(once.Data, again.Data) || once.Schema != again.Schema {
			t.Fatalf("not the same twice: %q, %v and %q, %v", once.Data, err, again.Data, other)
		}
		if got, want := rest(t, *once), rest(t, *song(schema, nil)); got != want {
			t.Fatalf("it changed\n%s\nwhich was\n%s", got, want)
		}
		if err != nil {
			if !bytes.Equal(once.Data, given) || once.Schema != schema {
				t.Fatalf("it failed and left %d, %q", once.Schema, once.Data)
			}
			return
		}
		if latest := u.Latest(songPlayed); once.Schema != latest {
			t.Fatalf("it ended at version %d, not %d", once.Schema, latest)
		}
		newest := bytes.Clone(once.Data)
		if err := u.Apply(once); err != nil || !bytes.Equal(once.Data, newest) {
			t.Fatalf("upcast again it is %q, %v", once.Data, err)
		}
	})
}
