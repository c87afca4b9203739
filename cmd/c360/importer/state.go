package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// state is how far a file has come, kept beside it. It is written after the server acknowledged, never before, so
// an import that stops at any byte goes on from a place before that byte.
type state struct {
	// What must be the same for the place to mean the same.
	File    string `json:"file"`
	Mapping string `json:"mapping"`
	Server  string `json:"server"`
	Charset string `json:"charset"`

	// Offset is in bytes of the decoded text, Line in its lines, RejectBytes how long the rejects file was.
	Offset      int64  `json:"offset"`
	Line        int    `json:"line"`
	RejectBytes int64  `json:"reject_bytes"`
	Counts      Counts `json:"counts"`
	Done        bool   `json:"done"`
}

// Counts says what became of the lines of a file.
type Counts struct {
	Accepted   int `json:"accepted"`
	Duplicates int `json:"duplicates"`
	Rejected   int `json:"rejected"`
	Skipped    int `json:"skipped"`
	// Types counts what the server took, new or known, by type of event.
	Types    map[string]int `json:"types"`
	Position uint64         `json:"position"`
}

func (c *Counts) add(o Counts) {
	c.Accepted += o.Accepted
	c.Duplicates += o.Duplicates
	c.Rejected += o.Rejected
	c.Skipped += o.Skipped
	c.Position = max(c.Position, o.Position)
	if c.Types == nil {
		c.Types = map[string]int{}
	}
	for typ, n := range o.Types {
		c.Types[typ] += n
	}
}

const stateSuffix = ".c360-import"

// statePath is beside the file, or in dir if that is given.
func statePath(file, dir string) string {
	if dir == "" {
		return file + stateSuffix
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		abs = file
	}
	return filepath.Join(dir, filepath.Base(file)+"-"+digest([]byte(abs))[:12]+stateSuffix)
}

// readState returns what an earlier run left, and the zero state if there was none.
func readState(path string) (state, error) {
	var s state
	raw, err := os.ReadFile(path) //nolint:gosec // beside a file the operator named
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		return state{}, fmt.Errorf("the note of the earlier run is damaged: %w; run without --resume", err)
	}
	return s, nil
}

// follows says why an import cannot go on where the earlier one stopped.
func (s state) follows(now state) error {
	switch {
	case s.File == "":
		return nil
	case s.File != now.File:
		return errors.New("the file is not the one of the earlier run; run without --resume (what is in already is not taken twice)")
	case s.Mapping != now.Mapping || s.Charset != now.Charset:
		return errors.New("the mapping or the charset is not that of the earlier run; run without --resume")
	case s.Server != now.Server:
		return errors.New("the earlier run sent to another address or with another key; run without --resume")
	}
	return nil
}

// write replaces the note: after a crash it is the old one or the new one.
func (s state) write(path string) error {
	raw, err := json.Marshal(s)
	if err == nil {
		err = os.WriteFile(path+".new", raw, 0o600)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fmt.Errorf("noting how far the import is: %w (give --state DIR to keep it elsewhere)", err)
	}
	return nil
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

// fingerprint tells one file from another by its length, beginning and end.
func fingerprint(f io.ReaderAt, size int64) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n", size)
	piece := make([]byte, 64<<10)
	for _, at := range []int64{0, max(0, size-int64(len(piece)))} {
		n, err := f.ReadAt(piece, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("reading: %w", err)
		}
		h.Write(piece[:n])
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}
