package ingest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/ingest"
)

// wary is a log that checks every event it is given against what the rest of the house relies on.
type wary struct {
	events.Log
	t *testing.T
	n int
}

func (l *wary) Append(_ context.Context, entries ...events.Entry) ([]events.Result, error) {
	results := make([]events.Result, len(entries))
	for i := range entries {
		l.check(&entries[i])
		l.n++
		results[i] = events.Result{Outcome: events.Appended, Position: events.Position(l.n)}
	}
	return results, nil
}

func (l *wary) check(entry *events.Entry) {
	e := &entry.Event
	if err := events.CheckEntry(entry); err != nil {
		l.t.Errorf("the log will not take it: %v", err)
	}
	if e.Data != nil && (e.Data[0] != '{' || events.CheckJSON(e.Data) != nil && len(e.Data) <= events.MaxEvent) {
		l.t.Errorf("data is not sound: %q, %v", e.Data, events.CheckJSON(e.Data))
	}
	if e.ID == "" || e.Type == "" || e.Source != "pos" && !strings.HasPrefix(e.Source, "pos/") || e.Channel == "" {
		l.t.Errorf("incomplete: id %q type %q source %q channel %q", e.ID, e.Type, e.Source, e.Channel)
	}
	if e.Time.After(noon.Add(time.Minute)) || e.Time.Year() < 1990 || !e.Received.Equal(noon) {
		l.t.Errorf("happened %s, received %s", e.Time, e.Received)
	}
	for _, id := range e.Identifiers {
		if again, err := (events.Normaliser{}).Identifier(id.Kind, id.Value); err != nil || again != id.Value || id.Grade != events.Asserted {
			l.t.Errorf("%s is not normalised or graded: %q, %v", id, again, err)
		}
	}
}

// post sends a body and returns the status; anything but a clear answer is an error.
func post(t *testing.T, h http.Handler, path, contentType string, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.SetBasicAuth(posKey, "")
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	switch w.Code {
	case http.StatusOK, http.StatusAccepted, http.StatusBadRequest, http.StatusRequestEntityTooLarge:
	default:
		t.Fatalf("%s answered %d %s", path, w.Code, w.Body)
	}
	if w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
		t.Fatalf("%s answered %s", path, w.Body)
	}
	return w
}

// fuzzEdge is made once for a fuzz target. Its rejects go to memory if the machine has a disk there: each is synced.
func fuzzEdge(f *testing.F) (*ingest.Service, *wary) {
	log := &wary{}
	service, _, _ := newService(f, func(c *ingest.Config) {
		c.Log, c.RejectBytes = log, 1<<20
		if dir, err := os.MkdirTemp("/dev/shm", "c360"); err == nil {
			c.Rejects = dir
			f.Cleanup(func() { _ = os.RemoveAll(dir) })
		}
	})
	return service, log
}

func FuzzSegmentBody(f *testing.F) {
	for _, seed := range []string{
		benchBatch(2, 1), `{"batch":[]}`, `{"batch":[{}],"sentAt":"x"}`, `{"batch":[{"type":"track","event":"Order Completed","userId":1,"properties":{"products":[{"product_id":"1"}],"email":"a@b.example"}}]}`,
		`{"type":"identify","userId":"u","traits":{"email":"A@x.example","phone":"010-4821-7730"},"context":{"traits":{},"externalIds":[{"id":"1","type":"card"}],"page":{}}}`,
		`{"type":"alias","userId":"u","previousId":"v"}`, `{"type":"page","name":"n","category":"c","anonymousId":"a","properties":{"Name":"x"}}`,
		`{"userId":"u","event":"a\u0000"}`, `{"userId":"u","event":"Song","userId":"v"}`, "\xff", `{"batch":[{"type":"track","event":"e","userId":"u","timestamp":"2026-11-21T11:00:00.5+09:00","context":{"event":1}}]}`,
		`{"b\u0061tch":[{"type":"video","userId":"u","timestamp":7}],"context":{"a":1}}`,
		`{"api_key":"k","batch":[{"event":"$identify","distinct_id":"d","properties":{"$set":{"email":"a@b.example"}}}]}`,
	} {
		f.Add([]byte(seed))
	}
	service, log := fuzzEdge(f)
	h := service.Handler()
	f.Fuzz(func(t *testing.T, body []byte) {
		log.t = t
		for _, path := range []string{"/v1/track", "/v1/identify", "/v1/alias", "/v1/page", "/v1/merge", "/batch/", "/v1/import"} {
			post(t, h, path, "text/plain", body)
		}
		before := log.n
		w := post(t, h, "/v1/batch", "application/json", body)
		var o struct{ Accepted, Rejected int }
		if w.Code == http.StatusOK && json.Unmarshal(w.Body.Bytes(), &o) == nil {
			messages, err := events.CheckBatch(body, "batch")
			if err != nil || o.Accepted+o.Rejected != len(messages) || o.Accepted != log.n-before {
				t.Errorf("%d messages, %d stored, the answer says %s", len(messages), log.n-before, w.Body)
			}
		}
	})
}

func FuzzCloudEvent(f *testing.F) {
	for _, seed := range []string{
		`{"specversion":"1.0","id":"1","source":"s","type":"t","subject":"u","data":{"a":1}}`,
		`[{"specversion":"1.0","id":"1","source":"pos","type":"order.completed","data":{"order_id":"1","email":"a@b.example"}},{}]`,
		`{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"eyJhIjoxfQ==","phone":"010-4821-7730","Region":"kr","x":true}`,
		`{"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"text/plain","data":"\u0001"}`,
		`{"specversion":"1.0","id":"1","source":"s","type":"identity.linked"}`, `{"data":[1,{"a":null}],"extensions":1}`, `[]`, `null`, "\x00",
	} {
		f.Add([]byte(seed))
	}
	service, log := fuzzEdge(f)
	h := service.Handler()
	f.Fuzz(func(t *testing.T, body []byte) {
		log.t = t
		for _, contentType := range []string{"application/cloudevents+json", "application/cloudevents-batch+json"} {
			before := log.n
			if w := post(t, h, "/v1/events", contentType, body); w.Code == http.StatusAccepted && w.Body.Len() > 0 {
				t.Errorf("success has a body: %s", w.Body)
			} else if w.Code == http.StatusBadRequest && contentType == "application/cloudevents+json" && log.n != before {
				t.Error("a refused event was stored")
			}
		}
		for _, media := range []string{"", "application/json", "text/plain"} {
			r := httptest.NewRequest(http.MethodPost, "/v1/events", bytes.NewReader(body))
			r.SetBasicAuth(posKey, "")
			r.Header = http.Header{
				"Authorization": r.Header["Authorization"], "Content-Type": {media}, "Ce-Id": {"1"}, "Ce-Type": {"t"},
				"Ce-Source": {"s"}, "Ce-Specversion": {"1.0"}, "Ce-Subject": {string(body[:min(len(body), 200)])},
			}
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, r); w.Code != http.StatusAccepted && w.Code != http.StatusBadRequest && w.Code != http.StatusRequestEntityTooLarge {
				t.Errorf("binary %q: %d %s", media, w.Code, w.Body)
			}
		}
	})
}

// FuzzCSVRow puts a row between two good ones. Whatever it is, both good ones are stored, unless it opens a quote
// that the rest of the file happens to close.
func FuzzCSVRow(f *testing.F) {
	for _, seed := range []string{
		"x,t,2024-01-01", "x", `x,"t`, `"x","t","2024-01-01"`, "x,t\"t,", "\"a\nb\",t,", "\xff,t,", ",,", "", "\r", "\x00,t,", `"",t,""""`,
	} {
		f.Add([]byte(seed))
	}
	service, log := fuzzEdge(f)
	f.Fuzz(func(t *testing.T, row []byte) {
		log.t = t
		before := log.n
		body := fmt.Sprintf("id,type,time\nbefore,t,2024-01-01\n%s\nafter,t,2024-01-01\n", row)
		w := post(t, service.Handler(), "/v1/import?format=csv", "text/csv", []byte(body))
		var o struct{ Accepted, Duplicates, Rejected, Lines int }
		if err := json.Unmarshal(w.Body.Bytes(), &o); w.Code != http.StatusOK || err != nil {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if o.Lines != strings.Count(body, "\n") {
			t.Errorf("%d lines are settled of %d", o.Lines, strings.Count(body, "\n"))
		}
		if o.Accepted != log.n-before || o.Accepted < 2 && bytes.IndexByte(row, '"') < 0 {
			t.Errorf("%d stored, the answer says %s", log.n-before, w.Body)
		}
		post(t, service.Handler(), "/v1/import?format=ndjson", "", row)
	})
}
