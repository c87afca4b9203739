package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/ingest"
)

// door is ingest over a log, on a real socket, with nothing behind it: what the first half of c360 can do.
type door struct {
	log     *pebblelog.Log
	ingest  *ingest.Service
	server  *http.Server
	address string
}

func openDoor(ctx context.Context, dir string) (*door, error) {
	log, err := openLog(ctx, dir)
	if err != nil {
		return nil, err
	}
	sources := auth.NewSources()
	if err := sources.Add(Key, auth.Source{Name: "bench", Default: events.Asserted}); err != nil {
		return nil, err
	}
	catalogue, err := events.NewCatalogue()
	if err != nil {
		return nil, err
	}
	in, err := ingest.New(ingest.Config{
		Log: log, Sources: sources, Catalogue: catalogue, Normaliser: events.Normaliser{Region: "KR"},
		Now: now, Rejects: filepath.Join(dir, "rejects"),
	})
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	d := &door{
		log: log, ingest: in, address: listener.Addr().String(),
		server: &http.Server{Handler: in.Handler(), ReadHeaderTimeout: time.Minute},
	}
	go func() { _ = d.server.Serve(listener) }()
	return d, nil
}

// openLog opens the log of a folder, as every measurement does.
func openLog(ctx context.Context, dir string) (*pebblelog.Log, error) {
	return pebblelog.Open(ctx, pebblelog.Options{Dir: filepath.Join(dir, "log"), Now: now})
}

func (d *door) close() error {
	return errors.Join(d.server.Close(), d.ingest.Close(), d.log.Close())
}

// throughTheDoor sends count events over HTTP in the given shape and returns the rate. The bodies are made before
// the clock starts: the producer is somebody else's machine.
func throughTheDoor(ctx context.Context, dir string, t *traffic, count int, sh shape) (rate float64, err error) {
	d, err := openDoor(ctx, dir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	requests := make([][]byte, 0, count/sh.perRequest)
	for at := 0; at < count; at += sh.perRequest {
		requests = append(requests, request(t.body(at, sh.perRequest)))
	}
	wires := make([]*wire, sh.connections)
	for i := range wires {
		if wires[i], err = dial(ctx, d.address); err != nil {
			return 0, err
		}
		defer wires[i].close()
	}
	began := now()
	if err := spread(ctx, sh.connections, len(requests), func(_ context.Context, worker, i int) error {
		return wires[worker].post(requests[i])
	}); err != nil {
		return 0, err
	}
	return float64(count) / now().Sub(began).Seconds(), nil
}

// barePebble writes the very pairs that the log in dir holds, so many events a batch, so many writers, each batch
// synced before the writer goes on, and returns the rate.
func barePebble(ctx context.Context, dir string, sh shape) (rate float64, err error) {
	batches, count, err := storedPairs(ctx, dir, sh.perRequest)
	if err != nil {
		return 0, err
	}
	o := pebblelog.EngineOptions(vfs.Default, 32<<20)
	db, err := pebble.Open(filepath.Join(dir, "bare"), o)
	if err != nil {
		return 0, fmt.Errorf("open pebble: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	began := now()
	if err := spread(ctx, sh.connections, len(batches), func(_ context.Context, _, i int) error {
		b := db.NewBatch()
		for _, p := range batches[i] {
			if err := b.Set(p.Key, p.Value, nil); err != nil {
				return fmt.Errorf("set: %w", err)
			}
		}
		return b.Commit(pebble.Sync)
	}); err != nil {
		return 0, err
	}
	return float64(count) / now().Sub(began).Seconds(), nil
}

// storedPairs reads a log back as the keys and values it wrote, in batches of perBatch events.
func storedPairs(ctx context.Context, dir string, perBatch int) (batches [][]pebblelog.Pair, count int, err error) {
	log, err := openLog(ctx, dir)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	for after := events.Position(0); ; {
		page, err := log.Read(ctx, after, perBatch)
		if err != nil || len(page) == 0 {
			return batches, count, err
		}
		var batch []pebblelog.Pair
		for i := range page {
			batch = append(batch, pebblelog.RawPairs(&page[i])...)
		}
		batches = append(batches, batch)
		count += len(page)
		after = page[len(page)-1].Position
	}
}

// spread runs what for 0 … count-1 on so many workers, each of them on its own goroutine.
func spread(ctx context.Context, workers, count int, what func(ctx context.Context, worker, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		g.Go(func() error {
			for i := w; i < count && ctx.Err() == nil; i += workers {
				if err := what(ctx, w, i); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	return g.Wait()
}
