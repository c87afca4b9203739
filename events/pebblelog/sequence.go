package pebblelog

import (
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
)

// sequence gives events their positions. One goroutine runs it; nobody else touches it.
type sequence struct {
	log      *Log
	identity identity
	number   uint64      // of the group being built
	head     events.Head // the last event that has a position, durable or not
	last     time.Time   // its recorded time
	recent   *recent
	space    space
}

// group is what is committed at once: the events of all the requests that had come.
type group struct {
	batch    *pebble.Batch // nil if nothing new was in it
	requests []*request
	bytes    int
	events   int                             // fewer than recent remembers, so that a group finds its own repeats
	mark     mark                            // what the high-water mark says once the group is durable
	streams  map[keys.Stream]events.Position // last positions in this group; nil until somebody expects a version
}

// run builds and commits one group after another. While one is being synced the next is judged, hashed and written; then
// it waits its turn, so that a third gathers what comes meanwhile. More groups on the way would only be smaller ones.
func (s *sequence) run() {
	l := s.log
	defer l.done.Done()
	defer close(l.groups)
	for req := range l.requests {
		s.number++
		g := &group{}
		s.take(g, req)
		s.collect(g)
		g.mark = mark{identity: s.identity, head: s.head}
		s.commit(g)
		l.groups <- g
	}
}

// collect adds the requests that wait already, up to the size a group should have.
func (s *sequence) collect(g *group) {
	for g.bytes < maxGroup && g.events < recentMax {
		select {
		case req, ok := <-s.log.requests:
			if !ok {
				return
			}
			s.take(g, req)
		default:
			return
		}
	}
}

// take judges a request and makes it part of the group, or refuses it.
func (s *sequence) take(g *group, req *request) {
	err := s.log.life.Err()
	if err == nil {
		err = s.space.check(s.log.site.Now())
	}
	if err == nil {
		err = s.judge(g, req)
	}
	if err != nil {
		req.outcome <- err
		return
	}
	g.requests = append(g.requests, req)
}

// judge decides for each entry whether it is new. After an error nothing may be committed any more.
func (s *sequence) judge(g *group, req *request) error {
	if req.restored != nil {
		return s.judgeRestored(g, req)
	}
	now := s.log.site.Now()
	stale := !s.recent.covers(req.seen)
	for i := range req.items {
		it := &req.items[i]
		r, err := s.verdict(g, it, stale)
		if err == nil && r.Outcome == events.Appended {
			err = s.add(g, it, now)
		}
		if err != nil {
			return s.log.site.fail(err)
		}
		req.results[i] = r
	}
	return nil
}

// verdict says what becomes of an entry. A duplicate is one even if its expectation no longer holds: it is the
// answer a writer needs who repeats what already went through.
func (s *sequence) verdict(g *group, it *item, stale bool) (events.Result, error) {
	p, err := s.earlier(it, stale)
	if p != 0 || err != nil {
		return events.Result{Outcome: events.Duplicate, Position: p}, err
	}
	if it.expected.IsSet() {
		version, err := s.version(g, &it.stream)
		if err != nil || !it.expected.Check(version) {
			return events.Result{Outcome: events.Conflict, Position: version}, err
		}
	}
	return events.Result{Outcome: events.Appended, Position: s.head.Position + 1}, nil
}

// earlier returns the position of the event with the same (source, id), 0 if there is none.
func (s *sequence) earlier(it *item, stale bool) (p events.Position, err error) {
	p = it.known
	if p == 0 {
		p = s.recent.find(it.id)
	}
	if p == 0 && stale {
		p, err = s.log.findID(&it.id)
	}
	return p, err
}

// add gives an entry the next position and writes its pairs into the batch.
func (s *sequence) add(g *group, it *item, now time.Time) error {
	p := s.head.Position + 1
	record := it.value[hashLen:]
	if now.After(s.last) {
		s.last = now
	}
	events.StampRecord(record, p, s.last)
	s.head = events.Head{Position: p, Hash: s.head.Hash.Next(record)}
	copy(it.value, s.head.Hash[:])
	s.recent.add(it.id, p, s.number)
	s.log.filter.Add(&it.id)
	g.bytes += len(it.value)
	g.events++
	if g.batch == nil {
		g.batch = s.log.db.NewBatch(pebble.WithInitialSizeBytes(64<<10), pebble.WithMaxRetainedSizeBytes(maxGroup))
	}
	if g.streams != nil {
		g.streams[it.stream] = p
	}
	return writePairs(g.batch, it, p)
}

// writePairs writes what RawPairs describes.
func writePairs(b *pebble.Batch, it *item, p events.Position) error {
	event := keys.NewEvent(p)
	if err := b.Set(event[:], it.value, nil); err != nil {
		return err
	}
	stream := b.SetDeferred(len(it.stream)+8, 0)
	copy(stream.Key, it.stream[:])
	copy(stream.Key[len(it.stream):], event[1:])
	if err := stream.Finish(); err != nil {
		return err
	}
	return b.Set(it.id[:], event[1:], nil)
}

// version returns the position of the last event of a stream, with what the group under construction adds.
func (s *sequence) version(g *group, stream *keys.Stream) (events.Position, error) {
	if g.streams == nil {
		g.streams = map[keys.Stream]events.Position{}
		g.replay()
	}
	if p := g.streams[*stream]; p != 0 {
		return p, nil
	}
	return lastOf(s.log.db, stream)
}

// replay fills streams from the batch, for the first entry of a group that expects a version.
func (g *group) replay() {
	if g.batch == nil {
		return
	}
	for r := g.batch.Reader(); ; {
		_, key, _, ok, _ := r.Next()
		if !ok {
			return
		}
		if key[0] == keys.PrefixStream {
			p, _ := keys.Position(key)
			g.streams[keys.Stream(key[:len(keys.Stream{})])] = p
		}
	}
}

// lastOf returns the position of the last event of a stream in db, 0 if it is empty.
func lastOf(db pebble.Reader, stream *keys.Stream) (events.Position, error) {
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: stream[:], UpperBound: stream.At(^events.Position(0))})
	if err != nil {
		return 0, err
	}
	var p events.Position
	if it.Last() {
		p, _ = keys.Position(it.Key())
	}
	if err := it.Error(); err != nil {
		_ = it.Close()
		return 0, err
	}
	return p, it.Close()
}

// commit hands the group to Pebble, which writes it to the WAL and makes it readable, and returns before the sync.
// Should Pebble panic, it keeps its locks, and the log is then beyond closing.
func (s *sequence) commit(g *group) {
	defer func() {
		if r := recover(); r != nil {
			s.log.wedged.Store(true)
			_ = s.log.site.fail(fmt.Errorf("commit: %v", r))
		}
	}()
	if g.batch == nil || s.log.life.Err() != nil {
		return
	}
	if err := s.log.db.ApplyNoSyncWait(g.batch, pebble.Sync); err != nil {
		_ = s.log.site.fail(fmt.Errorf("commit: %w", err))
		return
	}
	s.log.applied.Store(s.number)
}
