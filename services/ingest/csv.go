package ingest

import (
	"crypto/sha256"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// columns says what the columns of a CSV file are. Its header row names them: id, source, type, time, channel,
// subject; identifiers by kind (phone, email, user_id, … or identifiers.KIND for kinds of one's own); data.NAME for
// fields of the data, data.A.B for a field of an object in it. Empty cells are left out.
type columns []column

type column struct {
	name string
	// group is "", "identifiers" or "data"; path is where in the group.
	group string
	path  []string
}

func readHeader(fields []string) (columns, *fault) {
	list := make(columns, 0, len(fields))
	seen := map[string]bool{}
	for _, name := range fields {
		c, ok := readColumn(strings.TrimSpace(name))
		if !ok {
			return nil, wrongf(reasonRow, "", "column %.64q is not known: use id, source, type, time, channel, subject, "+
				"phone, email, user_id and other identifier kinds, identifiers.KIND, or data.NAME", name)
		}
		if seen[c.name] {
			return nil, wrongf(reasonRow, "", "column %.64q stands there twice", name)
		}
		seen[c.name] = true
		list = append(list, c)
	}
	for _, c := range list {
		for i := range c.path {
			if above := c.group + "." + strings.Join(c.path[:i], "."); i > 0 && seen[above] {
				return nil, wrongf(reasonRow, "", "column %.64q lies inside column %.64q; take one of them out", c.name, above)
			}
		}
	}
	if !seen["type"] {
		return nil, wrong(reasonRow, "", "there is no column type; the first row must name the columns")
	}
	return list, nil
}

func readColumn(name string) (column, bool) {
	group, rest, dotted := strings.Cut(name, ".")
	switch name {
	case "id", "source", "type", "time", "channel", "subject":
		return column{name: name}, true
	}
	switch {
	case isKnownKind(kindName(name)):
		return column{name: name, group: "identifiers", path: []string{kindName(name)}}, true
	case dotted && group == "identifiers" && events.ValidKind(rest):
		return column{name: name, group: group, path: []string{rest}}, true
	case dotted && group == "data" && rest != "" && !strings.Contains("."+rest+".", ".."):
		return column{name: name, group: group, path: strings.Split(rest, ".")}, len(rest) < 256
	}
	return column{}, false
}

// takeRow turns one row into an event of the batch, by way of the line it would be in an NDJSON file.
func (s *Service) takeRow(b *batch, cols columns, fields []string, at place) {
	if len(fields) != len(cols) {
		b.reject(at, wrongf(reasonRow, "", "the row has %d fields, the header has %d", len(fields), len(cols)))
		return
	}
	line, err := s.rowLine(cols, fields)
	if err != nil {
		b.reject(at, wrong(reasonRow, "", "the row is not UTF-8; from a spreadsheet, save it as CSV UTF-8"))
		return
	}
	if f := checkOne(line); f != nil {
		b.reject(at, f)
		return
	}
	b.d = newDoc(line)
	var x native
	if f := x.read(b.d, b.d.whole()); f != nil {
		b.reject(at, f)
		return
	}
	s.takeNative(b, &x, at)
}

// rowLine writes a row as a line of NDJSON.
func (s *Service) rowLine(cols columns, fields []string) ([]byte, error) {
	top := node{}
	for i, c := range cols {
		if fields[i] == "" {
			continue
		}
		if c.group == "" {
			top.put([]string{c.name}, leaf{fields[i], true})
			continue
		}
		top.put(append([]string{c.group}, c.path...), leaf{fields[i], c.group == "identifiers"})
	}
	return top.append(nil)
}

// node is an object being built, its members in the order of the columns.
type node struct {
	names  []string
	leaves map[string]leaf
	below  map[string]*node
}

type leaf struct {
	text string
	// plain values stay text, whatever they look like.
	plain bool
}

// put sets the value at the end of path.
func (n *node) put(path []string, value leaf) {
	for i, name := range path {
		if _, ok := n.leaves[name]; !ok && n.below[name] == nil {
			n.names = append(n.names, name)
		}
		if i == len(path)-1 {
			n.leaves = with(n.leaves, name, value)
			return
		}
		if n.below[name] == nil {
			n.below = with(n.below, name, &node{})
		}
		n = n.below[name]
	}
}

func with[V any](m map[string]V, name string, value V) map[string]V {
	if m == nil {
		m = map[string]V{}
	}
	m[name] = value
	return m
}

func (n *node) append(to []byte) ([]byte, error) {
	to = append(to, '{')
	for i, name := range n.names {
		if i > 0 {
			to = append(to, ',')
		}
		var err error
		if to, err = jsontext.AppendQuote(to, name); err != nil {
			return nil, err //nolint:wrapcheck // the caller says what it means
		}
		to = append(to, ':')
		if below := n.below[name]; below != nil {
			to, err = below.append(to)
		} else {
			to, err = n.leaves[name].append(to)
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // the caller says what it means
		}
	}
	return append(to, '}'), nil
}

// append writes a cell: plain decimal numbers, true, false, and whole JSON arrays and objects as what they are, the
// rest as text. "007" and "1e5" are article numbers more often than they are quantities.
func (l leaf) append(to []byte) ([]byte, error) {
	if !l.plain && (l.text == "true" || l.text == "false" || isDecimal(l.text) || isNested(l.text)) {
		return append(to, l.text...), nil
	}
	return jsontext.AppendQuote(to, l.text) //nolint:wrapcheck // the caller says what it means
}

// isDecimal reports whether text is a JSON number without an exponent that a float holds to the last digit.
func isDecimal(text string) bool {
	return len(text) <= 15 && strings.Trim(text, "-.0123456789") == "" && jsontext.Value(text).IsValid()
}

func isNested(text string) bool {
	return (text[0] == '{' || text[0] == '[') && jsontext.Value(text).IsValid()
}

// rowSpace is the name space of the ids that events of files get when they bring none.
var rowSpace = uuid.MustParse("c3600000-0000-5000-8000-000000000361")

// contentID is the id of an imported event that has none: it is made of what the line says, so importing a file
// twice adds nothing, and two lines that are the same byte for byte are one event.
func contentID(raw []byte) string {
	return uuid.NewHash(sha256.New(), rowSpace, raw, 8).String()
}
