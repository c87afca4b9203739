package query_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
)

// listener reads a stream of server-sent events.
type listener struct {
	t      testing.TB
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

type message struct {
	event, id, data string
}

// listen opens a stream.
func (h *house) listen(params, lastID string) *listener {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	h.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.server.URL+"/v1/stream?"+params, nil)
	must(h.t, err)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := h.server.Client().Do(r)
	must(h.t, err)
	h.t.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		h.t.Fatalf("the stream answered %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	l := &listener{t: h.t, lines: bufio.NewScanner(resp.Body), cancel: cancel}
	l.lines.Buffer(nil, 1<<20)
	if !l.lines.Scan() || l.lines.Text() != ": c360" {
		h.t.Fatalf("the stream begins with %q", l.lines.Text())
	}
	return l
}

// next returns the next message of that name, skipping others.
func (l *listener) next(name string) message {
	l.t.Helper()
	var m message
	for l.lines.Scan() {
		field, value, _ := strings.Cut(l.lines.Text(), ": ")
		switch field {
		case "event":
			m.event = value
		case "id":
			m.id = value
		case "data":
			m.data = value
		case "":
			if m.event == name {
				return m
			}
			m = message{}
		}
	}
	l.t.Fatalf("the stream ended before a message %q: %v", name, l.lines.Err())
	return m
}

func (l *listener) row() query.StreamMessage {
	l.t.Helper()
	var row query.StreamMessage
	m := l.next("timeline")
	must(l.t, json.Unmarshal([]byte(m.data), &row))
	if m.id != strconv.FormatUint(uint64(row.Position), 10) {
		l.t.Errorf("the message of event %d has id %s", row.Position, m.id)
	}
	return row
}

func realClock() option { return withClock(time.Now) }

func TestStreamTellsWhatHappens(t *testing.T) {
	t.Parallel()
	h := openHouse(t, realClock())
	tellSeoyeon(h)
	id := h.search("김서연").Customers[0].ID
	everybody, hers := h.listen("topics=timeline", ""), h.listen("customer="+id.String(), "")
	other := h.happens(touch(0, events.ChannelWeb, "page.viewed", `{"title":"홈"}`, "anonymous_id:other"))
	call := h.happens(touch(0, events.ChannelCall, "call.ended", `{"call_id":"C-1","duration_s":492}`, "phone:+821048217730"))
	if row := everybody.row(); row.Position != other || row.Customer != (uuid.UUID{}) {
		t.Errorf("everybody hears of %+v, want event %d", row, other)
	}
	for _, l := range []*listener{everybody, hers} {
		if row := l.row(); row.Position != call || row.Headline.Ko != "통화 · 8분 12초" {
			t.Errorf("heard of %+v, want event %d", row, call)
		}
	}
	var s query.StatusMessage
	must(t, json.Unmarshal([]byte(hers.next("status").data), &s))
	if s.Position < call || s.Head < call {
		t.Errorf("the status is %+v", s)
	}
}

// A browser that comes back says what it heard last and misses nothing in between.
func TestStreamResumes(t *testing.T) {
	t.Parallel()
	h := openHouse(t, realClock())
	story := tellSeoyeon(h)
	id := h.search("김서연").Customers[0].ID
	first := h.listen("customer="+id.String(), "")
	h.happens(touch(0, events.ChannelCall, "call.ended", `{"call_id":"C-1"}`, "phone:+821048217730"))
	heard := first.row().Position
	if heard <= story.call {
		t.Fatalf("heard of event %d, which is old", heard)
	}
	first.cancel()
	var missed []events.Position
	for i := range 5 {
		missed = append(missed, h.happens(touch(0, events.ChannelWeb, "page.viewed", fmt.Sprintf(`{"title":"%d"}`, i), "anonymous_id:b-1")))
		h.happens(touch(0, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:somebody-else"))
	}
	again := h.listen("customer="+id.String(), strconv.FormatUint(uint64(heard), 10))
	for _, want := range missed {
		if row := again.row(); row.Position != want {
			t.Fatalf("heard of event %d, want %d", row.Position, want)
		}
	}
}

func TestStreamResets(t *testing.T) {
	t.Parallel()
	h := openHouse(t, realClock())
	a, b := two(h)
	l := h.listen("customer="+a.String(), "")
	h.post("link", "/v1/identity/links", pair(a, b, ""), http.StatusAccepted, nil)
	if m := l.next("reset"); !strings.Contains(m.data, "fragments") || m.id == "" {
		t.Errorf("the reset says %+v", m)
	}
	p := h.happens(touch(0, events.ChannelStore, "store.visited", `{"store":"강남점"}`, "loyalty_id:B"))
	if row := l.row(); row.Position != p {
		t.Errorf("after the reset heard of event %d, want %d", row.Position, p)
	}
}

func TestStreamOfAnotherLog(t *testing.T) {
	t.Parallel()
	h := openHouse(t, realClock())
	story := tellSeoyeon(h)
	l := h.listen("topics=timeline", "123456")
	if m := l.next("reset"); m.id != strconv.FormatUint(uint64(story.call), 10) {
		t.Errorf("the reset says %+v", m)
	}
	p := h.happens(touch(0, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:b-1"))
	if row := l.row(); row.Position != p {
		t.Errorf("heard of event %d, want %d", row.Position, p)
	}
}

func TestStreamTooFarBehind(t *testing.T) {
	t.Parallel()
	h := openHouse(t, realClock())
	var entries []events.Entry
	for i := range query.MaxBehind + 2 {
		e := touch(time.Hour, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:busy")
		e.ID, e.Received = fmt.Sprintf("bulk-%d", i), e.Time
		entries = append(entries, events.Touchpoint(e))
	}
	last := events.Position(0)
	for part := range slices.Chunk(entries, events.MaxAppend) {
		results, err := h.log.Append(t.Context(), part...)
		must(t, err)
		last = results[len(results)-1].Position
	}
	must(t, h.generations.Live().Await(t.Context(), last))
	if m := h.listen("topics=timeline", "1").next("reset"); m.id != strconv.FormatUint(uint64(last), 10) {
		t.Errorf("the reset leads to %s, want %d", m.id, last)
	}
	if m := h.listen("topics=timeline", strconv.FormatUint(uint64(last-1000), 10)).next("skipped"); !strings.Contains(m.data, "800") {
		t.Errorf("skipped says %s, want 800", m.data)
	}
}

// Many tabs listen at once, leave, and the service closes under those that stay.
func TestStreamManyTabs(t *testing.T) {
	t.Parallel()
	h := openHouse(t, realClock())
	tellSeoyeon(h)
	tabs := make([]*listener, 40)
	for i := range tabs {
		tabs[i] = h.listen("topics=timeline", "")
	}
	p := h.happens(touch(0, events.ChannelWeb, "page.viewed", `{}`, "anonymous_id:b-1"))
	for i, l := range tabs {
		if row := l.row(); row.Position != p {
			t.Errorf("tab %d heard of event %d, want %d", i, row.Position, p)
		}
		if i%2 == 0 {
			l.cancel()
		}
	}
	h.service.Close()
	for i := 1; i < len(tabs); i += 2 {
		if tabs[i].lines.Scan() && tabs[i].lines.Err() != nil {
			t.Errorf("tab %d ended with %v", i, tabs[i].lines.Err())
		}
	}
	h.get("stream", "/v1/stream", http.StatusServiceUnavailable, nil)
}
