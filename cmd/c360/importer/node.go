package importer

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// node is a value of the input: a JSON value, a cell of a CSV row, a row, a group of rows.
type node interface {
	// field returns a member, a column, or false.
	field(name string) (node, bool)
	// elements returns the elements of an array, nil if it is none.
	elements() []node
	// text returns the value as text; false for null, an object, an array and an empty text.
	text() (string, bool)
	// appendJSON writes the value as JSON.
	appendJSON(to []byte) ([]byte, error)
}

// cell is a text without a type.
type cell string

func (cell) field(string) (node, bool) { return nil, false }
func (cell) elements() []node          { return nil }
func (c cell) text() (string, bool)    { return string(c), c != "" }

func (c cell) appendJSON(to []byte) ([]byte, error) {
	return jsontext.AppendQuote(to, string(c)) //nolint:wrapcheck // the caller names the line
}

// list is an array.
type list []node

func (list) field(string) (node, bool) { return nil, false }
func (l list) elements() []node        { return l }
func (list) text() (string, bool)      { return "", false }

func (l list) appendJSON(to []byte) ([]byte, error) {
	to = append(to, '[')
	for i, n := range l {
		if i > 0 {
			to = append(to, ',')
		}
		var err error
		if to, err = n.appendJSON(to); err != nil {
			return nil, err
		}
	}
	return append(to, ']'), nil
}

// row is a row of a CSV file under its header.
type row struct {
	header *header
	cells  []string
}

// header is the names of the columns, and where each is.
type header struct {
	names []string
	index map[string]int
}

func newHeader(names []string) *header {
	h := &header{names: names, index: make(map[string]int, len(names))}
	for i, name := range names {
		h.index[name] = i
	}
	return h
}

// columnsField is the field that holds all cells of a row, for files whose rows are lists.
const columnsField = "columns"

func (r row) field(name string) (node, bool) {
	if i, ok := r.header.index[name]; ok {
		if i < len(r.cells) {
			return cell(r.cells[i]), true
		}
		return nil, false
	}
	if n, err := strconv.Atoi(name); err == nil && len(r.header.names) == 0 && n > 0 && n <= len(r.cells) {
		return cell(r.cells[n-1]), true // columns without names are called 1, 2, 3
	}
	if name != columnsField {
		return nil, false
	}
	all := make(list, 0, len(r.cells))
	for _, c := range r.cells {
		if c != "" {
			all = append(all, cell(c))
		}
	}
	return all, true
}

func (row) elements() []node     { return nil }
func (row) text() (string, bool) { return "", false }

// appendJSON writes the row as an object; numbers stay texts, because only a mapping knows what they are.
func (r row) appendJSON(to []byte) ([]byte, error) {
	to = append(to, '{')
	first := true
	for i, name := range r.header.names {
		if i >= len(r.cells) || r.cells[i] == "" {
			continue
		}
		if !first {
			to = append(to, ',')
		}
		first = false
		var err error
		if to, err = appendPair(to, name, cell(r.cells[i])); err != nil {
			return nil, err
		}
	}
	return append(to, '}'), nil
}

func appendPair(to []byte, name string, n node) ([]byte, error) {
	to, err := jsontext.AppendQuote(to, name)
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller names the line
	}
	return n.appendJSON(append(to, ':'))
}

// rowsField is the field of a group that holds its rows.
const rowsField = "rows"

// group is several rows that make one event: its fields are those of the first row.
type group struct {
	row
	rows []node
}

func (g group) field(name string) (node, bool) {
	if name == rowsField {
		return list(g.rows), true
	}
	return g.row.field(name)
}

// value is a JSON value, taken apart no further than it is looked at. The JSON has been checked before: see
// records.checked.
type value struct {
	raw jsontext.Value
	// members of an object or elements of an array, once it was looked into.
	members []member
	items   []node
	open    bool
}

type member struct {
	name string
	node *value
}

func (v *value) field(name string) (node, bool) {
	v.look()
	for _, m := range v.members {
		if m.name == name {
			return m.node, true
		}
	}
	return nil, false
}

func (v *value) elements() []node {
	v.look()
	return v.items
}

// look takes the value apart, one level deep.
func (v *value) look() {
	if v.open {
		return
	}
	v.open = true
	switch v.raw.Kind() {
	case '{':
		for at := next(v.raw, 0); v.raw[at] != '}'; {
			end := skipString(v.raw, at)
			name, _ := jsontext.AppendUnquote(nil, v.raw[at:end]) // checked before
			at = next(v.raw, end)
			end = skip(v.raw, at)
			v.members = append(v.members, member{string(name), &value{raw: v.raw[at:end:end]}})
			if at = space(v.raw, end); v.raw[at] == ',' {
				at = next(v.raw, at)
			}
		}
	case '[':
		v.items = []node{}
		for at := next(v.raw, 0); v.raw[at] != ']'; {
			end := skip(v.raw, at)
			v.items = append(v.items, &value{raw: v.raw[at:end:end]})
			if at = space(v.raw, end); v.raw[at] == ',' {
				at = next(v.raw, at)
			}
		}
	default: // a text, a number: nothing in it
	}
}

func (v *value) text() (string, bool) {
	switch v.raw.Kind() {
	case '"':
		text, err := jsontext.AppendUnquote(nil, v.raw)
		return string(text), err == nil && len(text) > 0
	case '0', 't', 'f':
		return string(v.raw), true
	default:
		return "", false
	}
}

func (v *value) appendJSON(to []byte) ([]byte, error) { return append(to, v.raw...), nil }
