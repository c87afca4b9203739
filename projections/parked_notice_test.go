package projections_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// lines takes what is logged, a JSON object a line.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

type parkedLine struct {
	Level, Msg, Type, Room, Reason string
	Events, Queued, Position       int
}

// parked returns the lines about parked events.
func (l *lines) parked(t testing.TB) []parkedLine {
	t.Helper()
	var all []parkedLine
	for line := range strings.Lines(l.text()) {
		var x parkedLine
		must(t, json.Unmarshal([]byte(line), &x))
		if strings.HasPrefix(x.Msg, "events parked") {
			all = append(all, x)
		}
	}
	return all
}

// TestParkedIsTold: parked events get one line, which says where to look and nothing of what they hold.
func TestParkedIsTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		event string
		want  parkedLine
	}{
		{"fold.fails", parkedLine{Level: "WARN", Type: "fold.fails", Room: "tally", Reason: "refused", Events: 2, Queued: 1, Position: 2}},
		{"fold.panics", parkedLine{Level: "WARN", Type: "fold.panics", Room: "tally", Reason: "panicked", Events: 2, Queued: 1, Position: 2}},
	} {
		t.Run(c.event, func(t *testing.T) {
			t.Parallel()
			said := &lines{}
			b := setup(t)
			b.opts.Logger = slog.New(slog.NewJSONHandler(said, nil))
			bad := event(2, "anna", c.event)
			bad.Data = []byte(`{"name":"secret"}`)
			last := b.add(t, event(1, "ben", "page.viewed"), bad, event(3, "anna", "page.viewed"))
			must(t, b.engine(t).RunTo(t.Context(), last))
			got := said.parked(t)
			if len(got) != 1 {
				t.Fatalf("%d lines about parked events, want 1: %s", len(got), said.text())
			}
			c.want.Msg = got[0].Msg
			if got[0] != c.want {
				t.Errorf("the line says %+v, want %+v", got[0], c.want)
			}
			for _, personal := range []string{"anna", "secret", fragmentOf(bad).String(), "poison"} {
				if strings.Contains(said.text(), personal) {
					t.Errorf("the log holds %q: %s", personal, said.text())
				}
			}
		})
	}
}

// TestFloodIsToldBriefly: a source that sends nothing but bad events does not fill the disk with lines.
func TestFloodIsToldBriefly(t *testing.T) {
	t.Parallel()
	said := &lines{}
	b := setup(t)
	b.opts.Logger, b.opts.BatchEvents = slog.New(slog.NewJSONHandler(said, nil)), 10
	var all []events.Event
	for i := range 500 {
		all = append(all, event(i, fmt.Sprintf("bad-%d", i), "fold.fails"))
	}
	must(t, b.engine(t).RunTo(t.Context(), b.add(t, all...)))
	got, told := said.parked(t), 0
	for _, x := range got {
		told += x.Events
	}
	if len(got) > 4 || told != len(all) {
		t.Errorf("%d lines tell of %d parked events, want a few that tell of %d", len(got), told, len(all))
	}
}

// TestParkedPages: parked events are read a page at a time, none twice and none left out.
func TestParkedPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.engine(t)
	must(t, e.RunTo(t.Context(), b.add(t, poisoned()...)))
	all, err := e.Parked(t.Context())
	must(t, err)
	v, err := b.store.View(t.Context())
	must(t, err)
	defer v.Close()
	var paged []projections.ParkedEvent
	after := projections.ParkedPlace{}
	for {
		page, err := projections.ReadParked(t.Context(), v, after, 2)
		must(t, err)
		if len(page) > 2 {
			t.Fatalf("a page of 2 has %d events", len(page))
		}
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		last := page[len(page)-1]
		after = projections.ParkedPlace{Fragment: last.Fragment, Position: last.Position}
	}
	if fmt.Sprint(paged) != fmt.Sprint(all) || len(all) != 7 {
		t.Errorf("pages hold\n%v\nwant\n%v", paged, all)
	}
	n, err := projections.CountParkedOf(t.Context(), v, fragmentOf(poisoned()[10]))
	must(t, err)
	first, err := projections.ReadParkedOf(t.Context(), v, fragmentOf(poisoned()[10]), 1)
	must(t, err)
	if n != 3 || len(first) != 1 || first[0].Position != 11 {
		t.Errorf("of anna %d events are parked, the first is %v", n, first)
	}
}
