package openapi

import (
	"reflect"
	"strconv"
	"strings"
)

// Operation is one call of the API.
type Operation struct {
	Method string
	// Path in the form of net/http patterns: /v1/customers/{id}.
	Path string
	// ID is the name of the call, unique and stable: clients are generated from it.
	ID  string
	Tag string
	// Summary is one line; Doc goes into detail and may be empty.
	Summary, Doc string
	// Params and Body are the struct types of what is asked, nil if nothing is.
	Params, Body reflect.Type
	// Answer is the type of what is answered with Status; nil for an answer that is no JSON.
	Answer reflect.Type
	Status int
	// Later is the status of the same answer while it is not ready; 0 if it always is.
	Later int
	// Media of the answer; empty is application/json.
	Media string
	// Problems are the statuses it can refuse with.
	Problems []int
}

// Info names the API.
type Info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

// Document is an OpenAPI 3.1 document.
type Document struct {
	OpenAPI    string                         `json:"openapi"`
	Info       Info                           `json:"info"`
	Paths      map[string]map[string]*APICall `json:"paths"`
	Components Components                     `json:"components"`
}

// Components holds the schemas the calls refer to.
type Components struct {
	Schemas map[string]*Schema `json:"schemas"`
}

// APICall is an operation as OpenAPI writes it.
type APICall struct {
	OperationID string              `json:"operationId"`
	Summary     string              `json:"summary"`
	Description string              `json:"description,omitempty"`
	Tags        []string            `json:"tags"`
	Parameters  []Parameter         `json:"parameters,omitempty"`
	RequestBody *Body               `json:"requestBody,omitempty"`
	Responses   map[string]Response `json:"responses"`
}

// Parameter is a parameter as OpenAPI writes it.
type Parameter struct {
	Name        string  `json:"name"`
	In          string  `json:"in"`
	Description string  `json:"description,omitempty"`
	Required    bool    `json:"required"`
	Style       string  `json:"style,omitempty"`
	Explode     *bool   `json:"explode,omitempty"`
	Schema      *Schema `json:"schema"`
}

// Body is a request body as OpenAPI writes it.
type Body struct {
	Required bool             `json:"required"`
	Content  map[string]Media `json:"content"`
}

// Response is an answer as OpenAPI writes it.
type Response struct {
	Description string           `json:"description"`
	Content     map[string]Media `json:"content,omitempty"`
}

// Media is the schema of a body in one media type.
type Media struct {
	Schema *Schema `json:"schema"`
}

// New describes the operations. problem is the struct type of every refusal (RFC 9457).
func New(info Info, problem reflect.Type, operations []Operation) *Document {
	s := &schemas{defs: map[string]*Schema{}, names: map[string]reflect.Type{}}
	d := &Document{OpenAPI: "3.1.0", Info: info, Paths: map[string]map[string]*APICall{}}
	refusal := s.of(problem)
	for i := range operations {
		o := &operations[i]
		if d.Paths[o.Path] == nil {
			d.Paths[o.Path] = map[string]*APICall{}
		}
		d.Paths[o.Path][strings.ToLower(o.Method)] = s.call(o, refusal)
	}
	d.Components.Schemas = s.defs
	return d
}

func (s *schemas) call(o *Operation, refusal *Schema) *APICall {
	c := &APICall{
		OperationID: o.ID, Summary: o.Summary, Description: o.Doc, Tags: []string{o.Tag},
		Responses: map[string]Response{strconv.Itoa(o.Status): s.answer(o)},
	}
	if o.Later != 0 {
		c.Responses[strconv.Itoa(o.Later)] = s.answer(o)
	}
	for _, p := range Params(o.Params) {
		c.Parameters = append(c.Parameters, s.parameter(p))
	}
	if o.Body != nil {
		c.RequestBody = &Body{Required: true, Content: map[string]Media{"application/json": {s.of(o.Body)}}}
	}
	for _, status := range o.Problems {
		c.Responses[strconv.Itoa(status)] = Response{
			Description: "refused: says what and where, and what to do",
			Content:     map[string]Media{"application/problem+json": {refusal}},
		}
	}
	return c
}

func (s *schemas) parameter(p Param) Parameter {
	out := Parameter{Name: p.Name, In: p.In, Description: p.Doc, Required: p.In == "path", Schema: p.schema(s)}
	if p.Type.Kind() == reflect.Slice {
		out.Style, out.Explode = "form", new(bool) // a,b,c in one parameter
	}
	return out
}

func (s *schemas) answer(o *Operation) Response {
	r := Response{Description: o.Summary}
	switch {
	case o.Answer != nil && o.Media == "":
		r.Content = map[string]Media{"application/json": {s.of(o.Answer)}}
	case o.Media != "":
		r.Content = map[string]Media{o.Media: {&Schema{Type: "string"}}}
	}
	return r
}
