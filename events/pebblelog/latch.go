package pebblelog

import (
	"errors"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// latchFS stands between Pebble and the disk. The first write, sync, create or rename that fails fails the log; from
// then on no change reaches the disk, and Pebble is told that all went well.
//
// It has to be kept in the dark because of what it does when it knows: it panics with its locks in disorder, which no
// recover can mend, or it tries again. But that the second fsync of a file succeeds says nothing of what the first
// one lost, and Pebble would go on to delete the WAL that still has it. Nobody else is deceived: settle looks at
// the failure before it acknowledges a commit, and every other call before it answers.
//
// Want of space for a table is the one error Pebble hears of: it writes the table again when there is room.
type latchFS struct {
	vfs.FS
	failure *failure
	hole    *vfs.MemFS // where files are created that do not matter any more
}

func newLatch(fs vfs.FS, f *failure) *latchFS {
	return &latchFS{FS: fs, failure: f, hole: vfs.NewMem()}
}

func (l *latchFS) failed() bool { return l.failure.check() != nil }

// judge decides what becomes of an error: Pebble gets it, or the log fails and Pebble gets nil.
func (l *latchFS) judge(name string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC) && strings.HasSuffix(name, ".sst"):
		return err
	}
	l.failure.fail(err)
	return nil
}

// change makes a change of the file system, unless the log has failed.
func (l *latchFS) change(name string, f func() error) error {
	if l.failed() {
		return nil
	}
	return l.judge(name, f())
}

// file opens a file for writing, one that leads nowhere if the log has failed.
func (l *latchFS) file(name string, f func() (vfs.File, error)) (vfs.File, error) {
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
	return &latchFile{File: file, fs: l, name: name}, nil
}

func (l *latchFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return l.file(name, func() (vfs.File, error) { return l.FS.Create(name, c) })
}

func (l *latchFS) OpenReadWrite(name string, c vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return l.file(name, func() (vfs.File, error) { return l.FS.OpenReadWrite(name, c, opts...) })
}

func (l *latchFS) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return l.file(newname, func() (vfs.File, error) { return l.FS.ReuseForWrite(oldname, newname, c) })
}

func (l *latchFS) OpenDir(name string) (vfs.File, error) {
	f, err := l.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &latchFile{File: f, fs: l, name: name}, nil
}

func (l *latchFS) Link(oldname, newname string) error {
	return l.change(newname, func() error { return l.FS.Link(oldname, newname) })
}

func (l *latchFS) Rename(oldname, newname string) error {
	return l.change(newname, func() error { return l.FS.Rename(oldname, newname) })
}

func (l *latchFS) MkdirAll(dir string, perm os.FileMode) error {
	return l.change(dir, func() error { return l.FS.MkdirAll(dir, perm) })
}

// Remove passes errors on: what is not removed is removed another time.
func (l *latchFS) Remove(name string) error {
	if l.failed() {
		return nil
	}
	return l.FS.Remove(name)
}

func (l *latchFS) RemoveAll(name string) error {
	if l.failed() {
		return nil
	}
	return l.FS.RemoveAll(name)
}

func (l *latchFS) Unwrap() vfs.FS { return l.FS }

// latchFile is a file of a latchFS that was opened for writing.
type latchFile struct {
	vfs.File
	fs   *latchFS
	name string
}

func (f *latchFile) Write(p []byte) (n int, err error) {
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

func (f *latchFile) WriteAt(p []byte, off int64) (n int, err error) {
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

func (f *latchFile) Preallocate(offset, length int64) error {
	return f.fs.change(f.name, func() error { return f.File.Preallocate(offset, length) })
}

func (f *latchFile) Sync() error     { return f.fs.change(f.name, f.File.Sync) }
func (f *latchFile) SyncData() error { return f.fs.change(f.name, f.File.SyncData) }

func (f *latchFile) SyncTo(length int64) (full bool, err error) {
	err = f.fs.change(f.name, func() error {
		full, err = f.File.SyncTo(length)
		return err
	})
	return full, err
}
