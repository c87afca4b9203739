package pace_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay/pace"
	"github.com/c360hq/c360/services/web"
)

// house is a service behind a server.
type house struct {
	*stage
	t       testing.TB
	service *pace.Service
	server  *httptest.Server
}

var anna = func() uuid.UUID {
	id, _ := events.FragmentOf([]events.Identifier{{Kind: events.KindUserID, Value: "anna", Grade: events.Asserted}})
	return id
}()

func serve(t testing.TB) *house {
	t.Helper()
	h := &house{stage: setup(t), t: t}
	c := pace.Config{
		Log: h.log, Now: time.Now, Sleep: h.sleep, Zone: time.UTC, AtOnce: 2,
		Guard: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Stranger") != "" {
					web.Wrong(http.StatusForbidden, "not you").Write(w)
					return
				}
				next.ServeHTTP(w, r)
			})
		},
		Fragments: func(_ context.Context, id uuid.UUID) ([]uuid.UUID, error) {
			if id == anna {
				return []uuid.UUID{anna}, nil
			}
			return nil, nil
		},
		Members: func(_ context.Context, segment string) (map[uuid.UUID]bool, error) {
			if segment != "vip" {
				return nil, pace.ErrNoSegment
			}
			return map[uuid.UUID]bool{anna: true}, nil
		},
	}
	var err error
	h.service, err = pace.New(c)
	must(t, err)
	mux := http.NewServeMux()
	h.service.Routes(mux)
	h.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		h.service.Close()
		h.server.Close()
	})
	return h
}

// ask sends a request and leaves the body to be read.
func (h *house) ask(params, lastID string) *http.Response {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	h.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.server.URL+"/v1/replay?"+params, nil)
	must(h.t, err)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := h.server.Client().Do(r)
	must(h.t, err)
	h.t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

// hears reads a replay to its end and returns the positions and what the end says.
func (h *house) hears(params, lastID string) string {
	h.t.Helper()
	resp := h.ask(params, lastID)
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		h.t.Fatalf("%s is answered %s %s", params, resp.Status, resp.Header.Get("Content-Type"))
	}
	text, err := io.ReadAll(resp.Body)
	must(h.t, err)
	var heard []string
	for message := range strings.SplitSeq(string(text), "\n\n") {
		lines := strings.Split(message, "\n")
		switch lines[0] {
		case "event: touchpoint":
			var e pace.Event
			must(h.t, json.Unmarshal([]byte(strings.TrimPrefix(lines[2], "data: ")), &e))
			if lines[1] != fmt.Sprintf("id: %d", e.Position) || string(e.Data) != `{"order_id":"R-1"}` || e.RecordedAt.IsZero() {
				h.t.Errorf("the message is %s", message)
			}
			heard = append(heard, fmt.Sprint(e.Position))
		case "event: end":
			heard = append(heard, strings.TrimPrefix(lines[1], "data: "))
		}
	}
	return strings.Join(heard, " ")
}

func TestOverHTTP(t *testing.T) {
	t.Parallel()
	h := serve(t)
	h.morning(t)
	for _, c := range []struct{ params, last, want string }{
		{"", "", `1 2 3 4 5 {"count":5,"position":5}`},
		{"from=2&to=3", "", `2 3 {"count":2,"position":3}`},
		{"from=2026-05-03T09:05:00Z", "", `4 5 {"count":2,"position":5}`},
		{"to=2026-05-03T09:00:10Z&speed=60x", "", `1 2 3 {"count":3,"position":3}`},
		{"type=order.*&channel=store&source=pos", "", `2 3 {"count":2,"position":5}`},
		{"customer=" + anna.String(), "", `1 3 4 {"count":3,"position":5}`},
		{"segment=vip", "", `1 3 4 {"count":3,"position":5}`},
		{"segment=vip&customer=" + anna.String() + "&type=order.*", "", `3 {"count":1,"position":5}`},
		{"", "3", `4 5 {"count":2,"position":5}`},
		{"from=1&to=4", "3", `4 {"count":1,"position":4}`},
		{"from=1&to=4", "4", `{"count":0,"position":4}`},
		{"from=900", "", `{"count":0,"position":899}`},
	} {
		if got := h.hears(c.params, c.last); got != c.want {
			t.Errorf("%s after %q tells %s, want %s", c.params, c.last, got, c.want)
		}
	}
}

func TestRefusalsOverHTTP(t *testing.T) {
	t.Parallel()
	h := serve(t)
	h.morning(t)
	for params, want := range map[string]string{
		"speed=fast": "400 ?speed", "from=x": "400 ?from", "to=x": "400 ?to", "to=1999-01-01": "400 ?to", "channel=fax": "400 ?channel",
		"customer=x": "400 ?customer", "customer=" + uuid.Nil.String(): "404 ?customer", "segment=gold": "404 ?segment", "tail=2": "400 ?tail",
		"max_gap=x": "400 ?max_gap", "from=1&from=2": "400 ?from", "until=3": "400 ", "from=4&to=2": "400 ", "clock=received": "400 ",
		"tail=1&to=3": "400 ", "from=%zz": "400 ", "type=" + strings.Repeat("x", 1025): "400 ?type",
	} {
		resp := h.ask(params, "")
		var p web.Problem
		must(t, json.NewDecoder(resp.Body).Decode(&p))
		if got := fmt.Sprintf("%d %s", resp.StatusCode, p.Pointer); got != want || p.Detail == "" {
			t.Errorf("%.40s is answered %q (%s), want %q", params, got, p.Detail, want)
		}
	}
	if resp := h.ask("", "x"); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a bad Last-Event-ID is answered %s", resp.Status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.server.URL+"/v1/replay", nil)
	must(t, err)
	r.Header.Set("Stranger", "yes")
	resp, err := h.server.Client().Do(r)
	must(t, err)
	must(t, resp.Body.Close())
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a stranger is answered %s", resp.Status)
	}
}

// TestAtOnce: there are only so many replays at once; one that nobody reads slows no other; a reader that leaves gives
// its place back; and when the service closes, those that stay end.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for i := range 3000 { // more than the buffers of a connection hold
		h.happens(t, time.Duration(i)*time.Second, 0, "page.viewed", "web", events.ChannelWeb, "anna")
	}
	slow := h.ask("tail=1&from=1", "")
	if got := h.hears("from=2999", ""); got != `2999 3000 {"count":2,"position":3000}` {
		t.Errorf("beside a slow reader it tells %s", got)
	}
	tail := h.ask("tail=1", "")
	full := h.ask("", "")
	if full.StatusCode != http.StatusServiceUnavailable || full.Header.Get("Retry-After") == "" {
		t.Errorf("a third replay is answered %s", full.Status)
	}
	lines := bufio.NewScanner(tail.Body)
	p := h.happens(t, 4000*time.Second, 0, "page.viewed", "web", events.ChannelWeb, "ben")
	for lines.Scan() && lines.Text() != fmt.Sprintf("id: %d", p) {
		if strings.HasPrefix(lines.Text(), "id: ") {
			t.Errorf("following begins with %s, want %d", lines.Text(), p)
		}
	}
	must(t, slow.Body.Close())
	again := h.ask("to=1", "")
	for again.StatusCode == http.StatusServiceUnavailable { // until the server notices
		again = h.ask("to=1", "")
	}
	if again.StatusCode != http.StatusOK {
		t.Errorf("after one has left, a replay is answered %s", again.Status)
	}
	h.service.Close()
	for lines.Scan() {
		if lines.Text() == "event: end" {
			t.Error("a replay that was cut off says that it is whole")
		}
	}
	if resp := h.ask("", ""); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a closed service answers %s", resp.Status)
	}
}

// TestResume: a reader that lost its connection asks with the last id and hears everything once.
func TestResume(t *testing.T) {
	t.Parallel()
	h := serve(t)
	h.morning(t)
	var heard []string
	last := ""
	for range 5 {
		resp := h.ask(url.Values{"from": {"1"}, "speed": {"60x"}}.Encode(), last)
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				last = id
				heard = append(heard, id)
				break
			}
		}
		must(t, resp.Body.Close())
	}
	if got := strings.Join(heard, " "); got != "1 2 3 4 5" {
		t.Errorf("heard %s", got)
	}
}

// TestHead: who asks for the head of what never ends is answered, and takes no place.
func TestHead(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for range 3 { // of two places
		resp, err := h.server.Client().Head(h.server.URL + "/v1/replay?tail=1")
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != http.StatusOK {
			t.Errorf("it is answered %s", resp.Status)
		}
	}
}
