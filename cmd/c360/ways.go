package main

import (
	"context"
	"log/slog"
)

// openWays connects to NATS for what goes over it beside a log: touchpoints, if --nats says so, and hints of commits, for
// which the NATS of the log does as well. Hints are a convenience: without them a reader looks by itself.
func (c *config) openWays(ctx context.Context, r roles, logger *slog.Logger) (*natsWays, error) {
	switch {
	case !r.appends():
		return nil, nil //nolint:nilnil // nil is "no NATS", and its methods do nothing
	case c.nats != "" || c.logKind() != engineNATS:
		return c.openNATS(ctx, logger)
	}
	same := *c
	same.nats = c.log
	w, err := same.openNATS(ctx, logger)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // opening the log says what is wrong; without hints a reader polls
	}
	return w, nil
}
