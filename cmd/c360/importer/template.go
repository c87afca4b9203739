package importer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// template is a text with places: "or-{InvoiceNo}". A place is a path of names parted by dots, {.} the value
// itself, {*} all of it, {#} the line number, {@} the file's name without its endings. If a place has no value, the whole template has none, so a prefix
// never stands alone.
type template []piece

type piece struct {
	literal string
	name    string   // of the place, "" for a literal
	path    []string // the name in its parts
}

const (
	selfPlace = "."
	allPlace  = "*"
	linePlace = "#"
	filePlace = "@"
)

func parseTemplate(text string) (template, error) {
	var t template
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			if strings.Contains(before, "}") {
				return nil, fmt.Errorf("%q: a } without a {", text)
			}
			t = append(t, piece{literal: before})
		}
		if !found {
			break
		}
		place, after, closed := strings.Cut(rest, "}")
		if !closed || place == "" || strings.Contains(place, "{") {
			return nil, fmt.Errorf("%q: write a place as {name}", text)
		}
		t = append(t, piece{name: place, path: placePath(place)})
		text = after
	}
	return t, nil
}

func placePath(place string) []string {
	switch place {
	case selfPlace, allPlace, linePlace, filePlace:
		return []string{place}
	}
	return strings.Split(place, ".")
}

// single reports whether the template is one place and nothing else, so that the value keeps its type.
func (t template) single() bool { return len(t) == 1 && t[0].name != "" }

// node returns what a single place holds.
func (t template) node(from place) (node, bool) { return from.at(t[0]) }

// text returns the text of the template, false if a place has no value.
func (t template) text(from place) (string, bool) {
	if len(t) == 1 {
		return t[0].text(from)
	}
	var out strings.Builder
	for _, p := range t {
		text, ok := p.text(from)
		if !ok {
			return "", false
		}
		out.WriteString(text)
	}
	return out.String(), out.Len() > 0
}

func (p piece) text(from place) (string, bool) {
	if p.name == "" {
		return p.literal, true
	}
	n, ok := from.at(p)
	if !ok {
		return "", false
	}
	return n.text()
}

// place is a value of the input and where it stands.
type place struct {
	node node
	line int
	file string
}

// at returns what a piece names: a column may have dots in its name, so the whole name is tried first.
func (p place) at(at piece) (node, bool) {
	switch at.name {
	case selfPlace, allPlace:
		return p.node, true
	case linePlace:
		return cell(strconv.Itoa(p.line)), true
	case filePlace:
		return cell(p.file), p.file != ""
	}
	if n, ok := p.node.field(at.name); ok {
		return n, true
	}
	n := p.node
	for _, name := range at.path {
		next, ok := n.field(name)
		if !ok {
			return nil, false
		}
		n = next
	}
	return n, true
}

// alternatives are templates of which the first with a value counts.
type alternatives []template

func (a alternatives) text(from place) (string, bool) {
	for _, t := range a {
		if text, ok := t.text(from); ok {
			return text, true
		}
	}
	return "", false
}

// node returns the value of the first alternative that has one, with its type if it is a single place.
func (a alternatives) node(from place) (node, bool) {
	for _, t := range a {
		if t.single() {
			if n, ok := t.node(from); ok && !empty(n) {
				return n, true
			}
			continue
		}
		if text, ok := t.text(from); ok {
			return cell(text), true
		}
	}
	return nil, false
}

func empty(n node) bool {
	switch n := n.(type) {
	case cell:
		return n == ""
	case *value:
		return n.raw.Kind() == 'n' || string(n.raw) == `""`
	}
	return false
}

var errNoTemplate = errors.New(`give a text such as "{column}", or an object with "from"`)
