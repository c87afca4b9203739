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
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/replay"
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
	from, to, err := f.moments()
	if err != nil {
		return nil, err
	}
	q := url.Values{}
	for name, value := range map[string]string{
		"from": from, "to": to, "speed": f.speed, "clock": f.clock, "type": f.types, "channel": f.channels,
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

// moments are --from and --to with days brought to times here, in the zone of --zone: the API takes them for days of
// Seoul. What is no time is left to the API.
func (f *replayFlags) moments() (from, to string, err error) {
	loc, err := f.location()
	if err != nil {
		return "", "", err
	}
	from, to = f.from, f.to
	if t, err := replay.ParseFrom(from, loc); err == nil {
		from = t.Format(time.RFC3339Nano)
	}
	if t, err := projections.ParseTime(to, loc); err == nil {
		to = t.Format(time.RFC3339Nano)
	}
	return from, to, nil
}

// findCustomer returns the id of the customer that an id or an identifier names. What is only claimed counts if nothing
// is proven.
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
	var all []uuid.UUID
	for i := range found.Customers {
		if h := &found.Customers[i]; h.Matched.Proven || !found.Customers[0].Matched.Proven {
			all = append(all, h.ID)
		}
	}
	return all[0].String(), onlyOne(all)
}

// onlyOne refuses a name that several customers have: a replay is of one.
func onlyOne(customers []uuid.UUID) error {
	if len(customers) < 2 {
		return nil
	}
	return fmt.Errorf("--customer: %d customers are known by that identifier; give the id of one of them: %s",
		len(customers), strings.Trim(fmt.Sprint(customers), "[]"))
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
