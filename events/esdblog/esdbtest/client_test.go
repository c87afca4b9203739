package esdbtest_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// connect returns the real client, connected to a node.
func connect(t *testing.T, url string) *esdb.Client {
	t.Helper()
	config, err := esdb.ParseConnectionString(url)
	if err != nil {
		t.Fatal(err)
	}
	config.Logger, config.MaxDiscoverAttempts, config.GossipTimeout = esdb.NoopLogging(), 3, 2
	client, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// proposals returns n small events with new ids.
func proposals(n int) []esdb.EventData {
	out := make([]esdb.EventData, n)
	for i := range out {
		out[i] = esdb.EventData{EventID: uuid.New(), EventType: "page.viewed", ContentType: esdb.ContentTypeJson, Data: []byte(`{"n":1}`), Metadata: []byte("m")}
	}
	return out
}

func add(t *testing.T, c *esdb.Client, stream string, expected esdb.ExpectedRevision, events ...esdb.EventData) (uint64, error) {
	t.Helper()
	r, err := c.AppendToStream(within(t), stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, events...)
	if err != nil {
		return 0, err
	}
	return r.NextExpectedVersion, nil
}

func isCode(err error, code esdb.ErrorCode) bool {
	var e *esdb.Error
	return errors.As(err, &e) && e.Code() == code
}

func collect(t *testing.T, r *esdb.ReadStream, err error) []*esdb.RecordedEvent {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out []*esdb.RecordedEvent
	for {
		e, err := r.Recv()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Event)
	}
}

func TestAppendRules(t *testing.T) {
	t.Parallel()
	c := connect(t, esdbtest.Start(t, esdbtest.Options{RememberIDs: 4}).URL(""))
	a, b := proposals(3), proposals(2)
	exact := func(n uint64) esdb.ExpectedRevision { return esdb.Revision(n) }
	for _, step := range []struct {
		name     string
		expected esdb.ExpectedRevision
		events   []esdb.EventData
		want     uint64
		conflict bool
	}{
		{"nothing is there, and something is expected", esdb.StreamExists{}, a, 0, true},
		{"an exact revision of nothing", exact(0), a, 0, true},
		{"new", esdb.NoStream{}, a, 2, false},
		{"the same again", esdb.NoStream{}, a, 2, false},
		{"a beginning of the same", esdb.NoStream{}, a[:2], 1, false},
		{"a part of the same from where it was", exact(0), a[1:], 2, false},
		{"the same and more", esdb.NoStream{}, append(append([]esdb.EventData{}, a...), b...), 0, true},
		{"other events where something is", esdb.NoStream{}, b, 0, true},
		{"too far ahead", exact(7), b, 0, true},
		{"the next ones", exact(2), b, 4, false},
		{"an old repeat after them", esdb.NoStream{}, a, 2, false},
		{"a repeat that any remembers", esdb.Any{}, b, 4, false},
		{"half remembered", esdb.Any{}, append(append([]esdb.EventData{}, b...), proposals(1)...), 0, true},
		{"a repeat that any has forgotten", esdb.Any{}, a[:1], 5, false},
		{"the last revision never looks at ids", exact(5), a[:1], 6, false},
		{"whatever is there", esdb.StreamExists{}, proposals(1), 7, false},
	} {
		got, err := add(t, c, "s", step.expected, step.events...)
		if step.conflict != isCode(err, esdb.ErrorCodeWrongExpectedVersion) || !step.conflict && err != nil || got != step.want {
			t.Errorf("%s: revision %d, %v; want %d, conflict %v", step.name, got, err, step.want, step.conflict)
		}
	}
}

func TestAppendLimit(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	c := connect(t, node.URL(""))
	big := proposals(2)
	big[0].Data, big[1].Data = make([]byte, 600<<10), make([]byte, 600<<10)
	if _, err := add(t, c, "s", esdb.NoStream{}, big...); err == nil {
		t.Error("1.2 MiB were taken")
	}
	if n := node.Streams()["s"]; n != 0 {
		t.Errorf("%d events of a refused append are stored", n)
	}
	if _, err := add(t, c, "s", esdb.NoStream{}, big[0]); err != nil {
		t.Error(err)
	}
}

func TestReadStream(t *testing.T) {
	t.Parallel()
	c := connect(t, esdbtest.Start(t, esdbtest.Options{}).URL(""))
	sent := proposals(100)
	if _, err := add(t, c, "s", esdb.NoStream{}, sent...); err != nil {
		t.Fatal(err)
	}
	r, err := c.ReadStream(within(t), "s", esdb.ReadStreamOptions{From: esdb.Revision(10)}, 70)
	got := collect(t, r, err)
	if len(got) != 70 || got[0].EventNumber != 10 || got[0].EventID != sent[10].EventID || string(got[0].UserMetadata) != "m" {
		t.Fatalf("read %d events from %v", len(got), got[0])
	}
	if age := time.Since(got[0].CreatedDate); age < 0 || age > time.Hour {
		t.Errorf("created %v ago", age)
	}
	r, err = c.ReadStream(within(t), "s", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 3)
	if got := collect(t, r, err); len(got) != 3 || got[0].EventNumber != 99 || got[2].EventNumber != 97 {
		t.Errorf("backwards: %v", got)
	}
	r, err = c.ReadStream(within(t), "nobody", esdb.ReadStreamOptions{From: esdb.Start{}}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Recv(); !isCode(err, esdb.ErrorCodeResourceNotFound) {
		t.Errorf("a stream nobody wrote to: %v", err)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	c := connect(t, esdbtest.Start(t, esdbtest.Options{}).URL(""))
	if _, err := add(t, c, "s", esdb.NoStream{}, proposals(3)...); err != nil {
		t.Fatal(err)
	}
	if _, err := c.DeleteStream(within(t), "s", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Revision(9)}); err == nil {
		t.Error("deleted at a wrong revision")
	}
	if _, err := c.DeleteStream(within(t), "s", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Revision(2)}); err != nil {
		t.Fatal(err)
	}
	r, err := c.ReadStream(within(t), "s", esdb.ReadStreamOptions{From: esdb.Start{}}, 9)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Recv(); !isCode(err, esdb.ErrorCodeResourceNotFound) {
		t.Errorf("a deleted stream: %v", err)
	}
	if rev, err := add(t, c, "s", esdb.NoStream{}, proposals(1)...); err != nil || rev != 3 {
		t.Errorf("a deleted stream goes on at %d, %v", rev, err)
	}
	if _, err := c.TombstoneStream(within(t), "s", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
	if _, err := add(t, c, "s", esdb.Any{}, proposals(1)...); !isCode(err, esdb.ErrorCodeStreamDeleted) {
		t.Errorf("append after a tombstone: %v", err)
	}
}

func TestReadAll(t *testing.T) {
	t.Parallel()
	c := connect(t, esdbtest.Start(t, esdbtest.Options{StatsEvery: 7}).URL(""))
	for _, s := range []string{"a", "b", "a"} {
		if _, err := add(t, c, s, esdb.Any{}, proposals(20)...); err != nil {
			t.Fatal(err)
		}
	}
	r, err := c.ReadAll(within(t), esdb.ReadAllOptions{From: esdb.Start{}}, 1000)
	all := collect(t, r, err)
	if len(all) < 60 {
		t.Fatalf("$all has %d events", len(all))
	}
	for i := 1; i < len(all); i++ {
		if all[i].Position.Commit <= all[i-1].Position.Commit+1 {
			t.Fatalf("positions %d and %d", all[i-1].Position.Commit, all[i].Position.Commit)
		}
	}
	r, err = c.ReadAll(within(t), esdb.ReadAllOptions{From: all[40].Position}, 1)
	if got := collect(t, r, err); len(got) != 1 || got[0].EventID != all[40].EventID {
		t.Errorf("reading at a position gave %v", got)
	}
	r, err = c.ReadAll(within(t), esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.End{}}, 2)
	if got := collect(t, r, err); len(got) != 2 || got[0].EventID != all[len(all)-1].EventID {
		t.Errorf("backwards gave %v", got)
	}
}
