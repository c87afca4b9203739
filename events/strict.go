package events

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// The limits of what c360 takes in. Ingest documents them; CheckJSON and CheckBatch keep the first four.
const (
	// MaxDepth is how deep objects and arrays may be nested in one event.
	MaxDepth = 32
	// MaxKeys is how many keys one object may have.
	MaxKeys = 500
	// MaxEvent is the largest event in bytes of JSON. (SDKs promise 32 KB; not all of them keep it.)
	MaxEvent = 64 << 10
	// MaxBatch is how many messages one request may carry. (Segment's node SDK has been seen to send 1,000.)
	MaxBatch = 2000
	// MaxRequest is the largest request body, in bytes, after decompression.
	MaxRequest = 4 << 20
)

// JSONError says where in a document the first fault is, and what it is. It holds key names but no values.
type JSONError struct {
	// Pointer is the JSON pointer (RFC 6901) of the faulty value, "" for the document itself.
	Pointer string
	// Problem says what is wrong and what to send instead.
	Problem string
}

func (e *JSONError) Error() string {
	if e.Pointer == "" {
		return e.Problem
	}
	return e.Pointer + ": " + e.Problem
}

// CheckJSON reports the first reason, as a *JSONError, why raw is not one JSON value that every parser reads alike:
// it is malformed or has bytes after its end, an object has a key twice or in two cases ("email", "EMAIL"), it is
// deeper than MaxDepth or longer than MaxEvent, an object has more than MaxKeys keys, a string holds NUL, invalid
// UTF-8 or half a surrogate pair. A nil error lets every reader after this one be simple.
func CheckJSON(raw []byte) error {
	if len(raw) > MaxEvent {
		return &JSONError{"", tooLarge}
	}
	c := checker{raw: raw, limit: MaxDepth}
	if fault := c.document(); fault != "" {
		return &JSONError{c.pointer(), fault}
	}
	return nil
}

// Message is one element of a checked batch.
type Message struct {
	// Raw is the element, a part of the body it came in.
	Raw []byte
	// Fault is why this element cannot be taken, nil if it can; its pointer begins at the body.
	Fault *JSONError
}

// CheckBatch checks a request body once and returns the elements of its array: the value of the top-level key
// named at, or the body itself if at is "". Faults inside an element are that element's own (Message.Fault) and take
// nothing away from its neighbours; a *JSONError means that the body as a whole cannot be read. Members beside the
// array are checked and left for the caller to decode.
func CheckBatch(raw []byte, at string) ([]Message, error) {
	b := batch{checker: &checker{raw: raw}}
	if fault := b.body(at); fault != "" {
		return nil, &JSONError{b.pointer(), fault}
	}
	return b.messages, nil
}

// Faults, each with what to do about it.
const (
	tooLarge        = "larger than 64 KiB; send less in one event"
	tooDeep         = "nested deeper than 32 levels; flatten it"
	tooManyKeys     = "more than 500 keys in one object; send fewer"
	duplicateKey    = "this key is there twice; send each key once"
	caseVariant     = "this key differs from another only in upper and lower case; send each key once"
	hasNUL          = "holds a NUL character; remove it"
	badUTF8         = "not valid UTF-8; send UTF-8"
	loneSurrogate   = "half of a surrogate pair; send the whole character"
	badControl      = "a bare control character in a string; escape it"
	badEscape       = "an unknown escape in a string"
	badNumber       = "not a JSON number"
	badLiteral      = "not a JSON value"
	cutShort        = "ends in the middle; send the whole document"
	wantKey         = `expected a key in double quotes, or "}"`
	wantColon       = `expected ":" after a key`
	wantComma       = `expected "," or the closing bracket`
	trailing        = "something follows after the end; send one document"
	tooManyMessages = "more than 2000 messages in one request; send smaller batches"
	emptyInput      = "empty; send a JSON document"
	wantArray       = "not a JSON array; send the messages as an array"
	wantObject      = "not a JSON object; send an object"
)

// maxPointer keeps pointers, which repeat keys somebody else chose, short.
const maxPointer = 256

// pointerTo joins parts into a JSON pointer.
func pointerTo(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		if b.Len()+len(p) > maxPointer {
			b.WriteString("/…")
			break
		}
		b.WriteString(string(jsontext.Pointer("").AppendToken(p)))
	}
	return b.String()
}
