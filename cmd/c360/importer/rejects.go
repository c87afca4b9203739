package importer

import (
	"encoding/json"
	"fmt"
	"os"
)

// Reject is a line that did not become an event: a line of the rejects file.
type Reject struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
	// Raw is what stands there, cut after 64 KiB.
	Raw string `json:"raw"`
}

const rawKept = 64 << 10

func reject(u unit, reason string) Reject {
	return Reject{u.line, reason, string(u.raw[:min(len(u.raw), rawKept)])}
}

// rejectsFile is written only when there is something to write.
type rejectsFile struct {
	path string
	file *os.File
	size int64
}

// openRejects goes on in the file of an earlier run at that size, or takes an old file away.
func openRejects(path string, size int64) (*rejectsFile, error) {
	r := &rejectsFile{path: path, size: size}
	if size == 0 {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("rejects file of an earlier run: %w", err)
		}
		return r, nil
	}
	// What was written after the last acknowledged place comes again.
	if err := os.Truncate(path, size); err != nil {
		return nil, fmt.Errorf("rejects file of the earlier run: %w; run without --resume", err)
	}
	return r, nil
}

func (r *rejectsFile) write(rejects []Reject) error {
	if len(rejects) == 0 {
		return nil
	}
	var out []byte
	for _, one := range rejects {
		raw, err := json.Marshal(one)
		if err != nil {
			return fmt.Errorf("rejects file: %w", err)
		}
		out = append(append(out, raw...), '\n')
	}
	if r.file == nil {
		var err error
		if r.file, err = os.OpenFile(r.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
			return fmt.Errorf("rejects file: %w (give another with --rejects)", err)
		}
	}
	n, err := r.file.Write(out)
	r.size += int64(n)
	if err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	return nil
}

func (r *rejectsFile) close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close() //nolint:wrapcheck // it names the file
}
