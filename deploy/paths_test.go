package deploy_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// roleOf says which role answers a call, by the document that c360 serves.
func roleOf(path string, tags []string) string {
	for _, p := range []string{"/v1/generations", "/v1/parked", "/v1/projections"} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return "project"
		}
	}
	switch {
	case slices.Contains(tags, "ingest"):
		return "ingest"
	case slices.Contains([]string{"/healthz", "/readyz", "/metrics"}, path):
		return "" // every role has its own
	}
	return "query"
}

// places are example addresses of every call, with the role that answers; those of the console come on top.
func places(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"/": "console", "/customers": "console", "/assets/index.js": "console", "/v1/events/17": "query"}
	param := regexp.MustCompile(`\{[a-z_]+\}`)
	for path, calls := range document(t, serve(t, "C360_SOURCES=web:KEY:claimed").base).Paths {
		for _, call := range calls {
			if role := roleOf(path, call.Tags); role != "" {
				all[param.ReplaceAllString(path, "x-1")] = role
			}
		}
	}
	if len(all) < 50 {
		t.Fatalf("c360 has %d places? that cannot be all", len(all))
	}
	return all
}

// TestFront: nginx takes front.conf and sends each call to the role that answers it.
func TestFront(t *testing.T) {
	t.Parallel()
	nginx, ok := tool(t, "nginx", "front.conf, and which role nginx sends each call to")
	if !ok {
		return
	}
	text, address := read(t, "front.conf"), freeAddress(t)
	for _, name := range []string{"ingest", "projector", "desk"} {
		text = strings.Replace(text, "http://"+name+":3600", echo(t, name), 1)
	}
	dir := t.TempDir()
	text = strings.ReplaceAll(strings.Replace(text, "listen 8080", "listen "+address, 1), "/tmp/", dir+"/")
	text = strings.Replace(text, "/dev/stderr", dir+"/said", 1)
	conf := written(t, "front.conf", text)
	t.Log(run(t, nginx, "-t", "-e", dir+"/said", "-p", dir, "-c", conf))
	cmd := exec.Command(nginx, "-e", dir+"/said", "-p", dir, "-c", conf, "-g", "daemon off; master_process off;")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	said := func() string { text, _ := os.ReadFile(dir + "/said"); return string(text) }
	await(t, "http://"+address+"/healthz", said)
	behind := map[string]string{"ingest": "ingest", "project": "projector", "query": "desk", "console": "desk"}
	for path, role := range places(t) {
		if got := fetch(t, "http://"+address+path+"?q=1"); got != behind[role]+" "+path+"?q=1" {
			t.Errorf("%s goes to %q, want %s", path, got, behind[role])
		}
	}
}

// echo is a server that says its name and what it was asked for.
func echo(t *testing.T, name string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s", name, r.RequestURI)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestIngress: the paths of the chart's ingress go the same ways.
func TestIngress(t *testing.T) {
	t.Parallel()
	path, ok := tool(t, "helm", "which role the chart's ingress sends each call to")
	if !ok {
		return
	}
	rules := map[string]string{} // "Exact /v1/batch" to the name of a Service
	for _, o := range objects(t, rendered(t, path, chart+"/ci/split.yaml", newest)) {
		list, _ := at(o.Spec, "rules", "0", "http", "paths").([]any)
		for _, p := range list {
			rules[fmt.Sprint(at(p, "pathType"), " ", at(p, "path"))], _ = at(p, "backend", "service", "name").(string)
		}
	}
	for place, role := range places(t) {
		if got := ingressOf(rules, place); got != "shop-c360-"+role {
			t.Errorf("%s goes to %q, want %s", place, got, role)
		}
	}
}

// ingressOf is the rule of Kubernetes: an exact path wins, then the longest prefix that ends where an element ends.
func ingressOf(rules map[string]string, place string) string {
	if service, ok := rules["Exact "+place]; ok {
		return service
	}
	for prefix := place; ; prefix = prefix[:strings.LastIndex(prefix, "/")] {
		if prefix == "" {
			return rules["Prefix /"]
		}
		if service, ok := rules["Prefix "+prefix]; ok {
			return service
		}
	}
}
