package memstore

import (
	"encoding/binary"
	"math"
	"strings"
)

const sign = 1 << 63

// encode writes values one after the other so that the order of the texts is the order of the tuples, and so that a
// tuple begins with the text of its beginning. The values have been checked.
func encode(values []any) string {
	b := make([]byte, 0, 24*len(values))
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			b = binary.BigEndian.AppendUint64(b, uint64(v)^sign) // #nosec G115 -- keeps the order
		case float64:
			b = binary.BigEndian.AppendUint64(b, realBits(v))
		case string:
			b = appendText(b, v)
		case []byte:
			b = appendText(b, string(v))
		}
	}
	return string(b)
}

// realBits orders numbers as they are; both zeros are one.
func realBits(v float64) uint64 {
	if v == 0 {
		v = 0
	}
	bits := math.Float64bits(v)
	if v < 0 {
		return ^bits
	}
	return bits ^ sign
}

// appendText ends a text with two zeros and keeps its own zeros apart from them.
func appendText(b []byte, s string) []byte {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\x00\xff")
	}
	return append(append(b, s...), 0, 0)
}
