package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/query"
)

// overHTTP tells what a c360 that runs tells.
func (f *replayFlags) overHTTP(ctx context.Context, t *teller) error {
	a := api{url: strings.TrimRight(f.url, "/"), doer: http.DefaultClient}
	q, err := f.asked(ctx, &a)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+"/v1/replay?"+q.Encode(), nil)
	if err != nil {
		return usageError{fmt.Errorf("--url %q is no address; write http://127.0.0.1:3600", f.url)}
	}
	resp, err := a.doer.Do(r)
	if err != nil {
		return fmt.Errorf("c360 does not answer at %s; is it running there? --url says where: %w", a.url, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16)) // what cannot be read explains nothing
		return refused(resp, text)
	}
	return listen(bufio.NewReaderSize(resp.Body, 64<<10), t)
}

// asked is the query that says what the flags say.
func (f *replayFlags) asked(ctx context.Context, a *api) (url.Values, error) {
	q := url.Values{}
	for name, value := range map[string]string{
		"from": f.from, "to": f.to, "speed": f.speed, "clock": f.clock, "type": f.types, "channel": f.channels,
		"source": f.source, "segment": f.segment, "max_gap": f.maxGap.String(),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.tail {
		q.Set("tail", "1")
	}
	if f.customer == "" {
		return q, nil
	}
	id, err := a.findCustomer(ctx, f.customer)
	q.Set("customer", id)
	return q, err
}

// findCustomer returns the id of the customer that an id or an identifier names.
func (a *api) findCustomer(ctx context.Context, who string) (string, error) {
	if _, err := uuid.Parse(who); err == nil {
		return who, nil
	}
	var found query.SearchAnswer
	if err := a.call(ctx, http.MethodGet, "/v1/customers?identifier="+url.QueryEscape(who), nil, &found); err != nil {
		return "", err
	}
	if len(found.Customers) == 0 {
		return "", fmt.Errorf("--customer: nothing is known of %.60q", who)
	}
	return found.Customers[0].ID.String(), nil
}

// listen tells the messages of a stream, each as soon as nothing more of it is there, until the end of the replay.
func listen(from *bufio.Reader, t *teller) error {
	var name, last string
	for {
		if from.Buffered() == 0 {
			if err := t.flush(); err != nil {
				return err
			}
		}
		line, err := from.ReadBytes('\n')
		if err != nil {
			return broken(err, last)
		}
		field, value, _ := bytes.Cut(bytes.TrimRight(line, "\n"), []byte(": "))
		switch string(field) {
		case "event":
			name = string(value)
		case "id":
			last = string(value)
		case "data":
			if name == "end" {
				return nil
			}
			if err := t.heard(value); err != nil {
				return err
			}
		}
	}
}

// broken says how to go on after a stream that has no end.
func broken(err error, last string) error {
	if !errors.Is(err, io.EOF) {
		err = fmt.Errorf("the replay broke off: %w", err)
	} else {
		err = errors.New("the replay broke off: c360 has stopped, or the connection was lost")
	}
	var p events.Position
	if _, bad := fmt.Sscan(last, &p); bad == nil {
		return fmt.Errorf("%w; go on with --from %d", err, p+1)
	}
	return err
}
