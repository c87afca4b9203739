package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// measureSegments defines segments in a c360 that has been running for long, and measures how soon they answer.
func (o Options) measureSegments(ctx context.Context, t *table, s *server, load *traffic, size int) error {
	name := thousands(float64(size))
	if err := measurePreview(ctx, t, s, name); err != nil {
		return err
	}
	took, err := defineServed(ctx, s, 0, 1)
	if err != nil {
		return err
	}
	t.add(name+" events: a new segment live", millis(took), fmt.Sprintf("of %s customers", thousands(float64(load.customers))), "≤ 60 s")
	if took, err = defineServed(ctx, s, 1, manySegments); err != nil {
		return err
	}
	t.add(fmt.Sprintf("%s events: %d more segments live", name, manySegments-1), millis(took), "at once", "")
	if err := s.settle(ctx); err != nil {
		return err
	}
	seen, err := readMembership(ctx, s, load, 3*beyond+size, 5_000, o.Samples/4)
	if err != nil {
		return err
	}
	t.add(name+" events: membership visible after the acknowledgement, p99", millis(seen.quantile(0.99)),
		fmt.Sprintf("%d segments, while 5 k/s are written; p50 %s", manySegments, millis(seen.quantile(0.5))), "≤ 300 ms")
	return nil
}

// measurePreview asks how many customers a rule would find, by a sample and exactly.
func measurePreview(ctx context.Context, t *table, s *server, name string) error {
	for _, way := range []struct{ what, query, goal string }{{"sampled", "", "≤ 300 ms"}, {"exact", "?exact=1", "≤ 3 s"}} {
		var all latencies
		for i := range 5 {
			began := now()
			body := fmt.Appendf(nil, `{"rule":%s}`, ruleOf(2+10*i)) // others each time: answers are kept for some seconds
			if err := s.send(ctx, http.MethodPost, "/v1/segments/preview"+way.query, body); err != nil {
				return err
			}
			all = append(all, now().Sub(began))
		}
		t.add(name+" events: preview, "+way.what, millis(all.quantile(0.99)), "the slowest of 5; p50 "+millis(all.quantile(0.5)), way.goal)
	}
	return nil
}

// defineServed defines segments and waits until everybody has been judged under them.
func defineServed(ctx context.Context, s *server, from, to int) (time.Duration, error) {
	began := now()
	for i := from; i < to; i++ {
		if err := s.send(ctx, http.MethodPut, fmt.Sprintf("/v1/segments/bench-%d", i), fmt.Appendf(nil, `{"title":{"en":"Segment %d"},"rule":%s}`, i, ruleOf(i))); err != nil {
			return 0, err
		}
	}
	for ctx.Err() == nil {
		body, err := s.get(ctx, "/v1/segments")
		var busy busyError
		if err != nil && !errors.As(err, &busy) {
			return 0, err
		}
		var answer struct {
			Segments []struct {
				Name string          `json:"name"`
				Left json.RawMessage `json:"left"`
			} `json:"segments"`
		}
		if err == nil && json.Unmarshal(body, &answer) == nil && len(answer.Segments) >= to {
			left := 0
			for _, x := range answer.Segments {
				if strings.TrimSpace(string(x.Left)) != "null" {
					left++
				}
			}
			if left == 0 {
				break
			}
		}
		pause(ctx, 20*time.Millisecond)
	}
	return now().Sub(began), ctx.Err()
}

// readMembership measures the time from an acknowledgement to the answer which segments the customer is in now.
func readMembership(ctx context.Context, s *server, t *traffic, from, rate, samples int) (latencies, error) {
	var all latencies
	_, err := whilePouring(ctx, s, t, from, rate, func(ctx context.Context) error {
		for i := range max(samples, 1) {
			position, err := s.post(ctx, t.body(from+beyond+i, 1))
			if err != nil {
				return err
			}
			took, err := timed(ctx, s, "/v1/segments/bench-1/members?limit=1&order=id&wait="+url.QueryEscape(position))
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

// send sends JSON.
func (s *server) send(ctx context.Context, method, path string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	req.Header.Set("Content-Type", "application/json")
	_, _, err = s.do(req)
	return err
}
