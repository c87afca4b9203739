package ingest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/c360hq/c360/services/web"
)

const (
	readStep  = 32 << 10        // how much a request asks the budget for at a time
	footprint = 3               // a body is held as bytes, as a string, and as the data of its events
	patience  = 2 * time.Second // how long a request waits for its share
	keepable  = 1 << 20         // buffers larger than this are not kept for the next request
)

// budget bounds the memory of all requests that are being read, together. A request takes its share as its bytes
// come in, so a slow sender holds no more than it has sent.
type budget struct {
	bytes *semaphore.Weighted
	pool  sync.Pool
}

func newBudget(total int64) *budget { return &budget{bytes: semaphore.NewWeighted(total)} }

// taken is a body in memory and the share of the budget it holds.
type taken struct {
	budget *budget
	buf    *bytes.Buffer
	share  int64
}

// read takes all of r. Call release when nothing refers to the bytes any more.
func (b *budget) read(ctx context.Context, r io.Reader) (*taken, error) {
	buf, ok := b.pool.Get().(*bytes.Buffer)
	if !ok {
		buf = new(bytes.Buffer)
	}
	t := &taken{budget: b, buf: buf}
	for {
		if err := t.grow(ctx, readStep*footprint); err != nil {
			t.release()
			return nil, err
		}
		n, err := io.CopyN(buf, r, readStep)
		switch {
		case err == io.EOF || err == nil && n < readStep: //nolint:errorlint // CopyN returns io.EOF itself
			return t, nil
		case err != nil:
			t.release()
			return nil, err //nolint:wrapcheck // a *web.Problem that says everything
		}
	}
}

// share takes part of the budget for something that is not a body.
func (b *budget) share(ctx context.Context, n int64) (*taken, error) {
	t := &taken{budget: b, buf: new(bytes.Buffer)}
	return t, t.grow(ctx, n)
}

func (t *taken) grow(ctx context.Context, n int64) error {
	if !t.budget.bytes.TryAcquire(n) {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if err := t.budget.bytes.Acquire(ctx, n); err != nil {
			return web.Wrong(http.StatusTooManyRequests, "too much is being received at once; send it again").After(1)
		}
	}
	t.share += n
	return nil
}

func (t *taken) release() {
	t.budget.bytes.Release(t.share)
	t.share = 0
	if t.buf.Cap() <= keepable {
		t.buf.Reset()
		t.budget.pool.Put(t.buf)
	}
	t.buf = nil
}
