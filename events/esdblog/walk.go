package esdblog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"golang.org/x/sync/errgroup"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/logindex"
)

// walk goes through the engine in its order and puts the log together: it keeps the bodies it meets, and when a commit
// names them, chains them and checks the chain against what the commit says. One goroutine uses it.
type walk struct {
	link    *link
	pending *pending
	at      logindex.Place // how far it has come
	head    events.Head    // the end of the log there
	tip     int64          // revision of the last commit that was taken, noStream before the first
	tipID   string         // id of that event
	// sink takes the events of each commit, with their records. It is also called, with none, when the engine says how
	// far it was searched.
	sink func(placed []logindex.Placed, records [][]byte) error
	// live is called when the engine has taken the subscription, if it is set.
	live func(ctx context.Context)
}

// pendingRoom is how many bytes of bodies a walk keeps that no commit has named yet.
const pendingRoom = 64 << 20

// run follows the engine from where the walk is until ctx ends, the connection breaks, or sink returns an error.
func (w *walk) run(ctx context.Context) error {
	return w.link.read(ctx, w.link.subscribeAll(w.at.Major, w.at.Minor), func(m *api.ReadResp) error {
		switch c := m.GetContent().(type) {
		case *api.ReadResp_Confirmation:
			if w.live != nil {
				w.live(ctx)
			}
		case *api.ReadResp_Event:
			return w.event(ctx, c.Event.GetEvent())
		case *api.ReadResp_Checkpoint_:
			return w.reach(logindex.Place{Major: c.Checkpoint.GetCommitPosition(), Minor: c.Checkpoint.GetPreparePosition()})
		}
		return nil
	})
}

// reach notes that the engine holds nothing more for us up to a place.
func (w *walk) reach(place logindex.Place) error {
	if place.Compare(w.at) <= 0 {
		return nil
	}
	w.at = place
	return w.sink(nil, nil)
}

func (w *walk) event(ctx context.Context, e *api.ReadResp_ReadEvent_RecordedEvent) error {
	name, ours := strings.CutPrefix(string(e.GetStreamIdentifier().GetStreamName()), w.link.prefix)
	place := placeOf(e)
	if !ours || place.Compare(w.at) <= 0 {
		return nil
	}
	w.at = place
	if name != commitStream {
		w.pending.add(slot{name, e.GetStreamRevision()}, waiting{place: place, record: record(e)})
		return nil
	}
	return w.commit(ctx, e)
}

func placeOf(e *api.ReadResp_ReadEvent_RecordedEvent) logindex.Place {
	return logindex.Place{Major: e.GetCommitPosition(), Minor: e.GetPreparePosition()}
}

// commit takes a commit into the log. The walk comes to it only when nothing can break in between any more: whoever sees
// tip has the index hold all that this commit names.
func (w *walk) commit(ctx context.Context, e *api.ReadResp_ReadEvent_RecordedEvent) error {
	var placed []logindex.Placed
	var records [][]byte
	if e.GetStreamRevision() > 0 { // the first one says whose log this is, and names nothing
		c, err := decodeCommit(e.GetData())
		if err != nil {
			return w.corrupt(fmt.Sprintf("commit %d: %v", e.GetStreamRevision(), err))
		}
		if placed, records, err = w.chain(ctx, e.GetStreamRevision(), c); err != nil {
			return err
		}
	}
	w.tip, w.tipID = int64(e.GetStreamRevision()), e.GetId().GetString_() //nolint:gosec // revisions are signed in the server
	return w.sink(placed, records)
}

// chain gives the events that a commit names their places in the log.
func (w *walk) chain(ctx context.Context, revision uint64, c *commit) ([]logindex.Placed, [][]byte, error) {
	if c.first != w.head.Position+1 || c.prev != w.head.Hash {
		return nil, nil, w.corrupt(fmt.Sprintf("commit %d goes on after position %d, or after another history", revision, c.first-1))
	}
	bodies, err := w.bodies(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	placed, records := make([]logindex.Placed, len(c.refs)), make([][]byte, len(c.refs))
	for i := range c.refs {
		if placed[i], err = w.place(&c.refs[i], bodies[i]); err != nil {
			return nil, nil, err
		}
		records[i] = bodies[i].record
	}
	if w.head.Hash != c.hash {
		return nil, nil, w.corrupt(fmt.Sprintf("the events up to %d are not those that were committed", w.head.Position))
	}
	return placed, records, nil
}

// place gives a body the next position.
func (w *walk) place(r *ref, b waiting) (logindex.Placed, error) {
	p := w.head.Position + 1
	var e events.Recorded
	if err := events.DecodeRecord(b.record, &e); err != nil {
		return logindex.Placed{}, w.corrupt(fmt.Sprintf("event %d of stream %s: %v", r.revision, w.link.prefix+r.stream, err))
	}
	events.StampRecord(b.record, p, r.moment())
	w.head = events.Head{Position: p, Hash: w.head.Hash.Next(b.record)}
	return logindex.Placed{
		ID: keys.NewID(e.Source, e.ID), Stream: keys.NewStream(e.Stream),
		Entry: logindex.Entry{Position: p, Place: b.place, Hash: w.head.Hash, RecordedAt: r.moment(), Revision: r.revision + 1},
	}, nil
}

// bodies returns what a commit names, and asks the server for what did not pass by.
func (w *walk) bodies(ctx context.Context, c *commit) ([]waiting, error) {
	out := make([]waiting, len(c.refs))
	missing := map[string][]int{}
	for i := range c.refs {
		b, ok := w.pending.take(slot{c.refs[i].stream, c.refs[i].revision})
		if out[i] = b; !ok {
			missing[c.refs[i].stream] = append(missing[c.refs[i].stream], i)
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for stream, want := range missing {
		g.Go(func() error { return w.fetch(ctx, stream, c, want, out) })
	}
	return out, g.Wait()
}

// fetch reads the bodies of one stream that a commit names: want are their places in it.
func (w *walk) fetch(ctx context.Context, stream string, c *commit, want []int, out []waiting) error {
	slices.SortFunc(want, func(a, b int) int { return cmp.Compare(c.refs[a].revision, c.refs[b].revision) })
	first, last := c.refs[want[0]].revision, c.refs[want[len(want)-1]].revision
	at := 0
	err := w.link.read(ctx, w.link.streamFrom(stream, first, last-first+1), func(m *api.ReadResp) error {
		e := m.GetEvent().GetEvent()
		if e == nil || at == len(want) || e.GetStreamRevision() != c.refs[want[at]].revision {
			return nil
		}
		out[want[at]] = waiting{place: placeOf(e), record: record(e)}
		at++
		return nil
	})
	if err == nil && at < len(want) {
		return w.corrupt(fmt.Sprintf("event %d of stream %s is gone, which a commit names", c.refs[want[at]].revision, w.link.prefix+stream))
	}
	return err
}

// corrupt is the error of an engine that does not hold what was acknowledged.
func (w *walk) corrupt(what string) error {
	return &events.CorruptError{Position: w.head.Position + 1, What: what, Remedy: remedyServer}
}

const remedyServer = "put the streams of this log back from a backup of the server, and keep deletes, $maxAge, $maxCount and scavenging away from them"

// isCorrupt reports whether an error says that the engine has lost or changed something.
func isCorrupt(err error) bool {
	var corrupt *events.CorruptError
	return errors.As(err, &corrupt)
}
