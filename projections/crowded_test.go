package projections_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/projections"
)

type viewer interface {
	View(ctx context.Context) (projections.View, error)
}

// crowd opens views until there are no more, and returns what closes them.
func crowd(t *testing.T, s viewer) (leave func()) {
	t.Helper()
	var all []projections.View
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		v, err := s.View(ctx)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			break
		}
		must(t, err)
		all = append(all, v)
	}
	return func() {
		for _, v := range all {
			v.Close()
		}
	}
}

// TestStatusInACrowd: how far an engine is does not wait for those who read.
func TestStatusInACrowd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.engine(t)
	must(t, e.RunTo(t.Context(), b.add(t, poisoned()...)))
	before, err := e.Status(t.Context())
	must(t, err)
	defer crowd(t, b.store)()
	s, err := e.Status(t.Context())
	if err != nil || s.Parked == 0 || s.ParkedSeconds < before.ParkedSeconds || before.ParkedSeconds == 0 {
		t.Errorf("the status is %+v, %v, it was %+v", s, err, before)
	}
}

// hurried is a factory that says when a view of what another process writes was waited for in vain.
type hurried struct {
	projections.Shared
	projections.Factory
	vain chan struct{}
}

func (f *hurried) Follow(ctx context.Context, id string, spec projections.Spec) (projections.Store, error) {
	s, err := f.Shared.Follow(ctx, id, spec)
	return &hurriedStore{s, f}, err
}

type hurriedStore struct {
	projections.Store
	f *hurried
}

func (s *hurriedStore) View(ctx context.Context) (projections.View, error) {
	v, err := s.Store.View(ctx)
	if err != nil {
		select {
		case s.f.vain <- struct{}{}:
		default:
		}
	}
	return v, err
}

// TestFollowInACrowd: that all readers are in use is no trouble of a process that reads.
func TestFollowInACrowd(t *testing.T) {
	t.Parallel()
	h := setupHouse(t)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(20, 4)...)))
	inner := h.factory(t)
	f := &hurried{Shared: inner.(projections.Shared), Factory: inner, vain: make(chan struct{})}
	var said bytes.Buffer
	reader := h.beside(t, func(o *projections.GenerationsOptions) {
		o.Factory, o.Engine.Logger = f, slog.New(slog.NewTextHandler(&said, nil))
	})
	must(t, reader.Follow(t.Context()))
	leave := crowd(t, reader.Live())
	<-f.vain
	leave()
	must(t, reader.Live().Await(t.Context(), h.add(t, event(901, "anna", "page.viewed"))))
	must(t, reader.Stop())
	if strings.Contains(said.String(), "cannot be followed") {
		t.Errorf("it said %s", &said)
	}
}
