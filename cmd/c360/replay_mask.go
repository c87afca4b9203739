package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/mask"
)

// newMask makes a mask with a key that nobody knows, and that is gone with it.
func newMask(region string) (*mask.Mask, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	all, err := events.NewCatalogue()
	if err != nil {
		return nil, err
	}
	return mask.New(key, all, events.Normaliser{Region: region})
}

// masked tells events without who they are about.
func masked(region string, tell func(*events.Recorded) error) (func(*events.Recorded) error, error) {
	m, err := newMask(region)
	return func(r *events.Recorded) error {
		m.Event(r)
		return tell(r)
	}, err
}

// maskedLog is a log that is masked; it takes nothing in, so it cannot fail.
type maskedLog struct{ events.Log }

func (maskedLog) Failed() <-chan struct{} { return nil }

// withMasked is withHistory without who the customers are: the log is masked and folded into a read store of its own, which
// goes when it was seen.
func withMasked(
	ctx context.Context, e env, c *config, flags instantFlags, use func(*dataset.Source, replay.Origin) error,
) (err error) {
	source, err := openLogOnly(ctx, c, silentLogger())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.close()) }()
	at, err := flags.parse(ctx, source.log)
	if err != nil {
		return err
	}
	m, err := newMask(c.region)
	if err != nil {
		return err
	}
	h, done, err := maskedHouse(ctx, c, mask.Log(source.log, m))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	s := &dataset.Source{Log: h.log, Identity: h.rooms.identity, Profile: h.rooms.profile, At: at}
	show := func(s *dataset.Source, o replay.Origin) error {
		o.Masked = m.ID()
		return use(s, o)
	}
	if at.Now() {
		return h.withLive(ctx, s, show)
	}
	return h.withPast(ctx, e, s, show)
}

// maskedHouse folds a log in a folder of its own, which done removes.
func maskedHouse(ctx context.Context, c *config, log events.Log) (h *house, done func() error, err error) {
	own := *c
	own.store = ""
	if own.data, err = os.MkdirTemp("", "c360-masked-"); err != nil {
		return nil, nil, err
	}
	h = &house{log: maskedLog{log}}
	done = func() error { return errors.Join(h.close(), os.RemoveAll(own.data)) }
	if h.factory, err = own.openFactory(ctx, silentLogger()); err == nil {
		err = h.openGenerations(&own, silentLogger())
	}
	if err != nil {
		return nil, nil, errors.Join(err, done())
	}
	return h, done, nil
}

// lookBack is withHistory, or withMasked.
func lookBack(
	ctx context.Context, e env, c *config, flags instantFlags, masked bool, use func(*dataset.Source, replay.Origin) error,
) error {
	if masked {
		return withMasked(ctx, e, c, flags, use)
	}
	return withHistory(ctx, e, c, flags, use)
}

// holds says what those should know who pass an export on.
func holds(masked bool) string {
	if masked {
		return "masked, for training inside the company"
	}
	return "personal data"
}
