package ingest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// gif is one transparent pixel.
var gif = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

// servePixel takes an event from an image address, for pages and mails without scripts. The answer is always the
// image: nobody could read any other.
func (s *Service) servePixel(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		s.takePixel(r)
	}
	h := w.Header()
	h.Set("Content-Type", "image/gif")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(gif) // the client has gone; there is nobody left to tell
}

func (s *Service) takePixel(r *http.Request) {
	query := r.URL.Query()
	q := &request{received: s.now()}
	if s.known(q, r, query.Get("writeKey")) != nil {
		return
	}
	raw, err := json.Marshal(pixelMessage(query))
	if err != nil {
		return // not reached: strings and maps of strings
	}
	b := s.batch(s.arrival(q, r))
	defer s.done(b)
	if f := checkOne(raw); f != nil {
		b.reject(place{raw: raw}, f)
	} else {
		b.d = newDoc(raw)
		kind := clean(r.URL.Path)[len("/pixel/v1/"):]
		s.takeMessage(b, b.d.whole(), 0, kind, &defaults{})
	}
	if _, err := s.commit(r.Context(), b); err != nil {
		s.logger.WarnContext(r.Context(), "pixel not stored", "source", q.source.Name, "error", err)
	}
}

// pixelMessage makes a message of the query: the fields of a message under their names, everything else, with or
// without "properties." before it, as properties.
func pixelMessage(query url.Values) map[string]any {
	properties := map[string]string{}
	m := map[string]any{"properties": properties}
	for name := range query {
		value := query.Get(name)
		switch name {
		case "writeKey":
		case "anonymousId", "userId", "messageId", "event", "name", "category", "timestamp", "originalTimestamp", "sentAt", "channel":
			m[name] = value
		default:
			properties[strings.TrimPrefix(name, "properties.")] = value
		}
	}
	return m
}
