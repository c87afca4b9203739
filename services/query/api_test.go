package query_test

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/c360hq/c360/services/query"
	"github.com/c360hq/c360/services/query/openapi"
)

// Every call is described and answers what its description says: [house.do] checks each answer against the document, and
// this test fails for a call it does not make.
func TestEveryCallIsDescribed(t *testing.T) {
	t.Parallel()
	h, _ := openBrokenHouse(t, realClock())
	tellSeoyeon(h)
	a, b := two(h)
	bad := h.goesWrong()
	customer := "/v1/customers/" + a.String()
	for operation, path := range map[string]string{
		"searchCustomers": "/v1/customers?q=7730", "customer": customer, "timeline": customer + "/timeline",
		"timelineMonths": customer + "/timeline/months", "identity": customer + "/identity", "event": "/v1/events/1",
		"types": "/v1/types", "projections": "/v1/projections", "generations": "/v1/generations", "parked": "/v1/parked", "healthz": "/healthz",
		"readyz": "/readyz", "metrics": "/metrics", "openapi": "/openapi.json", "docs": "/docs", "docsStyle": "/docs/style.css",
	} {
		resp := h.get(operation, path, http.StatusOK, nil)
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s answers %s: %q, want %q", operation, name, got, want)
			}
		}
		if policy := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "script") {
			t.Errorf("%s answers the policy %q", operation, policy)
		}
	}
	h.callsSegments()
	h.post("link", "/v1/identity/links", pair(a, b, ""), http.StatusAccepted, nil)
	h.post("unlink", "/v1/identity/unlinks", pair(a, b, ""), http.StatusAccepted, nil)
	var queue query.ParkedQueueAnswer
	h.get("parkedQueue", "/v1/parked/"+bad.String(), http.StatusOK, &queue)
	h.post("redrive", "/v1/parked/"+bad.String()+"/redrive", "", http.StatusAccepted, nil)
	h.post("skip", "/v1/parked/"+bad.String()+"/skip", skipping(queue.Queue[0].Position, ""), http.StatusAccepted, nil)
	h.drops(h.rebuilt())
	id := h.rebuilt()
	h.differencePage("/v1/generations/" + id + "/diff")
	h.get("identityRules", "/v1/identity/rules", http.StatusOK, nil)
	h.post("swap", "/v1/generations/"+id+"/swap", "", http.StatusAccepted, nil)
	h.makesNumberCalls(a)
	h.makesOfferCalls(a)
	h.makesChurnCalls(a.String())
	h.listen("", "")
	h.schemas.seen["stream"] = true
	for operation := range h.schemas.places {
		if !h.schemas.seen[operation] {
			t.Errorf("nobody made the call %s", operation)
		}
	}
}

// rebuilt builds a generation and returns its id when it is ready.
func (h *house) rebuilt() string {
	h.t.Helper()
	var accepted query.GenerationAccepted
	h.post("createGeneration", "/v1/generations", `{"kind":"rebuild"}`, http.StatusAccepted, &accepted)
	for {
		var all query.GenerationsAnswer
		h.get("generations", "/v1/generations", http.StatusOK, &all)
		for _, g := range all.Generations {
			if g.ID == accepted.ID && g.State == "ready" {
				return g.ID
			}
		}
	}
}

func TestSwapKeepsServing(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	h.counted()
	var before, after query.CustomerAnswer
	path := "/v1/customers/" + h.search("김서연").Customers[0].ID.String()
	h.get("customer", path, http.StatusOK, &before)
	id := h.rebuilt()
	h.post("swap", "/v1/generations/"+id+"/swap", "", http.StatusAccepted, nil)
	for {
		var p query.ProjectionsAnswer
		h.get("projections", "/v1/projections", http.StatusOK, &p)
		if p.Generation == id {
			break
		}
	}
	h.get("customer", path, http.StatusOK, &after)
	x, _ := json.Marshal(before)
	y, _ := json.Marshal(after)
	if string(x) != string(y) {
		t.Errorf("the page differs after a rebuild and a swap:\n%s\n%s", x, y)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	customer := "/v1/customers/" + h.search("김서연").Customers[0].ID.String()
	cases := []struct {
		operation, path string
		status          int
		pointer, remedy string
	}{
		{"searchCustomers", "/v1/customers?q=a&identifier=phone:1", 400, "?q", "give one"},
		{"searchCustomers", "/v1/customers?q=a&limit=0", 400, "?limit", "from 1 to 50"},
		{"searchCustomers", "/v1/customers?q=a&limit=51", 400, "?limit", "from 1 to 50"},
		{"searchCustomers", "/v1/customers?q=a&limit=x", 400, "?limit", "from 1 to 50"},
		{"searchCustomers", "/v1/customers?q=a&q=b", 400, "?q", "give it once"},
		{"searchCustomers", "/v1/customers?q=" + longText(201), 400, "?q", "shorten it"},
		{"searchCustomers", "/v1/customers?q=%ff", 400, "?q", "UTF-8"},
		{"searchCustomers", "/v1/customers?q=a%00", 400, "?q", "UTF-8"},
		{"searchCustomers", "/v1/customers?q=%zz", 400, "", "%XX"},
		{"searchCustomers", "/v1/customers?q=a&cursor=zz", 400, "?cursor", "as it is"},
		{"searchCustomers", "/v1/customers?identifier=7730", 400, "?identifier", "kind:value"},
		{"searchCustomers", "/v1/customers?identifier=phone:12", 400, "?identifier", "too short"},
		{"searchCustomers", "/v1/customers?identifier=email:me", 400, "?identifier", "name@domain"},
		{"searchCustomers", "/v1/customers?q=a&serach=b", 400, "", "identifier, q, limit, cursor, wait"},
		{"searchCustomers", "/v1/customers?q=a&wait=-1", 400, "?wait", "whole number"},
		{"searchCustomers", "/v1/customers?q=a&wait=99999", 400, "?wait", "ends at 29"},
		{"types", "/v1/types?as_of=2026-05-03", 400, "?as_of", "leave it out"},
		{"customer", customer + "?as_of=yesterday", 400, "?as_of", "give 2011-06-30"},
		{"customer", customer + "?as_of=2026-11-22", 400, "?as_of", "in the future"},
		{"customer", customer + "?known_at=2030-01-01T00:00:00Z", 400, "?known_at", "in the future"},
		{"timeline", customer + "/timeline?known_at=99999", 400, "?known_at", "known_at=99999 is beyond the log, which ends at 29"},
		{"timelineMonths", customer + "/timeline/months?known_at=0", 400, "?known_at", "begin at 1"},
		{"identity", customer + "/identity?known_at=2020-01-01", 404, "?known_at", "it begins at"},
		{"customer", customer + "?as_of=2020-01-01", 404, "", "its story begins at"},
		{"customer", customer + "?generation=000001&known_at=3", 400, "?generation", "leave out"},
		{"customer", customer + "?generation=nine", 404, "?generation", "GET /v1/generations"},
		{"searchCustomers", "/v1/customers?as_of=2026-05-03", 400, "?q", "give identifier or q"},
		{"customer", "/v1/customers/nobody", 400, "?id", "36 characters"},
		{"customer", "/v1/customers/00000000-0000-5000-8000-000000000001", 404, "", "q="},
		{"timeline", "/v1/customers/00000000-0000-5000-8000-000000000001/timeline", 404, "", "q="},
		{"timelineMonths", "/v1/customers/00000000-0000-5000-8000-000000000001/timeline/months", 404, "", "q="},
		{"identity", "/v1/customers/00000000-0000-5000-8000-000000000001/identity", 404, "", "q="},
		{"timeline", customer + "/timeline?limit=201", 400, "?limit", "from 1 to 200"},
		{"timeline", customer + "/timeline?before=abc", 400, "?before", "cursor"},
		{"timeline", customer + "/timeline?after=abc", 400, "?after", "cursor"},
		{"timeline", customer + "/timeline?channel=fax", 400, "?channel", "web, app"},
		{"timeline", customer + "/timeline?type=,", 400, "?type", "commas"},
		{"timeline", customer + "/timeline?group=2", 400, "?group", "from 0 to 1"},
		{"event", "/v1/events/0", 404, "", "begin at 1"},
		{"event", "/v1/events/30", 404, "", "begin at 1"},
		{"event", "/v1/events/x", 400, "?position", "whole number"},
		{"stream", "/v1/stream?topics=weather", 400, "?topics", "timeline, status"},
		{"stream", "/v1/stream?customer=00000000-0000-5000-8000-000000000001", 404, "", "q="},
		{"types", "/v1/types?source=web", 400, "", "takes wait"},
		{"projections", "/v1/projections?x=1", 400, "", "takes none"},
	}
	for _, c := range cases {
		t.Run(c.operation+" "+shortened(c.path), func(t *testing.T) {
			t.Parallel()
			var p struct {
				Type, Title, Detail, Pointer string
				Status                       int
			}
			h.get(c.operation, c.path, c.status, &p)
			if p.Status != c.status || p.Pointer != c.pointer || !strings.Contains(p.Detail, c.remedy) {
				t.Errorf("refused with %+v, want place %q and remedy %q", p, c.pointer, c.remedy)
			}
		})
	}
}

func shortened(s string) string { return s[:min(len(s), 80)] }

func TestGenerationRefusals(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.post("createGeneration", "/v1/generations", `{"kind":"as_of"}`, http.StatusBadRequest, nil)
	h.post("swap", "/v1/generations/999/swap", "", http.StatusNotFound, nil)
	alone := openHouse(t, func(c *query.Config) { c.Generations = nil })
	alone.post("createGeneration", "/v1/generations", `{"kind":"rebuild"}`, http.StatusConflict, nil)
	alone.get("generations", "/v1/generations", http.StatusOK, nil)
}

// Nothing that names a person gets into the log or the metrics, whatever is asked and however it is refused.
func TestNothingPersonalIsLogged(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	tellSeoyeon(h)
	id := h.search("김서연").Customers[0].ID.String()
	h.search("010-4821-7730")
	h.get("customer", "/v1/customers/"+id, http.StatusOK, nil)
	h.get("searchCustomers", "/v1/customers?identifier=email:seoyeon.k", http.StatusBadRequest, nil)
	h.get("searchCustomers", "/v1/customers?seoyeon=1", http.StatusBadRequest, nil)
	resp, err := h.server.Client().Get(h.server.URL + "/metrics")
	must(t, err)
	metrics, err := io.ReadAll(resp.Body)
	must(t, err)
	must(t, resp.Body.Close())
	if !strings.Contains(string(metrics), `c360_query_seconds_count{route="customer"} 1`) ||
		!strings.Contains(string(metrics), `c360_query_refusals_total{route="searchCustomers",status="400"} 2`) {
		t.Errorf("the metrics do not count the calls:\n%s", metrics)
	}
	if !strings.Contains(h.logged.String(), "route=searchCustomers") {
		t.Error("the log has no line for the search")
	}
	personal := regexp.MustCompile(`(?i)seoyeon|서연|7730|4821|` + id)
	for place, text := range map[string]string{"log": h.logged.String(), "metrics": string(metrics)} {
		if found := personal.FindString(text); found != "" {
			t.Errorf("the %s holds %q", place, found)
		}
	}
}

// Every call passes the guard but those that tell nothing about anybody; a new one does too, or fails here.
func TestGuardComesFirst(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(c *query.Config) {
		c.Guard = func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
		}
	})
	open := []string{"healthz", "readyz", "openapi", "docs", "docsStyle"}
	for path, calls := range h.service.Document().Paths {
		for method, call := range calls {
			r, err := http.NewRequestWithContext(t.Context(), strings.ToUpper(method), h.server.URL+strings.NewReplacer("{id}", "1", "{position}", "1").Replace(path), nil)
			must(t, err)
			resp, err := h.server.Client().Do(r)
			must(t, err)
			must(t, resp.Body.Close())
			if guarded := resp.StatusCode == http.StatusUnauthorized; guarded == slices.Contains(open, call.OperationID) {
				t.Errorf("%s %s answered %d", method, path, resp.StatusCode)
			}
		}
	}
}

func TestOnlyLoopback(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for host, status := range map[string]int{
		"": 200, "localhost": 200, "localhost:3600": 200, "127.0.0.1:3600": 200, "127.0.0.1": 200, "[::1]:3600": 200, "[::1]": 200,
		"c360.example": 403, "evil.example:3600": 403, "localhost.evil.example": 403, "10.0.0.1:3600": 403, "0.0.0.0": 403, "[::]": 403,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.server.URL+"/v1/types", nil)
		must(t, err)
		if host != "" {
			r.Host = host
		}
		h.do("types", r, status, nil)
	}
}

// What other services serve at the same address is described in the same document.
func TestDocumentHoldsOthersToo(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(c *query.Config) {
		c.Also = []openapi.Operation{{
			Method: http.MethodPost, Path: "/v1/batch", ID: "batch", Tag: "ingest", Summary: "events of a Segment SDK", Status: http.StatusOK,
		}}
	})
	if call := h.service.Document().Paths["/v1/batch"]["post"]; call == nil || call.OperationID != "batch" {
		t.Errorf("the document says %+v", call)
	}
	h.get("docs", "/docs", http.StatusOK, nil)
}

func TestUnknownCalls(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for _, path := range []string{"/v1/", "/v1/custmers", "/v1/customers/1/2/3"} {
		resp, err := h.server.Client().Get(h.server.URL + path)
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != http.StatusNotFound || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s answered %d %s", path, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
	}
}

func TestDocsPageShowsEveryCall(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	resp, err := h.server.Client().Get(h.server.URL + "/docs")
	must(t, err)
	page, err := io.ReadAll(resp.Body)
	must(t, err)
	must(t, resp.Body.Close())
	for path, calls := range h.service.Document().Paths {
		for _, call := range calls {
			if !strings.Contains(string(page), `id="`+call.OperationID+`"`) || !strings.Contains(string(page), path) {
				t.Errorf("the page does not show %s", path)
			}
		}
	}
	if strings.Contains(string(page), "http://") || strings.Contains(string(page), "https://") || strings.Contains(string(page), "<script") {
		t.Error("the page reaches out to another host or runs a script")
	}
}
