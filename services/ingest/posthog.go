package ingest

import (
	"net/http"

	"github.com/c360hq/c360/services/web"
)

func (s *Service) servePostHog(w http.ResponseWriter, r *http.Request) {
	web.Wrong(http.StatusNotFound, "").Write(w)
}
