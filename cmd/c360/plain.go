package main

import (
	"io"
	"strings"
	"unicode"
)

// plain keeps what customers and sources wrote from steering the terminal it is shown on: of control characters only
// line ends and tabs get through.
type plain struct{ to io.Writer }

// Write implements io.Writer.
func (p plain) Write(b []byte) (int, error) {
	shown := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return '·'
		}
		return r
	}, string(b))
	if _, err := io.WriteString(p.to, shown); err != nil {
		return 0, err
	}
	return len(b), nil
}
