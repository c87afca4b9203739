package esdblog

import (
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/keys"
	"github.com/c360hq/c360/events/logindex"
)

// judge decides what becomes of every entry, as if the group were alone with what the index holds.
func (s *sequence) judge(g *group) error {
	end := s.log.index.End()
	j := judge{index: s.log.index, end: end, ids: map[keys.ID]events.Position{}, streams: map[keys.Stream]events.Position{}}
	if j.now = s.log.Now(); j.now.Before(end.RecordedAt) {
		j.now = end.RecordedAt
	}
	g.fresh, g.conflict, g.commit = g.fresh[:0], false, commit{first: end.Position + 1, prev: end.Hash}
	kept := g.reqs[:0]
	for _, req := range g.reqs {
		if err := j.restorable(req); err != nil {
			req.finish(err)
			continue
		}
		if err := j.request(req, g); err != nil {
			return err
		}
		kept = append(kept, req)
	}
	g.reqs, g.commit.hash, g.id = kept, j.end.Hash, uuid.New()
	return nil
}

// judge is the state of one judgement: the index, and what the group added in front of an entry.
type judge struct {
	index   *logindex.Index
	end     logindex.End
	now     time.Time
	ids     map[keys.ID]events.Position
	streams map[keys.Stream]events.Position
}

func (j *judge) request(req *request, g *group) error {
	for i := range req.items {
		it := &req.items[i]
		appended, err := j.entry(it)
		if err != nil {
			return err
		}
		if appended {
			g.fresh = append(g.fresh, it)
		}
		g.conflict = g.conflict || it.result.Outcome == events.Conflict
	}
	return nil
}

// restorable checks a Restore against the log; an Append has nothing to be checked.
func (j *judge) restorable(req *request) error {
	if req.restore == nil {
		return nil
	}
	if err := events.CheckRestore(j.end.Head, j.end.RecordedAt, &req.restore[0], req.items[0].record); err != nil {
		return err
	}
	for i := range req.items {
		p, err := j.index.Find(req.items[i].id)
		if err != nil {
			return err
		}
		if p != 0 {
			return events.RestoreTwice(req.restore[i].Position, p)
		}
	}
	return nil
}

// entry appends one entry, or says why not. A duplicate is one even if its expectation no longer holds.
func (j *judge) entry(it *item) (bool, error) {
	p, err := j.find(it)
	if err != nil || p != 0 {
		it.result = events.Result{Outcome: events.Duplicate, Position: p}
		return false, err
	}
	version, err := j.version(it)
	if err != nil || !it.expected.Check(version) {
		it.result = events.Result{Outcome: events.Conflict, Position: version}
		return false, err
	}
	p = j.end.Position + 1
	at := j.now
	if !it.at.IsZero() {
		at = it.at
	}
	events.StampRecord(it.record, p, at)
	j.end.Head, j.end.RecordedAt = events.Head{Position: p, Hash: j.end.Hash.Next(it.record)}, at
	j.ids[it.id], j.streams[it.stream] = p, p
	it.result = events.Result{Outcome: events.Appended, Position: p}
	return true, nil
}

func (j *judge) find(it *item) (events.Position, error) {
	if p, ok := j.ids[it.id]; ok {
		return p, nil
	}
	return j.index.Find(it.id)
}

func (j *judge) version(it *item) (events.Position, error) {
	if p, ok := j.streams[it.stream]; ok || !it.expected.IsSet() {
		return p, nil
	}
	p, _, err := j.index.StreamEnd(it.stream)
	return p, err
}
