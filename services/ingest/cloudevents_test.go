package ingest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/c360hq/c360/events"
)

const (
	structuredType = "application/cloudevents+json; charset=utf-8"
	batchType      = "application/cloudevents-batch+json"
)

func ce(contentType, body string) call {
	return call{path: "/v1/events", key: posKey, body: body, header: map[string]string{"Content-Type": contentType}}
}

func TestCloudEventsStructured(t *testing.T) {
	t.Parallel()
	const head = `{"specversion":"1.0","id":"e1","source":"pos","type":"shop.visited"`
	for name, c := range map[string]struct {
		body, ids, data string
		channel         events.Channel
	}{
		"plain":      {head + `,"subject":"u1","data":{"a":1}}`, "user_id:u1/asserted", `{"a":1}`, events.ChannelStore},
		"kind":       {head + `,"subject":"phone:010-4821-7730"}`, "phone:+821048217730/asserted", "", events.ChannelStore},
		"not a kind": {head + `,"subject":"order:12"}`, "user_id:order:12/asserted", "", events.ChannelStore},
		"extensions": {
			head + `,"subject":"orders/1","customerid":"u1","anonymousid":"a1","email":"a@example.com","loyaltyid":7,"channel":"call","data":null}`,
			"user_id:u1/asserted anonymous_id:a1/asserted email:a@example.com/asserted loyalty_id:7/asserted", "", events.ChannelCall,
		},
		"nobody":      {head + `}`, "", "", events.ChannelStore},
		"other":       {head + `,"region":"kr","live":true,"data":{"a":1}}`, "", `{"a":1,"extensions":{"live":"true","region":"kr"}}`, events.ChannelStore},
		"array":       {head + `,"data":[1,2]}`, "", `{"value":[1,2]}`, events.ChannelStore},
		"text":        {head + `,"datacontenttype":"text/plain","data":"hello"}`, "", `{"value":"hello"}`, events.ChannelStore},
		"base64":      {head + `,"datacontenttype":"application/json","data_base64":"eyJhIjoxfQ=="}`, "", `{"a":1}`, events.ChannelStore},
		"octets":      {head + `,"datacontenttype":"application/octet-stream","data_base64":"/wA="}`, "", `{"base64":"/wA="}`, events.ChannelStore},
		"escaped key": {`{"specv\u0065rsion":"1.0","id":"e1","source":"pos","type":"t"}`, "", "", events.ChannelStore},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := newEdge(t).one(ce(structuredType, c.body))
			if idents(got) != c.ids || string(got.Data) != c.data || got.Channel != c.channel || got.ID != "e1" || got.Source != "pos" {
				t.Errorf("got %s %s %s %s/%s", idents(got), got.Data, got.Channel, got.Source, got.ID)
			}
		})
	}
}

func TestCloudEventsAnswerHasNoBody(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v1/events", "/v1/cloudevents", "/v1/events/", "/v1/events?writeKey=" + posKey} {
		e := newEdge(t)
		c := ce(structuredType, `{"specversion":"1.0","id":"e1","source":"pos","type":"t"}`)
		if c.path = path; strings.Contains(path, "?") {
			c.key = ""
		}
		for range 2 {
			a := e.do(c)
			if a.StatusCode != http.StatusAccepted || len(a.body) != 0 || a.Header.Get("C360-Position") != "1" {
				t.Errorf("%s: %d %q position %s", path, a.StatusCode, a.body, a.Header.Get("C360-Position"))
			}
		}
	}
}

func TestCloudEventsBinary(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	got := e.one(call{path: "/v1/events", key: posKey, body: `{"a":1}`, header: map[string]string{
		"Content-Type": "application/json", "ce-id": "b1", "ce-source": "pos/store-12", "ce-type": "t", "ce-specversion": "1.0",
		"ce-time": "2026-11-21T11:00:00.123456789+09:00", "ce-subject": "%EA%B9%80", "ce-traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	}})
	if got.ID != "b1" || got.Source != "pos/store-12" || string(got.Data) != `{"a":1}` || got.Subject != "김" || idents(got) != "user_id:김/asserted" {
		t.Errorf("got %+v", got)
	}
	if got.TraceParent == "" || got.Time.Format("15:04:05.999999999") != "02:00:00.123456789" {
		t.Errorf("time %s, trace %q", got.Time, got.TraceParent)
	}
	text := e.one(call{path: "/v1/events", key: posKey, body: "안녕", header: map[string]string{
		"Content-Type": "text/plain", "ce-id": "b2", "ce-source": "pos", "ce-type": "t", "ce-specversion": "1.0",
	}})
	if string(text.Data) != `{"text":"안녕"}` {
		t.Errorf("text became %s", text.Data)
	}
	octets := e.one(call{path: "/v1/events", key: posKey, body: "\xff\x00", header: map[string]string{
		"ce-id": "b3", "ce-source": "pos", "ce-type": "t", "ce-specversion": "1.0",
	}})
	if string(octets.Data) != `{"base64":"/wA="}` {
		t.Errorf("octets became %s", octets.Data)
	}
}

func TestCloudEventsBatch(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	if a := e.do(ce(batchType, `[]`)); a.StatusCode != http.StatusAccepted || len(a.body) != 0 {
		t.Errorf("an empty batch: %d %s", a.StatusCode, a.body)
	}
	a := e.do(ce(batchType, `[
		{"specversion":"1.0","id":"1","source":"pos","type":"t"},
		{"specversion":"0.3","id":"","type":"t"},
		{"specversion":"1.0","id":"2","source":"pos","type":"t","data":{"a":1,"a":2}},
		{"specversion":"1.0","id":"3","source":"pos","type":"t"}]`))
	if a.StatusCode != http.StatusBadRequest || a.Header.Get("C360-Position") != "2" || len(e.all()) != 2 {
		t.Fatalf("%d %s, %d stored", a.StatusCode, a.body, len(e.all()))
	}
	var pointers []string
	for _, f := range a.json(t)["errors"].([]any) {
		pointers = append(pointers, f.(map[string]any)["pointer"].(string))
	}
	if got := strings.Join(pointers, " "); got != "/1/id /1/source /1/specversion /2/data/a" {
		t.Errorf("faults at %s", got)
	}
}

func TestCloudEventsRefused(t *testing.T) {
	t.Parallel()
	const ok = `{"specversion":"1.0","id":"e1","source":"pos","type":"t"}`
	for name, c := range map[string]struct {
		contentType, body string
		status            int
		pointers          string
	}{
		"nothing given":   {structuredType, `{}`, 400, "/id /source /type /specversion"},
		"empty id":        {structuredType, `{"specversion":"1.0","id":"","source":"s","type":"t"}`, 400, "/id"},
		"bad time":        {structuredType, `{"specversion":"1.0","id":"1","source":"s","type":"t","time":"yesterday"}`, 400, "/time"},
		"object as id":    {structuredType, `{"specversion":"1.0","id":{},"source":"s","type":"t"}`, 400, "/id /id"},
		"bad base64":      {structuredType, `{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"!"}`, 400, "/data_base64"},
		"bad phone":       {structuredType, `{"specversion":"1.0","id":"1","source":"s","type":"t","phone":"12"}`, 400, "/phone"},
		"two ids":         {structuredType, `{"specversion":"1.0","id":"1","id":"2","source":"s","type":"t"}`, 400, "/id"},
		"not an object":   {structuredType, `[]`, 400, ""},
		"not JSON":        {structuredType, `{"specversion"`, 400, "/specversion"},
		"batch no array":  {batchType, ok, 400, ""},
		"foreign type":    {"application/json", ok, 415, ""},
		"no type":         {"", ok, 415, ""},
		"protobuf":        {"application/cloudevents+protobuf", ok, 415, ""},
		"broken data":     {structuredType, `{"specversion":"1.0","id":"1","source":"s","type":"t","datacontenttype":"application/json","data_base64":"ew=="}`, 400, "/data"},
		"type too long":   {structuredType, `{"specversion":"1.0","id":"1","source":"s","type":"` + strings.Repeat("t", 129) + `"}`, 400, "/type"},
		"source too long": {structuredType, `{"specversion":"1.0","id":"1","source":"` + strings.Repeat("s", 300) + `","type":"t"}`, 400, "/source"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEdge(t)
			a := e.do(ce(c.contentType, c.body))
			if a.StatusCode != c.status || a.Header.Get("Content-Type") != "application/problem+json" {
				t.Fatalf("%d %s %s", a.StatusCode, a.Header.Get("Content-Type"), a.body)
			}
			if len(e.all()) != 0 {
				t.Error("it was stored")
			}
			if c.status == http.StatusUnsupportedMediaType {
				return
			}
			var pointers []string
			for _, f := range a.json(t)["errors"].([]any) {
				pointers = append(pointers, f.(map[string]any)["pointer"].(string))
			}
			if got := strings.Join(pointers, " "); got != c.pointers {
				t.Errorf("faults at %q, want %q", got, c.pointers)
			}
			if len(e.rejects("?source=pos")) != 1 {
				t.Error("it is not among the rejects")
			}
		})
	}
}

func TestSourcesOfCloudEvents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ key, source, wantSource, wantID string }{
		{posKey, "pos", "pos", "e1"},
		{posKey, "pos/store-12", "pos/store-12", "e1"},
		{posKey, "https://till.example/3", "pos/https://till.example/3", "e1"},
		{webKey, "web", "web", "e1"},
		{webKey, "pos", "web", "pos#e1"},
		{webKey, "web/x", "web", "web/x#e1"},
	} {
		call := ce(structuredType, `{"specversion":"1.0","id":"e1","source":"`+c.source+`","type":"t"}`)
		call.key = c.key
		if got := newEdge(t).one(call); got.Source != c.wantSource || got.ID != c.wantID {
			t.Errorf("%s with %s became %s %s", c.source, c.key, got.Source, got.ID)
		}
	}
}
