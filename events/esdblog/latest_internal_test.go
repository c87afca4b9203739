package esdblog

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
)

// TestCommitThatNeverArrives: a server that names a commit and loses it again, as a node can that was deposed, holds up
// nobody for ever.
func TestCommitThatNeverArrives(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	l := opened(t, Options{URL: node.URL(""), Dir: t.TempDir(), Now: time.Now, Patience: 200 * time.Millisecond})
	s := &sequence{log: l}
	told := make(chan error, 1)
	go func() { told <- s.overtaken(t.Context(), 0, 7) }()
	select {
	case err := <-told:
		if err == nil || errors.Is(err, errLost) || !strings.Contains(err.Error(), "commit 7") {
			t.Errorf("it came to %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it is waited for without end")
	}
	if _, err := l.Append(t.Context(), events.Touchpoint(events.Event{ID: "1", Source: "web", Type: "page.viewed"})); err != nil {
		t.Error(err)
	}
}

// TestConflictIsAskedForOnce: what a conflict is checked against is read once, or a writer would never be told of one while
// somebody else appends without a pause.
func TestConflictIsAskedForOnce(t *testing.T) {
	t.Parallel()
	node := esdbtest.Start(t, esdbtest.Options{})
	l := opened(t, Options{URL: node.URL(""), Dir: t.TempDir(), Now: time.Now})
	if _, err := l.Append(t.Context(), events.Touchpoint(events.Event{ID: "1", Source: "web", Type: "page.viewed"})); err != nil {
		t.Fatal(err)
	}
	s, g, behind := &sequence{log: l}, &group{conflict: true}, int64(0)
	if err := s.believe(t.Context(), behind, g); !errors.Is(err, errLost) {
		t.Errorf("there is more than the index knew, and it came to %v", err)
	}
	if err := s.believe(t.Context(), behind, g); err != nil {
		t.Errorf("it was judged by all there was, and came to %v", err)
	}
}

// TestRestoreKeepsNothing: what a caller does to its slice after a Restore it gave up on is not seen by the log.
func TestRestoreKeepsNothing(t *testing.T) {
	t.Parallel()
	recorded := []events.Recorded{{Event: events.Event{ID: "1", Source: "web", Type: "page.viewed"}, Stream: "s", Position: 1, RecordedAt: time.Unix(1, 0)}}
	req := newRestore(t.Context(), recorded, [][]byte{events.AppendRecord(nil, &recorded[0])})
	recorded[0] = events.Recorded{}
	if req.restore[0].Position != 1 {
		t.Error("the log looks at the slice of its caller")
	}
}

// TestTroubleIsTold: one reason is told once, many different ones in a small number, and the end of it too.
func TestTroubleIsTold(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	tr := trouble{logger: slog.New(slog.NewTextHandler(&said, nil)), rate: rate.NewLimiter(rate.Every(time.Hour), 3)}
	count := func(text string) int { return strings.Count(said.String(), text) }
	for range 100 {
		tr.says(t.Context(), errors.New("it is the password"))
	}
	if n := count("password"); n != 1 {
		t.Errorf("the same was said %d times", n)
	}
	for i := range 100 {
		tr.says(t.Context(), errors.New(strings.Repeat("x", i)))
	}
	tr.over(t.Context())
	tr.over(t.Context())
	if n := count("cannot be followed"); n != 3 || count("followed again") != 1 {
		t.Errorf("said: %s", said.String())
	}
}
