package query

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/services/web"
)

// bodyLimits bound the body of a decision: a few hundred bytes are usual.
var bodyLimits = web.Limits{Bytes: 64 << 10, Ratio: 100, RatioFrom: 16 << 10}

// readBody decodes the JSON body of a request into b, strictly: unknown and repeated members are refused with
// their place. t is nil for a call without a body.
func (s *Service) readBody(r *http.Request, t reflect.Type, b any) error {
	if t == nil {
		return nil
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return web.Wrong(http.StatusUnsupportedMediaType, "send the body as JSON with Content-Type: application/json")
	}
	body, err := s.bodies.Open(r, bodyLimits)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, b, json.RejectUnknownMembers(true)); err != nil {
		return badBody(err)
	}
	return nil
}

// badBody says where a body is wrong. The text of the error is not passed on: it quotes the body.
func badBody(err error) error {
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic) && errors.Is(err, json.ErrUnknownName):
		return web.Wrong(http.StatusBadRequest, "the body has a member this call does not know; see /docs").At(string(semantic.JSONPointer))
	case errors.As(err, &semantic):
		return web.Wrong(http.StatusBadRequest, "a value of the body is not of the expected kind; see /docs").At(string(semantic.JSONPointer))
	case errors.As(err, &syntactic):
		return web.Wrong(http.StatusBadRequest, "the body is not one JSON object with each member once").At(string(syntactic.JSONPointer))
	}
	return web.Wrong(http.StatusBadRequest, "the body is not the JSON object this call expects; see /docs")
}
