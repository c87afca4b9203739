package bench

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// shape is how events are sent: so many per request, over so many connections.
type shape struct {
	perRequest, connections int
}

// send posts the events [from, to) as fast as c360 takes them and returns the rate.
func send(ctx context.Context, s *server, t *traffic, from, to int, sh shape) (float64, error) {
	began := now()
	next := atomic.Int64{}
	next.Store(int64(from))
	g, ctx := errgroup.WithContext(ctx)
	for range sh.connections {
		g.Go(func() error {
			for {
				at := int(next.Add(int64(sh.perRequest))) - sh.perRequest
				if at >= to {
					return nil
				}
				if _, err := s.post(ctx, t.body(at, min(sh.perRequest, to-at))); err != nil {
					return err
				}
			}
		})
	}
	err := g.Wait()
	return float64(to-from) / now().Sub(began).Seconds(), err
}

// pour sends events from from on at a steady rate until ctx ends; it returns how many were sent.
func pour(ctx context.Context, s *server, t *traffic, from int, rate int) int {
	const perRequest = 100
	began, sent := now(), 0
	for ctx.Err() == nil {
		due := int(now().Sub(began).Seconds() * float64(rate))
		if due < sent+perRequest {
			pause(ctx, time.Millisecond)
			continue
		}
		if _, err := s.post(ctx, t.body(from+sent, perRequest)); err != nil {
			return sent
		}
		sent += perRequest
	}
	return sent
}
