package openapi

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// Schema is a JSON Schema 2020-12, as far as answers need it. The empty Schema allows anything.
type Schema struct {
	Ref                  string             `json:"$ref,omitempty"`
	Type                 string             `json:"type,omitempty"`
	Format               string             `json:"format,omitempty"`
	Description          string             `json:"description,omitempty"`
	Properties           map[string]*Schema `json:"properties,omitempty"`
	Required             []string           `json:"required,omitempty"`
	AdditionalProperties any                `json:"additionalProperties,omitempty"`
	Items                *Schema            `json:"items,omitempty"`
	AnyOf                []*Schema          `json:"anyOf,omitempty"`
	Enum                 []string           `json:"enum,omitempty"`
	Minimum              *int64             `json:"minimum,omitempty"`
	Maximum              *int64             `json:"maximum,omitempty"`
	MaxLength            *int64             `json:"maxLength,omitempty"`
	Default              any                `json:"default,omitempty"`
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	uuidType  = reflect.TypeFor[uuid.UUID]()
	rawType   = reflect.TypeFor[json.RawMessage]()
	moneyType = reflect.TypeFor[events.Money]()
)

// schemas collects the schemas of named structs, so that each is described once.
type schemas struct {
	defs  map[string]*Schema
	names map[string]reflect.Type
}

// name is what the schema of a type is called: as the type is, or, if another type is called so already, with the package
// before it.
func (s *schemas) name(t reflect.Type) string {
	name := t.Name()
	if of, taken := s.names[name]; taken && of != t {
		path := t.PkgPath()
		pkg := path[strings.LastIndexByte(path, '/')+1:]
		name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
	}
	s.names[name] = t
	return name
}

// of returns the schema of t; named structs become references.
func (s *schemas) of(t reflect.Type) *Schema {
	if known := special(t); known != nil {
		return known
	}
	switch t.Kind() {
	case reflect.Pointer:
		return &Schema{AnyOf: []*Schema{s.of(t.Elem()), {Type: "null"}}}
	case reflect.Struct:
		return s.reference(t)
	case reflect.Slice, reflect.Array:
		return &Schema{Type: "array", Items: s.of(t.Elem())}
	case reflect.Map:
		return &Schema{Type: "object", AdditionalProperties: s.of(t.Elem())}
	default:
		return scalar(t.Kind())
	}
}

// special returns the schema of a type that does not marshal as its kind says, or nil.
func special(t reflect.Type) *Schema {
	switch t {
	case timeType:
		return &Schema{Type: "string", Format: "date-time"}
	case uuidType:
		return &Schema{Type: "string", Format: "uuid"}
	case moneyType:
		return &Schema{Type: "number", Description: "amount in units of the currency beside it"}
	case rawType:
		return &Schema{}
	}
	return nil
}

func scalar(k reflect.Kind) *Schema {
	switch k {
	case reflect.String:
		return &Schema{Type: "string"}
	case reflect.Bool:
		return &Schema{Type: "boolean"}
	case reflect.Float32, reflect.Float64:
		return &Schema{Type: "number"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &Schema{Type: "integer", Minimum: new(int64)}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &Schema{Type: "integer"}
	default:
		return &Schema{}
	}
}

// reference describes a struct under its name and returns a reference to it.
func (s *schemas) reference(t reflect.Type) *Schema {
	if t.Name() == "" {
		return s.object(t)
	}
	name := s.name(t)
	if _, ok := s.defs[name]; !ok {
		s.defs[name] = &Schema{} // stops a type that holds itself
		*s.defs[name] = *s.object(t)
	}
	return &Schema{Ref: "#/components/schemas/" + name}
}

func (s *schemas) object(t reflect.Type) *Schema {
	o := &Schema{Type: "object", Properties: map[string]*Schema{}, AdditionalProperties: false}
	s.fields(t, o)
	return o
}

func (s *schemas) fields(t reflect.Type, o *Schema) {
	for f := range t.Fields() {
		name, always := jsonName(f)
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && f.Tag.Get("json") == "":
			s.fields(f.Type, o)
		default:
			o.Properties[name] = s.field(f)
			if always {
				o.Required = append(o.Required, name)
			}
		}
	}
}

func (s *schemas) field(f reflect.StructField) *Schema {
	schema := s.of(f.Type)
	if doc := f.Tag.Get("doc"); doc != "" {
		schema.Description = doc
	}
	if list := f.Tag.Get("enum"); list != "" {
		schema.Enum = strings.Split(list, ",")
	}
	return schema
}

// jsonName returns the name a field has in JSON and whether it is always there.
func jsonName(f reflect.StructField) (name string, always bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		name = f.Name
	}
	return name, !strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero")
}
