package pebblelog_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/c360hq/c360/events/pebblelog"
)

// smallDisk makes dir a file system of 64 MiB and returns the reserve a log there should have, and how large a file
// takes the room. Without the right to mount, dir stays on the disk it is on, and the reserve is all that is free there but
// half such a file.
func smallDisk(t *testing.T, dir string) (reserve uint64, ballast int64) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err == nil {
		t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
		return 8 << 20, 58 << 20
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		t.Fatal(err)
	}
	return s.Bavail*uint64(s.Frsize) - 256<<20, 512 << 20
}

// TestFullDiskForReal fills a disk up and empties it again: the log refuses appends meanwhile, and loses nothing.
func TestFullDiskForReal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	reserve, size := smallDisk(t, dir)
	o := killOptions(dir)
	o.ReserveBytes = reserve
	l := open(t, o)
	fill(t, l, 0, 500)
	release := fillUp(t, filepath.Join(dir, "ballast"), size)
	untilFull(t, l)
	held := len(readAll(t, l))
	release()
	fill(t, l, 60_000, 500)
	closeLog(t, l)
	l = open(t, o)
	if n := len(readAll(t, l)); n != held+500 {
		t.Errorf("%d events, want %d", n, held+500)
	}
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func fillUp(t *testing.T, name string, size int64) (release func()) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Fallocate(int(f.Fd()), 0, 0, size); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if err := os.Remove(name); err != nil {
			t.Error(err)
		}
	}
}

// TestNoReserve lets a log without a reserve run into a disk that is really full: it fails, and a new process finds
// everything that was acknowledged.
func TestNoReserve(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, size := smallDisk(t, dir); size > 64<<20 {
		return // not a disk of our own; TestEveryWriteFails has the same fault, injected
	}
	o := killOptions(dir)
	o.ReserveBytes = 1
	l := open(t, o)
	release := fillUp(t, filepath.Join(dir, "ballast"), 60<<20)
	var j journal
	err := j.load(t.Context(), t, l, 0, 2000)
	if err == nil {
		t.Fatal("a full disk was not noticed")
	}
	_ = l.Close()
	release()
	j.check(t, pebblelog.Options{Dir: o.Dir, Now: o.Now})
}
