package importer

import (
	"bytes"
	"errors"
)

var (
	errOpenQuote = errors.New(`a quote is opened and never closed; write a quote inside a field twice ("")`)
	errBareQuote = errors.New(`text follows a closing quote; write a quote inside a field twice ("")`)
)

// splitRow cuts the first row off data: fields parted by comma, quoted as RFC 4180 says. It returns how many bytes
// the row takes with its line end. whole says that data holds the end of the file, so that the last row needs no
// line end; if the row's end is not in data, size is 0.
func splitRow(data []byte, comma byte, whole bool) (fields []string, size int, err error) {
	if comma == ' ' {
		return splitBlanks(data, whole)
	}
	for at := 0; ; at++ {
		field, n, err := splitField(data[at:], comma, whole)
		if err != nil || n < 0 {
			return nil, 0, err
		}
		fields = append(fields, field)
		at += n
		if at == len(data) || data[at] != comma {
			end := lineEnd(data[at:])
			if end == 0 && !whole || end == 1 && data[at] == '\r' && at+1 == len(data) && !whole {
				return nil, 0, nil
			}
			return fields, at + end, nil
		}
	}
}

// splitField returns a field and how many bytes it takes, or -1 if its end is not in data.
func splitField(data []byte, comma byte, whole bool) (string, int, error) {
	if len(data) > 0 && data[0] == '"' {
		return quotedField(data, comma, whole)
	}
	for i, c := range data {
		if c == comma || c == '\n' || c == '\r' {
			return string(data[:i]), i, nil
		}
	}
	if !whole {
		return "", -1, nil
	}
	return string(data), len(data), nil
}

func quotedField(data []byte, comma byte, whole bool) (string, int, error) {
	var field []byte
	for i := 1; ; i++ {
		n := bytes.IndexByte(data[i:], '"')
		switch {
		case n < 0 && whole:
			return "", 0, errOpenQuote
		case n < 0:
			return "", -1, nil
		}
		field = append(field, data[i:i+n]...)
		i += n + 1
		switch {
		case i == len(data) && !whole:
			return "", -1, nil
		case i == len(data) || data[i] == comma || lineEnd(data[i:]) > 0:
			return string(field), i, nil
		case data[i] != '"':
			return "", 0, errBareQuote
		}
		field = append(field, '"')
	}
}

// splitBlanks is splitRow for fields parted by any run of blanks.
func splitBlanks(data []byte, whole bool) ([]string, int, error) {
	end := bytes.IndexByte(data, '\n')
	size := end + 1
	if end < 0 {
		if !whole {
			return nil, 0, nil
		}
		end, size = len(data), len(data)
	}
	var fields []string
	for field := range bytes.FieldsSeq(data[:end]) {
		fields = append(fields, string(field))
	}
	return fields, size, nil
}

// lineEnd is the length of the line end that data begins with, or 0.
func lineEnd(data []byte) int {
	switch {
	case len(data) == 0 || data[0] != '\n' && data[0] != '\r':
		return 0
	case data[0] == '\r' && len(data) > 1 && data[1] == '\n':
		return 2
	}
	return 1
}
