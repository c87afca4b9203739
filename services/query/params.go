package query

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/c360hq/c360/services/query/openapi"
	"github.com/c360hq/c360/services/web"
)

// reader reads the parameters of one call into its parameter struct. It is made once, from the tags that also make
// the OpenAPI document, so what is documented is what is enforced.
type reader struct {
	params []openapi.Param
	names  []string // of query parameters, for the refusal of an unknown one
}

func newReader(t reflect.Type) *reader {
	r := &reader{params: openapi.Params(t)}
	for _, p := range r.params {
		if p.In == "query" {
			r.names = append(r.names, p.Name)
		}
	}
	return r
}

// read fills the struct that into points at, or says which parameter is wrong and what it may be.
func (d *reader) read(r *http.Request, into reflect.Value) error {
	query, err := urlQuery(r)
	if err != nil {
		return err
	}
	for name := range query {
		if !slices.Contains(d.names, name) {
			return d.unknown(name)
		}
	}
	for _, p := range d.params {
		text := p.Default
		switch p.In {
		case "path":
			text = r.PathValue(p.Name)
		case "header":
			text = r.Header.Get(p.Name)
		default:
			if given := query[p.Name]; len(given) > 1 {
				return refuse(p, "is given more than once; give it once")
			} else if len(given) == 1 && given[0] != "" {
				text = given[0]
			}
		}
		if err := set(p, into.FieldByIndex(p.Index), text); err != nil {
			return err
		}
	}
	return nil
}

// unknown refuses a parameter that the call does not have.
func (d *reader) unknown(name string) error {
	switch {
	case name == "known_at" && slices.Contains(d.names, "as_of"):
		return wrongParam(name, "known_at is not known to this call, which is about everybody: build a generation that knows no more "+
			"(POST /v1/generations with known_at) and ask with generation=")
	case name == "as_of", name == "known_at":
		return wrongParam(name, name+" is not known to this call: it answers what is true now; leave it out")
	}
	if len(d.names) == 0 {
		return wrongParam("", fmt.Sprintf("parameter %.40q is unknown; this call takes none", name))
	}
	return wrongParam("", fmt.Sprintf("parameter %.40q is unknown; this call takes %s", name, strings.Join(d.names, ", ")))
}

func refuse(p openapi.Param, what string) error { return wrongParam(p.Name, p.Name+" "+what) }

// wrongParam is the refusal of one parameter. The pointer ?name says which one.
func wrongParam(name, detail string) *web.Problem {
	problem := web.Wrong(http.StatusBadRequest, detail)
	if name == "" {
		return problem
	}
	return problem.At("?" + name)
}

// set reads text into a field. An absent text leaves the zero value.
func set(p openapi.Param, field reflect.Value, text string) error {
	if text == "" {
		return nil
	}
	if limit := p.MaxLen; limit != nil && int64(len(text)) > *limit {
		return refuse(p, fmt.Sprintf("is longer than %d bytes; shorten it", *limit))
	}
	switch field.Interface().(type) {
	case uuid.UUID:
		return setID(p, field, text)
	case []string:
		return setList(p, field, text)
	}
	switch field.Kind() {
	case reflect.Uint64:
		return setPosition(p, field, text)
	case reflect.Int:
		return setNumber(p, field, text)
	default:
		return setText(p, field, text)
	}
}

func setID(p openapi.Param, field reflect.Value, text string) error {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return refuse(p, "is not an id: use the id of a search result, for example 0b8f…-… (36 characters)")
	}
	field.Set(reflect.ValueOf(id))
	return nil
}

func setList(p openapi.Param, field reflect.Value, text string) error {
	list := strings.Split(text, ",")
	for _, one := range list {
		if one == "" || p.Enum != nil && !slices.Contains(p.Enum, one) {
			return refuse(p, listAdvice(p))
		}
	}
	field.Set(reflect.ValueOf(list))
	return nil
}

func listAdvice(p openapi.Param) string {
	if p.Enum == nil {
		return "holds an empty name; give names with commas between them"
	}
	return "may hold " + strings.Join(p.Enum, ", ") + ", with commas between them"
}

func setPosition(p openapi.Param, field reflect.Value, text string) error {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return refuse(p, "is not a position: use a whole number, as C360-Position or position in an answer gave it")
	}
	field.SetUint(n)
	return nil
}

func setNumber(p openapi.Param, field reflect.Value, text string) error {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || p.Min != nil && n < *p.Min || p.Max != nil && n > *p.Max {
		return refuse(p, numberAdvice(p))
	}
	field.SetInt(n)
	return nil
}

func numberAdvice(p openapi.Param) string {
	if p.Min == nil || p.Max == nil {
		return "is not a whole number"
	}
	return fmt.Sprintf("must be a whole number from %d to %d", *p.Min, *p.Max)
}

func setText(p openapi.Param, field reflect.Value, text string) error {
	if p.Enum != nil && !slices.Contains(p.Enum, text) {
		return refuse(p, "may be "+strings.Join(p.Enum, " or "))
	}
	field.SetString(text)
	return nil
}
