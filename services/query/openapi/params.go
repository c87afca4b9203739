package openapi

import (
	"reflect"
	"strconv"
	"strings"
)

// Param is one parameter of an operation, read from the tags of a field of its parameter struct.
type Param struct {
	// Name as the caller writes it, and In: "path", "query" or "header".
	Name, In string
	Doc      string
	// Default, Min, Max and MaxLen bound the value; the pointers are nil when there is no bound.
	Default  string
	Min, Max *int64
	MaxLen   *int64
	// Enum lists the allowed values, if there are only some.
	Enum []string
	// Index is the field's place in the struct, as reflect.Value.FieldByIndex takes it, and Type its type.
	Index []int
	Type  reflect.Type
}

// Params reads the parameters of a struct type, in the order of its fields. The struct is part of the program, so a
// tag that cannot be read is a mistake in the program: it panics.
func Params(t reflect.Type) []Param {
	if t == nil {
		return nil
	}
	var all []Param
	for _, f := range reflect.VisibleFields(t) {
		for _, in := range [...]string{"path", "query", "header"} {
			if name := f.Tag.Get(in); name != "" {
				all = append(all, param(f, in, name))
			}
		}
	}
	return all
}

func param(f reflect.StructField, in, name string) Param {
	p := Param{
		Name: name, In: in, Doc: f.Tag.Get("doc"), Default: f.Tag.Get("default"), Index: f.Index, Type: f.Type,
		Min: bound(f, "min"), Max: bound(f, "max"), MaxLen: bound(f, "maxlen"),
	}
	if list := f.Tag.Get("enum"); list != "" {
		p.Enum = strings.Split(list, ",")
	}
	return p
}

func bound(f reflect.StructField, tag string) *int64 {
	text, ok := f.Tag.Lookup(tag)
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic("openapi: tag " + tag + " of " + f.Name + " is not a number: " + text)
	}
	return &n
}

// schema returns what the parameter's value may be.
func (p Param) schema(s *schemas) *Schema {
	schema := s.of(p.Type)
	if p.Type.Kind() == reflect.Slice {
		schema.Items.Enum = p.Enum
	} else {
		schema.Enum = p.Enum
	}
	if p.Min != nil {
		schema.Minimum = p.Min
	}
	schema.Maximum, schema.MaxLength = p.Max, p.MaxLen
	if p.Default != "" {
		schema.Default = p.defaultValue()
	}
	return schema
}

func (p Param) defaultValue() any {
	if n, err := strconv.ParseInt(p.Default, 10, 64); err == nil {
		return n
	}
	return p.Default
}
