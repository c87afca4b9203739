package esdblog

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	parallel     = 32             // streams written, or read, at once
	appendBytes  = 1<<20 - 32<<10 // of one append: below the limit of 1 MiB that servers have
	appendEvents = 1000
)

// write stores the bodies of a group, many streams at once and each stream in order. Requests whose streams the server
// refuses for good are answered, and the rest has to be judged again.
func (s *sequence) write(ctx context.Context, g *group) error {
	streams := map[string][]*item{}
	for _, it := range g.fresh {
		if !it.stored {
			streams[it.name] = append(streams[it.name], it)
		}
	}
	s.forget()
	refused, mu := map[string]error{}, sync.Mutex{}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(parallel)
	for name, items := range streams {
		mu.Lock()
		at := s.revision(items[0])
		mu.Unlock()
		work.Go(func() error {
			end, err := s.writeStream(ctx, name, at, items)
			mu.Lock()
			defer mu.Unlock()
			if s.revisions[name] = end; err != nil && ctx.Err() == nil {
				refused[name] = err
				return nil
			}
			return err
		})
	}
	if err := work.Wait(); err != nil || len(refused) == 0 {
		return err
	}
	return s.refuse(g, refused)
}

// refuse answers the requests that need a stream the server refuses.
func (s *sequence) refuse(g *group, refused map[string]error) error {
	kept := g.reqs[:0]
	for _, req := range g.reqs {
		if err := req.hit(refused); err != nil {
			req.finish(err)
			continue
		}
		kept = append(kept, req)
	}
	g.reqs = kept
	return errLost
}

func (r *request) hit(refused map[string]error) error {
	for i := range r.items {
		if err := refused[r.items[i].name]; err != nil && !r.items[i].stored {
			return err
		}
	}
	return nil
}

// forget keeps the map of revisions small. What is forgotten is asked of the index, and corrected by the server.
func (s *sequence) forget() {
	if len(s.revisions) > knownRevisions {
		clear(s.revisions)
	}
}

// revision returns the last revision of an item's stream, as far as is known.
func (s *sequence) revision(it *item) int64 {
	if at, ok := s.revisions[it.name]; ok {
		return at
	}
	if _, next, err := s.log.index.StreamEnd(it.stream); err == nil && next > 0 {
		return int64(next) - 1 //nolint:gosec // revisions are signed in the server
	}
	return noStream
}

// writeStream appends bodies to one stream, in as few calls as the limits allow, and returns where the stream is then.
func (s *sequence) writeStream(ctx context.Context, name string, at int64, items []*item) (int64, error) {
	for len(items) > 0 {
		n := chunk(items)
		bodies := make([]body, n)
		for i := range bodies {
			bodies[i] = items[i].body
		}
		var err error
		if at, err = s.place(ctx, name, at, bodies); err != nil {
			return at, err
		}
		for i, it := range items[:n] {
			it.stored, it.revision = true, uint64(at)-uint64(n-1-i) //nolint:gosec // not negative
		}
		items = items[n:]
	}
	return at, nil
}

// chunk returns how many items go into one append.
func chunk(items []*item) int {
	bytes := 0
	for i, it := range items {
		if bytes += it.body.size(); i > 0 && (bytes > appendBytes || i == appendEvents) {
			return i
		}
	}
	return len(items)
}

// place appends bodies behind at, or behind wherever the stream is. It goes on to another revision only when the server
// said that nothing was stored at this one; after an unclear answer it asks the same again, and the ids tell the server.
// It does so only as long as a caller would wait: a stream that the server never explains itself about must not hold up
// all others. What may be stored nevertheless is named by no commit, and so not part of the log.
func (s *sequence) place(ctx context.Context, name string, at int64, bodies []body) (int64, error) {
	limited, cancel := context.WithTimeout(ctx, s.log.Patience)
	defer cancel()
	for {
		err := retry(limited, func() error { return s.log.link.appendOnce(limited, name, at, bodies) })
		var wrong *versionError
		switch {
		case err == nil:
			return at + int64(len(bodies)), nil
		case limited.Err() != nil:
			return at, s.log.away(err)
		case !errors.As(err, &wrong):
			return at, s.log.link.explain(err)
		}
		at = wrong.current
	}
}

// seal lists what is new in the commit.
func (g *group) seal() {
	g.commit.refs = make([]ref, len(g.fresh))
	for i, it := range g.fresh {
		g.commit.refs[i] = ref{stream: it.name, revision: it.revision, at: recordedAt(it.record)}
	}
}

// recordedAt returns the time that a record was stamped with (events/record.go).
func recordedAt(record []byte) int64 {
	return int64(binary.BigEndian.Uint64(record[9:])) //nolint:gosec // the sign bit travels along
}

func (c *commit) body(id uuid.UUID) body {
	return body{id: id, kind: commitKind, data: c.encode(), meta: c.meta(), isBinary: true}
}

// explain says what to do about an error of the server.
func (l *link) explain(err error) error {
	var wrong *versionError
	switch code := status.Code(err); {
	case err == nil || isCorrupt(err) || errors.As(err, &wrong):
		return err
	case code == codes.Unauthenticated:
		return fmt.Errorf("esdblog: %s refuses the name or password of %q: correct them in the URL", l.place(), l.user)
	case code == codes.PermissionDenied:
		return fmt.Errorf("esdblog: %s does not let %s append to streams %s… and read $all: make it a member of $admins, or give it these rights", l.place(), l.who(), l.prefix)
	case code == codes.FailedPrecondition:
		return fmt.Errorf("esdblog: %s refuses: %w; %s", l.place(), err, remedyServer)
	}
	return fmt.Errorf("esdblog: %s: %w", l.place(), err)
}

func (l *link) who() string {
	if l.user == "" {
		return "somebody without name and password"
	}
	return fmt.Sprintf("%q", l.user)
}
