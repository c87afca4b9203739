package natshints

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// Subject is where commits are told, unless another is chosen for a second c360 on the same NATS.
const Subject = "c360.hints.commits"

// between is the least time between two hints of one process: 50 a second. Of what is committed meanwhile the newest
// is told.
const between = 20 * time.Millisecond

// flushPatience is how long a server that is back may take to know our subscription again.
const flushPatience = time.Second

// Hint says that a generation holds everything up to a position.
type Hint struct {
	Generation string          `json:"generation"`
	Position   events.Position `json:"position"`
}

// Hints tells and hears hints on one subject. The connection belongs to the caller.
type Hints struct {
	conn    *nats.Conn
	subject string
}

// New returns the hints of a subject; empty is [Subject].
func New(conn *nats.Conn, subject string) *Hints {
	if subject == "" {
		subject = Subject
	}
	return &Hints{conn: conn, subject: subject}
}

// Tell passes commits on until ctx ends or commits is closed. writer says which generation this process writes, and
// false while it writes none: a process that only reads tells nobody what it heard from another. Commits come from
// projections.Live.Subscribe. What cannot be sent is dropped.
func (h *Hints) Tell(ctx context.Context, commits <-chan projections.Committed, writer func() (generation string, ok bool)) {
	rest := time.NewTimer(0)
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-rest.C:
		}
		select {
		case <-ctx.Done():
			return
		case c, ok := <-commits:
			if !ok {
				return
			}
			if generation, writes := writer(); writes {
				h.publish(Hint{Generation: generation, Position: c.Position})
			}
			rest.Reset(between)
		}
	}
}

func (h *Hints) publish(x Hint) {
	if !h.conn.IsConnected() {
		return // the client would keep it for later, and later it is worth nothing
	}
	if raw, err := json.Marshal(x); err == nil { // two plain fields always encode
		_ = h.conn.Publish(h.subject, raw)
	}
}

// Listen returns a channel that holds one value when something was heard since it was last looked at, and a function
// that ends it. It goes on by itself when the connection was lost and is back; since hints were lost meanwhile, coming
// back is itself a hint.
func (h *Hints) Listen() (heard <-chan struct{}, stop func(), err error) {
	ch := make(chan struct{}, 1)
	wake := func() {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
	s, err := h.conn.Subscribe(h.subject, func(*nats.Msg) { wake() })
	if err != nil {
		return nil, nil, fmt.Errorf("listen for hints on %s: %w", h.subject, err)
	}
	back := h.conn.StatusChanged(nats.CONNECTED)
	go func() {
		for range back {
			_ = h.conn.FlushTimeout(flushPatience) // the subscription is back first, so that nothing falls between
			wake()
		}
	}()
	return ch, func() {
		_ = s.Unsubscribe()
		h.conn.RemoveStatusListener(back)
	}, nil
}
