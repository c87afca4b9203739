package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/natshints"
	"github.com/c360hq/c360/services/ingest"
	"github.com/c360hq/c360/services/ingest/inlet"
)

const natsHelp = "a NATS `url` (nats://user:password@host:4222,host2:4222?replicas=3) to take touchpoints from\n" +
	"(c360.touchpoints.SOURCE) and to carry news of commits between processes"

// natsWays are what goes over NATS beside a log: touchpoints in, and hints of commits between processes. Without --nats
// there are none: nil works, and does nothing.
type natsWays struct {
	conn     *nats.Conn
	replicas int
	hints    *natshints.Hints
	heard    <-chan struct{}
	deaf     func() // stops listening
	inlet    *inlet.Inlet
	logger   *slog.Logger
}

// openNATS connects to what --nats names, and listens for hints.
func (c *config) openNATS(ctx context.Context, logger *slog.Logger) (*natsWays, error) {
	if c.nats == "" {
		return nil, nil //nolint:nilnil // nil is "no NATS", and its methods do nothing
	}
	conn, replicas, err := natslog.Dial(ctx, c.nats, "c360", logger)
	if err != nil {
		return nil, fmt.Errorf("--nats: %w", err)
	}
	w := &natsWays{conn: conn, replicas: replicas, hints: natshints.New(conn, ""), logger: logger}
	if w.heard, w.deaf, err = w.hints.Listen(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("--nats: %w", err)
	}
	return w, nil
}

// news gives something when another process may have committed.
func (w *natsWays) news() <-chan struct{} {
	if w == nil {
		return nil
	}
	return w.heard
}

// tell passes on what this process commits, while writer says that it is the one that writes, until ctx ends.
func (w *natsWays) tell(ctx context.Context, live *projections.Live, writer func() (generation string, writes bool)) {
	if w == nil {
		return
	}
	commits, end := live.Subscribe()
	defer end()
	w.hints.Tell(ctx, commits, writer)
}

// openInlet makes what the inlet needs in NATS, or says within seconds what is wrong.
func (w *natsWays) openInlet(ctx context.Context, service *ingest.Service, registry prometheus.Registerer) (err error) {
	if w == nil {
		return nil
	}
	w.inlet, err = inlet.Open(ctx, inlet.Options{
		Conn: w.conn, Ingest: service, Now: time.Now, Replicas: w.replicas, Logger: w.logger, Registry: registry,
	})
	if err != nil {
		return fmt.Errorf("--nats: %w", err)
	}
	return nil
}

// take takes touchpoints in until ctx ends. It returns when the batch under way is durable.
func (w *natsWays) take(ctx context.Context) {
	if w != nil && w.inlet != nil {
		w.inlet.Run(ctx)
	}
}

// close sends what is still to be sent (acknowledgements) and ends the connection.
func (w *natsWays) close() {
	if w == nil {
		return
	}
	w.deaf()
	if w.conn.IsConnected() {
		_ = w.conn.FlushTimeout(time.Second) // what is not heard comes again
	}
	w.conn.Close()
}
