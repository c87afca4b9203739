package format

import (
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/c360hq/c360/services/replay/dataset"
)

// ndjson writes one object a line.
type ndjson struct {
	w       io.Writer
	columns []dataset.Column
	keys    [][]byte // {"position": and ,"time":
	buf     []byte
}

// NewNDJSON begins NDJSON.
func NewNDJSON(w io.Writer, columns []dataset.Column) (Writer, error) {
	n := &ndjson{w: w, columns: columns}
	for i, c := range columns {
		key := []byte{'{'}
		if i > 0 {
			key[0] = ','
		}
		key, err := jsontext.AppendQuote(key, c.Name)
		if err != nil {
			return nil, err
		}
		n.keys = append(n.keys, append(key, ':'))
	}
	return n, nil
}

// Write implements Writer.
func (n *ndjson) Write(b *dataset.Batch) error {
	n.buf = n.buf[:0]
	for i := range b.Len() {
		for j, v := range b.Row(i) {
			n.buf = append(n.buf, n.keys[j]...)
			n.value(v, n.columns[j].Type)
		}
		n.buf = append(n.buf, "}\n"...)
	}
	_, err := n.w.Write(n.buf)
	return err
}

func (n *ndjson) value(v dataset.Value, t dataset.Type) {
	switch {
	case v.Null():
		n.buf = append(n.buf, "null"...)
	case t == dataset.Text:
		n.quote(v.Text())
	case t == dataset.JSON:
		n.raw(v.Text())
	case t == dataset.Timestamp || t == dataset.Date:
		n.buf = append(v.Append(append(n.buf, '"'), t), '"')
	default:
		n.buf = v.Append(n.buf, t)
	}
}

func (n *ndjson) quote(s string) {
	n.buf, _ = jsontext.AppendQuote(n.buf, s) // a text that is not UTF-8 is mended
}

// raw writes a JSON value as it is, in one line. What is none is a text.
func (n *ndjson) raw(s string) {
	v := jsontext.Value(s)
	if err := v.Compact(); err != nil {
		n.quote(s)
		return
	}
	n.buf = append(n.buf, v...)
}

// Close implements Writer.
func (n *ndjson) Close() error { return nil }
