package esdblog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
	"github.com/c360hq/c360/events/logindex"
)

// TestCommitRoundTrip: what is encoded comes back, and no damage panics.
func TestCommitRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := &commit{first: events.Position(rapid.Uint64().Draw(t, "first"))}
		copy(c.log[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "log"))
		copy(c.hash[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "hash"))
		c.refs = rapid.SliceOf(rapid.Custom(func(t *rapid.T) ref {
			return ref{
				stream: rapid.SampledFrom([]string{"a", "b", "", "case-%00"}).Draw(t, "stream"), revision: rapid.Uint64().Draw(t, "revision"), at: rapid.Int64().Draw(t, "at"),
			}
		})).Draw(t, "refs")
		b := c.encode()
		got, err := decodeCommit(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got, cmp.AllowUnexported(commit{}, ref{}), cmp.Transformer("none", func(r []ref) []ref { return append([]ref{}, r...) })); diff != "" {
			t.Fatal(diff)
		}
		cut := rapid.IntRange(0, len(b)-1).Draw(t, "cut")
		if _, err := decodeCommit(b[:cut]); err == nil {
			t.Fatal("a commit that was cut short was read")
		}
		b[cut] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		_, _ = decodeCommit(b)
	})
}

func TestStreamNames(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, stream := range []string{
		"clock", "Clock", "!commits", "%21commits", "a/b", "a%2Fb", "a b", "a+b", "a\x00", "\xff", "\xfe", "김", strings.Repeat("김", 30), strings.Repeat("김", 31),
		strings.Repeat("x", 80), strings.Repeat("x", 81), strings.Repeat("x", 82), "fragment-0a1b2c3d-0000-5000-8000-000000000001",
	} {
		name := streamName(stream)
		if other, ok := seen[name]; ok || name == commitStream || len(name) > longestName {
			t.Errorf("%q is called %q, as %q is", stream, name, other)
		}
		seen[name] = stream
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{"order.completed": "order.completed", "$>": ">", "$": "_", "a\x00\xff": "a__", strings.Repeat("k", 200): strings.Repeat("k", 128)} {
		if got := cleanKind(kind); got != want {
			t.Errorf("%q became %q", kind, got)
		}
	}
}

// TestWalkWithoutRoom walks a log without room for a single body: all are asked for again, and the log is the same.
func TestWalkWithoutRoom(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	l, err := Open(t.Context(), Options{URL: node.URL(""), Dir: t.TempDir(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	for i := range 5 {
		entries := make([]events.Entry, 40)
		for j := range entries {
			entries[j] = events.Entry{Stream: fmt.Sprint("s", (i+j)%7), Event: events.Event{ID: uuid.NewString(), Source: "web", Type: "page.viewed"}}
		}
		if _, err := l.Append(t.Context(), entries...); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w := walk{link: l.link, pending: newPending(1), tip: noStream}
	w.sink = func([]logindex.Placed, [][]byte) error {
		if w.head.Position == 200 {
			cancel()
		}
		return nil
	}
	if err := w.run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if w.head != l.index.End().Head {
		t.Errorf("the walk ended at %v, the index at %v", w.head, l.index.End().Head)
	}
}

// TestTipIsTaken has a walk meet a commit whose bodies it cannot get at: it has not come to that commit, or a writer would
// take the next place without the index having this one.
func TestTipIsTaken(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	l := opened(t, Options{URL: node.URL(""), Dir: t.TempDir(), Now: time.Now})
	away, cancel := context.WithCancel(t.Context())
	cancel()
	w := walk{link: l.link, pending: newPending(1), tip: 0, tipID: "genesis"}
	w.sink = func([]logindex.Placed, [][]byte) error { t.Error("it was taken"); return nil }
	c := commit{first: 1, refs: []ref{{stream: "s"}}}
	err := w.event(away, &api.ReadResp_ReadEvent_RecordedEvent{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(l.link.prefix + commitStream)}, StreamRevision: 1, CommitPosition: 1, Data: c.encode(),
	})
	if err == nil || w.tip != 0 || w.tipID != "genesis" {
		t.Errorf("the walk came to commit %d (%s), %v", w.tip, w.tipID, err)
	}
}

// TestPendingForgets: a body that no commit ever names does not make the memory of all others grow.
func TestPendingForgets(t *testing.T) {
	t.Parallel()
	p := newPending(1 << 20)
	p.add(slot{"stray", 0}, waiting{record: make([]byte, 100)})
	for i := range uint64(100_000) {
		p.add(slot{"s", i}, waiting{record: make([]byte, 100)})
		p.take(slot{"s", i})
	}
	if len(p.order) > 3*tidyAt || p.bytes != 100 {
		t.Errorf("%d slots and %d bytes are kept", len(p.order), p.bytes)
	}
	for i := range uint64(100_000) {
		p.add(slot{"s", i}, waiting{record: make([]byte, 100)})
	}
	if p.bytes > 1<<20 || len(p.bodies) > 1<<20/100 {
		t.Errorf("%d bytes are kept", p.bytes)
	}
}
