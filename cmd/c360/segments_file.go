package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/services/query/segments"
)

// segmentFile is a file of segments.
type segmentFile struct {
	name string
	text []byte
	all  []segmentInFile
}

// segmentInFile is one of them, and where it is in the file: a JSON pointer.
type segmentInFile struct {
	Name string `json:"name"`
	segments.SegmentRequest
	at string
}

// readSegments reads a file that holds one segment, a list of them, or a list under "segments"; "-" is standard input.
func readSegments(name string) (*segmentFile, error) {
	f := &segmentFile{name: name}
	var err error
	if name == "-" {
		f.name = "standard input"
		f.text, err = io.ReadAll(os.Stdin)
	} else {
		f.text, err = os.ReadFile(name) //nolint:gosec // G304: the file that was asked for
	}
	if err != nil {
		return nil, usageError{err}
	}
	return f, f.read()
}

func (f *segmentFile) read() error {
	if !jsontext.Value(f.text).IsValid() {
		return f.broken()
	}
	raw, at := json.RawMessage(f.text), ""
	var outer struct {
		Segments json.RawMessage `json:"segments"`
	}
	if json.Unmarshal(raw, &outer) == nil && outer.Segments != nil {
		raw, at = outer.Segments, "/segments"
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return f.one(raw, at)
	}
	for i := range list {
		if err := f.one(list[i], fmt.Sprint(at, "/", i)); err != nil {
			return err
		}
	}
	return nil
}

func (f *segmentFile) one(raw []byte, at string) error {
	d := segmentInFile{at: at}
	e := json.NewDecoder(bytes.NewReader(raw))
	e.DisallowUnknownFields()
	if err := e.Decode(&d); err != nil {
		return fmt.Errorf("%s: a segment is {\"name\": …, \"title\": {\"ko\": …, \"en\": …}, \"rule\": …}, with \"since\" if it is to hold earlier: %w", f.place(at), err)
	}
	f.all = append(f.all, d)
	return nil
}

// readOne reads a file of one segment, or of a rule alone.
func readOne(name string) (*segmentFile, *segmentInFile, error) {
	f, err := readSegments(name)
	if f == nil || f.text == nil || !jsontext.Value(f.text).IsValid() {
		return nil, nil, err
	}
	var keys map[string]json.RawMessage
	if json.Unmarshal(f.text, &keys) == nil && keys["rule"] == nil && keys["segments"] == nil {
		f.all = []segmentInFile{{SegmentRequest: segments.SegmentRequest{Rule: f.text}, at: ruleAlone}}
		err = nil
	}
	if err == nil && len(f.all) != 1 {
		err = usageError{fmt.Errorf("%s holds %d segments; give a file of one", f.name, len(f.all))}
	}
	if err != nil {
		return nil, nil, err
	}
	return f, &f.all[0], nil
}

// ruleAlone marks a file that holds nothing but a rule: what an answer calls /rule/all/0 is /all/0 there.
const ruleAlone = "rule"

// refused says where in the file it is what was refused.
func (f *segmentFile) refused(at string, err error) error {
	var r *refusal
	if !errors.As(err, &r) || r.pointer == "" || r.pointer[0] != '/' {
		return err
	}
	pointer := at + r.pointer
	if at == ruleAlone {
		pointer = strings.TrimPrefix(r.pointer, "/rule")
	}
	return fmt.Errorf("%s: %s", f.place(pointer), r.detail)
}

// place names a place of the file: the line, and the pointer if there is one.
func (f *segmentFile) place(pointer string) string {
	text := fmt.Sprintf("%s line %d", f.name, f.line(pointer))
	if pointer != "" && pointer != ruleAlone {
		text += " (" + pointer + ")"
	}
	return text
}

// line finds the line of what a pointer points at, or else of what is nearest above it.
func (f *segmentFile) line(pointer string) int {
	best, offset := -1, int64(0)
	d := jsontext.NewDecoder(bytes.NewReader(f.text))
	for {
		if _, err := d.ReadToken(); err != nil {
			return 1 + bytes.Count(f.text[:offset], []byte("\n"))
		}
		at := string(d.StackPointer())
		if len(at) > best && (at == pointer || at == "" || strings.HasPrefix(pointer, at+"/")) {
			best, offset = len(at), d.InputOffset()
		}
	}
}

// broken says where a file is no JSON.
func (f *segmentFile) broken() error {
	d := jsontext.NewDecoder(bytes.NewReader(f.text))
	for {
		if _, err := d.ReadToken(); err != nil {
			line := 1 + bytes.Count(f.text[:d.InputOffset()], []byte("\n"))
			return fmt.Errorf("%s line %d: this is not JSON from there on; look for a comma or a bracket that is missing", f.name, line)
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name) //nolint:gosec // G703: the file that may have been meant
	return err == nil
}
