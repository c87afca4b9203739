package query

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
)

// allOf is the stretch of all ids: the first byte is below it.
const allOf = 256

// fold adds every customer of a scan to an accumulator. made is asked for several, one a stretch, before anything is read.
// A gentle scan needs one only.
func fold[P counting[P]](ctx context.Context, x *scan, made func() (P, error)) (P, error) {
	if x.again != nil {
		return foldGently(ctx, x, made)
	}
	return foldSample(ctx, x, allOf, made)
}

// foldSample adds the customers whose id's first byte is below a bound: ids are hashes, so that is a fair sample of so
// many of 256.
func foldSample[P counting[P]](ctx context.Context, x *scan, below int, made func() (P, error)) (P, error) {
	var none P
	first, err := made()
	if err != nil {
		return none, err
	}
	second, err := made()
	if err != nil {
		return none, err
	}
	half := below / 2
	x.run.begin(half, below)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var counted atomic.Int64
	one := func() { stopIf(stop, x.stretch(ctx, x.View, 0, 0, half, &counted, first.Add)) }
	two := func(v projections.View) { stopIf(stop, x.stretch(ctx, v, 1, half, below, &counted, second.Add)) }
	if x.twin == nil {
		one()
		two(x.View)
	} else {
		var both sync.WaitGroup
		both.Go(one)
		both.Go(func() { two(x.twin) })
		both.Wait()
	}
	if err := context.Cause(ctx); err != nil {
		return none, err
	}
	first.Merge(second)
	x.customers = counted.Load()
	return first, nil
}

func stopIf(stop context.CancelCauseFunc, err error) {
	if err != nil {
		stop(err)
	}
}

// stretch calls add with the customers of a stretch.
func (x *scan) stretch(ctx context.Context, v projections.View, part, from, to int, counted *atomic.Int64, add func(*history.History)) error {
	return sheltered(func() error {
		return x.each(ctx, v, edge(from), edge(to), func(h *history.History) error {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			x.run.reached(part, h.Customer)
			if !x.has(h) {
				return nil
			}
			counted.Add(1)
			add(h)
			return nil
		})
	})
}

// each calls found with everybody of a stretch who was heard of by the instant.
func (x *scan) each(ctx context.Context, v projections.View, from, to []byte, found func(*history.History) error) error {
	if x.need != nil && x.in == nil {
		return x.rooms.Everybody(ctx, v, x.groups, from, to, *x.need, found)
	}
	return x.rooms.Scan(ctx, v, x.groups, from, to, func(h *history.History) error {
		if h.Until(x.at) == 0 {
			return ctx.Err()
		}
		return found(h)
	})
}

// has reports whether the scan is about a customer.
func (x *scan) has(h *history.History) bool {
	if x.in == nil {
		return true
	}
	in, _ := x.in.At(h, x.at)
	return in
}

// edge is where the ids that begin with a byte do; nil at both ends.
func edge(first int) []byte {
	if first <= 0 || first >= allOf {
		return nil
	}
	id := uuid.UUID{byte(first)}
	return id[:]
}

// sheltered runs work outside of the goroutine of a request, where a panic would end c360 and not only the request.
func sheltered(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a panic: %v", p)
		}
	}()
	return work()
}
