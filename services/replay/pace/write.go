package pace

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
)

const (
	// keepAlive is how long the reader hears nothing in a pause.
	keepAlive = 15 * time.Second
	// writeWithin is how long a reader may take to accept what is written before the connection is given up.
	writeWithin = time.Minute
)

// writer writes server-sent events. What is written is collected, and flushed before every pause.
type writer struct {
	out     *bufio.Writer
	control *http.ResponseController
	now     func() time.Time
}

func newWriter(w http.ResponseWriter, now func() time.Time) *writer {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy must not collect what is meant to be live
	w.WriteHeader(http.StatusOK)
	o := &writer{control: http.NewResponseController(w), now: now}
	o.out = bufio.NewWriterSize(timely{o, w}, 32<<10)
	return o
}

// timely gives every write to the connection its time.
type timely struct {
	o *writer
	w http.ResponseWriter
}

func (t timely) Write(p []byte) (int, error) {
	_ = t.o.control.SetWriteDeadline(t.o.now().Add(writeWithin)) // a recorder in a test has no deadline
	return t.w.Write(p)                                          //nolint:wrapcheck // a writer passes on what it wrote
}

func (o *writer) touchpoint(r *events.Recorded) error {
	return o.event("touchpoint", r.Position, Tell(r))
}

// end says that this was all, and how much.
func (o *writer) end(e End) error {
	if err := o.event("end", 0, e); err != nil {
		return err
	}
	return o.flush()
}

func (o *writer) event(name string, position events.Position, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode an event: %w", err)
	}
	o.text("event: " + name + "\n")
	if position > 0 {
		o.text("id: " + strconv.FormatUint(uint64(position), 10) + "\n")
	}
	o.text("data: ")
	_, _ = o.out.Write(text)
	_, err = o.out.WriteString("\n\n")
	return err //nolint:wrapcheck // the reader has gone
}

func (o *writer) text(s string) { _, _ = o.out.WriteString(s) } // the error stays until the end of the event

// comment writes a line that readers pass over. That it does not arrive shows at the next event.
func (o *writer) comment(text string) {
	o.text(": " + text + "\n\n")
	_ = o.flush()
}

func (o *writer) flush() error {
	if err := o.out.Flush(); err != nil {
		return err //nolint:wrapcheck // the reader has gone
	}
	return o.control.Flush()
}

// sleeper sleeps in parts, with a sign of life between them.
func (o *writer) sleeper(sleep func(context.Context, time.Duration) error) func(context.Context, time.Duration) error {
	return func(ctx context.Context, d time.Duration) error {
		for ; d > keepAlive; d -= keepAlive {
			if err := sleep(ctx, keepAlive); err != nil {
				return err
			}
			o.comment("still here")
		}
		return sleep(ctx, d)
	}
}

// lively is a log for whose next event is waited with a sign of life now and then.
type lively struct {
	events.Log
	out *writer
}

// Wait implements events.Log. It may return early, as any Wait may.
func (l lively) Wait(ctx context.Context, after events.Position) error {
	bounded, cancel := context.WithTimeout(ctx, keepAlive)
	defer cancel()
	err := l.Log.Wait(bounded, after)
	if bounded.Err() != nil && ctx.Err() == nil {
		l.out.comment("still here")
		return nil
	}
	return err //nolint:wrapcheck // it is the log's
}
