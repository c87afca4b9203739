package esdblog

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
)

// commitStream is the stream that holds the commits. No c360 stream can have this name: ! is always escaped in theirs.
const commitStream = "!commits"

// longestName is how many bytes of a c360 stream's name are written out. A commit names up to 10,000 streams in 1 MiB.
const longestName = 80

// streamName returns how a c360 stream is called behind the prefix: its own name with unusual characters escaped as in
// a URL, or a hash of it if that is too long.
func streamName(stream string) string {
	if _, ok := events.StreamFragment(stream); ok {
		return stream
	}
	if name := url.PathEscape(stream); len(name) <= longestName && utf8.ValidString(name) {
		return name
	}
	sum := sha256.Sum256([]byte(stream))
	return "!" + hex.EncodeToString(sum[:])
}

// space is the namespace of event ids.
var space = uuid.MustParse("5f3c3b0e-8d0a-5e5c-9c5b-c360c360c360")

// eventID returns the id under which the server knows a body: the same for every attempt to write it, another one for the
// same event with other bytes. A process that ended before its commit leaves bodies behind that no commit names; when its
// caller sends such an event again it was received at another time, and the server must not take it for what it has.
func eventID(meta, data []byte) uuid.UUID {
	return uuid.NewSHA1(space, append(append(make([]byte, 0, len(meta)+len(data)), meta...), data...))
}
