package pebblelog_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
)

// TestRestorePowerCut cuts the power while a log is being restored, again and again: what was acknowledged is there, and
// the restore goes on from the head until both logs are the same.
func TestRestorePowerCut(t *testing.T) {
	t.Parallel()
	source := open(t, inMemory(vfs.NewMem()))
	fill(t, source, 0, 4000)
	want := readAll(t, source)
	for seed := range times(t, "C360_CUTS", 3) {
		rng := rand.New(rand.NewPCG(uint64(seed), 10))
		disk := vfs.NewCrashableMem()
		for cuts := 0; ; cuts++ {
			var done bool
			if disk, done = cutRestore(t, disk, rng, want); done {
				t.Logf("seed %d: %d cuts", seed, cuts)
				break
			}
		}
		l := open(t, inMemory(disk))
		if got := readAll(t, l); !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: the restored log differs", seed)
		}
		if err := l.Verify(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
}

// cutRestore goes on with a restore, cuts the power, and checks what is left. done says there was nothing left to restore.
func cutRestore(t *testing.T, disk *vfs.MemFS, rng *rand.Rand, want []events.Recorded) (left *vfs.MemFS, done bool) {
	t.Helper()
	l := open(t, inMemory(disk))
	ctx, stop := context.WithCancel(t.Context())
	acked := make(chan uint64, len(want))
	go restoreAll(ctx, t, l, want, acked)
	var before uint64
	for range rng.IntN(12) { // however slow the machine is, a few steps are made
		before = max(before, <-acked)
	}
	time.Sleep(time.Duration(rng.IntN(1_000)) * time.Microsecond) // the moment of the cut is what is being varied
	for len(acked) > 0 {
		before = max(before, <-acked)
	}
	left = disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
	stop()
	for range acked { // until the restore has ended
	}
	closeLog(t, l)
	after := open(t, inMemory(left))
	defer closeLog(t, after)
	got := readAll(t, after)
	if uint64(len(got)) < before || len(got) > 0 && !reflect.DeepEqual(got, want[:len(got)]) {
		t.Errorf("%d events were acknowledged, %d are there, or they are others", before, len(got))
	}
	return left, len(got) == len(want)
}

// restoreAll tells of every position that was acknowledged, and closes acked at its end.
func restoreAll(ctx context.Context, t *testing.T, l *pebblelog.Log, want []events.Recorded, acked chan<- uint64) {
	t.Helper()
	defer close(acked)
	head, err := l.Head(ctx)
	for from := int(head.Position); err == nil && from < len(want); from += 50 {
		to := min(from+50, len(want))
		if err = l.Restore(ctx, want[from:to]...); err == nil {
			acked <- uint64(to)
		}
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("Restore: %v", err)
	}
}
