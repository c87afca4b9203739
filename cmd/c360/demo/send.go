package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/cmd/c360/delivery"
)

// Sender sends touchpoints to c360 the way the company's systems would.
type Sender struct {
	// Client knows where c360 is, Keys the write key of every source.
	Client *delivery.Client
	Keys   map[string]string
	// Workers is how many requests are under way at once; 0 means 4.
	Workers int
	// Sent, if not nil, is told how many touchpoints of what time were acknowledged.
	Sent func(count int, at time.Time)

	position atomic.Uint64
	buffers  sync.Pool // request bodies that are used again
}

const perRequest = 500

// Position is the highest position the log has acknowledged.
func (s *Sender) Position() uint64 { return s.position.Load() }

// Send sends everything, in order of time as far as several requests at once allow, and returns when it is
// acknowledged. Sending again is harmless: every touchpoint has its id.
func (s *Sender) Send(ctx context.Context, all iter.Seq[Touchpoint]) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, s.workers()))
	open := map[string]*body{}
	var edge, last time.Time
	flush := func() {
		for _, source := range Sources {
			if b := open[source.Name]; b != nil {
				delete(open, source.Name)
				s.dispatch(ctx, group, b, last)
			}
		}
	}
	for t := range all {
		if ctx.Err() != nil {
			break
		}
		// Requests of different sources must not drift apart by more than a week.
		if last = t.At; t.At.After(edge) {
			flush()
			edge = t.At.Add(7 * day)
		}
		b := open[t.Source]
		if b == nil {
			b = &body{source: t.Source, raw: s.buffer()}
			open[t.Source] = b
		}
		if b.add(&t); b.count == perRequest {
			delete(open, t.Source)
			s.dispatch(ctx, group, b, last)
		}
	}
	flush()
	return group.Wait() //nolint:wrapcheck // post says what failed
}

func (s *Sender) workers() int {
	if s.Workers == 0 {
		return 4
	}
	return s.Workers
}

func (s *Sender) dispatch(ctx context.Context, group *errgroup.Group, b *body, at time.Time) {
	group.Go(func() error {
		raw := b.finish(time.Time{})
		if err := s.post(ctx, b.source, b.path(), raw); err != nil {
			return err
		}
		s.buffers.Put(&raw)
		if s.Sent != nil {
			s.Sent(b.count, at)
		}
		return nil
	})
}

// post sends one request until it is acknowledged. A rejected touchpoint is a fault of this package, so it stops.
func (s *Sender) post(ctx context.Context, source, path string, raw []byte) error {
	answer, err := s.Client.Post(ctx, s.Keys[source], path, raw)
	if err != nil {
		return fmt.Errorf("sending as %s to %s: %w", source, path, err)
	}
	var said struct {
		Rejected int `json:"rejected"`
	}
	// Segment's routes answer {"success":true}, which has no such member; that is fine.
	if json.Unmarshal(answer.Body, &said) == nil && said.Rejected > 0 {
		return fmt.Errorf("sending as %s to %s: %d touchpoints were rejected: %s", source, path, said.Rejected, bytes.TrimSpace(answer.Body))
	}
	s.reached(answer.Position)
	return nil
}

// reached raises the position.
func (s *Sender) reached(position uint64) {
	for {
		old := s.position.Load()
		if position <= old || s.position.CompareAndSwap(old, position) {
			return
		}
	}
}

func (s *Sender) buffer() []byte {
	if b, ok := s.buffers.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, 256<<10)
}
