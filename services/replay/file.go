package replay

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"

	"github.com/c360hq/c360/services/replay/dataset"
	"github.com/c360hq/c360/services/replay/format"
)

const (
	// Exports hold personal data: nobody else on the machine reads them.
	fileMode = 0o600
	dirMode  = 0o700
	// temporary ends the name of a file that is not finished.
	temporary = ".tmp"
)

// part is a file of an export on its way: rows go through the format, a zip if asked for, and the sums, into a
// temporary name. It gets its own name when it is whole.
type part struct {
	to    format.Writer
	path  string // without temporary
	rows  int64
	zip   *gzip.Writer
	buf   *bufio.Writer
	bytes int64
	sum   hash.Hash
	file  *os.File
}

// newPart begins a file; parents are made.
func newPart(path string, f format.Format, zip bool, columns []dataset.Column) (*part, error) {
	if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path+temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode) //nolint:gosec // the operator's own folder
	if err != nil {
		return nil, err
	}
	p := &part{path: path, sum: sha256.New(), file: file}
	p.buf = bufio.NewWriterSize(counted{p}, 256<<10)
	var below io.Writer = p.buf
	if zip {
		p.zip = gzip.NewWriter(p.buf)
		below = p.zip
	}
	if p.to, err = f.New(below, columns); err != nil {
		return nil, errors.Join(err, p.abort())
	}
	return p, nil
}

// counted is the bottom of a part.
type counted struct{ p *part }

// Write implements io.Writer.
func (c counted) Write(b []byte) (int, error) {
	n, err := c.p.file.Write(b)
	c.p.bytes += int64(n)
	c.p.sum.Write(b[:n])
	return n, err
}

// Write adds rows.
func (p *part) Write(b *dataset.Batch) error {
	p.rows += int64(b.Len())
	return p.to.Write(b)
}

// finish makes the file durable and gives it its name.
func (p *part) finish() (File, error) {
	err := p.to.Close()
	if err == nil && p.zip != nil {
		err = p.zip.Close()
	}
	if err == nil {
		err = p.buf.Flush()
	}
	if err == nil {
		err = p.file.Sync()
	}
	if err != nil {
		return File{}, errors.Join(err, p.abort())
	}
	if err := p.file.Close(); err != nil {
		return File{}, err
	}
	f := File{Rows: p.rows, Bytes: p.bytes, SHA256: hex.EncodeToString(p.sum.Sum(nil))}
	return f, os.Rename(p.path+temporary, p.path)
}

// abort removes what there is of the file.
func (p *part) abort() error { return errors.Join(p.file.Close(), os.Remove(p.path+temporary)) }
