package events

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf8"
)

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
		_, fault = c.text()
		return false, fault
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

func (c *checker) literal(word string) (fault string) {
	if len(c.raw)-c.pos < len(word) {
		return c.shortLiteral(word)
	}
	if string(c.raw[c.pos:c.pos+len(word)]) != word {
		return badLiteral
	}
	c.pos += len(word)
	return ""
}

func (c *checker) shortLiteral(word string) string {
	if rest := string(c.raw[c.pos:]); rest == word[:len(rest)] {
		return cutShort
	}
	return badLiteral
}

// number checks a number by the grammar of RFC 8259.
func (c *checker) number() (fault string) {
	i, raw := c.pos, c.raw
	if raw[i] == '-' {
		i++
	}
	whole := digitsAt(raw, i)
	if whole == 0 || whole > 1 && raw[i] == '0' {
		if i == c.pos && whole == 0 {
			return badLiteral
		}
		return badNumber
	}
	i += whole
	if i < len(raw) && raw[i] == '.' {
		n := digitsAt(raw, i+1)
		if n == 0 {
			return badNumber
		}
		i += 1 + n
	}
	if i < len(raw) && raw[i]|0x20 == 'e' {
		i++
		if i < len(raw) && (raw[i] == '+' || raw[i] == '-') {
			i++
		}
		n := digitsAt(raw, i)
		if n == 0 {
			return badNumber
		}
		i += n
	}
	c.pos = i
	return ""
}

// digitsAt counts the digits at i.
func digitsAt(raw []byte, i int) int {
	n := 0
	for i+n < len(raw) && raw[i+n]-'0' <= 9 {
		n++
	}
	return n
}

// name checks the key at pos and returns a hash of it that ignores case.
func (c *checker) name() (hash uint64, fault string) {
	from := c.pos + 1
	hash = hashStart
	for i := from; i < len(c.raw); i++ {
		b := c.raw[i]
		if b == '"' {
			c.pos = i + 1
			return hash, ""
		}
		if b < ' ' || b == '\\' || b >= utf8.RuneSelf {
			break
		}
		hash = (hash ^ uint64(b|0x20)) * hashPrime
	}
	if _, fault := c.text(); fault != "" {
		return 0, fault
	}
	return foldedHash(unquoted(c.raw[from-1:])), ""
}

// FNV-1a.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

// foldedHash is equal for names that differ only in case. (It is equal for some others too; unique looks closer.)
func foldedHash(name []byte) uint64 {
	hash := uint64(hashStart)
	for _, r := range string(name) {
		hash = (hash ^ uint64(foldRune(r)|0x20)) * hashPrime
	}
	return hash
}

// text checks the string at pos, moves behind it, and says whether it holds escapes.
func (c *checker) text() (escaped bool, fault string) {
	raw := c.raw
	for i := c.pos + 1; ; {
		i += plainPrefix(raw[i:])
		if i >= len(raw) {
			return false, cutShort
		}
		switch b := raw[i]; {
		case b == '"':
			c.pos = i + 1
			return escaped, ""
		case b == '\\':
			n, fault := escapeAt(raw[i:])
			if fault != "" {
				return false, fault
			}
			i += n
			escaped = true
		case b >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 {
				return false, badUTF8
			}
			i += n
		case b == 0:
			return false, hasNUL
		case b < ' ':
			return false, badControl
		default:
			i++
		}
	}
}

const (
	eachByte = 0x0101010101010101
	topBits  = 0x8080808080808080
)

// plainPrefix counts the bytes at the beginning of s, in steps of eight, that are ASCII and neither control
// characters, quotes nor backslashes.
func plainPrefix(s []byte) int {
	n := 0
	for ; n+8 <= len(s); n += 8 {
		w := binary.LittleEndian.Uint64(s[n:])
		quote, slash := w^(eachByte*'"'), w^(eachByte*'\\')
		special := (w | (w - eachByte*' ') | (quote - eachByte) | (slash - eachByte)) & topBits
		if special != 0 {
			return n + bits.TrailingZeros64(special)/8
		}
	}
	return n
}

// escapeAt checks the escape at the beginning of s and returns its length.
func escapeAt(s []byte) (n int, fault string) {
	if len(s) < 2 {
		return 0, cutShort
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, ""
	case 'u':
		return unicodeEscapeAt(s)
	}
	return 0, badEscape
}

func unicodeEscapeAt(s []byte) (n int, fault string) {
	if len(s) < 6 {
		return 0, cutShort
	}
	switch r, ok := hex4(s[2:6]); {
	case !ok:
		return 0, badEscape
	case r == 0:
		return 0, hasNUL
	case r < 0xd800 || r > 0xdfff:
		return 6, ""
	case r > 0xdbff || len(s) < 12 || s[6] != '\\' || s[7] != 'u':
		return 0, loneSurrogate
	}
	if low, ok := hex4(s[8:12]); !ok || low < 0xdc00 || low > 0xdfff {
		return 0, loneSurrogate
	}
	return 12, ""
}

func hex4(s []byte) (rune, bool) {
	v, err := strconv.ParseUint(string(s), 16, 16)
	return rune(v), err == nil
}
