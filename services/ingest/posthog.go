package ingest

import (
	"net/http"
	"strings"

	"github.com/c360hq/c360/events"
)

// servePostHog takes what PostHog's server libraries send: a batch of events with api_key in the body.
func (s *Service) servePostHog(w http.ResponseWriter, r *http.Request) {
	s.serveElements(w, r, func(b *batch, v span, index int, def *defaults) {
		at := place{index: index, raw: b.d.bytes(v)}
		m, kind := b.d.postHog(v)
		var e events.Event
		if f := s.readMessage(b, &m, kind, def, &e); f != nil {
			b.reject(at, f)
			return
		}
		s.admit(b, at, &e)
	})
}

// postHog reads a PostHog event as the message it would be in Segment's words. Its names begin with "$".
func (d *doc) postHog(v span) (message, string) {
	m := d.message(v)
	if id := d.member(v, "uuid"); !d.absent(id) {
		m.id = id
	}
	m.user = d.member(v, "distinct_id")
	if d.absent(m.user) {
		m.user = d.member(m.properties, "distinct_id")
	}
	switch strings.TrimPrefix(d.string(m.event), "$") {
	case "identify", "set":
		if m.traits = d.member(m.properties, "$set"); !m.traits.there() {
			m.traits = d.member(v, "$set")
		}
		return m, "identify"
	case "create_alias":
		m.previous = d.member(m.properties, "alias")
		return m, "alias"
	case "groupidentify":
		m.group, m.traits = d.member(m.properties, "$group_key"), d.member(m.properties, "$group_set")
		return m, "group"
	case "pageview":
		return m, "page"
	case "screen":
		return m, "screen"
	}
	return m, "track"
}
