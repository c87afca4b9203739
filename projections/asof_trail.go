package projections

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// trail is what the log holds of a fragment as of an instant. It is read page by page, no further than is asked for.
type trail struct {
	island   *island
	fragment uuid.UUID
	held     []events.Recorded
	after    events.Position // where reading goes on
	done     bool
	page     int
	// need is how many of the events have to be folded.
	need int
	// links and claims give the place in held of the first event that says an identifier, as one that links or not.
	links, claims map[events.Identifier]int
}

// The first page of a fragment is short: most are asked one thing, which their first event answers.
const (
	firstTrailPage = 64
	trailPage      = 1024
)

func (w *island) newTrail(f uuid.UUID) *trail {
	return &trail{
		island: w, fragment: f, page: firstTrailPage,
		links: map[events.Identifier]int{}, claims: map[events.Identifier]int{},
	}
}

// read reads one page more.
func (t *trail) read(ctx context.Context) error {
	page, err := t.island.past.opts.Log.ReadStream(ctx, events.FragmentStream(t.fragment), t.after, t.page)
	if err != nil {
		return fmt.Errorf("read the stream of a fragment after position %d: %w", t.after, err)
	}
	t.done, t.page = len(page) < t.page, trailPage
	for i := range page {
		r := &page[i]
		if r.Position > t.island.at.Known {
			t.done = true
			break
		}
		t.after = r.Position
		if t.island.at.Holds(r) {
			t.take(r)
		}
	}
	return t.island.spend(ctx, len(page))
}

func (t *trail) take(r *events.Recorded) {
	at := len(t.held)
	t.held = append(t.held, *r)
	if t.island.silent(t.fragment, r.Position) {
		return
	}
	for _, id := range r.Identifiers {
		in := t.claims
		if id.Links() {
			in = t.links
		}
		id.Grade = 0
		if _, had := in[id]; !had {
			in[id] = at
		}
	}
}

// all reads to the end; the whole trail has to be folded.
func (t *trail) all(ctx context.Context) error {
	for !t.done {
		if err := t.read(ctx); err != nil {
			return err
		}
	}
	t.need = len(t.held)
	return nil
}

// has reports whether the fragment had an identifier that links it, and keeps what proves it.
func (t *trail) has(ctx context.Context, id events.Identifier) (bool, error) {
	for {
		if at, ok := t.links[id]; ok {
			t.need = max(t.need, at+1)
			return true, nil
		}
		if t.done {
			return false, nil
		}
		if err := t.read(ctx); err != nil {
			return false, err
		}
	}
}

// claimed reports whether the fragment claimed an identifier.
func (t *trail) claimed(ctx context.Context, id events.Identifier) (bool, error) {
	for {
		if _, ok := t.claims[id]; ok || t.done {
			return ok, nil
		}
		if err := t.read(ctx); err != nil {
			return false, err
		}
	}
}
