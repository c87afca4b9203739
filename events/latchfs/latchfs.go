// Package latchfs stands between Pebble and a disk that fails. See FS.
package latchfs

import (
	"errors"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// FS stands between Pebble and the disk. The first write, sync, create or rename that fails is told to whoever uses the
// store (fail); from then on no change reaches the disk, and Pebble is told that all went well.
//
// It has to be kept in the dark because of what it does when it knows: it panics with its locks in disorder, which no
// recover can mend, or it tries again. But that the second fsync of a file succeeds says nothing of what the first
// one lost, and Pebble would go on to delete the WAL that still has it. Nobody else must be deceived: look at the
// failure before a commit is acknowledged, and before every other answer.
//
// Want of space for a table is the one error Pebble hears of: it writes the table again when there is room.
type FS struct {
	vfs.FS
	fail   func(error)
	failed func() bool
	hole   *vfs.MemFS // where files are created that do not matter any more
}

// New returns a file system over fs. It calls fail with the first error, and asks failed whether there was one, also
// of other origin.
func New(fs vfs.FS, fail func(error), failed func() bool) *FS {
	return &FS{FS: fs, fail: fail, failed: failed, hole: vfs.NewMem()}
}

// judge decides what becomes of an error: Pebble gets it, or the log fails and Pebble gets nil.
func (l *FS) judge(name string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC) && strings.HasSuffix(name, ".sst"):
		return err
	}
	l.fail(err)
	return nil
}

// change makes a change of the file system, unless the log has failed.
func (l *FS) change(name string, f func() error) error {
	if l.failed() {
		return nil
	}
	return l.judge(name, f())
}

// file opens a file for writing, one that leads nowhere if the log has failed.
func (l *FS) file(name string, f func() (vfs.File, error)) (vfs.File, error) {
	var file vfs.File
	err := l.change(name, func() (err error) {
		file, err = f()
		return err
	})
	if err == nil && file == nil {
		file, err = l.hole.Create(path.Base(name), vfs.WriteCategoryUnspecified)
	}
	if err != nil {
		return nil, err
	}
	return &latched{File: file, fs: l, name: name}, nil
}

func (l *FS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return l.file(name, func() (vfs.File, error) { return l.FS.Create(name, c) })
}

func (l *FS) OpenReadWrite(name string, c vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return l.file(name, func() (vfs.File, error) { return l.FS.OpenReadWrite(name, c, opts...) })
}

func (l *FS) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return l.file(newname, func() (vfs.File, error) { return l.FS.ReuseForWrite(oldname, newname, c) })
}

func (l *FS) OpenDir(name string) (vfs.File, error) {
	f, err := l.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &latched{File: f, fs: l, name: name}, nil
}

func (l *FS) Link(oldname, newname string) error {
	return l.change(newname, func() error { return l.FS.Link(oldname, newname) })
}

func (l *FS) Rename(oldname, newname string) error {
	return l.change(newname, func() error { return l.FS.Rename(oldname, newname) })
}

func (l *FS) MkdirAll(dir string, perm os.FileMode) error {
	return l.change(dir, func() error { return l.FS.MkdirAll(dir, perm) })
}

// Remove passes errors on: what is not removed is removed another time.
func (l *FS) Remove(name string) error {
	if l.failed() {
		return nil
	}
	return l.FS.Remove(name)
}

func (l *FS) RemoveAll(name string) error {
	if l.failed() {
		return nil
	}
	return l.FS.RemoveAll(name)
}

func (l *FS) Unwrap() vfs.FS { return l.FS }

// latched is a file of an FS that was opened for writing.
type latched struct {
	vfs.File
	fs   *FS
	name string
}

func (f *latched) Write(p []byte) (n int, err error) {
	n = len(p)
	err = f.fs.change(f.name, func() error {
		n, err = f.File.Write(p)
		return err
	})
	if err != nil {
		return n, err
	}
	return len(p), nil
}

func (f *latched) WriteAt(p []byte, off int64) (n int, err error) {
	n = len(p)
	err = f.fs.change(f.name, func() error {
		n, err = f.File.WriteAt(p, off)
		return err
	})
	if err != nil {
		return n, err
	}
	return len(p), nil
}

// Preallocate passes errors on: Pebble does without, and a write that then finds no room says so itself.
func (f *latched) Preallocate(offset, length int64) error {
	if f.fs.failed() {
		return nil
	}
	return f.File.Preallocate(offset, length)
}

func (f *latched) Sync() error     { return f.fs.change(f.name, f.File.Sync) }
func (f *latched) SyncData() error { return f.fs.change(f.name, f.File.SyncData) }

func (f *latched) SyncTo(length int64) (full bool, err error) {
	err = f.fs.change(f.name, func() error {
		full, err = f.File.SyncTo(length)
		return err
	})
	return full, err
}
