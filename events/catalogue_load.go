package events

import (
	"errors"
	"fmt"
	"io/fs"
	"math/bits"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const commonSchemas = "common.json"

// document is one schema file.
type document struct {
	Schema string `json:"$schema"`
	ID     string `json:"$id"`
	// Title is the name of the group.
	Title string               `json:"title"`
	Defs  map[string]*keywords `json:"$defs"`
}

// keywords is one JSON Schema as it is written: the closed set of keywords the catalogue may use. Any other keyword is
// refused at load, so that nothing in a schema is silently not checked.
type keywords struct {
	Ref         string  `json:"$ref"`
	Title       string  `json:"title"`
	TitleKo     string  `json:"x-title-ko"`
	Description string  `json:"description"`
	Channel     Channel `json:"x-channel"`
	Noise       int     `json:"x-noise"`
	Tone        Tone    `json:"x-tone"`
	Version     int     `json:"x-schema"`
	PII         PII     `json:"x-pii"`
	Retention   string  `json:"x-retention"`

	Type       typeNames `json:"type"`
	Properties members   `json:"properties"`
	Required   []string  `json:"required"`
	Items      *keywords `json:"items"`
	MinLength  int       `json:"minLength"`
}

// typeNames is the value of "type": one name or several.
type typeNames []string

// UnmarshalJSONFrom reads "string" or ["string", "null"].
func (t *typeNames) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == '[' {
		return json.UnmarshalDecode(d, (*[]string)(t))
	}
	*t = typeNames{""}
	return json.UnmarshalDecode(d, &(*t)[0])
}

// members are the properties of an object, in the order they are written.
type members []member

type member struct {
	name string
	keywords
}

// UnmarshalJSONFrom reads an object.
func (m *members) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return eachMember(d, func(quoted []byte) error {
		one := member{name: string(unquoted(quoted))}
		if err := json.UnmarshalDecode(d, &one.keywords); err != nil {
			return err
		}
		*m = append(*m, one)
		return nil
	})
}

// loader turns schema files into types.
type loader struct {
	common map[string]*keywords
	types  map[string]*Type
}

func newLoader(files fs.FS) (*loader, error) {
	l := &loader{types: map[string]*Type{}}
	names, err := fs.Glob(files, "schemas/*.json")
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(commonFirst(a), commonFirst(b)) })
	for _, name := range names {
		if err := l.load(files, name); err != nil {
			return nil, fmt.Errorf("catalogue: %s: %w", path.Base(name), err)
		}
	}
	return l, nil
}

func commonFirst(name string) string {
	if path.Base(name) == commonSchemas {
		return ""
	}
	return name
}

func (l *loader) load(files fs.FS, name string) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var doc document
	if err := json.Unmarshal(raw, &doc, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	if path.Base(name) == commonSchemas {
		l.common = doc.Defs
		return nil
	}
	for name, k := range doc.Defs {
		t, err := l.newType(doc.Title, name, k)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		l.types[name] = t
	}
	return nil
}

func (l *loader) newType(group, name string, k *keywords) (*Type, error) {
	t := &Type{
		Name: name, Group: group, Title: Text{Ko: k.TitleKo, En: k.Title}, Channel: k.Channel, Noise: k.Noise, Tone: k.Tone,
		Schema: max(k.Version, 1),
	}
	if t.Tone == "" {
		t.Tone = TonePlain
	}
	var err error
	if t.root, err = l.compile(k); err != nil {
		return nil, err
	}
	t.Fields, err = l.fields(nil, "", k)
	return t, err
}

// resolve follows a $ref into common.json.
func (l *loader) resolve(k *keywords) (*keywords, error) {
	if k.Ref == "" {
		return k, nil
	}
	name := strings.TrimPrefix(strings.TrimPrefix(k.Ref, commonSchemas), "#/$defs/")
	if target, ok := l.common[name]; ok {
		return l.resolve(target)
	}
	return nil, fmt.Errorf("$ref %q leads nowhere", k.Ref)
}

// compile makes the walk over the bytes out of the keywords.
func (l *loader) compile(k *keywords) (*schema, error) {
	k, err := l.resolve(k)
	if err != nil {
		return nil, err
	}
	s := &schema{nonEmpty: k.MinLength > 0}
	if s.kinds, err = kindsOf(k.Type); err != nil {
		return nil, err
	}
	if k.Items != nil {
		if s.items, err = l.compile(k.Items); err != nil {
			return nil, err
		}
	}
	return s, l.compileProperties(s, k)
}

func (l *loader) compileProperties(s *schema, k *keywords) error {
	for i := range k.Properties {
		m := &k.Properties[i]
		sub, err := l.compile(&m.keywords)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		p := property{schema: sub}
		if at := slices.Index(k.Required, m.name); at >= 0 {
			p.bit = 1 << at
			s.needed |= p.bit
		}
		if s.fields == nil {
			s.fields = map[string]property{}
		}
		s.fields[m.name] = p
	}
	if bits.OnesCount64(s.needed) != len(k.Required) {
		return errors.New("required names a field that properties does not have")
	}
	return nil
}

func kindsOf(names typeNames) (kinds, error) {
	var k kinds
	for _, name := range names {
		i := slices.Index(kindNames[:], name)
		if i < 0 {
			return 0, fmt.Errorf("unknown type %q", name)
		}
		k |= 1 << i
	}
	return k, nil
}

// fields lists the known fields below one schema.
func (l *loader) fields(list []Field, prefix string, k *keywords) ([]Field, error) {
	for i := range k.Properties {
		m := &k.Properties[i]
		target, err := l.resolve(&m.keywords)
		if err != nil {
			return nil, err
		}
		f := Field{
			Path: prefix + m.name, Required: slices.Contains(k.Required, m.name), Kinds: target.Type,
			PII: m.PII, Retention: m.Retention, Doc: m.Description,
		}
		if f.PII == "" {
			f.PII = PIIDirect
		}
		if list, err = l.nested(append(list, f), f.Path, target); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// nested lists the fields inside a field that is an object or an array of objects.
func (l *loader) nested(list []Field, at string, k *keywords) ([]Field, error) {
	if k.Items == nil {
		return l.fields(list, at+".", k)
	}
	element, err := l.resolve(k.Items)
	if err != nil {
		return nil, err
	}
	return l.fields(list, at+"[].", element)
}
