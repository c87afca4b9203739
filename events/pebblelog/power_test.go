package pebblelog_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/c360hq/c360/events"
)

// TestPowerCut cuts the power at random moments: of what was not synced, a random part of the blocks and directory
// entries is gone. Everything acknowledged before the cut survives, and the log goes on from there, cut after cut.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	for seed := range times(t, "C360_CUTS", 12) {
		rng := rand.New(rand.NewPCG(uint64(seed), 9))
		disk := vfs.NewCrashableMem()
		var j journal
		for cut := range 3 {
			disk = cutPower(t, disk, rng, &j, cut)
			j.check(t, inMemory(disk))
		}
	}
}

// cutPower runs a log on disk under load and returns what is left of the disk after a cut. Afterwards j holds what had
// been acknowledged when the power went.
func cutPower(t *testing.T, disk *vfs.MemFS, rng *rand.Rand, j *journal, cut int) *vfs.MemFS {
	t.Helper()
	l := open(t, inMemory(disk))
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	before := journal{acked: map[string]events.Position{}}
	for id, p := range j.acked {
		before.acked[id] = p
	}
	var live journal
	wg.Go(func() {
		if err := live.load(ctx, t, l, cut*100_000, 1000); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Append: %v", err)
		}
	})
	time.Sleep(time.Duration(rng.IntN(40_000)) * time.Microsecond) // the moment of the cut is what is being varied
	live.mu.Lock()
	for id, p := range live.acked {
		before.acked[id] = p
	}
	live.mu.Unlock()
	left := disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
	stop()
	wg.Wait()
	closeLog(t, l)
	j.acked = before.acked
	return left
}
