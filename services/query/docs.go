package query

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/c360hq/c360/services/query/openapi"
	"github.com/c360hq/c360/services/web"
)

//go:embed page
var page embed.FS

// docs are the OpenAPI document and the page that shows it, written once when the service starts.
type docs struct {
	document *openapi.Document
	json     []byte
	html     []byte
	style    []byte
}

// docsPolicy lets the page load its own style sheet and nothing else: no script, no other host.
const docsPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func newDocs(info openapi.Info, routes []route, also []openapi.Operation) (*docs, error) {
	operations := make([]openapi.Operation, 0, len(routes)+len(also))
	for i := range routes {
		operations = append(operations, routes[i].Operation)
	}
	operations = append(operations, also...)
	d := &docs{document: openapi.New(info, reflect.TypeFor[web.Problem](), operations)}
	var err error
	if d.json, err = json.Marshal(d.document); err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	if d.style, err = page.ReadFile("page/style.css"); err != nil {
		return nil, fmt.Errorf("read the style sheet: %w", err)
	}
	d.html, err = d.render(operations)
	return d, err
}

// pageView is what the page shows.
type pageView struct {
	*openapi.Document
	Calls   []callView
	Schemas []schemaView
}

type callView struct {
	openapi.Operation
	Params       []paramView
	Body, Answer string
}

type paramView struct{ Name, In, Doc, Limits string }

type schemaView struct {
	Name   string
	Fields []fieldView
}

type fieldView struct{ Name, Kind, Link, Doc string }

func (d *docs) render(operations []openapi.Operation) ([]byte, error) {
	t, err := template.ParseFS(page, "page/docs.html")
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	v := pageView{Document: d.document}
	for i := range operations {
		v.Calls = append(v.Calls, viewCall(&operations[i]))
	}
	for _, name := range slices.Sorted(maps.Keys(d.document.Components.Schemas)) {
		v.Schemas = append(v.Schemas, viewSchema(name, d.document.Components.Schemas[name]))
	}
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("write the page: %w", err)
	}
	return out.Bytes(), nil
}

func viewCall(o *openapi.Operation) callView {
	c := callView{Operation: *o, Body: nameOf(o.Body), Answer: nameOf(o.Answer)}
	for _, p := range openapi.Params(o.Params) {
		c.Params = append(c.Params, paramView{Name: p.Name, In: p.In, Doc: p.Doc, Limits: limits(p)})
	}
	return c
}

func nameOf(t reflect.Type) string {
	if t == nil {
		return ""
	}
	return t.Name()
}

func limits(p openapi.Param) string {
	var all []string
	if p.Min != nil && p.Max != nil {
		all = append(all, fmt.Sprintf("%d to %d", *p.Min, *p.Max))
	}
	if p.MaxLen != nil {
		all = append(all, fmt.Sprintf("at most %d bytes", *p.MaxLen))
	}
	if p.Enum != nil {
		all = append(all, strings.Join(p.Enum, " | "))
	}
	if p.Default != "" {
		all = append(all, "default "+p.Default)
	}
	return strings.Join(all, ", ")
}

func viewSchema(name string, s *openapi.Schema) schemaView {
	v := schemaView{Name: name}
	for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
		kind, link := kindOf(s.Properties[field])
		v.Fields = append(v.Fields, fieldView{Name: field, Kind: kind, Link: link, Doc: s.Properties[field].Description})
	}
	return v
}

// kindOf says a schema in a word and names the schema it leads to.
func kindOf(s *openapi.Schema) (kind, link string) {
	switch {
	case s.Ref != "":
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		return name, name
	case len(s.AnyOf) > 0:
		kind, link = kindOf(s.AnyOf[0])
		return kind + " or null", link
	case s.Items != nil:
		kind, link = kindOf(s.Items)
		return "list of " + kind, link
	}
	if of, ok := s.AdditionalProperties.(*openapi.Schema); ok {
		kind, link = kindOf(of)
		return "map of " + kind, link
	}
	return cmp.Or(s.Format, s.Type, "anything"), ""
}

// serve answers with something that is written already.
func serve(w http.ResponseWriter, media string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the caller has gone; there is nobody left to tell
	return nil
}

// docRoutes are the document, the page and its style sheet. They describe themselves too.
func (s *Service) docRoutes() []route {
	fixed := func(path, id, summary, media string, body func() []byte) route {
		return route{
			open: true,
			Operation: openapi.Operation{
				Method: http.MethodGet, Path: path, ID: id, Tag: "operations", Summary: summary, Status: http.StatusOK, Media: media,
			},
			serve: func(w http.ResponseWriter, _ *http.Request) error {
				w.Header().Set("Content-Security-Policy", docsPolicy)
				return serve(w, media, body())
			},
		}
	}
	return []route{
		fixed("/openapi.json", "openapi", "this description", "application/openapi+json", func() []byte { return s.docs.json }),
		fixed("/docs", "docs", "this description as a page", "text/html; charset=utf-8", func() []byte { return s.docs.html }),
		fixed("/docs/style.css", "docsStyle", "the style sheet of the page", "text/css; charset=utf-8", func() []byte { return s.docs.style }),
	}
}
