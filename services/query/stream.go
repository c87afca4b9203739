package query

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query/openapi"
	"github.com/c360hq/c360/services/web"
)

// StreamMessage is one row of the timeline as the stream tells it: whose it is and the row.
type StreamMessage struct {
	Customer uuid.UUID `json:"customer" doc:"the customer the stream was asked for; zeros when it was asked for everybody"`
	TimelineRow
}

// StatusMessage says every two seconds how far the read models are.
type StatusMessage struct {
	Position   events.Position `json:"position"`
	Head       events.Position `json:"head"`
	LagEvents  uint64          `json:"lag_events"`
	LagSeconds float64         `json:"lag_seconds"`
}

// streamParams are what a stream can be asked for.
type streamParams struct {
	Customer uuid.UUID       `query:"customer" doc:"only this customer (any fragment id); everybody if left out"`
	Topics   []string        `query:"topics" enum:"timeline,status" default:"timeline,status" doc:"what to tell"`
	After    events.Position `query:"after" doc:"begin after this position; Last-Event-ID wins; now if left out"`
	Last     events.Position `header:"Last-Event-ID" doc:"sent by the browser when it connects again"`
}

const (
	streamID  = "stream"
	keepAlive = 15 * time.Second
	// writeWithin is how long a reader may take to accept a message before the connection is given up.
	writeWithin = 10 * time.Second
)

func (s *Service) streamRoute() route {
	t := reflect.TypeFor[streamParams]()
	params := newReader(t)
	rt := route{Operation: openapi.Operation{
		Method: http.MethodGet, Path: "/v1/stream", ID: streamID, Tag: "timeline", Summary: "what happens, as it happens",
		Doc: "Server-sent events. `timeline`: a row of the timeline with its customer, in log order; `status`: how far the read models " +
			"are, every two seconds; `skipped`: so many rows were left out because too many came at once; `reset`: load the page anew, " +
			"you are too far behind or the customer's fragments have changed. The id of a message is a position: a browser that " +
			"connects again sends it as Last-Event-ID and misses nothing. Messages come at most four times a second, a comment every 15 s.",
		Params: t, Status: http.StatusOK, Media: "text/event-stream", Problems: []int{400, 403, 404, 500, 503},
	}}
	rt.serve = func(w http.ResponseWriter, r *http.Request) error {
		var p streamParams
		if err := params.read(r, reflect.ValueOf(&p).Elem()); err != nil {
			return err
		}
		return s.stream(w, r, &p)
	}
	return rt
}

// stream serves one subscriber until it leaves or the service closes.
func (s *Service) stream(w http.ResponseWriter, r *http.Request, p *streamParams) error {
	sub, err := s.subscribe(r, p)
	if err != nil {
		return err
	}
	if !s.hub.add(sub) { //nolint:contextcheck // the hub lives as long as the service, not this request
		return web.Wrong(http.StatusServiceUnavailable, "there are too many open streams; close some tabs or try again").After(5)
	}
	defer s.hub.remove(sub)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy must not collect what is meant to be live
	w.WriteHeader(http.StatusOK)
	out := &eventWriter{w: w, control: http.NewResponseController(w), now: s.now}
	out.comment("c360")
	quiet := time.NewTicker(keepAlive)
	defer quiet.Stop()
	for out.err == nil {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.hub.closed:
			return nil
		case <-quiet.C:
			out.comment("still here")
		case b := <-sub.batches:
			out.batch(b)
		}
	}
	return nil // the reader has gone
}

// subscribe works out where a stream begins.
func (s *Service) subscribe(r *http.Request, p *streamParams) (*subscriber, error) {
	sub := &subscriber{
		customer: p.Customer, after: max(p.After, p.Last), batches: make(chan batch, backlog),
		timeline: slices.Contains(p.Topics, "timeline"), status: slices.Contains(p.Topics, "status"),
	}
	v, err := s.live.View(r.Context())
	if err != nil {
		return nil, fmt.Errorf("open a view: %w", err)
	}
	defer v.Close()
	if err := s.place(r.Context(), sub, v.Checkpoint().Position); err != nil {
		return nil, err
	}
	if sub.customer != (uuid.UUID{}) {
		if sub.fragments, err = s.fragmentSet(r.Context(), v, sub.customer); err != nil {
			return nil, err
		}
	}
	return sub, nil
}

// place begins a stream where its reader left off, or now. A reader that heard of more than the log holds has heard it
// from another log (one that was put back from a backup) and is told to begin anew.
func (s *Service) place(ctx context.Context, sub *subscriber, folded events.Position) error {
	head, err := s.log.Head(ctx)
	if err != nil {
		return fmt.Errorf("ask for the head of the log: %w", err)
	}
	switch {
	case sub.after == 0:
		sub.after = folded
	case sub.after > head.Position:
		sub.after = folded
		sub.batches <- batch{position: folded, reset: "the log ends before what you heard last"} // there is room
	}
	return nil
}

// eventWriter writes server-sent events. After the first error it does nothing more.
type eventWriter struct {
	w       io.Writer
	control *http.ResponseController
	now     func() time.Time
	err     error
}

// batch writes everything a subscriber is told at one beat.
func (o *eventWriter) batch(b batch) {
	if b.reset != "" {
		o.event("reset", b.position, map[string]any{"position": b.position, "because": b.reset})
	}
	if b.skipped > 0 {
		o.event("skipped", 0, map[string]any{"count": b.skipped})
	}
	for i := range b.rows {
		o.event("timeline", b.rows[i].Position, StreamMessage{Customer: b.customer, TimelineRow: b.rows[i]})
	}
	if b.status != nil {
		o.event("status", 0, b.status)
	}
	o.flush()
}

// event writes one message; position 0 leaves the reader's last id as it is.
func (o *eventWriter) event(name string, position events.Position, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		o.err = fmt.Errorf("encode a message: %w", err)
		return
	}
	line := "event: " + name + "\n"
	if position > 0 {
		line += "id: " + strconv.FormatUint(uint64(position), 10) + "\n"
	}
	o.text(line + "data: " + string(text) + "\n\n")
}

func (o *eventWriter) comment(text string) {
	o.text(": " + text + "\n\n")
	o.flush()
}

func (o *eventWriter) text(s string) {
	if o.err == nil {
		_ = o.control.SetWriteDeadline(o.now().Add(writeWithin)) // a recorder in a test has no deadline
		_, o.err = io.WriteString(o.w, s)
	}
}

func (o *eventWriter) flush() {
	if o.err == nil {
		o.err = o.control.Flush()
	}
}
