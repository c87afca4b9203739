package main

import (
	"github.com/c360hq/c360/services/ingest"
	"github.com/c360hq/c360/services/query/openapi"
)

// ingestCalls describes the calls of ingest for the API document, which query serves.
func ingestCalls() []openapi.Operation {
	var all []openapi.Operation
	for _, r := range ingest.Routes() {
		all = append(all, openapi.Operation{
			Method: r.Method, Path: r.Path, ID: r.ID, Tag: "ingest", Summary: r.Summary, Doc: r.Doc,
			Params: r.Params, Answer: r.Answer, Status: r.Status, Media: r.Media, Problems: r.Problems,
		})
	}
	return all
}
