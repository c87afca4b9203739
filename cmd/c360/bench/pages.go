package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"time"
)

// pages is what reading costs while writing goes on.
type pages struct {
	customer, timeline latencies
	written            float64 // events a second, meanwhile
}

// readPages asks for random customers' pages and timelines while rate events a second are written.
func readPages(ctx context.Context, s *server, t *traffic, from, rate, samples int) (pages, error) {
	p := pages{}
	ids, err := someCustomers(ctx, s, t, samples)
	if err != nil {
		return p, err
	}
	p.written, err = whilePouring(ctx, s, t, from, rate, func(ctx context.Context) error {
		for _, id := range ids {
			if err := p.sample(ctx, s, id); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

func (p *pages) sample(ctx context.Context, s *server, id string) error {
	took, err := timed(ctx, s, "/v1/customers/"+id)
	if err != nil {
		return err
	}
	p.customer = append(p.customer, took)
	took, err = timed(ctx, s, "/v1/customers/"+id+"/timeline?limit=50")
	p.timeline = append(p.timeline, took)
	pause(ctx, 5*time.Millisecond)
	return err
}

// readVisible measures the time from an acknowledgement to the event being in the API's answer.
func readVisible(ctx context.Context, s *server, t *traffic, from, rate, samples int) (latencies, error) {
	var all latencies
	other := *t
	other.seed++
	_, err := whilePouring(ctx, s, t, from, rate, func(ctx context.Context) error {
		for i := range samples {
			took, err := visible(ctx, s, &other, from+i)
			if err != nil {
				return err
			}
			all = append(all, took)
			pause(ctx, 7*time.Millisecond)
		}
		return nil
	})
	return all, err
}

func visible(ctx context.Context, s *server, t *traffic, n int) (time.Duration, error) {
	position, err := s.post(ctx, t.body(n, 1))
	if err != nil {
		return 0, err
	}
	who := url.QueryEscape(reference(t.customerOf(n)))
	return timed(ctx, s, "/v1/customers?identifier="+who+"&wait="+position)
}

// whilePouring runs what while events are written, and returns the rate at which they were.
func whilePouring(ctx context.Context, s *server, t *traffic, from, rate int, what func(context.Context) error) (float64, error) {
	pouring, stop := context.WithCancel(ctx)
	done := make(chan int)
	go func() { done <- pour(pouring, s, t, from, rate) }()
	pause(ctx, time.Second) // let the pour reach its pace
	began := now()
	err := what(ctx)
	stop()
	sent := <-done
	return float64(sent) / (now().Sub(began).Seconds() + 1), err
}

// c360 gives up waiting for a position after some seconds: that long it took at least.
func timed(ctx context.Context, s *server, path string) (time.Duration, error) {
	began := now()
	_, err := s.get(ctx, path)
	var busy busyError
	if errors.As(err, &busy) {
		err = nil
	}
	return now().Sub(began), err
}

// someCustomers looks up the ids of random customers.
func someCustomers(ctx context.Context, s *server, t *traffic, n int) ([]string, error) {
	r := rand.New(rand.NewPCG(t.seed, 7)) //nolint:gosec // G404: a seeded sample, not a secret
	var ids []string
	for len(ids) < n {
		body, err := s.get(ctx, "/v1/customers?identifier="+url.QueryEscape(reference(r.IntN(t.customers))))
		if err != nil {
			return nil, err
		}
		var answer struct {
			Customers []struct{ ID string }
		}
		if err := json.Unmarshal(body, &answer); err != nil {
			return nil, fmt.Errorf("look-up: %w", err)
		}
		for _, c := range answer.Customers {
			ids = append(ids, c.ID)
		}
	}
	return ids, nil
}
