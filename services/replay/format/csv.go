package format

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/c360hq/c360/services/replay/dataset"
)

// csv writes RFC 4180.
type csv struct {
	w       io.Writer
	columns []dataset.Column
	buf     []byte
}

// byteOrderMark tells Excel that a file is UTF-8.
const byteOrderMark = "\ufeff"

// NewCSV begins a CSV with its header, after a byte order mark if bom is set.
func NewCSV(w io.Writer, columns []dataset.Column, bom bool) (Writer, error) {
	c := &csv{w: w, columns: columns}
	if bom {
		c.buf = append(c.buf, byteOrderMark...)
	}
	for i, column := range columns {
		c.comma(i)
		c.cell(column.Name)
	}
	c.buf = append(c.buf, "\r\n"...)
	_, err := w.Write(c.buf)
	return c, err
}

func (c *csv) comma(i int) {
	if i > 0 {
		c.buf = append(c.buf, ',')
	}
}

// Write implements Writer.
func (c *csv) Write(b *dataset.Batch) error {
	c.buf = c.buf[:0]
	for i := range b.Len() {
		for j, v := range b.Row(i) {
			c.comma(j)
			if t := c.columns[j].Type; t == dataset.Text || t == dataset.JSON {
				c.cell(v.Text())
			} else {
				c.buf = v.Append(c.buf, t)
			}
		}
		c.buf = append(c.buf, "\r\n"...)
	}
	_, err := c.w.Write(c.buf)
	return err
}

// cell writes a text, quoted if need be and never a formula.
func (c *csv) cell(s string) {
	quoted := strings.ContainsAny(s, "\",\r\n") || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ")
	if quoted {
		c.buf = append(c.buf, '"')
	}
	if formula(s) {
		c.buf = append(c.buf, '\'')
	}
	if quoted {
		s = strings.ReplaceAll(s, `"`, `""`)
	}
	c.buf = append(c.buf, s...)
	if quoted {
		c.buf = append(c.buf, '"')
	}
}

// formulaStarts begin formulas; the full-width ones do in Excel's East Asian editions.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// formula reports whether a spreadsheet might take the text for a formula.
func formula(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune(formulaStarts, first) && !plainNumber(s)
}

// plainNumber reports whether the text is a sign, digits and at most one point among them.
func plainNumber(s string) bool {
	digits, points := 0, 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.' && digits > 0:
			points++
		case i == 0 && (r == '+' || r == '-'):
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}

// Close implements Writer.
func (c *csv) Close() error { return nil }
