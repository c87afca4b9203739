package pebblelog

import (
	"errors"
	"io"
	"os"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// latchFS is a file system that refuses every change once the log has failed. Pebble tries some things again after
// an error, a MANIFEST record for example; that the second fsync of a file succeeds says nothing about what the
// first one lost, and Pebble would go on to delete the WAL that still has it. Behind the latch nothing is deleted.
type latchFS struct {
	vfs.FS
	failure *failure
}

func (l *latchFS) wrap(f vfs.File, err error) (vfs.File, error) {
	if err != nil {
		return nil, err
	}
	return &latchFile{File: f, failure: l.failure}, nil
}

func (l *latchFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if err := l.failure.check(); err != nil {
		return nil, err
	}
	return l.wrap(l.FS.Create(name, c))
}

func (l *latchFS) Link(oldname, newname string) error {
	if err := l.failure.check(); err != nil {
		return err
	}
	return l.FS.Link(oldname, newname)
}

func (l *latchFS) OpenReadWrite(name string, c vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	if err := l.failure.check(); err != nil {
		return nil, err
	}
	return l.wrap(l.FS.OpenReadWrite(name, c, opts...))
}

func (l *latchFS) OpenDir(name string) (vfs.File, error) { return l.wrap(l.FS.OpenDir(name)) }

func (l *latchFS) Remove(name string) error {
	if err := l.failure.check(); err != nil {
		return err
	}
	return l.FS.Remove(name)
}

func (l *latchFS) RemoveAll(name string) error {
	if err := l.failure.check(); err != nil {
		return err
	}
	return l.FS.RemoveAll(name)
}

func (l *latchFS) Rename(oldname, newname string) error {
	if err := l.failure.check(); err != nil {
		return err
	}
	return l.FS.Rename(oldname, newname)
}

func (l *latchFS) ReuseForWrite(oldname, newname string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if err := l.failure.check(); err != nil {
		return nil, err
	}
	return l.wrap(l.FS.ReuseForWrite(oldname, newname, c))
}

func (l *latchFS) MkdirAll(dir string, perm os.FileMode) error {
	if err := l.failure.check(); err != nil {
		return err
	}
	return l.FS.MkdirAll(dir, perm)
}

func (l *latchFS) Lock(name string) (io.Closer, error) { return l.FS.Lock(name) }

func (l *latchFS) Unwrap() vfs.FS { return l.FS }

// latchFile is a file of a latchFS. The first failed write or sync of any file of the store fails the log, except
// for want of space: Pebble writes a table anew when there is room again, and says so if it was a WAL or MANIFEST.
type latchFile struct {
	vfs.File
	failure *failure
}

func (f *latchFile) judge(err error) error {
	if err != nil && !errors.Is(err, syscall.ENOSPC) {
		f.failure.fail(err)
	}
	return err
}

func (f *latchFile) Write(p []byte) (int, error) {
	if err := f.failure.check(); err != nil {
		return 0, err
	}
	n, err := f.File.Write(p)
	return n, f.judge(err)
}

func (f *latchFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.failure.check(); err != nil {
		return 0, err
	}
	n, err := f.File.WriteAt(p, off)
	return n, f.judge(err)
}

func (f *latchFile) Preallocate(offset, length int64) error {
	if err := f.failure.check(); err != nil {
		return err
	}
	return f.File.Preallocate(offset, length)
}

func (f *latchFile) Sync() error {
	if err := f.failure.check(); err != nil {
		return err
	}
	return f.judge(f.File.Sync())
}

func (f *latchFile) SyncData() error {
	if err := f.failure.check(); err != nil {
		return err
	}
	return f.judge(f.File.SyncData())
}

func (f *latchFile) SyncTo(length int64) (bool, error) {
	if err := f.failure.check(); err != nil {
		return false, err
	}
	full, err := f.File.SyncTo(length)
	return full, f.judge(err)
}
