package pebblelog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sync"

	"github.com/cockroachdb/errors/oserror"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
)

// The high-water mark is a file outside the store that says how far the store had come: identity, position and
// hash of the last event that was acknowledged. A store that lost its tail, an old copy put back in its place and
// somebody else's store all contradict it.
//
// It is written with one pwrite after a commit is durable and before its events are acknowledged, and synced in
// the background within a second and on Close. So after a kill -9 it is exact. After a power cut it may be up to a second
// behind: the events of that second are still in the store, but a tail lost from just that second would not be noticed.
//
// Two slots, in different sectors, are written in turn: a write torn by a power cut leaves the other one.
const (
	markSlots   = 2
	markStride  = 512
	markSize    = markSlots * markStride
	markMagic   = "c360mk1\n"
	markContent = len(markMagic) + 16 + 8 + 8 + hashLen
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// identity tells stores apart, and a store from what it was before its head was accepted (see AcceptHead).
type identity struct {
	store [16]byte
	epoch uint64
}

// mark is one statement of the high-water mark.
type mark struct {
	identity
	head events.Head
}

func (m *mark) encode() []byte {
	b := make([]byte, 0, markContent+crc32.Size)
	b = append(append(b, markMagic...), m.store[:]...)
	b = binary.BigEndian.AppendUint64(b, m.epoch)
	b = binary.BigEndian.AppendUint64(b, uint64(m.head.Position))
	b = append(b, m.head.Hash[:]...)
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// decodeMark reads a slot, and returns false if it is damaged or was never written.
func decodeMark(b []byte) (m mark, ok bool) {
	content := b[:markContent]
	sum := binary.BigEndian.Uint32(b[markContent:])
	if !bytes.HasPrefix(content, []byte(markMagic)) || crc32.Checksum(content, castagnoli) != sum {
		return mark{}, false
	}
	b = content[len(markMagic):]
	copy(m.store[:], b)
	m.epoch = binary.BigEndian.Uint64(b[16:])
	m.head.Position = events.Position(binary.BigEndian.Uint64(b[24:]))
	copy(m.head.Hash[:], b[32:])
	return m, true
}

func (m *mark) after(o *mark) bool {
	if m.epoch != o.epoch {
		return m.epoch > o.epoch
	}
	return m.head.Position > o.head.Position
}

var errMarkDamaged = errors.New("the high-water mark file is damaged")

// readMark returns what the file says: nil if there is none, errMarkDamaged if no slot can be read. One damaged
// slot is what a power cut may leave; the other one counts.
func readMark(fs vfs.FS, path string) (*mark, error) {
	f, err := fs.Open(path)
	if oserror.IsNotExist(err) {
		return nil, nil //nolint:nilnil // no mark is an answer, not an error
	}
	if err != nil {
		return nil, fmt.Errorf("pebblelog: open the high-water mark: %w", err)
	}
	defer func() { _ = f.Close() }()
	b := make([]byte, markSize)
	if _, err := f.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("pebblelog: read the high-water mark: %w", err)
	}
	var best *mark
	for i := range markSlots {
		if m, ok := decodeMark(b[i*markStride:]); ok && (best == nil || m.after(best)) {
			best = &m
		}
	}
	if best == nil {
		return nil, errMarkDamaged
	}
	return best, nil
}

// markFile is the open high-water mark.
type markFile struct {
	mu   sync.Mutex // a read beside a write might see half of it
	file vfs.File
	slot int64
}

// createMark puts a new mark file in place of any other, durably.
func createMark(fs vfs.FS, path string, m mark) error {
	b := make([]byte, markSize)
	copy(b, m.encode())
	tmp := path + ".new"
	f, err := fs.Create(tmp, vfs.WriteCategoryUnspecified)
	if err != nil {
		return fmt.Errorf("pebblelog: create the high-water mark: %w", err)
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = fs.Rename(tmp, path)
	}
	if err == nil {
		err = syncDir(fs, fs.PathDir(path))
	}
	if err != nil {
		return fmt.Errorf("pebblelog: create the high-water mark: %w", err)
	}
	return nil
}

// makeDir makes a directory and all that is missing above it, so that a power cut cannot take it away again with
// everything that was synced in it.
func makeDir(fs vfs.FS, dir string) error {
	if _, err := fs.Stat(dir); !oserror.IsNotExist(err) {
		return err
	}
	parent := fs.PathDir(dir)
	if parent == dir {
		return fs.MkdirAll(dir, 0o750)
	}
	if err := makeDir(fs, parent); err != nil {
		return err
	}
	if err := fs.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	return syncDir(fs, parent)
}

func syncDir(fs vfs.FS, dir string) error {
	d, err := fs.OpenDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// openMark opens a mark file that createMark made. Both slots are written at once, so that neither an older
// statement nor a damaged slot stays behind.
func openMark(fs vfs.FS, path string, m mark) (*markFile, error) {
	f, err := fs.OpenReadWrite(path, vfs.WriteCategoryUnspecified)
	if err != nil {
		return nil, fmt.Errorf("pebblelog: open the high-water mark: %w", err)
	}
	mf := &markFile{file: f}
	for range markSlots {
		if err := mf.write(m); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return mf, nil
}

func (f *markFile) write(m mark) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slot = (f.slot + 1) % markSlots
	if _, err := f.file.WriteAt(m.encode(), f.slot*markStride); err != nil {
		return fmt.Errorf("write the high-water mark: %w", err)
	}
	return nil
}

// read returns what the file at path says, past every cache of ours.
func (f *markFile) read(fs vfs.FS, path string) (*mark, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return readMark(fs, path)
}

func (f *markFile) sync() error {
	if err := f.file.SyncData(); err != nil {
		return fmt.Errorf("sync the high-water mark: %w", err)
	}
	return nil
}

func (f *markFile) close() error { return f.file.Close() }
