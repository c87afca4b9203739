package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Doer sends a request. *http.Client is one; InProcess makes one of a handler.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Client posts to one c360.
type Client struct {
	// URL is where c360 listens, for example http://127.0.0.1:3600.
	URL string
	// Doer sends; nil means http.DefaultClient.
	Doer Doer
	// Wait pauses; nil means a timer.
	Wait func(context.Context, time.Duration) error
	// Tries is how often a request is sent at most; 0 means 60, which is several minutes.
	Tries int
}

const (
	manyTries    = 60
	longestPause = 5 * time.Second
	longestAsked = time.Minute
	longestSaid  = 1 << 20
)

// Answer is what c360 said to a request that it took.
type Answer struct {
	Body []byte
	// Position is the position of the last event of the request, 0 if the answer names none.
	Position uint64
}

// RefusedError is an answer that sending again cannot change.
type RefusedError struct {
	Status int
	Detail string
}

// Error returns what c360 said.
func (r *RefusedError) Error() string {
	return fmt.Sprintf("%d %s: %s", r.Status, http.StatusText(r.Status), r.Detail)
}

// Post sends body to path with a write key, until it is taken, refused, or ctx ends.
func (c *Client) Post(ctx context.Context, key, path string, body []byte) (Answer, error) {
	var last error
	tries := c.Tries
	if tries == 0 {
		tries = manyTries
	}
	for n := range tries {
		answer, pause, err := c.try(ctx, key, path, body)
		var refused *RefusedError
		if err == nil || errors.As(err, &refused) || ctx.Err() != nil {
			return answer, err
		}
		last = err
		if err := c.wait(ctx, max(pause, min(longestPause, 50*time.Millisecond<<min(n, 10)))); err != nil {
			return Answer{}, err
		}
	}
	return Answer{}, fmt.Errorf("given up after %d tries: %w", tries, last)
}

// try sends once. pause is how long the server asks to be left alone.
func (c *Client) try(ctx context.Context, key, path string, body []byte) (a Answer, pause time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+path, bytes.NewReader(body))
	if err != nil {
		return a, 0, &RefusedError{Detail: "the address " + strconv.Quote(c.URL) + " is not one; write http://127.0.0.1:3600"}
	}
	req.SetBasicAuth(key, "")
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.doer().Do(req)
	if err != nil {
		return a, 0, fmt.Errorf("c360 does not answer: %w", err)
	}
	defer resp.Body.Close()
	a.Body, err = io.ReadAll(io.LimitReader(resp.Body, longestSaid))
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= http.StatusInternalServerError:
		return a, retryAfter(resp), fmt.Errorf("c360 answers %s", resp.Status)
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return a, 0, &RefusedError{resp.StatusCode, detail(a.Body)}
	case err != nil:
		return a, 0, fmt.Errorf("the answer broke off: %w", err)
	}
	a.Position, _ = strconv.ParseUint(resp.Header.Get("C360-Position"), 10, 64) // 0: it has none
	return a, 0, nil
}

// Pause waits for d or for ctx, with the client's own clock.
func (c *Client) Pause(ctx context.Context, d time.Duration) error { return c.wait(ctx, d) }

func (c *Client) wait(ctx context.Context, d time.Duration) error {
	if c.Wait != nil {
		return c.Wait(ctx, d)
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

func (c *Client) doer() Doer {
	if c.Doer == nil {
		return http.DefaultClient
	}
	return c.Doer
}
