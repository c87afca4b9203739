package ingest

import (
	"bytes"
	"errors"
)

var (
	errRowOpen  = errors.New("a quoted field is not closed")
	errRowQuote = errors.New("a quote stands in the wrong place; write a quote inside a quoted field twice")
)

// row is one row of a CSV file and how much of the file it takes.
type row struct {
	fields      []string
	size, lines int
}

// splitRow cuts the first row off data, by RFC 4180: quoted fields may hold commas, doubled quotes and line ends.
// The memory of fields is used again.
func splitRow(data []byte, fields []string) (row, error) {
	r := row{fields: fields[:0], lines: 1}
	for {
		field, n, err := splitField(data[r.size:])
		if err != nil {
			return row{}, err
		}
		r.lines += bytes.Count(data[r.size:r.size+n], []byte{'\n'})
		r.fields = append(r.fields, field)
		r.size += n
		if r.size == len(data) || data[r.size] != ',' {
			r.size += lineEnd(data[r.size:])
			return r, nil
		}
		r.size++
	}
}

// splitField returns the first field of data and how many bytes it takes, without what ends it.
func splitField(data []byte) (string, int, error) {
	if len(data) > 0 && data[0] == '"' {
		return quotedField(data)
	}
	n := 0
	for n < len(data) && data[n] != ',' && lineEnd(data[n:]) == 0 {
		if data[n] == '"' {
			return "", 0, errRowQuote
		}
		n++
	}
	return string(data[:n]), n, nil
}

func quotedField(data []byte) (string, int, error) {
	var field []byte
	for i := 1; ; {
		n := bytes.IndexByte(data[i:], '"')
		if n < 0 {
			return "", 0, errRowOpen
		}
		field = append(field, data[i:i+n]...)
		i += n + 1
		switch {
		case i == len(data) || data[i] == ',' || lineEnd(data[i:]) > 0:
			return string(field), i, nil
		case data[i] != '"':
			return "", 0, errRowQuote
		}
		field = append(field, '"')
		i++
	}
}

// lineEnd is the length of the line end that data begins with, or 0.
func lineEnd(data []byte) int {
	switch {
	case len(data) == 0 || data[0] != '\n' && data[0] != '\r':
		return 0
	case data[0] == '\n' || len(data) == 1:
		return 1
	case data[1] == '\n':
		return 2
	}
	return 0
}
