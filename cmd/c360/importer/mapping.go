package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/c360hq/c360/events"
)

// Mapping says how a line of a file becomes an event. See the package for examples.
type Mapping struct {
	// Format is ndjson or csv; without it the file's first byte decides.
	Format string `json:"format"`
	// CSV says how rows are written.
	CSV CSV `json:"csv"`
	// Group makes one event of the rows that follow one another with the same value, for files with a row per item.
	Group *Rule `json:"group"`
	// Skip leaves lines out.
	Skip []SkipRule `json:"skip"`

	// ID is the event's id; without it the id is made of the line's content and number.
	ID *Rule `json:"id"`
	// Type is the only rule that must be there.
	Type *Rule `json:"type"`
	// Time is when it happened, read by its layouts (Go's, or unix, unixms) in its zone.
	Time        *Rule            `json:"time"`
	Source      *Rule            `json:"source"`
	Channel     *Rule            `json:"channel"`
	Subject     *Rule            `json:"subject"`
	Identifiers map[string]*Rule `json:"identifiers"`
	// Data are the fields of the event's data, by path ("traits.city").
	Data map[string]*Rule `json:"data"`

	identifiers, data []target
	hash              string
}

// CSV says how the rows of a file are written.
type CSV struct {
	// Comma parts the fields; without it the header decides between , ; tab and |. A space stands for any run of
	// blanks.
	Comma string `json:"comma"`
	// Header names the columns: true (the default) if the first row does, or a list of names.
	Header Header `json:"header"`
	// Ragged rows may have fewer or more fields than the header.
	Ragged bool `json:"ragged"`
}

// Header is where the names of the columns are.
type Header struct {
	// None says that there is no row of names.
	None bool
	// Names are given by the mapping.
	Names []string
}

// UnmarshalJSON reads true, false or a list of names.
func (h *Header) UnmarshalJSON(raw []byte) error {
	var yes bool
	if json.Unmarshal(raw, &yes) == nil {
		h.None = !yes
		return nil
	}
	h.None = true
	if json.Unmarshal(raw, &h.Names) != nil || len(h.Names) == 0 {
		return errors.New("header is true, false or a list of names")
	}
	return nil
}

// SkipRule leaves a line out if its text is empty (and Empty is set), or one of In, or none of NotIn.
type SkipRule struct {
	From  *Rule    `json:"from"`
	Empty bool     `json:"empty"`
	In    []string `json:"in"`
	NotIn []string `json:"not_in"`
}

func (s SkipRule) skips(from place) bool {
	text, err := s.From.text(from)
	if err != nil || text == "" {
		return s.Empty && err == nil
	}
	return slices.Contains(s.In, text) || s.NotIn != nil && !slices.Contains(s.NotIn, text)
}

// ReadMapping reads a mapping file.
func ReadMapping(path string) (*Mapping, error) {
	raw, err := os.ReadFile(path) //nolint:gosec // a file the operator named
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	m, err := ParseMapping(raw)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", path, err)
	}
	return m, nil
}

// ParseMapping reads a mapping. A field it does not know is an error, because a misspelt one would be lost in
// silence.
func ParseMapping(raw []byte) (*Mapping, error) {
	var m Mapping
	if err := strict(raw, &m); err != nil {
		return nil, err
	}
	m.hash = digest(raw)
	m.identifiers, m.data = targets(m.Identifiers), targets(m.Data)
	return &m, m.check()
}

// strict decodes JSON and names the line of a mistake.
func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil && d.More() {
		err = errors.New("something follows the closing brace")
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("line %d: %w", 1+bytes.Count(raw[:syntax.Offset], []byte("\n")), err)
	}
	return err //nolint:wrapcheck // the caller names the file
}

func (m *Mapping) check() error {
	if m.Type == nil {
		return errors.New(`there is no rule for "type"; for one kind of event write "type": "order.completed"`)
	}
	if !slices.Contains([]string{"", formatNDJSON, formatCSV}, m.Format) {
		return fmt.Errorf("format %q: use ndjson or csv", m.Format)
	}
	for kind := range m.Identifiers {
		if !events.ValidKind(kind) {
			return fmt.Errorf("identifier kind %q: use lower-case letters, digits and _", kind)
		}
	}
	for _, s := range m.Skip {
		if s.From == nil {
			return errors.New(`a skip rule needs "from"`)
		}
	}
	if runes := []rune(m.CSV.Comma); len(runes) > 1 || len(runes) == 1 && (runes[0] > 127 || strings.ContainsAny(m.CSV.Comma, "\"\r\n")) {
		return fmt.Errorf("comma %q: use one character, such as ; or a tab", m.CSV.Comma)
	}
	return m.checkData()
}

// checkData refuses two fields of which one would have to lie inside the other.
func (m *Mapping) checkData() error {
	for name := range m.Data {
		for other := range m.Data {
			if strings.HasPrefix(other, name+".") {
				return fmt.Errorf("data %q lies inside %q; take one of them out", other, name)
			}
		}
		if name == "" || strings.Contains("."+name+".", "..") {
			return fmt.Errorf("data %q is not a name", name)
		}
	}
	return nil
}
