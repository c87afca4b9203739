package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/c360hq/c360/cmd/c360/delivery"
	"github.com/c360hq/c360/events"
)

// withFolder opens a data folder that no c360 runs on, brings it up to date, and calls use with its API, which nobody else
// can reach.
func withFolder(ctx context.Context, e env, c *config, use func(*api) error) (err error) {
	if err := errors.Join(c.check(), c.mustHaveLog()); err != nil {
		return err
	}
	tuneRuntime(e)
	h, err := openHouse(ctx, c, silentLogger())
	if err != nil {
		return err
	}
	a := &app{config: c, roles: roles{query: true}, house: h, logger: silentLogger()}
	defer func() { err = errors.Join(err, a.closeServices(), h.close()) }()
	if err := h.upToDate(ctx); err != nil {
		return err
	}
	doer, err := a.inProcess(c) //nolint:contextcheck // what it starts ends with Close
	if err != nil {
		return err
	}
	return use(&api{url: "http://127.0.0.1", doer: doer, said: e.stderr})
}

// upToDate starts folding and waits until all of the log is.
func (h *house) upToDate(ctx context.Context) error {
	if err := h.generations.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	head, err := h.log.Head(ctx)
	if err != nil {
		return err
	}
	if err := h.generations.Live().Await(ctx, head.Position); err != nil {
		return fmt.Errorf("bring the read store up to date: %w", err)
	}
	return nil
}

// inProcess serves the API to this process only.
func (a *app) inProcess(c *config) (doer delivery.Doer, err error) {
	if a.catalogue, err = events.NewCatalogue(); err != nil {
		return nil, err
	}
	if err := a.openQuery(c, prometheus.NewRegistry()); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	a.query.Routes(mux)
	return delivery.InProcess(mux), nil
}

// ask tries the rules on the folder or on the c360 that runs, whichever is named.
func (w *whatIf) ask(ctx context.Context, e env, use func(*api) error) error {
	switch {
	case w.url != "":
		return use(&api{url: w.url, doer: http.DefaultClient, said: e.stderr})
	case w.folder.data != "":
		return withFolder(ctx, e, &w.folder, use)
	}
	return use(&api{url: defaultURL, doer: http.DefaultClient, said: e.stderr})
}

const defaultURL = "http://127.0.0.1:3600"
