package query

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// maxLines is how many bytes of customers one comparison may write down.
const maxLines = 1 << 30

// lines are the customers of a comparison, a JSON text each, in a file that has no name, so that memory does not grow
// with them and nothing of them is left behind.
type lines struct {
	mu   sync.RWMutex // held to write while it is closed
	file *os.File
	out  *bufio.Writer
	size int64
}

func newLines(dir string) (*lines, error) {
	f, err := os.CreateTemp(dir, "comparison-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &lines{file: f, out: bufio.NewWriterSize(f, 64<<10)}, nil
}

// errFull: a comparison is longer than anybody will read.
var errFull = errors.New("query: a comparison is too long")

func (l *lines) write(c *CustomerDifference) error {
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write down a customer that differs: %w", err)
	}
	if l.size+int64(len(text)) >= maxLines {
		return errFull
	}
	l.size += int64(len(text)) + 1
	_, err = l.out.Write(append(text, '\n'))
	return err
}

// flush ends writing.
func (l *lines) flush() error { return l.out.Flush() }

// read returns so many customers from a place on, and the place of the next; 0 if there is none.
func (l *lines) read(from int64, limit int) (page []CustomerDifference, next int64, err error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	page = []CustomerDifference{}
	if l.file == nil || from > l.size {
		return page, 0, badPlace()
	}
	in := bufio.NewReader(io.NewSectionReader(l.file, from, l.size-from))
	for len(page) < limit {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return page, 0, nil
		}
		var c CustomerDifference
		if err := errors.Join(err, json.Unmarshal(bytes.TrimSpace(line), &c)); err != nil {
			return nil, 0, badPlace()
		}
		page = append(page, c)
		from += int64(len(line))
	}
	if from == l.size {
		return page, 0, nil
	}
	return page, from, nil
}

func (l *lines) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		_ = l.file.Close() // nothing of it is kept
		l.file = nil
	}
}
