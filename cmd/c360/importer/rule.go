package importer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
	_ "time/tzdata" // mappings name zones, and a small machine has no zone files
)

// Rule says where a value comes from and what becomes of it. In the mapping it is a template ("{order}"), a list
// of templates of which the first with a value counts, or an object with the fields below.
type Rule struct {
	from alternatives
	spec spec
	// each and sum are spec.Each and spec.Sum, made ready.
	each []target
	sum  []template
	zone *time.Location
}

// spec is a Rule as it is written.
type spec struct {
	// From is a template or a list of them.
	From json.RawMessage `json:"from"`
	// First keeps only so many characters of the text: the kind that a number begins with.
	First int `json:"first"`
	// Map replaces a text by another; a text it does not have is a fault, unless Default is given.
	Map     map[string]string `json:"map"`
	Default *string           `json:"default"`
	// As is text, number, integer, boolean, date (YYYY-MM-DD), or auto: whatever the text looks like.
	As string `json:"as"`
	// Layouts and Zone read times; see Mapping.Time.
	Layouts []string `json:"layouts"`
	Zone    string   `json:"zone"`
	// Abs takes the sign off a number.
	Abs bool `json:"abs"`
	// Lenient leaves a value out that cannot be converted; otherwise the line is rejected.
	Lenient bool `json:"lenient"`
	// Only names the event types the rule is for; none means all.
	Only []string `json:"only"`
	// Each makes an object of every element of an array, with these fields.
	Each map[string]*Rule `json:"each"`
	// Sum adds up the product of these places over the elements of an array: ["{qty}", "{price}"].
	Sum []string `json:"sum"`
}

// target is a field that is written, by its path.
type target struct {
	path []string
	rule *Rule
}

// UnmarshalJSON reads the three forms of a rule.
func (r *Rule) UnmarshalJSON(raw []byte) error {
	if raw[0] == '{' {
		if err := strict(raw, &r.spec); err != nil {
			return err
		}
		if r.spec.From == nil {
			return errNoTemplate
		}
		raw = r.spec.From
	}
	var err error
	if r.from, err = readAlternatives(raw); err != nil {
		return err
	}
	return r.ready()
}

func readAlternatives(raw []byte) (alternatives, error) {
	var texts []string
	if raw[0] == '"' {
		texts = make([]string, 1)
		if err := json.Unmarshal(raw, &texts[0]); err != nil {
			return nil, errNoTemplate
		}
	} else if json.Unmarshal(raw, &texts) != nil || len(texts) == 0 {
		return nil, errNoTemplate
	}
	var out alternatives
	for _, text := range texts {
		t, err := parseTemplate(text)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

var conversions = []string{"", "text", "number", "integer", "boolean", "date", "auto"}

func (r *Rule) ready() error {
	if !slices.Contains(conversions, r.spec.As) {
		return fmt.Errorf("as %q: use text, number, integer, boolean, date or auto", r.spec.As)
	}
	for _, text := range r.spec.Sum {
		t, err := parseTemplate(text)
		if err != nil {
			return err
		}
		r.sum = append(r.sum, t)
	}
	r.each = targets(r.spec.Each)
	var err error
	r.zone, err = zone(r.spec.Zone)
	return err
}

// targets puts the fields of a mapping in a fixed order, so that one file always makes the same events.
func targets(rules map[string]*Rule) []target {
	var out []target
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		out = append(out, target{path: placePath(name), rule: rules[name]})
	}
	return out
}

// zone finds a time zone by name or offset; none is UTC.
func zone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	if at, err := time.Parse("-07:00", name); err == nil {
		_, offset := at.Zone()
		return time.FixedZone(name, offset), nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("zone %q is not known: write Asia/Seoul or +09:00", name)
	}
	return loc, nil
}

func (r *Rule) applies(typ string) bool {
	return len(r.spec.Only) == 0 || slices.Contains(r.spec.Only, typ)
}
