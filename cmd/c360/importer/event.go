package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// errSkipped says that the mapping leaves the line out.
var errSkipped = errors.New("left out by the mapping")

// fault is what keeps a line from becoming an event: the field of the event, and what is wrong.
type fault struct {
	field string
	err   error
}

func (f *fault) Error() string { return f.field + ": " + f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// event appends the NDJSON line that an input line becomes, and returns its type.
func (m *Mapping) event(to []byte, from place, raw []byte) (line []byte, typ string, err error) {
	for _, s := range m.Skip {
		if s.skips(from) {
			return nil, "", errSkipped
		}
	}
	if typ, err = m.Type.text(from); err != nil || typ == "" {
		return nil, "", &fault{"type", orMissing(err)}
	}
	w := &writer{out: append(to, '{')}
	id, err := m.id(from, raw)
	w.err("id", err)
	w.text("id", id)
	w.text("type", typ)
	w.err("time", m.time(w, from))
	for _, field := range []target{{[]string{"source"}, m.Source}, {[]string{"channel"}, m.Channel}, {[]string{"subject"}, m.Subject}} {
		if field.rule != nil && field.rule.applies(typ) {
			text, err := field.rule.text(from)
			w.err(field.path[0], err)
			w.text(field.path[0], text)
		}
	}
	w.identifiers(m.identifiers, typ, from)
	w.data(m.data, typ, from)
	return append(w.out, '}', '\n'), typ, w.first
}

func orMissing(err error) error {
	if err == nil {
		return errors.New("there is none")
	}
	return err
}

// id is the mapping's, or one made of what the line says and where it stands: two equal lines are two events, and
// importing the file again makes the same ids.
func (m *Mapping) id(from place, raw []byte) (string, error) {
	if m.ID != nil {
		if id, err := m.ID.text(from); err != nil || id != "" {
			return id, err
		}
	}
	sum := sha256.Sum256(raw)
	return fmt.Sprintf("%s-%d", hex.EncodeToString(sum[:12]), from.line), nil
}

func (m *Mapping) time(w *writer, from place) error {
	if m.Time == nil {
		return nil
	}
	text, err := m.Time.text(from)
	if err != nil || text == "" {
		return orMissing(err)
	}
	at, err := parseTime(text, m.Time.spec.Layouts, m.Time.zone)
	if err != nil {
		return err
	}
	w.text("time", at.Format(time.RFC3339Nano))
	return nil
}

// writer writes an object and keeps the first thing that went wrong.
type writer struct {
	out   []byte
	first error
}

func (w *writer) err(field string, err error) {
	if err != nil && w.first == nil {
		w.first = &fault{field, err}
	}
}

func (w *writer) name(name string) {
	if last := w.out[len(w.out)-1]; last != '{' {
		w.out = append(w.out, ',')
	}
	out, err := jsontext.AppendQuote(w.out, name)
	w.err(name, err)
	out = append(out, ':')
	w.out = out
}

// text writes a text, and nothing if it is empty.
func (w *writer) text(name, text string) {
	if text == "" {
		return
	}
	w.name(name)
	out, err := jsontext.AppendQuote(w.out, text)
	w.err(name, err)
	w.out = out
}

func (w *writer) identifiers(targets []target, typ string, from place) {
	began := len(w.out)
	w.name("identifiers")
	w.out = append(w.out, '{')
	open := len(w.out)
	for _, t := range targets {
		if t.rule.applies(typ) {
			text, err := t.rule.text(from)
			w.err("identifiers."+t.path[0], err)
			w.text(t.path[0], text)
		}
	}
	if len(w.out) == open {
		w.out = w.out[:began]
		return
	}
	w.out = append(w.out, '}')
}

func (w *writer) data(targets []target, typ string, from place) {
	if len(targets) == 0 {
		return
	}
	w.name("data")
	out, err := appendObject(w.out, targets, from, typ)
	w.err("data", err)
	if err == nil {
		w.out = out
	}
}

// appendObject writes the fields as one object; fields with a common path share the objects above them. Fields
// come sorted, so those that belong together follow one another.
func appendObject(to []byte, targets []target, from place, typ string) ([]byte, error) {
	to = append(to, '{')
	var above []string
	for _, t := range targets {
		if typ != "" && !t.rule.applies(typ) {
			continue
		}
		raw, ok, err := t.rule.append(nil, from)
		if err != nil {
			return nil, &fault{strings.Join(t.path, "."), err}
		}
		if !ok {
			continue
		}
		to, above = descend(to, above, t.path)
		if to, err = jsontext.AppendQuote(to, t.path[len(t.path)-1]); err != nil {
			return nil, &fault{strings.Join(t.path, "."), err}
		}
		to = append(append(to, ':'), raw...)
	}
	for range above {
		to = append(to, '}')
	}
	return append(to, '}'), nil
}

// descend closes the objects that path does not lie in and opens those that it does.
func descend(to []byte, above, path []string) ([]byte, []string) {
	parents := path[:len(path)-1]
	same := 0
	for same < len(above) && same < len(parents) && above[same] == parents[same] {
		same++
	}
	for range above[same:] {
		to = append(to, '}')
	}
	if to[len(to)-1] != '{' {
		to = append(to, ',')
	}
	for _, name := range parents[same:] {
		to, _ = jsontext.AppendQuote(to, name) // the name is UTF-8: it comes from a mapping that was decoded
		to = append(to, ':', '{')
	}
	return to, parents
}
