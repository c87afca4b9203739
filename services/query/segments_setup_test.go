package query_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/standing"
	"github.com/c360hq/c360/services/query/segments"
)

// advancing is a clock that is a millisecond later each time.
func advancing() func() time.Time {
	var asked atomic.Int64
	return func() time.Time { return now.Add(time.Duration(asked.Add(1)) * time.Millisecond) }
}

// send sends a JSON body by any method.
func (h *house) send(operation, method, path, body string, status int, into any) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, h.server.URL+path, strings.NewReader(body))
	must(h.t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	h.do(operation, r, status, into)
}

// puts defines a segment since a time, and waits until everybody is judged.
func (h *house) puts(name, rule string, since time.Time) {
	h.t.Helper()
	var a segments.SegmentAccepted
	body := fmt.Sprintf(`{"title":{"ko":"%s 고객","en":"The %s"},"rule":%s,"since":%q}`, name, name, rule, since.Format(time.RFC3339Nano))
	h.send("putSegment", http.MethodPut, "/v1/segments/"+name, body, http.StatusAccepted, &a)
	h.judged(name, a.Position)
}

// judged waits until everybody is judged under a segment as it is at a position.
func (h *house) judged(name string, p events.Position) segments.SegmentPage {
	h.t.Helper()
	for {
		var a segments.SegmentPage
		h.get("segment", fmt.Sprintf("/v1/segments/%s?wait=%d", name, p), http.StatusOK, &a)
		if a.Left == nil {
			return a
		}
	}
}

// ticks has time pass up to a moment, and waits until whatever was due is judged.
func (h *house) ticks(at time.Time) {
	h.t.Helper()
	results, err := h.log.Append(context.Background(), events.Entry{Stream: standing.ClockStream, Event: events.Event{
		ID: fmt.Sprintf("tick-%d", h.ids.Add(1)), Source: "c360", Type: standing.ClockTicked, Time: at, Received: at, Channel: events.ChannelOther,
	}})
	must(h.t, err)
	must(h.t, h.generations.Live().Await(context.Background(), results[0].Position))
	for h.due() <= at.UnixMicro() {
		runtime.Gosched()
	}
}

// due is when something is due next.
func (h *house) due() int64 {
	v, err := h.generations.Live().View(context.Background())
	must(h.t, err)
	defer v.Close()
	due, err := h.groups.NextDue(context.Background(), v)
	must(h.t, err)
	return due
}

// members reads all members of a segment, page by page.
func (h *house) members(name, more string) map[uuid.UUID]time.Time {
	h.t.Helper()
	all, cursor := map[uuid.UUID]time.Time{}, ""
	for {
		var a segments.SegmentMembers
		h.get("segmentMembers", fmt.Sprintf("/v1/segments/%s/members?limit=3&cursor=%s%s", name, cursor, more), http.StatusOK, &a)
		for _, m := range a.Members {
			if _, twice := all[m.ID]; twice {
				h.t.Fatalf("%s is on two pages of %s", m.ID, name)
			}
			all[m.ID] = m.Since
		}
		if cursor = a.Next; cursor == "" {
			if int64(len(all)) != a.Total {
				h.t.Fatalf("%d members of %s are on the pages, %d in all", len(all), name, a.Total)
			}
			return all
		}
	}
}

// why asks why a customer is in a segment, or not.
func (h *house) why(id uuid.UUID, name, more string) segments.SegmentWhy {
	h.t.Helper()
	var a struct{ Segments []segments.SegmentWhy }
	h.get("customerSegments", fmt.Sprintf("/v1/customers/%s/segments?name=%s%s", id, name, more), http.StatusOK, &a)
	return a.Segments[0]
}

// customerOf returns whose an identifier is.
func (h *house) customerOf(identifier string) uuid.UUID {
	h.t.Helper()
	var a struct{ Customers []struct{ ID uuid.UUID } }
	h.get("searchCustomers", "/v1/customers?identifier="+identifier, http.StatusOK, &a)
	if len(a.Customers) != 1 {
		h.t.Fatalf("%d customers are known by %s", len(a.Customers), identifier)
	}
	return a.Customers[0].ID
}
