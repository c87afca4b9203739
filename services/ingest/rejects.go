package ingest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/c360hq/c360/services/web"
)

const (
	rejectsFile = "rejects.ndjson"
	olderFile   = "rejects.older.ndjson"
	rejectAge   = 30 * 24 * time.Hour
	rawKept     = 64 << 10 // how much of one refused body is kept
)

// Reject is one event, or one unreadable body, that was refused for good, with the place and the reason. Raw is
// what was sent, so that it can be mended and sent again.
type Reject struct {
	Time   time.Time `json:"time"`
	Source string    `json:"source"`
	// Request is shared by all rejects of one request; an import answers with it.
	Request string `json:"request"`
	// Line is the line of an imported file, counted from 1; Index the place in a batch, counted from 0.
	Line  int `json:"line,omitempty"`
	Index int `json:"index"`
	// Reason is one word to count by, Pointer the place in the event, Detail what is wrong and what to do.
	Reason  string `json:"reason"`
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
	// Also lists what else is wrong with the same event.
	Also []web.Fault `json:"also,omitempty"`
	// Raw is what was sent if that is text, Bytes if it is not, both cut after 64 KiB; Size is how long it was.
	Raw   string `json:"raw,omitempty"`
	Bytes []byte `json:"bytes,omitempty"`
	Size  int    `json:"size"`
}

// holding returns the reject with what was sent.
func (r Reject) holding(raw []byte) Reject {
	r.Size = len(raw)
	raw = raw[:min(len(raw), rawKept)]
	if utf8.Valid(raw) {
		r.Raw = string(raw)
	} else {
		r.Bytes = append([]byte(nil), raw...)
	}
	return r
}

// faults lists everything that is wrong with the event, with pointers from where below is the event itself.
func (r *Reject) faults(below string) []web.Fault {
	list := []web.Fault{{Pointer: below + r.Pointer, Detail: r.Detail}}
	for _, f := range r.Also {
		list = append(list, web.Fault{Pointer: below + f.Pointer, Detail: f.Detail})
	}
	return list
}

// at is the place in a request body whose events stand in the array below pointer.
func (r *Reject) at(array string) string { return array + "/" + strconv.Itoa(r.Index) + r.Pointer }

// shelf keeps rejects in two files: the one being written, and the one before it, which goes when the first is
// full or it is 30 days old. So rejects survive a restart, and nobody can fill a disk with them.
type shelf struct {
	dir   string
	limit int64 // of one file
	now   func() time.Time

	mu   sync.Mutex
	file *os.File
	size int64
}

func openShelf(dir string, limit int64, now func() time.Time) (*shelf, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder for rejected events: %w", err)
	}
	s := &shelf{dir: dir, limit: limit / 2, now: now}
	return s, s.open()
}

func (s *shelf) open() error {
	f, err := os.OpenFile(filepath.Join(s.dir, rejectsFile), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("file of rejected events: %w", err)
	}
	end, err := wholeLines(f)
	if err != nil {
		_ = f.Close()
		return fmt.Errorf("file of rejected events: %w", err)
	}
	s.file, s.size = f, end
	return s.dropOld()
}

// wholeLines cuts off a last line that a crash left without its end, and returns the size.
func wholeLines(f *os.File) (int64, error) {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err //nolint:wrapcheck // the caller says which file
	}
	tail := make([]byte, min(end, 1<<20))
	if _, err := f.ReadAt(tail, end-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return 0, err //nolint:wrapcheck // the caller says which file
	}
	whole := end - int64(len(tail)) + int64(bytes.LastIndexByte(tail, '\n')+1)
	return whole, f.Truncate(whole) //nolint:wrapcheck // the caller says which file
}

// dropOld removes the older file once all in it is past its time.
func (s *shelf) dropOld() error {
	path := filepath.Join(s.dir, olderFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && s.now().Sub(info.ModTime()) < rejectAge {
		return nil
	}
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		return fmt.Errorf("old rejected events: %w", err)
	}
	return nil
}

// keep writes rejects down; when it returns nil they are on disk.
func (s *shelf) keep(rejects []Reject) error {
	if len(rejects) == 0 {
		return nil
	}
	var lines []byte
	for i := range rejects {
		line, err := json.Marshal(&rejects[i])
		if err != nil {
			return fmt.Errorf("reject: %w", err)
		}
		lines = append(append(lines, line...), '\n')
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file != nil && s.size > 0 && s.size+int64(len(lines)) > s.limit {
		if err := s.turn(); err != nil {
			return err
		}
	}
	return s.write(lines)
}

func (s *shelf) write(lines []byte) error {
	if s.file == nil {
		if err := s.open(); err != nil {
			return err
		}
	}
	_, err := s.file.Write(lines)
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		_ = s.file.Truncate(s.size) // what half of it may have become is refused again with the next try
		return fmt.Errorf("rejected events could not be written down: %w", err)
	}
	s.size += int64(len(lines))
	return nil
}

// turn makes the file being written the older one. If that fails it is still the one being written.
func (s *shelf) turn() error {
	if err := os.Rename(filepath.Join(s.dir, rejectsFile), filepath.Join(s.dir, olderFile)); err != nil {
		return fmt.Errorf("file of rejected events: %w", err)
	}
	err := s.file.Close()
	s.file = nil
	return errors.Join(err, s.open())
}

// each calls visit with every kept reject, oldest first, until it returns false.
func (s *shelf) each(ctx context.Context, visit func(Reject) bool) error {
	for _, name := range []string{olderFile, rejectsFile} {
		more, err := eachIn(ctx, filepath.Join(s.dir, name), visit)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

func eachIn(ctx context.Context, path string, visit func(Reject) bool) (more bool, err error) {
	f, err := os.Open(path) //nolint:gosec // G304: the path is ours
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("file of rejected events: %w", err)
	}
	defer f.Close()
	lines := bufio.NewReader(f)
	for ctx.Err() == nil {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return true, nil // a line without an end is one that a crash cut off before it was acknowledged
		}
		var r Reject
		if err == nil && json.Unmarshal(line, &r) == nil && !visit(r) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("file of rejected events: %w", err)
		}
	}
	return false, ctx.Err() //nolint:wrapcheck // the caller's own context
}

func (s *shelf) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err //nolint:wrapcheck // closing our own file
}
