package main

import (
	"context"
	"time"
)

// postEvery is how often it is looked whether this process writes the read stores.
const postEvery = time.Second

// whileWriting runs work while this process is the one that writes the read stores, again each time it becomes that.
func (h *house) whileWriting(ctx context.Context, work func(context.Context)) {
	every := time.NewTicker(postEvery)
	defer every.Stop()
	for ctx.Err() == nil {
		if h.generations.Post().Writes {
			h.untilAside(ctx, work)
		}
		select {
		case <-every.C:
		case <-ctx.Done():
		}
	}
}

// untilAside runs work until another process writes.
func (h *house) untilAside(ctx context.Context, work func(context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx)
	}()
	every := time.NewTicker(postEvery)
	defer every.Stop()
	for h.generations.Post().Writes && ctx.Err() == nil {
		select {
		case <-every.C:
		case <-ctx.Done():
		}
	}
	cancel()
	<-done
}
