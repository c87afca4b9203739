package importer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// longestRecord is the longest line or row, in bytes. Memory for a file is a small multiple of it.
const longestRecord = 1 << 20

// record is one line or row of the file.
type record struct {
	line  int // where it begins, from 1
	raw   []byte
	cells []string // of a CSV row
	// err says why it cannot be used.
	err error
}

// records reads a file record by record.
type records struct {
	in *bufio.Reader
	// offset is how many bytes of the decoded text were consumed, line how many lines.
	offset int64
	line   int

	csv    bool
	opts   CSV
	comma  byte
	header *header
}

// newRecords looks at the beginning of a file: its format, its header.
func newRecords(in *bufio.Reader, format string, opts CSV) (*records, error) {
	r := &records{in: bufio.NewReaderSize(in, longestRecord), opts: opts}
	if format == "" {
		var err error
		if format, err = sniffFormat(r.in); err != nil {
			return nil, err
		}
	}
	if r.csv = format == formatCSV; !r.csv {
		return r, nil
	}
	return r, r.readHeader()
}

// sniffFormat tells NDJSON from CSV by the first character.
func sniffFormat(in *bufio.Reader) (string, error) {
	head, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return "", err //nolint:wrapcheck // the caller explains it
	}
	switch head = bytes.TrimLeft(head, " \t\r\n"); {
	case len(head) == 0:
		return formatNDJSON, nil
	case head[0] == '{':
		return formatNDJSON, nil
	case head[0] == '[':
		return "", errors.New("this is one JSON array; write one object per line (jq -c '.[]' FILE)")
	}
	return formatCSV, nil
}

func (r *records) readHeader() error {
	head, err := r.in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return err //nolint:wrapcheck // the caller explains it
	}
	r.comma = sniffComma(head, r.opts.Comma)
	if r.opts.Header.None {
		r.header = newHeader(r.opts.Header.Names)
		return nil
	}
	first, err := r.next()
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("the file is empty; a CSV file begins with the names of its columns")
	case err != nil:
		return err
	case first.err != nil:
		return fmt.Errorf("the row of column names: %w", first.err)
	}
	names := make([]string, len(first.cells))
	seen := map[string]bool{}
	for i, c := range first.cells {
		if names[i] = strings.TrimSpace(c); names[i] != "" && seen[names[i]] {
			return fmt.Errorf("column %q stands there twice; give each its own name", names[i])
		}
		seen[names[i]] = true
	}
	r.header = newHeader(names)
	return nil
}

// sniffComma takes the mapping's comma, or the one that the first line has most of.
func sniffComma(head []byte, given string) byte {
	if given != "" {
		return given[0]
	}
	first, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := byte(','), 0
	for _, c := range []byte{',', ';', '\t', '|'} {
		if n := bytes.Count(first, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

// skipTo goes to where an earlier run stopped.
func (r *records) skipTo(offset int64, line int) error {
	n, err := io.CopyN(io.Discard, r.in, offset-r.offset)
	r.offset += n
	if err != nil {
		return err //nolint:wrapcheck // the caller explains it
	}
	r.line = line
	return nil
}

// next returns the next record. io.EOF ends the file; any other error cuts it off, and what was begun is not
// returned, because half a record may look whole.
func (r *records) next() (record, error) {
	for {
		rec, size, err := r.peek()
		if err != nil {
			return record{}, err
		}
		lines := bytes.Count(rec.raw, []byte("\n"))
		if _, err := r.in.Discard(size); err != nil {
			return record{}, err //nolint:wrapcheck // the caller explains it
		}
		rec.line = r.line + 1
		r.offset += int64(size)
		r.line += max(lines, 1)
		rec.raw = bytes.Trim(rec.raw, "\r\n")
		if len(bytes.TrimSpace(rec.raw)) == 0 && rec.err == nil {
			continue
		}
		return r.checked(rec), nil
	}
}

// peek finds the end of the next record and copies it.
func (r *records) peek() (record, int, error) {
	for want := 4 << 10; ; want *= 4 {
		want = min(want, longestRecord)
		data, err := r.in.Peek(want)
		whole := errors.Is(err, io.EOF)
		if whole && len(data) == 0 {
			return record{}, 0, io.EOF
		}
		if rec, size := r.cut(data, whole); size > 0 {
			rec.raw = bytes.Clone(data[:size])
			return rec, size, nil
		}
		if err != nil { // what was complete before it has passed already
			return record{}, 0, err //nolint:wrapcheck // the caller explains it
		}
		if want == longestRecord {
			return r.tooLong(data)
		}
	}
}

// cut finds the end of the record that data begins with; size 0: it is not in data.
func (r *records) cut(data []byte, whole bool) (rec record, size int) {
	line := bytes.IndexByte(data, '\n') + 1
	if line == 0 && whole {
		line = len(data)
	}
	if !r.csv {
		return rec, line
	}
	cells, size, err := splitRow(data, r.comma, whole)
	if err == nil && size > line && line > 0 && r.misfits(cells) {
		err = errOpenQuote
	}
	if err != nil { // only the first line is lost: the row after it may be good
		return record{err: err}, line
	}
	return record{cells: cells}, size
}

// misfits reports a row that cannot be one: a stray quote has swallowed the lines behind it.
func (r *records) misfits(cells []string) bool {
	return r.header != nil && r.header.names != nil && !r.opts.Ragged && len(cells) != len(r.header.names)
}

// tooLong gives up the line that data begins with, and leaves its last piece to be discarded by next.
func (r *records) tooLong(data []byte) (record, int, error) {
	rec := record{raw: bytes.Clone(data[:1024]), err: fmt.Errorf("longer than %d bytes", longestRecord)}
	if line := bytes.IndexByte(data, '\n') + 1; line > 0 {
		rec = record{raw: bytes.Clone(data[:line]), err: errOpenQuote}
		return rec, line, nil
	}
	for {
		data, err := r.in.Peek(longestRecord)
		if line := bytes.IndexByte(data, '\n') + 1; line > 0 {
			return rec, line, nil
		}
		if errors.Is(err, io.EOF) && len(data) > 0 {
			return rec, len(data), nil
		}
		if err != nil {
			return record{}, 0, err //nolint:wrapcheck // the caller explains it
		}
		n, _ := r.in.Discard(len(data)) // it was peeked at
		r.offset += int64(n)
	}
}

// checked looks whether the record can be used.
func (r *records) checked(rec record) record {
	switch {
	case rec.err != nil:
	case !utf8.Valid(rec.raw):
		rec.err = errors.New("not UTF-8; if the whole file is in another charset, give --charset euc-kr")
	case bytes.Contains(rec.raw, []byte("\uFFFD")):
		rec.err = errors.New("a character that the charset does not have")
	case bytes.IndexByte(rec.raw, 0) >= 0:
		rec.err = errors.New("a NUL byte; the file is damaged or in another charset")
	case !r.csv:
		rec.err = validJSON(rec.raw)
	case r.csv && r.misfits(rec.cells):
		rec.err = fmt.Errorf("the row has %d fields, the header %d", len(rec.cells), len(r.header.names))
	}
	for i, c := range rec.cells {
		rec.cells[i] = strings.TrimSpace(c)
	}
	return rec
}

func validJSON(raw []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	v, err := d.ReadValue()
	switch {
	case err != nil && errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON breaks off")
	case err != nil:
		return fmt.Errorf("not JSON: %w", err)
	case v.Kind() != '{':
		return errors.New("a line is one JSON object")
	case len(bytes.TrimSpace(raw[d.InputOffset():])) > 0:
		return errors.New("something follows the JSON object")
	}
	return nil
}

// node is what the mapping looks at.
func (r *records) node(rec record) node {
	if r.csv {
		return row{r.header, rec.cells}
	}
	return &value{raw: rec.raw}
}
