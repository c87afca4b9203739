package esdblog

import (
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// TestBodyThatNoCommitNames leaves behind what a process leaves that ends between bodies and commit. The same event,
// received again, is another body: the server must not take it for the one it has.
func TestBodyThatNoCommitNames(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	l, err := Open(t.Context(), Options{URL: node.URL(""), Dir: t.TempDir(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	received := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	e := events.Event{ID: "1", Source: "web", Type: "page.viewed", Data: []byte(`{}`), Received: received}
	r := events.Recorded{Event: e, Stream: e.Stream()}
	left := newItem(&r, events.AppendRecord(nil, &r))
	if err := l.link.appendOnce(t.Context(), left.name, noStream, []body{left.body}); err != nil {
		t.Fatal(err)
	}
	e.Received = received.Add(time.Minute)
	for i, want := range []events.Outcome{events.Appended, events.Duplicate} {
		results, err := l.Append(t.Context(), events.Touchpoint(e))
		if err != nil || results[0] != (events.Result{Outcome: want, Position: 1}) {
			t.Fatalf("Append %d gave %v, %v", i, results, err)
		}
	}
	if all, err := l.Read(t.Context(), 0, 10); err != nil || len(all) != 1 || !all[0].Received.Equal(e.Received) {
		t.Errorf("the log holds %v, %v", all, err)
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
