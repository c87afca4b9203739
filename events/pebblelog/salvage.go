package pebblelog

import (
	"context"
	"errors"

	"github.com/cockroachdb/pebble/v2"

	"github.com/c360hq/c360/events"
)

// Gap is a run of positions that cannot be read.
type Gap struct {
	From, To events.Position
	// Why the first of them cannot be read.
	Why error
}

// Salvage reads whatever can still be read of the log in o.Dir, before and behind any damage, in order, and changes
// nothing. It calls f with each event, and returns the gaps between them. An event directly behind
// a gap cannot be held against the hash chain, only against the engine's checksum.
func Salvage(ctx context.Context, o Options, f func(events.Recorded) error) (gaps []Gap, err error) {
	s, err := prepare(o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.lock.Close()) }()
	db, err := s.engine(true)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	v := salvager{db: db, f: f}
	if v.end, err = s.end(db); err != nil {
		return nil, err
	}
	err = v.run(ctx)
	return v.gaps, err
}

// end returns the last position there is any trace of.
func (s *site) end(db pebble.Reader) (events.Position, error) {
	last, err := readLast(db)
	m, merr := readMark(s.fs, s.MarkPath)
	if m == nil {
		return last.Position, errors.Join(err, merr)
	}
	return max(last.Position, m.head.Position), nil
}

type salvager struct {
	db   pebble.Reader
	f    func(events.Recorded) error
	end  events.Position
	prev events.Recorded // the last event that could be read
	gaps []Gap
}

// callerError is an error of f, which ends the salvage; every other one is a gap.
type callerError struct{ error }

func (v *salvager) run(ctx context.Context) error {
	for next := events.Position(1); next <= v.end; {
		p, err := eachEvent(ctx, v.db, next-1, v.end, v.visit)
		if err == nil {
			return nil
		}
		if caller := (callerError{}); errors.As(err, &caller) {
			return caller.error
		}
		if next, err = v.skip(ctx, p, err); err != nil {
			return err
		}
	}
	return nil
}

func (v *salvager) visit(p events.Position, value []byte) error {
	r := events.Recorded{}
	if err := decodeEvent(value, p, &r); err != nil {
		return err
	}
	if p == v.prev.Position+1 && r.Hash != v.prev.Hash.Next(value[hashLen:]) {
		return errors.New("the record does not fit the hash chain")
	}
	v.prev = r
	if err := v.f(r); err != nil {
		return callerError{err}
	}
	return nil
}

// skip notes a gap that begins at p and returns the position behind it.
func (v *salvager) skip(ctx context.Context, p events.Position, why error) (events.Position, error) {
	next := p + 1
	for ; next <= v.end; next++ {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		var r events.Recorded
		if get(v.db, next, &r) == nil {
			break
		}
	}
	v.gaps = append(v.gaps, Gap{From: p, To: next - 1, Why: why})
	return next, nil
}
