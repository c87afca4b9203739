package ingest

import (
	"bytes"
	"errors"
	"io"
)

// takeRow takes the next row of a CSV file, the first one as its header.
func (x *importing) takeRow() error {
	data, r, rowErr, err := x.nextRow()
	if err != nil && (len(data) == 0 || rowErr != nil) {
		return err
	}
	if n := lineEnd(data); n > 0 { // an empty line
		return x.skip(n, 1)
	}
	switch {
	case rowErr != nil, x.cols != nil && r.lines > 1 && len(r.fields) != len(x.cols):
		return x.brokenRow(data, rowErr)
	case x.cols == nil:
		cols, f := readHeader(r.fields)
		if f != nil {
			return f.problem()
		}
		x.cols = cols
	default:
		x.bytes += r.size
		raw := bytes.Clone(bytes.TrimRight(data[:r.size], "\r\n"))
		x.s.takeRow(x.b, x.cols, r.fields, place{line: x.line + 1, raw: raw})
	}
	return x.skip(r.size, r.lines)
}

// nextRow finds the next row in what was read of the file already, and looks further only if it does not end there.
func (x *importing) nextRow() (data []byte, r row, rowErr, err error) {
	data, _ = x.file.Peek(x.file.Buffered())
	if r, rowErr = splitRow(data, x.fields); rowErr != nil || r.size == len(data) {
		data, err = x.peekRow()
		r, rowErr = splitRow(data, x.fields)
	}
	if rowErr == nil {
		x.fields = r.fields
	}
	return data, r, rowErr, err
}

// peekRow returns what is left of the file, as far as the window reaches. If reading was cut off, which is what the
// error says, it is only the lines that have their end: of the last one half may be missing.
func (x *importing) peekRow() ([]byte, error) {
	data, err := x.file.Peek(window)
	switch {
	case err == nil:
		return data, nil
	case !errors.Is(err, io.EOF):
		return data[:bytes.LastIndexByte(data, '\n')+1], err //nolint:wrapcheck // a *web.Problem that says everything
	case len(data) == 0:
		return nil, io.EOF
	}
	return data, nil
}

// brokenRow rejects the line that begins the row and goes on with the line after it. A quote that was never closed
// would otherwise swallow everything behind it.
func (x *importing) brokenRow(data []byte, err error) error {
	if err == nil {
		err = errRowOpen
	}
	n := bytes.IndexByte(data, '\n') + 1
	if n == 0 {
		n = len(data)
	}
	if x.cols == nil {
		return wrong(reasonRow, "", "the header row cannot be read: "+err.Error()).problem()
	}
	raw := bytes.Clone(bytes.TrimRight(data[:n], "\r\n"))
	x.b.reject(place{line: x.line + 1, raw: raw}, wrong(reasonRow, "", err.Error()))
	return x.skip(n, 1)
}

func (x *importing) skip(size, lines int) error {
	_, err := x.file.Discard(size)
	x.line += lines
	return err //nolint:wrapcheck // not reached: what is skipped was seen
}
