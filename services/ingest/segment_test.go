package ingest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/c360hq/c360/events"
)

func TestEveryRouteTakesItsMessage(t *testing.T) {
	t.Parallel()
	for path, typ := range map[string]string{
		"/v1/track": "custom.", "/v1/t": "custom.", "/v1/identify": "customer.identified", "/v1/i": "customer.identified",
		"/v1/page": "page.viewed", "/v1/p": "page.viewed", "/v1/screen": "screen.viewed", "/v1/s": "screen.viewed",
		"/v1/group": "customer.grouped", "/v1/g": "customer.grouped", "/v1/alias": "customer.aliased", "/v1/a": "customer.aliased",
	} {
		for _, tail := range []string{"", "/", "//", "?x=1", "/?x=1&writeKey=wrong"} {
			t.Run(path+tail, func(t *testing.T) {
				t.Parallel()
				e := newEdge(t)
				got := e.one(call{path: path + tail, key: webKey, body: `{"messageId":"m1","anonymousId":"a1","event":"Song Played","previousId":"p","groupId":"g"}`})
				if !strings.HasPrefix(got.Type, typ) || got.ID != "m1" || got.Source != "web" {
					t.Errorf("became %s %s from %s", got.Type, got.ID, got.Source)
				}
			})
		}
	}
}

func TestBatchRoutes(t *testing.T) {
	t.Parallel()
	body := `{"batch":[{"type":"track","event":"A","messageId":"1","userId":"u1"},{"type":"page","messageId":"2","anonymousId":"a"}],"sentAt":"2026-11-21T12:00:00Z"}`
	for _, path := range []string{"/v1/batch", "/v1/b", "/v1/import", "/v1/batch/", "//v1/batch", "/v1//batch"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			e := newEdge(t)
			a := e.do(call{path: path, key: posKey, body: body})
			if a.StatusCode != http.StatusOK || a.json(t)["success"] != true || a.Header.Get("C360-Position") != "2" {
				t.Fatalf("%d %s position %q", a.StatusCode, a.body, a.Header.Get("C360-Position"))
			}
			again := e.do(call{path: path, key: posKey, body: body})
			if again.StatusCode != http.StatusOK || again.json(t)["duplicates"] != 2.0 || again.Header.Get("C360-Position") != "2" {
				t.Errorf("again: %d %s", again.StatusCode, again.body)
			}
			if n := len(e.all()); n != 2 {
				t.Errorf("the log holds %d events, want 2", n)
			}
		})
	}
}

func TestBeacon(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	got := e.one(call{
		path: "/beacon/v1/batch?writeKey=" + webKey, header: map[string]string{"Content-Type": "text/plain", "Origin": "https://shop.example"},
		body: `{"batch":[{"type":"page","messageId":"b1","anonymousId":"a1"}],"sentAt":"2026-11-21T12:00:00Z"}`,
	})
	if got.ID != "b1" {
		t.Errorf("got %s", got.ID)
	}
}

func TestContentTypeNeverMatters(t *testing.T) {
	t.Parallel()
	for i, contentType := range []string{
		"", "text/plain", "application/json", "application/json;charset=UTF-8", "application/x-www-form-urlencoded", "nonsense", "text/csv",
	} {
		for _, zipped := range []bool{false, true} {
			e := newEdge(t)
			header := map[string]string{"Content-Type": contentType}
			got := e.one(call{path: "/v1/track", key: webKey, gzip: zipped, header: header, body: fmt.Sprintf(`{"event":"E","userId":"u","messageId":"m%d"}`, i)})
			if got.ID != fmt.Sprintf("m%d", i) {
				t.Errorf("%s: got %s", contentType, got.ID)
			}
		}
	}
}

func TestIdentifiersOfMessages(t *testing.T) {
	t.Parallel()
	const anon = "6f0d1c1e-3a30-4a86-9a0f-3a5f9f9f0001"
	for name, c := range map[string]struct{ key, path, body, want string }{
		"browser": {webKey, "/v1/track", `{"event":"E","anonymousId":"a1","userId":"u1"}`, "user_id:u1/claimed anonymous_id:a1/claimed"},
		"server":  {posKey, "/v1/track", `{"event":"E","anonymousId":"a1","userId":"u1"}`, "user_id:u1/asserted anonymous_id:a1/asserted"},
		"signed":  {"SIGNEDKEY", "/v1/identify", `{"userId":"u1","traits":{"email":"kim@example.com"}}`, "user_id:u1/asserted email:kim@example.com/claimed"},
		"number":  {posKey, "/v1/track", `{"event":"E","userId":17850}`, "user_id:17850/asserted"},
		"traits": {
			posKey, "/v1/identify", `{"userId":"u1","traits":{"email":"Kim@Example.COM","phone":"010-4821-7730","loyalty_id":"L7"}}`,
			"user_id:u1/asserted email:kim@example.com/asserted phone:+821048217730/asserted loyalty_id:L7/asserted",
		},
		"traits in context":                {webKey, "/v1/identify", `{"anonymousId":"a1","context":{"traits":{"email":"a@example.com"}}}`, "anonymous_id:a1/claimed email:a@example.com/claimed"},
		"context traits on track":          {posKey, "/v1/track", `{"event":"E","userId":"u1","context":{"traits":{"email":"a@example.com"}}}`, "user_id:u1/asserted"},
		"bad trait stays data":             {posKey, "/v1/identify", `{"userId":"u1","traits":{"email":"not one","phone":"1"}}`, "user_id:u1/asserted"},
		"empty and null":                   {posKey, "/v1/track", `{"event":"E","userId":"","anonymousId":null,"context":{"externalIds":[{"id":"L1","type":"loyalty_id"}]}}`, "loyalty_id:L1/asserted"},
		"rudder external":                  {posKey, "/v1/track", `{"event":"E","userId":"u","context":{"externalId":[{"type":"card","id":"c1"},{"type":"X Y","id":"z"}]}}`, "user_id:u/asserted card:c1/asserted"},
		"external minted, by a browser":    {webKey, "/v1/track", `{"event":"E","anonymousId":"a1","context":{"externalIds":[{"type":"anonymous_id","id":"x"},{"id":"y","type":"device"},{"type":"anonymousId","id":"z"},{"type":"card","id":"c"}]}}`, "anonymous_id:a1/claimed card:c/claimed"},
		"external minted, by a server":     {posKey, "/v1/track", `{"event":"E","userId":"u1","context":{"externalIds":[{"type":"anonymous_id","id":"x"}]}}`, "user_id:u1/asserted anonymous_id:x/asserted"},
		"order":                            {posKey, "/v1/track", `{"event":"Order Completed","userId":"u","properties":{"order_id":"o1","email":"b@example.com"}}`, "user_id:u/asserted email:b@example.com/asserted"},
		"shared with somebody":             {posKey, "/v1/track", `{"event":"Product Shared","userId":"u","properties":{"email":"friend@example.com"}}`, "user_id:u/asserted"},
		"alias of a user":                  {posKey, "/v1/alias", `{"userId":"u2","previousId":"u1"}`, "user_id:u2/asserted user_id:u1/asserted"},
		"alias of a minted id":             {posKey, "/v1/alias", `{"userId":"u2","previousId":"` + anon + `"}`, "user_id:u2/asserted user_id:" + anon + "/asserted anonymous_id:" + anon + "/asserted"},
		"alias by a browser":               {webKey, "/v1/alias", `{"userId":"u2","previousId":"` + anon + `","anonymousId":"a1"}`, "user_id:u2/claimed anonymous_id:a1/claimed user_id:" + anon + "/claimed"},
		"alias of oneself":                 {webKey, "/v1/alias", `{"userId":"u1","previousId":"u1","anonymousId":"a1"}`, "user_id:u1/claimed anonymous_id:a1/claimed"},
		"merge":                            {posKey, "/v1/merge", `{"mergeProperties":[{"type":"email","value":"a@example.com"},{"type":"mobile","value":"010-4821-7730"}]}`, "email:a@example.com/asserted phone:+821048217730/asserted"},
		"merge by a browser":               {webKey, "/v1/merge", `{"mergeProperties":[{"type":"email","value":"a@example.com"},{"type":"anonymousId","value":"x"}]}`, "email:a@example.com/claimed"},
		"the same identifier twice is one": {posKey, "/v1/identify", `{"userId":"u1","traits":{"email":"a@example.com"},"context":{"externalIds":[{"type":"email","id":"A@example.com"}]}}`, "user_id:u1/asserted email:a@example.com/asserted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := idents(newEdge(t).one(call{path: c.path, key: c.key, body: c.body})); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestContextOfABatch: it stands in for the context of a message that has none, whichever way it says so.
func TestContextOfABatch(t *testing.T) {
	t.Parallel()
	for own, want := range map[string]string{
		``: `{"a":1}`, `,"context":null`: `{"a":1}`, `,"context":""`: `{"a":1}`, `,"context":{"b":2}`: `{"b":2}`, `,"context":{}`: `{}`,
	} {
		got := newEdge(t).one(call{path: "/v1/batch", key: posKey, body: `{"batch":[{"type":"track","event":"X","userId":"u"` + own + `}],"context":{"a":1}}`})
		if string(got.Data) != `{"event":"X","context":`+want+`}` {
			t.Errorf("%q: %s", own, got.Data)
		}
	}
}

func TestData(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ path, body, want string }{
		"custom":          {"/v1/track", `{"event":"Song Played","userId":"u","properties":{"a": [1,2]}}`, `{"a": [1,2],"event":"Song Played"}`},
		"no properties":   {"/v1/track", `{"event":"Song Played","userId":"u"}`, `{"event":"Song Played"}`},
		"empty":           {"/v1/track", `{"event":"X","userId":"u","properties":{ }}`, `{"event":"X"}`},
		"null":            {"/v1/track", `{"event":"X","userId":"u","properties":null,"context":null}`, `{"event":"X"}`},
		"context":         {"/v1/track", `{"event":"X","userId":"u","context":{"ip":"0.0.0.0"}}`, `{"event":"X","context":{"ip":"0.0.0.0"}}`},
		"taken names":     {"/v1/track", `{"event":"X","userId":"u","context":{"c":1},"properties":{"event":"y","Context":2}}`, `{"event":"y","Context":2,"message_event":"X","message_context":{"c":1}}`},
		"identify":        {"/v1/identify", `{"userId":"u","traits":{"name":"Kim"}}`, `{"traits":{"name":"Kim"}}`},
		"context traits":  {"/v1/identify", `{"userId":"u","context":{"traits":{"name":"Kim"}}}`, `{"traits":{"name":"Kim"},"context":{"traits":{"name":"Kim"}}}`},
		"group":           {"/v1/group", `{"userId":"u","groupId":"g1","traits":{"plan":"x"}}`, `{"group_id":"g1","traits":{"plan":"x"}}`},
		"alias":           {"/v1/alias", `{"userId":"u","previousId":"p"}`, `{"previous_id":"p"}`},
		"page":            {"/v1/page", `{"userId":"u","name":"Home","category":"C","properties":{"url":"https://x.example/"}}`, `{"url":"https://x.example/","name":"Home","category":"C"}`},
		"page, names in":  {"/v1/page", `{"userId":"u","name":"Home","properties":{"name":"Home","url":"https://x.example/"}}`, `{"name":"Home","url":"https://x.example/"}`},
		"unknown message": {"/v1/batch", `{"batch":[{"type":"video","userId":"u","properties":{"a":1}}]}`, `{"a":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := string(newEdge(t).one(call{path: c.path, key: posKey, body: c.body}).Data); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestChannels(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key, body string
		want      events.Channel
	}{
		"source":  {posKey, `{"event":"X","userId":"u"}`, events.ChannelStore},
		"said":    {posKey, `{"event":"X","userId":"u","channel":"call"}`, events.ChannelCall},
		"browser": {posKey, `{"event":"X","userId":"u","channel":"browser"}`, events.ChannelWeb},
		"mobile":  {posKey, `{"event":"X","userId":"u","channel":"mobile"}`, events.ChannelApp},
		"server":  {posKey, `{"event":"X","userId":"u","channel":"server"}`, events.ChannelStore},
		"page":    {"SIGNEDKEY", `{"event":"X","userId":"u","context":{"page":{"url":"x"}}}`, events.ChannelWeb},
		"app":     {"SIGNEDKEY", `{"event":"X","userId":"u","context":{"app":{},"device":{}}}`, events.ChannelApp},
		"nothing": {"SIGNEDKEY", `{"event":"X","userId":"u"}`, events.ChannelOther},
		"unknown": {"SIGNEDKEY", `{"event":"X","userId":"u","channel":"billboard"}`, events.ChannelOther},
	} {
		if got := newEdge(t).one(call{path: "/v1/track", key: c.key, body: c.body}).Channel; got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestMessagesWithoutIDAreTwoEvents(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	for range 2 {
		e.one(call{path: "/v1/track", key: webKey, body: `{"event":"X","userId":"u"}`})
	}
	if list := e.all(); list[0].ID == "" || list[0].ID == list[1].ID {
		t.Errorf("ids %q and %q", list[0].ID, list[1].ID)
	}
}

func TestGoodOnesOfABatchAreStored(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	body := `{"batch":[
		{"type":"track","event":"ok","messageId":"1","userId":"u"},
		{"type":"track","event":"dup key","messageId":"2","userId":"u","userId":"evil"},
		{"type":"track","event":"case","messageId":"3","userId":"u","properties":{"email":"a@x.example","EMAIL":"b@x.example"}},
		{"type":"track","messageId":"4","userId":"u"},
		{"type":"track","event":"nobody","messageId":"5"},
		"text", null, 7, [],
		{"type":"track","event":"NUL","messageId":"6","userId":"u\u0000"},
		{"type":"track","event":"big","messageId":"7","userId":"u","properties":{"x":"` + strings.Repeat("x", events.MaxEvent) + `"}},
		{"type":"track","event":"list","messageId":"9","userId":"u","properties":[1]},
		{"type":"track","event":"Order Completed","messageId":"10","userId":"u","properties":{"total":1}},
		{"type":"identify","messageId":"11","userId":"u","traits":"x"},
		{"type":"track","event":"also ok","messageId":"8","userId":"u"}]}`
	a := e.do(call{path: "/v1/batch", key: posKey, body: body})
	if a.StatusCode != http.StatusOK || a.json(t)["accepted"] != 2.0 || a.json(t)["rejected"] != 13.0 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	list := e.rejects("?source=pos")
	if len(list) != 13 {
		t.Fatalf("%d rejects are kept, want 13", len(list))
	}
	want := []struct {
		index           int
		reason, pointer string
	}{
		{1, "json", "/userId"},
		{2, "json", "/properties/EMAIL"},
		{3, "field", "/event"},
		{4, "identity", ""},
		{5, "json", ""},
		{6, "json", ""},
		{7, "json", ""},
		{8, "json", ""},
		{9, "json", "/userId"},
		{10, "size", ""},
		{11, "data", "/properties"},
		{12, "data", "/properties/order_id"},
		{13, "data", "/traits"},
	}
	for i, w := range want {
		if r := list[i]; r.Index != w.index || r.Reason != w.reason || r.Pointer != w.pointer || r.Detail == "" || r.Size == 0 {
			t.Errorf("reject %d is %d %s %s %q", i, r.Index, r.Reason, r.Pointer, r.Detail)
		}
	}
	if n := len(e.rejects("?source=web")); n != 0 {
		t.Errorf("web has %d rejects", n)
	}
	if n := len(e.rejects("?reason=size")); n != 1 {
		t.Errorf("%d rejects for their size, want 1", n)
	}
}

func TestBatchLevelContextIsADefault(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.do(call{path: "/v1/batch", key: posKey, body: `{"context":{"library":{"name":"go"}},"batch":[
		{"type":"track","event":"E","userId":"u","messageId":"1"},{"type":"track","event":"E","userId":"u","messageId":"2","context":{"own":1}}]}`})
	list := e.all()
	if got := string(list[0].Data); got != `{"event":"E","context":{"library":{"name":"go"}}}` {
		t.Error(got)
	}
	if got := string(list[1].Data); got != `{"event":"E","context":{"own":1}}` {
		t.Error(got)
	}
}
