package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/web"
)

// changes runs one change of the generations at a time, longer than the request that asked for it, and ends it when
// the service closes.
type changes struct {
	mu     sync.Mutex
	cancel context.CancelFunc // of the change under way; nil if there is none
	done   chan struct{}
	closed bool
	failed string                // why the last change failed; empty if it did not
	last   *projections.Progress // what the change under way told last
}

// change is one change under way.
type change struct {
	named chan string   // its generation, once it has one
	done  chan struct{} // closed at the end
	err   error         // set before done is closed
}

// begin starts a change that outlives the request, unless one is under way.
func (c *changes) begin(ctx context.Context, run func(ctx context.Context, report projections.Report) error) (*change, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.cancel != nil {
		return nil, web.Wrong(http.StatusConflict, "a generation is being built or swapped already; wait for it, see GET /v1/generations, or end it with DELETE")
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	x := &change{named: make(chan string, 1), done: make(chan struct{})}
	c.cancel, c.done, c.failed, c.last = cancel, x.done, "", nil
	go func() {
		defer cancel()
		x.err = run(ctx, func(p projections.Progress) {
			c.told(p)
			select {
			case x.named <- p.Generation:
			default: // it has its name
			}
		})
		c.end(x)
	}()
	return x, nil
}

func (c *changes) end(x *change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cancel, c.last = nil, nil
	var refused *web.Problem
	if x.err != nil && !errors.Is(x.err, projections.ErrDropped) && !errors.As(x.err, &refused) {
		c.failed = x.err.Error()
	}
	close(x.done)
}

func (c *changes) told(p projections.Progress) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = &p
}

// progress is what the change under way told last: nil only when another can be begun, or when it has told nothing yet.
func (c *changes) progress() *projections.Progress {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

func (c *changes) lastError() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// close ends the change under way and waits for its end. Nothing can be begun any more.
func (c *changes) close() {
	c.mu.Lock()
	c.closed = true
	cancel, done := c.cancel, c.done
	c.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}

// wait returns the name of the generation, or why there will be none.
func (x *change) wait(ctx context.Context) (*GenerationAccepted, error) {
	select {
	case id := <-x.named:
		return &GenerationAccepted{ID: id}, nil
	case <-x.done:
		select {
		case id := <-x.named:
			return &GenerationAccepted{ID: id}, x.problem()
		default:
			return nil, x.problem()
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (x *change) problem() error {
	if x.err == nil {
		return nil
	}
	return fmt.Errorf("change the generations: %w", x.err)
}

// roomsOf reads "name@version".
func roomsOf(rooms []string) []RoomAnswer {
	all := []RoomAnswer{}
	for _, room := range rooms {
		name, version, _ := strings.Cut(room, "@")
		n, _ := strconv.Atoi(version)
		all = append(all, RoomAnswer{Name: name, Version: n})
	}
	return all
}
