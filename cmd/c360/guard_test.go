package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestReadsAreGuarded asks for everything that the API document says can be read, under the name of a host that is not
// this machine, as a page does that has its name resolve to 127.0.0.1.
func TestReadsAreGuarded(t *testing.T) {
	t.Parallel()
	p := startProcess(t, t.TempDir(), "web:KEY-WEB:claimed")
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	p.get("/openapi.json", &doc)
	if doc.Paths["/v1/replay"]["get"] == nil || doc.Paths["/v1/export/{dataset}"]["get"] == nil {
		t.Error("the document does not know replay and export")
	}
	parameter := regexp.MustCompile(`\{[a-z_]+\}`)
	for path, calls := range doc.Paths {
		if calls["get"] == nil || !strings.HasPrefix(path, "/v1/") || path == "/v1/projects/{key}/settings" { // SDKs everywhere ask for it
			continue
		}
		req, err := http.NewRequest(http.MethodGet, p.base+parameter.ReplaceAllString(path, "events"), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "rebound.example:3600"
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusForbidden {
			t.Errorf("GET %s is answered %s", path, res.Status)
		}
	}
}
