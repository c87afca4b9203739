package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Doer sends a request. *http.Client is one; InProcess makes one of a handler.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Sender sends touchpoints to c360 the way the company's systems would.
type Sender struct {
	// URL is where c360 listens, Keys the write key of every source.
	URL  string
	Keys map[string]string
	// Client sends; nil means http.DefaultClient.
	Client Doer
	// Workers is how many requests are under way at once; 0 means 4.
	Workers int
	// Wait pauses; nil means a timer.
	Wait func(context.Context, time.Duration) error
	// Sent, if not nil, is told how many touchpoints of what time were acknowledged.
	Sent func(count int, at time.Time)

	position atomic.Uint64
	buffers  sync.Pool // request bodies that are used again
}

const (
	perRequest   = 500
	tries        = 40
	longestPause = 5 * time.Second
)

// Position is the highest position the log has acknowledged.
func (s *Sender) Position() uint64 { return s.position.Load() }

// Send sends everything, in order of time as far as several requests at once allow, and returns when it is
// acknowledged. Sending again is harmless: every touchpoint has its id.
func (s *Sender) Send(ctx context.Context, all iter.Seq[Touchpoint]) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, s.workers()))
	open := map[string]*body{}
	var edge, last time.Time
	flush := func() {
		for _, source := range Sources {
			if b := open[source.Name]; b != nil {
				delete(open, source.Name)
				s.dispatch(ctx, group, b, last)
			}
		}
	}
	for t := range all {
		if ctx.Err() != nil {
			break
		}
		// Requests of different sources must not drift apart by more than a week.
		if last = t.At; t.At.After(edge) {
			flush()
			edge = t.At.Add(7 * day)
		}
		b := open[t.Source]
		if b == nil {
			b = &body{source: t.Source, raw: s.buffer()}
			open[t.Source] = b
		}
		if b.add(&t); b.count == perRequest {
			delete(open, t.Source)
			s.dispatch(ctx, group, b, last)
		}
	}
	flush()
	return group.Wait() //nolint:wrapcheck // post says what failed
}

func (s *Sender) workers() int {
	if s.Workers == 0 {
		return 4
	}
	return s.Workers
}

func (s *Sender) dispatch(ctx context.Context, group *errgroup.Group, b *body, at time.Time) {
	group.Go(func() error {
		raw := b.finish(time.Time{})
		if err := s.post(ctx, b.source, b.path(), raw); err != nil {
			return err
		}
		s.buffers.Put(&raw)
		if s.Sent != nil {
			s.Sent(b.count, at)
		}
		return nil
	})
}

// post sends one request until it is acknowledged, refused for good, or tried too often.
func (s *Sender) post(ctx context.Context, source, path string, raw []byte) error {
	var last error
	for n := range tries {
		pause, err := s.try(ctx, source, path, raw)
		if err == nil {
			return nil
		}
		var f final
		if errors.As(err, &f) || ctx.Err() != nil {
			return err
		}
		last = err
		if err := s.wait(ctx, max(pause, min(longestPause, 50*time.Millisecond<<min(n, 10)))); err != nil {
			return err
		}
	}
	return fmt.Errorf("given up after %d tries: %w", tries, last)
}

// final is a refusal that trying again cannot change.
type final struct{ error }

func (f final) Unwrap() error { return f.error }

// try sends once. pause is how long the server asks to be left alone.
func (s *Sender) try(ctx context.Context, source, path string, raw []byte) (pause time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, bytes.NewReader(raw))
	if err != nil {
		return 0, final{fmt.Errorf("address %q: %w", s.URL, err)}
	}
	req.SetBasicAuth(s.Keys[source], "")
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.client().Do(req)
	if err != nil {
		return 0, fmt.Errorf("sending as %s: %w", source, err)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	_ = resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500:
		return retryAfter(resp), fmt.Errorf("sending as %s: %s", source, resp.Status)
	case resp.StatusCode >= 300:
		return 0, final{fmt.Errorf("sending as %s to %s: %s: %s", source, path, resp.Status, bytes.TrimSpace(answer))}
	case err != nil:
		return 0, fmt.Errorf("sending as %s: %w", source, err)
	}
	return 0, s.acknowledged(resp, source, answer)
}

func (s *Sender) acknowledged(resp *http.Response, source string, answer []byte) error {
	var said struct {
		Rejected int `json:"rejected"`
	}
	// Segment's routes answer {"success":true}, which has no such member; that is fine.
	if json.Unmarshal(answer, &said) == nil && said.Rejected > 0 {
		return final{fmt.Errorf("as %s: %d touchpoints were rejected: %s", source, said.Rejected, bytes.TrimSpace(answer))}
	}
	if n, err := strconv.ParseUint(resp.Header.Get("C360-Position"), 10, 64); err == nil {
		for old := s.position.Load(); n > old && !s.position.CompareAndSwap(old, n); old = s.position.Load() {
		}
	}
	return nil
}

func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, 60)) * time.Second
}

func (s *Sender) client() Doer {
	if s.Client == nil {
		return http.DefaultClient
	}
	return s.Client
}

func (s *Sender) wait(ctx context.Context, d time.Duration) error {
	if s.Wait != nil {
		return s.Wait(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // the caller's own context
	case <-timer.C:
		return nil
	}
}

func (s *Sender) buffer() []byte {
	if b, ok := s.buffers.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, 256<<10)
}
