package natslog_test

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/natslog/natstest"
)

// TestTwoWriters has two logs on one stream append at once, the same events in part: every event gets one position, both
// logs agree on it, and neither starves.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	var logs [2]*natslog.Log
	for i := range logs {
		logs[i] = open(t, options(t, server.URL("TWO")))
	}
	j, stop := newJournal(), make(chan struct{})
	var own [2]*journal
	var waits []*sync.WaitGroup
	for i, l := range logs {
		own[i] = newJournal()
		waits = append(waits, j.load(t.Context(), t, stop, l, 2, 0), own[i].load(t.Context(), t, stop, l, 2, (i+1)*100_000_000))
	}
	for _, o := range own {
		o.more(t.Context(), t, 1500)
	}
	close(stop)
	for _, w := range waits {
		w.Wait()
	}
	for i, l := range logs {
		waitFor(t.Context(), t, l, j)
		for _, o := range own {
			waitFor(t.Context(), t, l, o)
			o.check(t, l)
		}
		j.check(t, l)
		t.Logf("log %d: %d events of its own", i, own[i].len())
	}
	same(t, logs[0], logs[1])
}

// TestConflictIsTheLatest appends to a stream through one log and then, expecting the version that gave, through another one
// that may not have heard of it.
func TestConflictIsTheLatest(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	logs := [2]*natslog.Log{open(t, options(t, server.URL("V"))), open(t, options(t, server.URL("V")))}
	version := events.Position(0)
	for i := range 100 {
		e := touches(i, 1)[0]
		e.Stream, e.Expected = "identity", events.Version(version)
		results, err := logs[i%2].Append(t.Context(), e)
		if err != nil || results[0].Outcome != events.Appended {
			t.Fatalf("append %d, which expects version %d: %v, %v", i, version, results, err)
		}
		version = results[0].Position
	}
}

// TestOtherProcessesHear waits through one log for what is appended through another, which a hint makes quick.
func TestOtherProcessesHear(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	writer, reader := open(t, options(t, server.URL("HEAR"))), open(t, options(t, server.URL("HEAR")))
	fill(t, writer, 0, 1, 1)
	begin := time.Now()
	const n = 20
	for i := range n {
		done := make(chan error, 1)
		go func() { done <- reader.Wait(t.Context(), events.Position(i)) }()
		fill(t, writer, i, 1, 1)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(begin); took > n*time.Second/2 {
		t.Errorf("%d waits took %v: nobody hears hints", n, took)
	}
	same(t, writer, reader)
}

// TestIndexIsDerived deletes the index: the next one gives every event the same position, time and hash.
func TestIndexIsDerived(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	o := options(t, server.URL("DERIVED"))
	l := open(t, o)
	fill(t, l, 0, 300, 7)
	fill(t, l, 100, 300, 150) // the first 200 are repeats
	want := readAll(t, l)
	closeLog(t, l)
	if err := os.RemoveAll(o.Dir); err != nil {
		t.Fatal(err)
	}
	again := open(t, o)
	got := readAll(t, again)
	if len(got) != 400 || len(want) != 400 {
		t.Fatalf("%d events became %d, want 400", len(want), len(got))
	}
	for i := range want {
		if got[i].ID != want[i].ID || got[i].Hash != want[i].Hash || !got[i].RecordedAt.Equal(want[i].RecordedAt) {
			t.Fatalf("position %d holds another event than before", i+1)
		}
	}
	verify(t, again)
	fill(t, again, 350, 100, 10)
	if head := headOf(t, again); head.Position != 450 {
		t.Errorf("the head is %d, want 450", head.Position)
	}
}

// TestServerRestarts stops the server under an open log: appends wait for it, and go on.
func TestServerRestarts(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	l := open(t, options(t, server.URL("RESTART")))
	j, stop := newJournal(), make(chan struct{})
	load := j.load(t.Context(), t, stop, l, 4, 0)
	reader := natslog.Options{URL: server.URL("RESTART"), Dir: t.TempDir(), Now: time.Now, CacheBytes: 1} // must always ask
	r := open(t, reader)
	for range 3 {
		j.more(t.Context(), t, 200)
		server.Restart()
		readAll(t, r)
	}
	j.more(t.Context(), t, 200)
	close(stop)
	load.Wait()
	j.check(t, l)
}
