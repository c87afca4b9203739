package main

import (
	"context"
	"sync"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// sign is what an engine said when it was last asked whether it is there. However often readiness is asked for, the engine is
// asked once a second.
type sign struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

const (
	signEvery  = time.Second
	signWithin = 2 * time.Second
)

// of asks, unless that was just done. Who asks for readiness meanwhile waits for the same answer.
func (s *sign) of(ctx context.Context, now func() time.Time, ask func(context.Context) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now().Sub(s.at) < signEvery {
		return s.err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), signWithin) // others want the answer too
	defer cancel()
	s.err = ask(ctx)
	s.at = now()
	return s.err
}

// askLog asks the engine of the log, if that is somewhere else.
func (r *readiness) askLog(ctx context.Context) error {
	if there, ok := r.app.house.log.(events.Pinger); ok {
		return there.Ping(ctx)
	}
	return nil
}

// askStore asks the engine of the read store. A view would wait for a reader, and that all of them are in use is no reason to
// send everybody away.
func (r *readiness) askStore(ctx context.Context) error {
	there, ok := r.app.house.factory.(projections.Shared)
	if !ok {
		return nil
	}
	_, err := there.LiveID(ctx)
	return err
}
