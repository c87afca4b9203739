package events

import "bytes"

// checker walks one JSON text once. It is made for one call and lives on its stack; only documents with very many
// keys in open objects make it allocate.
type checker struct {
	raw []byte
	pos int
	// depth counts the open containers; frames[depth-1] is the innermost. A batch and its wrapping object come on top of
	// the levels an event may have.
	depth  int
	frames [MaxDepth + wrapping + 1]frame
	limit  int
	// keys of all open containers, outermost first: the first few in room, so that they stay on the stack.
	open int
	room [openKeys]key
	more []key
	// missing is the name of a member that should be there, the last step of the pointer to it.
	missing string
}

// openKeys is how many keys of open objects are kept before memory is asked for.
const openKeys = 48

// wrapping is how many levels a request body may add around its messages.
const wrapping = 2

// frame is one open object or array.
type frame struct {
	object bool
	// count is the number of keys or elements so far; for an object, its keys are those from base on.
	count, base int
	// from is where the current key begins, at its opening quote.
	from int
}

// key is one key of an open object: where it is, and a hash that ignores case.
type key struct {
	hash uint64
	from int
}

// document checks that raw is one value and nothing else.
func (c *checker) document() (fault string) {
	if c.space(); c.pos == len(c.raw) {
		return emptyInput
	}
	if fault := c.value(); fault != "" {
		return fault
	}
	return c.end()
}

func (c *checker) end() (fault string) {
	if c.space(); c.pos < len(c.raw) {
		c.depth = 0
		return trailing
	}
	return ""
}

// value checks one value at pos, with everything in it, and moves behind it.
func (c *checker) value() (fault string) {
	for outer := c.depth; ; {
		opened, fault := c.start()
		if fault != "" {
			return fault
		}
		if opened {
			continue
		}
		for more := false; !more; {
			if c.depth == outer {
				return ""
			}
			if more, fault = c.next(); fault != "" {
				return fault
			}
		}
	}
}

// start checks the scalar at pos, or enters the container there; opened says that its first element follows at pos.
func (c *checker) start() (opened bool, fault string) {
	if c.pos >= len(c.raw) {
		return false, cutShort
	}
	switch b := c.raw[c.pos]; b {
	case '{', '[':
		return c.enter(b == '{')
	case '"':
		return false, c.text()
	case 't':
		return false, c.literal("true")
	case 'f':
		return false, c.literal("false")
	case 'n':
		return false, c.literal("null")
	}
	return false, c.number()
}

// enter enters a container. An empty one is left again at once.
func (c *checker) enter(object bool) (opened bool, fault string) {
	if c.depth == c.limit {
		return false, tooDeep
	}
	c.frames[c.depth] = frame{object: object, base: c.open, from: -1}
	c.depth++
	c.pos++
	c.space()
	if c.pos < len(c.raw) && c.raw[c.pos] == closing(object) {
		c.pos++
		c.depth--
		return false, ""
	}
	return true, c.element()
}

func closing(object bool) byte {
	if object {
		return '}'
	}
	return ']'
}

// next goes on after a value inside the innermost container: to its next element (more), or out of it.
func (c *checker) next() (more bool, fault string) {
	f := &c.frames[c.depth-1]
	c.space()
	if c.pos >= len(c.raw) {
		return false, cutShort
	}
	switch c.raw[c.pos] {
	case closing(f.object):
		c.pos++
		c.open = f.base
		c.depth--
		return false, ""
	case ',':
		c.pos++
		f.count++
		c.space()
		return true, c.element()
	}
	return false, wantComma
}

// element gets ready for the value of the next element: in an object it checks the key before it.
func (c *checker) element() (fault string) {
	f := &c.frames[c.depth-1]
	if !f.object {
		return ""
	}
	if c.pos >= len(c.raw) {
		return cutShort
	}
	if c.raw[c.pos] != '"' {
		return wantKey
	}
	k := key{from: c.pos}
	f.from = -1
	if k.hash, fault = c.name(); fault != "" {
		return fault
	}
	f.from = k.from
	if fault := c.unique(f, k); fault != "" {
		return fault
	}
	c.space()
	if c.pos >= len(c.raw) {
		return cutShort
	}
	if c.raw[c.pos] != ':' {
		return wantColon
	}
	c.pos++
	c.space()
	return ""
}

// unique notes a key, and refuses it if the object has it already, in whatever case.
func (c *checker) unique(f *frame, k key) (fault string) {
	if f.count >= MaxKeys {
		return tooManyKeys
	}
	if fault := c.clash(c.room[min(f.base, openKeys):min(c.open, openKeys)], k); fault != "" {
		return fault
	}
	if c.open > openKeys {
		if fault := c.clash(c.more[max(f.base-openKeys, 0):c.open-openKeys], k); fault != "" {
			return fault
		}
	}
	c.push(k)
	return ""
}

// clash says how k clashes with one of the earlier keys.
func (c *checker) clash(earlier []key, k key) (fault string) {
	for i := range earlier {
		if earlier[i].hash == k.hash {
			if fault := c.compare(earlier[i], k); fault != "" {
				return fault
			}
		}
	}
	return ""
}

// compare looks at two keys of one hash closely.
func (c *checker) compare(a, b key) (fault string) {
	one, other := unquoted(c.raw[a.from:]), unquoted(c.raw[b.from:])
	switch {
	case bytes.Equal(one, other):
		return duplicateKey
	case bytes.EqualFold(one, other):
		return caseVariant
	}
	return ""
}

func (c *checker) push(k key) {
	if c.open < openKeys {
		c.room[c.open] = k
	} else {
		c.more = append(c.more[:c.open-openKeys], k)
	}
	c.open++
}

// space moves over white space.
func (c *checker) space() {
	for c.pos < len(c.raw) && isSpace(c.raw[c.pos]) {
		c.pos++
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\r' || b == '\t' }
