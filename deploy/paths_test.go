package deploy_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
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
	for _, name := range []string{"ingest", "desk"} {
		text = strings.Replace(text, "http://"+name+":3600", echo(t, name, http.StatusOK), 1)
	}
	// The name of the projectors stands for two containers, of which one stands by.
	both := "  upstream both { server " + host(echo(t, "waits", http.StatusServiceUnavailable)) + "; server " + host(echo(t, "projector", http.StatusOK)) + "; }\n"
	text = strings.Replace(strings.Replace(text, "http://projector:3600", "http://both", 1), "  server {", both+"  server {", 1)
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
	await(t, "http://"+address+"/healthz")
	for range 4 { // also what changes something
		res, err := http.Post("http://"+address+"/v1/generations", "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("POST /v1/generations by way of a projector that stands by: %s", res.Status)
		}
	}
	behind := map[string]string{"ingest": "ingest", "project": "projector", "query": "desk", "console": "desk"}
	for path, role := range places(t) {
		asked := []string{path}
		if role == "ingest" && path != "/v1/rejects" { // SDKs are forgiven their slashes
			asked = append(asked, path+"/", "/"+path)
		}
		for _, p := range asked {
			if got := fetch(t, "http://"+address+p+"?q=1"); got != behind[role]+" "+p+"?q=1" {
				t.Errorf("%s goes to %q, want %s", p, got, behind[role])
			}
		}
	}
}

func host(url string) string { return strings.TrimPrefix(url, "http://") }

// echo is a server that says its name and what it was asked for.
func echo(t *testing.T, name string, status int) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, "%s %s", name, r.RequestURI)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestIngress: the paths of the chart's ingress go the same ways, and only what shows a write key goes by the way that may
// be without authentication.
func TestIngress(t *testing.T) {
	t.Parallel()
	path, ok := tool(t, "helm", "which role the chart's ingress sends each call to")
	if !ok {
		return
	}
	all := places(t)
	for values, name := range map[string]func(role string) string{
		"split.yaml":          func(role string) string { return role },
		"single-engines.yaml": func(string) string { return "all" },
	} {
		rules := ingressRules(t, rendered(t, path, chart+"/ci/"+values, newest))
		for place, role := range all {
			way := "read"
			if role == "ingest" && place != "/v1/rejects" {
				way = "write"
			}
			if got, want := ingressOf(rules, place), way+" shop-c360-"+name(role); got != want {
				t.Errorf("%s: %s goes by %q, want %s", values, place, got, want)
			}
		}
	}
}

// ingressRules are "Exact /v1/batch" to "write shop-c360-ingest": the ingress that has the path and the Service behind it.
func ingressRules(t *testing.T, text string) map[string]string {
	t.Helper()
	rules := map[string]string{}
	for _, o := range objects(t, text) {
		list, _ := at(o.Spec, "rules", "0", "http", "paths").([]any)
		for _, p := range list {
			key := fmt.Sprint(at(p, "pathType"), " ", at(p, "path"))
			rules[key] = fmt.Sprint(strings.TrimPrefix(o.Metadata.Name, "shop-c360-"), " ", at(p, "backend", "service", "name"))
		}
	}
	return rules
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
