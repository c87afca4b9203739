package replay

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Verify holds an export against its manifest: every file is there, whole and unchanged, and there is no other. It
// returns the manifest and every fault it found, joined.
func Verify(dir string) (Manifest, error) {
	m, err := ReadManifest(dir)
	if err != nil {
		return m, err
	}
	faults, err := strangers(dir, &m)
	if err != nil {
		return m, err
	}
	for i := range m.Files {
		if err := verifyFile(dir, &m.Files[i]); err != nil {
			faults = append(faults, err)
		}
	}
	return m, errors.Join(faults...)
}

func verifyFile(dir string, f *File) error {
	if !filepath.IsLocal(filepath.FromSlash(f.Path)) {
		return fmt.Errorf("%s: the manifest names a file outside the folder", f.Path)
	}
	file, err := os.Open(filepath.Join(dir, filepath.FromSlash(f.Path))) //nolint:gosec // local, as just checked
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: is missing", f.Path)
	}
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	switch {
	case n != f.Bytes:
		return fmt.Errorf("%s: has %d bytes, not %d", f.Path, n, f.Bytes)
	case hex.EncodeToString(sum.Sum(nil)) != f.SHA256:
		return fmt.Errorf("%s: is not what was written", f.Path)
	}
	return nil
}

// strangers lists what is in the folder and not in the manifest.
func strangers(dir string, m *Manifest) ([]error, error) {
	var faults []error
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if name = filepath.ToSlash(name); name != ManifestName && !m.has(name) {
			faults = append(faults, fmt.Errorf("%s: is not in the manifest", name))
		}
		return nil
	})
	return faults, err
}
