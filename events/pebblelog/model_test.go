package pebblelog_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/logtest"
	"github.com/c360hq/c360/events/memlog"
	"github.com/c360hq/c360/events/pebblelog"
)

// pair is a log and its model, treated alike.
type pair struct {
	o     pebblelog.Options
	clock *logtest.Clock
	log   events.Log
	model events.Log
}

// TestModel makes random appends, repeats, expectations, clock jumps and restarts on a pebblelog and on a memlog, and
// compares every answer.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clock := logtest.NewClock()
		o := inMemory(vfs.NewMem())
		o.Now = clock.Now
		p := &pair{o: o, clock: clock, model: memlog.New(clock.Now)}
		p.open(t)
		defer func() { _ = p.log.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"append": p.append, "reopen": p.reopen, "read": p.read, "stream": p.stream,
			"clock": func(t *rapid.T) { clock.Move(rapid.SampledFrom(jumps).Draw(t, "by")) },
			"":      p.compareHeads,
		})
		if err := p.log.Verify(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	})
}

func (p *pair) open(t *rapid.T) {
	l, err := pebblelog.Open(t.Context(), p.o)
	if err != nil {
		t.Fatal(err)
	}
	p.log = l
}

func (p *pair) reopen(t *rapid.T) {
	if err := p.log.Close(); err != nil {
		t.Fatal(err)
	}
	p.open(t)
}

var streams = []string{"a", "b", "identity", events.FragmentStream([16]byte{1}), events.FragmentStream([16]byte{2})}

func (p *pair) append(t *rapid.T) {
	entry := rapid.Custom(func(t *rapid.T) events.Entry {
		e := events.Entry{
			Stream: rapid.SampledFrom(streams).Draw(t, "stream"),
			Event:  events.Event{ID: strconv.Itoa(rapid.IntRange(0, 60).Draw(t, "id")), Source: "s", Type: "t", Data: []byte("{}")},
		}
		if rapid.Bool().Draw(t, "expect") {
			e.Expected = events.Version(events.Position(rapid.IntRange(0, 30).Draw(t, "version")))
		}
		return e
	})
	entries := rapid.SliceOfN(entry, 0, 8).Draw(t, "entries")
	got, err := p.log.Append(t.Context(), entries...)
	want, werr := p.model.Append(t.Context(), entries...)
	if err != nil || werr != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("Append gave %v %v, the model %v %v", got, err, want, werr)
	}
}

func (p *pair) read(t *rapid.T) {
	after := events.Position(rapid.IntRange(0, 40).Draw(t, "after"))
	limit := rapid.IntRange(-1, 40).Draw(t, "limit")
	got, err := p.log.Read(t.Context(), after, limit)
	want, werr := p.model.Read(t.Context(), after, limit)
	if err != nil || werr != nil || !equal(got, want) {
		t.Fatalf("Read(%d, %d) gave %v %v, the model %v %v", after, limit, got, err, want, werr)
	}
}

func (p *pair) stream(t *rapid.T) {
	stream := rapid.SampledFrom(streams).Draw(t, "stream")
	after := events.Position(rapid.IntRange(0, 40).Draw(t, "after"))
	limit := rapid.IntRange(-1, 40).Draw(t, "limit")
	got, err := p.log.ReadStream(t.Context(), stream, after, limit)
	want, werr := p.model.ReadStream(t.Context(), stream, after, limit)
	if err != nil || werr != nil || !equal(got, want) {
		t.Fatalf("ReadStream(%s, %d, %d) gave %v %v, the model %v %v", stream, after, limit, got, err, want, werr)
	}
}

// compareHeads also compares all hashes there are: a head's hash names everything before it.
func (p *pair) compareHeads(t *rapid.T) {
	got, err := p.log.Head(t.Context())
	want, werr := p.model.Head(t.Context())
	if err != nil || werr != nil || got != want {
		t.Fatalf("Head gave %v %v, the model %v %v", got, err, want, werr)
	}
}
