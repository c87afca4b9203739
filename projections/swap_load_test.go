package projections_test

import (
	"context"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
)

// loadedSwaps is how many swaps TestSwapUnderLoad makes; C360_LOADED_SWAPS changes it.
func loadedSwaps() int {
	if n, err := strconv.Atoi(os.Getenv("C360_LOADED_SWAPS")); err == nil {
		return n
	}
	return 4
}

// TestSwapUnderLoad swaps to and fro between two generations while events come in without rest and readers read pages.
// No read fails, and no row is missed or doubled. How long readers waited, and how long nothing new was to be seen, is
// told; with C360_LOADED_SWAPS it must not be longer than 100 ms.
func TestSwapUnderLoad(t *testing.T) {
	t.Parallel()
	h := setupHouse(t, realRooms(t)...)
	must(t, h.gens.Start(t.Context()))
	must(t, h.gens.Live().Await(t.Context(), h.add(t, many(3000, 100)...)))
	g, err := h.gens.Rebuild(t.Context(), nil)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var load sync.WaitGroup
	var reads, news waits
	load.Go(func() { h.pour(ctx, t) })
	load.Go(func() { reads.of(ctx, t, func() error { return readPage(context.WithoutCancel(ctx), h.gens.Live()) }) })
	load.Go(func() { news.of(ctx, t, func() error { return h.seesNews(ctx) }) })
	ids := []string{g.ID, "000001"}
	for i := range loadedSwaps() {
		must(t, h.gens.Swap(t.Context(), ids[i%2], nil))
		must(t, h.gens.Live().Await(t.Context(), h.head(t)))
	}
	cancel()
	load.Wait()
	t.Logf("%d swaps; a read took %s; something new was to be seen after %s", loadedSwaps(), reads.String(), news.String())
	if longest := max(reads.longest(), news.longest()); os.Getenv("C360_LOADED_SWAPS") != "" && longest > 100*time.Millisecond {
		t.Errorf("somebody waited for %s", longest)
	}
	must(t, h.gens.Live().Await(t.Context(), h.head(t)))
	d, err := h.gens.Compare(t.Context(), ids[loadedSwaps()%2], nil)
	must(t, err)
	fresh := setup(t, realRooms(t)...)
	fresh.opts.Log = h.log
	must(t, fresh.engine(t).RunTo(t.Context(), h.head(t)))
	if got, want := digest(t, h.gens.Live(), h.opts.Rooms, true), fresh.digest(t, true); got != want || !d.Same() {
		t.Errorf("after the swaps\n%sa fresh fold has\n%s", got, want)
	}
}

// pour appends about 2,000 events a second, fewer if they cannot be folded that quickly: a house under load pushes back.
func (h *house) pour(ctx context.Context, t *testing.T) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for n := 100_000; ; n += 10 {
		var entries []events.Entry
		for i := range 10 {
			entries = append(entries, events.Touchpoint(event(n+i, "person-"+strconv.Itoa((n+i)%97), "page.viewed")))
		}
		results, err := h.log.Append(context.WithoutCancel(ctx), entries...)
		if err == nil && results[9].Position > 1000 {
			err = h.gens.Live().Await(ctx, results[9].Position-1000)
		}
		if err != nil && ctx.Err() == nil {
			t.Error(err)
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// readPage reads what a page needs: a snapshot and some rows of every table.
func readPage(ctx context.Context, live *projections.Live) error {
	v, err := live.View(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	return v.Scan(ctx, projections.ParkedTable, projections.Range{Limit: 20}, func(projections.Row) (bool, error) { return true, nil })
}

// seesNews waits until the live generation shows what the log held when it was called.
func (h *house) seesNews(ctx context.Context) error {
	head, err := h.log.Head(ctx)
	if err == nil {
		err = h.gens.Live().Await(ctx, head.Position)
	}
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the load is over
	}
	return err
}

// waits are how long something took, again and again.
type waits struct{ all []time.Duration }

// of does something a thousand times a second.
func (w *waits) of(ctx context.Context, t *testing.T, do func() error) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for ; ctx.Err() == nil; <-tick.C {
		began := time.Now()
		if err := do(); err != nil {
			t.Error(err)
			return
		}
		w.all = append(w.all, time.Since(began))
	}
	slices.Sort(w.all)
}

func (w *waits) longest() time.Duration {
	if len(w.all) == 0 {
		return 0
	}
	return w.all[len(w.all)-1]
}

func (w *waits) String() string {
	if len(w.all) == 0 {
		return "nothing"
	}
	return "p50 " + w.all[len(w.all)/2].String() + ", p99 " + w.all[len(w.all)*99/100].String() + ", longest " + w.longest().String()
}
