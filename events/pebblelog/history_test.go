package pebblelog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

// newest returns the file of the log with the highest number and that ending.
func newest(t *testing.T, fs vfs.FS, ending string) string {
	t.Helper()
	names := slices.DeleteFunc(files(t, fs), func(name string) bool { return !strings.HasSuffix(name, ending) })
	if len(names) == 0 {
		t.Fatalf("no file ends in %s", ending)
	}
	return slices.Max(names)
}

// TestLostTail loses the end of the log in all the ways a disk or a person can.
func TestLostTail(t *testing.T) {
	t.Parallel()
	const size = 100 // in the first WAL alone
	for name, lose := range map[string]func(t *testing.T, fs vfs.FS){
		"WAL cut": func(t *testing.T, fs vfs.FS) {
			t.Helper()
			edit(t, fs, newest(t, fs, ".log"), func(b []byte) []byte { return b[:len(b)/2] })
		},
		"WAL ends a little early": func(t *testing.T, fs vfs.FS) {
			t.Helper()
			edit(t, fs, newest(t, fs, ".log"), func(b []byte) []byte { return b[:len(b)-100] })
		},
		"WAL flipped": func(t *testing.T, fs vfs.FS) {
			t.Helper()
			edit(t, fs, newest(t, fs, ".log"), func(b []byte) []byte { b[len(b)*3/4] ^= 1; return b })
		},
		"WAL removed": func(t *testing.T, fs vfs.FS) {
			t.Helper()
			if err := fs.Remove(newest(t, fs, ".log")); err != nil {
				t.Fatal(err)
			}
		},
		"store removed": func(t *testing.T, fs vfs.FS) {
			t.Helper()
			if err := fs.RemoveAll(storeDir); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fs := copyOf(t, killedCopy(t, size))
			lose(t, fs)
			if strings.HasPrefix(name, "WAL") {
				refuses(t, inMemory(fs))
			} else {
				_, err := pebblelog.Open(t.Context(), inMemory(fs))
				wantCorrupt(t, err)
			}
		})
	}
}

func TestRolledBackCopy(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	filled(t, fs, 1000)
	old := copyOf(t, fs)
	l := open(t, inMemory(fs))
	fill(t, l, 1000, 500)
	closeLog(t, l)
	put(t, old, fs, storeDir) // the mark stays as it is
	if p := refuses(t, inMemory(fs)); p != 1001 {
		t.Errorf("the first event in doubt is %d, want 1001", p)
	}
}

// TestOtherHistory puts back an old copy that has then grown past the mark: only the hash can tell.
func TestOtherHistory(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	filled(t, fs, 500)
	other := copyOf(t, fs)
	l := open(t, inMemory(fs))
	fill(t, l, 500, 300)
	closeLog(t, l)
	l = open(t, inMemory(other))
	fill(t, l, 5000, 600)
	closeLog(t, l)
	put(t, other, fs, storeDir)
	refuses(t, inMemory(fs))
}

func TestForeignMark(t *testing.T) {
	t.Parallel()
	fs, other := vfs.NewMem(), vfs.NewMem()
	filled(t, fs, 200)
	filled(t, other, 200) // the same events: only the identity differs
	copyFile(t, other, fs, markPath)
	refuses(t, inMemory(fs))
}

func copyFile(t *testing.T, from, to vfs.FS, name string) {
	t.Helper()
	if err := to.Remove(name); err != nil {
		t.Fatal(err)
	}
	if _, err := vfs.Clone(from, to, name, name); err != nil {
		t.Fatal(err)
	}
}

func TestMarkMissingOrDamaged(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	want := filled(t, fs, 200)
	missing := copyOf(t, fs)
	if err := missing.Remove(markPath); err != nil {
		t.Fatal(err)
	}
	refuses(t, inMemory(missing))
	damaged := copyOf(t, fs)
	edit(t, damaged, markPath, func(b []byte) []byte { b[10] ^= 1; b[522] ^= 1; return b })
	refuses(t, inMemory(damaged))
	torn := copyOf(t, fs)
	edit(t, torn, markPath, func(b []byte) []byte { clear(b[20:512]); return b })
	if v := judge(t, torn, want); v != harmless {
		t.Errorf("one torn slot: %s", v)
	}
	edit(t, torn, markPath, func(b []byte) []byte { clear(b[520:]); return b })
	if v := judge(t, torn, want); v != harmless {
		t.Errorf("the other slot, after the first was written anew: %s", v)
	}
}

func TestOlderMarkIsBehindNotWrong(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	filled(t, fs, 300)
	old := copyOf(t, fs)
	l := open(t, inMemory(fs))
	fill(t, l, 300, 300)
	want := readAll(t, l)
	closeLog(t, l)
	copyFile(t, old, fs, markPath) // as a power cut leaves it
	if v := judge(t, fs, want); v != harmless {
		t.Error(v)
	}
}

func TestAcceptHead(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	filled(t, fs, 1000)
	old := copyOf(t, fs)
	l := open(t, inMemory(fs))
	fill(t, l, 1000, 500)
	closeLog(t, l)
	whole := copyOf(t, fs)
	put(t, old, fs, storeDir)
	refuses(t, inMemory(fs))
	head, err := pebblelog.AcceptHead(t.Context(), inMemory(fs))
	if err != nil || head.Position != 1000 {
		t.Fatalf("AcceptHead gave %v, %v", head, err)
	}
	l = open(t, inMemory(fs))
	if err := l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
	fill(t, l, 2000, 700) // beyond where the old history had come
	closeLog(t, l)
	put(t, whole, fs, storeDir) // the lost copy turns up again: it is of another epoch
	refuses(t, inMemory(fs))
}

func TestAcceptHeadOfNothing(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	filled(t, fs, 100)
	if err := fs.RemoveAll(storeDir); err != nil {
		t.Fatal(err)
	}
	if head, err := pebblelog.AcceptHead(t.Context(), inMemory(fs)); err != nil || head != (events.Head{}) {
		t.Fatalf("AcceptHead gave %v, %v", head, err)
	}
	l := open(t, inMemory(fs))
	fill(t, l, 0, 10)
	closeLog(t, l)
}

func TestAcceptHeadRefusesDamage(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	filled(t, fs, 3000)
	edit(t, fs, newest(t, fs, ".sst"), func(b []byte) []byte { b[len(b)/3] ^= 1; return b })
	_, err := pebblelog.AcceptHead(t.Context(), inMemory(fs))
	wantCorrupt(t, err)
}

// TestSalvage damages one table and reads around it.
func TestSalvage(t *testing.T) {
	t.Parallel()
	fs := vfs.NewMem()
	want := filled(t, fs, 3000)
	for _, name := range files(t, fs) {
		if !strings.HasSuffix(name, ".sst") {
			continue
		}
		broken := copyOf(t, fs)
		edit(t, broken, name, func(b []byte) []byte { clear(b[len(b)/3 : len(b)/3+200]); return b })
		salvaged(t, broken, want)
	}
}

// salvaged checks that a salvage returns nothing but what was there, and a gap for everything else.
func salvaged(t *testing.T, fs vfs.FS, want []events.Recorded) {
	t.Helper()
	missing := map[events.Position]bool{}
	for i := range want {
		missing[want[i].Position] = true
	}
	gaps, err := pebblelog.Salvage(t.Context(), inMemory(fs), func(r events.Recorded) error {
		if !missing[r.Position] || !equal([]events.Recorded{r}, want[r.Position-1:r.Position]) {
			t.Errorf("position %d came twice or changed", r.Position)
		}
		delete(missing, r.Position)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, gap := range gaps {
		for p := gap.From; p <= gap.To; p++ {
			if !missing[p] {
				t.Errorf("position %d was read and called missing", p)
			}
			delete(missing, p)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d positions were neither read nor called missing", len(missing))
	}
}
