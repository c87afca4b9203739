package openapi_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/c360hq/c360/services/query/openapi"
)

type page struct {
	Size int `query:"size" min:"1" max:"9" default:"3" doc:"how many"`
}

type params struct {
	ID    uuid.UUID `path:"id"`
	Kinds []string  `query:"kind" enum:"a,b"`
	page
}

type inner struct {
	Name string `json:"name" doc:"what it is called"`
}

type answer struct {
	Inner  inner            `json:"inner"`
	Maybe  *inner           `json:"maybe"`
	Left   string           `json:"left,omitempty"`
	At     time.Time        `json:"at"`
	Counts map[string]int64 `json:"counts"`
	Any    json.RawMessage  `json:"any"`
	hidden int
}

type refusal struct {
	Detail string `json:"detail"`
}

func TestDocument(t *testing.T) {
	t.Parallel()
	_ = answer{hidden: 0}
	d := openapi.New(openapi.Info{Title: "t", Version: "1"}, reflect.TypeFor[refusal](), []openapi.Operation{{
		Method: "GET", Path: "/things/{id}", ID: "thing", Tag: "things", Summary: "one thing",
		Params: reflect.TypeFor[params](), Answer: reflect.TypeFor[answer](), Status: 200, Problems: []int{404},
	}})
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(expected), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("document differs (-want +got):\n%s", diff)
	}
}

const expected = `{
 "openapi": "3.1.0",
 "info": {"title": "t", "version": "1", "description": ""},
 "paths": {"/things/{id}": {"get": {
  "operationId": "thing", "summary": "one thing", "tags": ["things"],
  "parameters": [
   {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}},
   {"name": "kind", "in": "query", "required": false, "style": "form", "explode": false,
    "schema": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}},
   {"name": "size", "in": "query", "required": false, "description": "how many",
    "schema": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3}}],
  "responses": {
   "200": {"description": "one thing", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/answer"}}}},
   "404": {"description": "refused: says what and where, and what to do",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/refusal"}}}}}}}},
 "components": {"schemas": {
  "refusal": {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"], "additionalProperties": false},
  "inner": {"type": "object", "properties": {"name": {"type": "string", "description": "what it is called"}}, "required": ["name"], "additionalProperties": false},
  "answer": {"type": "object", "additionalProperties": false, "required": ["inner", "maybe", "at", "counts", "any"], "properties": {
   "inner": {"$ref": "#/components/schemas/inner"},
   "maybe": {"anyOf": [{"$ref": "#/components/schemas/inner"}, {"type": "null"}]},
   "left": {"type": "string"}, "at": {"type": "string", "format": "date-time"},
   "counts": {"type": "object", "additionalProperties": {"type": "integer"}}, "any": {}}}}}}`
