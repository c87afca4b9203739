package console

import (
	"net/http"
	"strings"

	"github.com/c360hq/c360/services/web"
)

// apiPaths are the first path elements that belong to the API and to SDKs. A wrong address below them is
// answered with an error, because a program that asked for JSON must not get a page.
var apiPaths = []string{
	"v1", "healthz", "readyz", "metrics", "openapi.json", "docs", "batch", "beacon", "pixel", "sourceConfig",
	"analytics-next", "analytics.js",
}

func isAPI(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	for _, p := range apiPaths {
		if first == p {
			return true
		}
	}
	return false
}

func notFound(w http.ResponseWriter, path string) {
	web.Wrong(http.StatusNotFound, "there is nothing at "+path+"; /openapi.json lists what there is").Write(w)
}
