package replay

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay/dataset"
)

// Origin is what an export was made of and by. Two exports with the same Origin and the same choices are the same bytes.
type Origin struct {
	// Position is what every number in the export is true at, Hash the log's hash there, in hex.
	Position events.Position `json:"position"`
	Hash     string          `json:"log_hash"`
	// Known and Occurred are the instant the export stands for; absent if it holds all up to Position.
	Known    events.Position `json:"known_at,omitempty"`
	Occurred *time.Time      `json:"occurred_by,omitempty"`
	// Masked names the masking, if who the customers are was left out; no two maskings have the same name.
	Masked string `json:"masked,omitempty"`
	// Moment is what counts as today in it.
	Moment time.Time `json:"moment"`
	// Code is the version of c360, Rules the hash of the identity rules, Rooms the read models as name@version.
	Code  string   `json:"code"`
	Rules string   `json:"rules"`
	Rooms []string `json:"rooms"`
}

// At fills in what the source says.
func (o Origin) At(s *dataset.Source) Origin {
	c := s.View.Checkpoint()
	o.Position, o.Hash, o.Known, o.Moment = c.Position, hex.EncodeToString(c.Hash[:]), s.At.Known, s.Moment().UTC()
	if !s.At.Occurred.IsZero() {
		t := s.At.Occurred.UTC()
		o.Occurred = &t
	}
	return o
}

// Manifest says what is in an export.
type Manifest struct {
	Origin
	Format   string `json:"format"`
	Compress bool   `json:"compress,omitempty"`
	BOM      bool   `json:"bom,omitempty"`
	// Tables are the datasets that were asked for, From to Channels what was asked of those that come from the log.
	Tables   []string         `json:"tables"`
	From     *time.Time       `json:"from,omitempty"`
	To       *time.Time       `json:"to,omitempty"`
	Types    []string         `json:"types,omitempty"`
	Channels []events.Channel `json:"channels,omitempty"`
	// Files are in the order in which they were written.
	Files []File `json:"files"`
}

// File is one file of an export.
type File struct {
	// Path is relative to the folder, with slashes.
	Path    string `json:"path"`
	Dataset string `json:"dataset"`
	Rows    int64  `json:"rows"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
}

// The names of the manifest: when everything is there, and until then.
const (
	ManifestName    = "manifest.json"
	partialManifest = "manifest.partial.json"
)

// Rows returns how many rows the export has of a dataset.
func (m *Manifest) Rows(dataset string) int64 {
	var n int64
	for i := range m.Files {
		if m.Files[i].Dataset == dataset {
			n += m.Files[i].Rows
		}
	}
	return n
}

// has reports whether the file is written already.
func (m *Manifest) has(path string) bool {
	for i := range m.Files {
		if m.Files[i].Path == path {
			return true
		}
	}
	return false
}

// continues reports whether m is the same export as o, begun earlier.
func (m Manifest) continues(o Manifest) bool {
	m.Files, o.Files = nil, nil
	a, errA := json.Marshal(m)
	b, errB := json.Marshal(o)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// ReadManifest reads the manifest of an export.
func ReadManifest(dir string) (Manifest, error) {
	return readManifest(filepath.Join(dir, ManifestName))
}

func readManifest(path string) (Manifest, error) {
	var m Manifest
	b, err := os.ReadFile(path) //nolint:gosec // the operator's own folder
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("there is no finished export: %w", err)
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("%s is damaged: %w", path, err)
	}
	return m, nil
}

// write replaces the file whole.
func (m *Manifest) write(path string) error {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path+temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode) //nolint:gosec // the operator's own folder
	if err != nil {
		return err
	}
	_, err = f.Write(append(b, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(path+temporary, path)
}
