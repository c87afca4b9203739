package ingest

import (
	"errors"
	"net/http"
	"strings"

	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/web"
)

// serveSettings answers what Segment's browser SDK asks before it sends anything: without a 200 and this document
// it sends nothing at all. apiHost must not have a scheme, or the SDK builds https://http://….
func (s *Service) serveSettings(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimSuffix(strings.TrimPrefix(clean(r.URL.Path), "/v1/projects/"), "/settings")
	if _, err := s.sources.Find(key); err != nil {
		web.Wrong(http.StatusNotFound, "no source has this write key; see C360_SOURCES").Write(w)
		return
	}
	protocol, host := s.publicAddress(r)
	web.JSON(w, http.StatusOK, map[string]any{
		"integrations": map[string]any{
			"Segment.io": map[string]any{"apiKey": key, "apiHost": host + "/v1", "protocol": protocol},
		},
		"plan":         map[string]any{},
		"edgeFunction": map[string]any{},
	})
}

// serveSourceConfig answers what RudderStack's browser SDK asks before it sends anything.
func (s *Service) serveSourceConfig(w http.ResponseWriter, r *http.Request) {
	key, present := auth.KeyFrom(r)
	if !present {
		key = r.URL.Query().Get("writeKey")
	}
	source, err := s.sources.Find(key)
	if err != nil && !errors.Is(err, auth.ErrDisabled) {
		web.Wrong(http.StatusUnauthorized, err.Error()).Write(w)
		return
	}
	off := map[string]any{"enabled": false}
	web.JSON(w, http.StatusOK, map[string]any{
		"source": map[string]any{
			"id": source.Name, "name": source.Name, "writeKey": key, "enabled": err == nil, "workspaceId": "c360",
			"config":       map[string]any{"statsCollection": map[string]any{"errors": off, "metrics": off}},
			"destinations": []any{}, "connections": []any{},
		},
		"updatedAt": s.started.UTC().Format("2006-01-02T15:04:05.000Z"),
	})
}

// serveNoBundle answers the snippet's wish for code from the CDN. SDKs survive this 404 and go on sending.
func (s *Service) serveNoBundle(w http.ResponseWriter, _ *http.Request) {
	web.Wrong(http.StatusNotFound, "c360 serves no SDK code; install the SDK from npm").Write(w)
}

// publicAddress is where clients reach this server: as configured, or as this client just did.
func (s *Service) publicAddress(r *http.Request) (protocol, host string) {
	if s.publicURL != nil {
		return s.publicURL.Scheme, s.publicURL.Host + strings.TrimRight(s.publicURL.Path, "/")
	}
	protocol = "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		protocol = "https"
	}
	return protocol, r.Host
}
