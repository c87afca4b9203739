package replay_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/replay"
	"github.com/c360hq/c360/services/replay/dataset"
)

// TestExport writes a folder and reads it: months, counts, modes, and the same bytes the second time.
func TestExport(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"parquet", "csv", "ndjson"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := handMade(t)
			o := options(t, s, name)
			o.Compress = true
			m, err := replay.Export(t.Context(), o)
			must(t, err)
			head, err := s.Log.Head(t.Context())
			must(t, err)
			if got := m.Rows("events"); got != int64(head.Position) || m.Position != head.Position {
				t.Errorf("%d events at position %d, the log has %d", got, m.Position, head.Position)
			}
			first := files(t, o.Dir)
			checkNames(t, first, o.Format.Ending)
			checkModes(t, o.Dir)
			again := options(t, s, name)
			again.Compress = true
			_, err = replay.Export(t.Context(), again)
			must(t, err)
			if d := cmp.Diff(first, files(t, again.Dir)); d != "" {
				t.Errorf("the second export is another one:\n%s", d)
			}
			if _, err := replay.Verify(o.Dir); err != nil {
				t.Errorf("an export that nobody touched: %v", err)
			}
		})
	}
}

func checkNames(t *testing.T, files map[string]string, ending string) {
	t.Helper()
	if ending != ".parquet" {
		ending += ".gz"
	}
	want := []string{"manifest.json"}
	for _, name := range []string{
		"events/month=2026-04/part-0000", "events/month=2026-05/part-0000", "events/month=2026-06/part-0000",
		"order_items", "customers", "fragments", "identifiers", "links", "orders", "cases", "consents", "dictionary",
	} {
		want = append(want, name+ending)
	}
	var got []string
	for name := range files {
		got = append(got, name)
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("files (-want +is):\n%s", d)
	}
}

func checkModes(t *testing.T, dir string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if mode := info.Mode().Perm(); d.IsDir() && mode != 0o700 || !d.IsDir() && mode != 0o600 {
			t.Errorf("%s has mode %o", path, mode)
		}
		return err
	}))
}

func TestVerifyBites(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	for name, c := range map[string]struct {
		harm func(dir string) error
		says string
	}{
		"a flipped bit": {func(dir string) error { return flip(filepath.Join(dir, "orders.parquet")) }, "orders.parquet: is not what was written"},
		"a lost tail": {func(dir string) error {
			return os.Truncate(filepath.Join(dir, "events/month=2026-05/part-0000.parquet"), 100)
		}, "events/month=2026-05/part-0000.parquet: has 100 bytes"},
		"a missing file": {func(dir string) error { return os.Remove(filepath.Join(dir, "customers.parquet")) }, "customers.parquet: is missing"},
		"a stranger": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "events/month=2026-05/part-0001.parquet"), []byte("x"), 0o600)
		}, "part-0001.parquet: is not in the manifest"},
		"no manifest": {func(dir string) error { return os.Remove(filepath.Join(dir, replay.ManifestName)) }, "there is no finished export"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t, s, "parquet")
			_, err := replay.Export(context.WithoutCancel(t.Context()), o)
			must(t, err)
			must(t, c.harm(o.Dir))
			if _, err := replay.Verify(o.Dir); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Verify says %v, want %q", err, c.says)
			}
		})
	}
}

// flip changes one bit in the middle of a file.
func flip(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	b[len(b)/2] ^= 4
	return os.WriteFile(path, b, 0o600)
}

// TestInterrupted ends an export at every report it makes, sees that what is left does not look whole, and goes on.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	whole := options(t, s, "ndjson")
	reports := 0
	whole.Report = func(replay.Progress) { reports++ }
	_, err := replay.Export(t.Context(), whole)
	must(t, err)
	want := files(t, whole.Dir)
	for stop := 1; stop <= reports; stop++ {
		o := options(t, s, "ndjson")
		ended := interrupt(t, &o, stop)
		left := files(t, o.Dir)
		if ended { // it was asked too late
			if d := cmp.Diff(want, left); d != "" {
				t.Errorf("stopped at report %d it is another export:\n%s", stop, d)
			}
			continue
		}
		if _, whole := left[replay.ManifestName]; whole {
			t.Errorf("stopped at report %d the export looks whole", stop)
		}
		for name := range left {
			if strings.HasSuffix(name, ".tmp") {
				t.Errorf("stopped at report %d it leaves %s behind", stop, name)
			}
		}
		o.Report = nil
		_, err := replay.Export(t.Context(), o)
		must(t, err)
		if d := cmp.Diff(want, files(t, o.Dir)); d != "" {
			t.Fatalf("stopped at report %d and gone on with, it is another export:\n%s", stop, d)
		}
	}
}

// interrupt exports until the report of that number, and reports whether that was the end anyhow.
func interrupt(t *testing.T, o *replay.Options, stop int) (ended bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	o.Report = func(replay.Progress) {
		if n++; n == stop {
			cancel()
		}
	}
	_, err := replay.Export(ctx, *o)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return err == nil
}

// TestKeepsMonths goes on after an interruption and sees that a month that was finished is not written again.
func TestKeepsMonths(t *testing.T) {
	t.Parallel()
	o := options(t, handMade(t), "csv")
	events := 0
	ctx, cancel := context.WithCancel(t.Context())
	o.Report = func(p replay.Progress) {
		if p.Table == "order_items" {
			cancel()
		}
	}
	if _, err := replay.Export(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("the export was not interrupted: %v", err)
	}
	o.Report = func(p replay.Progress) {
		if p.Table == "events" && !p.Survey {
			events++
		}
	}
	_, err := replay.Export(t.Context(), o)
	must(t, err)
	if events != 0 {
		t.Errorf("the months were written again, in %d steps", events)
	}
}

// TestOtherExport begins something else where an unfinished export lies, and where a finished one does.
func TestOtherExport(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	o := options(t, s, "csv")
	interrupt(t, &o, 5)
	o.Report = nil
	o.Query.Types = []string{"order.completed"}
	_, err := replay.Export(t.Context(), o)
	must(t, err)
	if _, err := replay.Verify(o.Dir); err != nil {
		t.Errorf("what the first attempt left is still there: %v", err)
	}
	if _, err := replay.Export(t.Context(), o); err == nil || !strings.Contains(err.Error(), "empty folder") {
		t.Errorf("a finished export was written over: %v", err)
	}
}

// TestQuery selects among the rows of the log and leaves the other tables whole.
func TestQuery(t *testing.T) {
	t.Parallel()
	s := handMade(t)
	may3 := time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		query         dataset.Query
		events, items int64
	}{
		"all":      {dataset.Query{}, 20, 5},
		"types":    {dataset.Query{Types: []string{"order.completed", "page.viewed"}}, 7, 5},
		"channels": {dataset.Query{Channels: []events.Channel{events.ChannelStore}}, 4, 1},
		"from":     {dataset.Query{From: may3}, 12, 2},
		"to":       {dataset.Query{To: time.Date(2026, 5, 1, 0, 20, 0, 0, time.UTC)}, 4, 2},
		"nothing":  {dataset.Query{From: may3.AddDate(10, 0, 0)}, 0, 0},
	} {
		o := options(t, s, "parquet")
		o.Query = c.query
		m, err := replay.Export(t.Context(), o)
		must(t, err)
		if m.Rows("events") != c.events || m.Rows("order_items") != c.items || m.Rows("customers") != 3 {
			t.Errorf("%s: %d events, %d items, %d customers; want %d, %d, 3",
				name, m.Rows("events"), m.Rows("order_items"), m.Rows("customers"), c.events, c.items)
		}
	}
}

// TestKilled goes on in a folder that a kill -9 left: parts under their temporary names, and a file of the operator's own.
func TestKilled(t *testing.T) {
	t.Parallel()
	o := options(t, handMade(t), "csv")
	interrupt(t, &o, 5)
	month := filepath.Join(o.Dir, "events/month=2026-05")
	must(t, os.MkdirAll(month, 0o700))
	for _, name := range []string{filepath.Join(month, "part-0000.csv.tmp"), filepath.Join(o.Dir, "orders.parquet.tmp"), filepath.Join(o.Dir, "mine.txt")} {
		must(t, os.WriteFile(name, []byte("half"), 0o600))
	}
	o.Report = nil
	_, err := replay.Export(t.Context(), o)
	must(t, err)
	left := files(t, o.Dir)
	for name := range left {
		if strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s is still there", name)
		}
	}
	if left["mine.txt"] != "half" {
		t.Error("a file that is not ours is gone")
	}
	if _, err := replay.Verify(o.Dir); err == nil || err.Error() != "mine.txt: is not in the manifest" {
		t.Errorf("Verify says %v", err)
	}
}

// TestKilledAtTheEnd begins something else where a kill left a finished export with its unfinished manifest, and is
// interrupted: the manifest of the export that was must not vouch for what is there now.
func TestKilledAtTheEnd(t *testing.T) {
	t.Parallel()
	o := options(t, handMade(t), "csv")
	_, err := replay.Export(t.Context(), o)
	must(t, err)
	text, err := os.ReadFile(filepath.Join(o.Dir, replay.ManifestName))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(o.Dir, "manifest.partial.json"), text, 0o600))
	o.Query.Types = []string{"order.completed"}
	if interrupt(t, &o, 3) {
		t.Fatal("the export was not interrupted")
	}
	if _, err := replay.ReadManifest(o.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an interrupted export looks whole: %v", err)
	}
}

// TestKilledAtTheBeginning goes on in a folder in which there is nothing yet but a manifest half written.
func TestKilledAtTheBeginning(t *testing.T) {
	t.Parallel()
	o := options(t, handMade(t), "csv")
	must(t, os.MkdirAll(o.Dir, 0o700))
	must(t, os.WriteFile(filepath.Join(o.Dir, "manifest.partial.json.tmp"), []byte("{"), 0o600))
	_, err := replay.Export(t.Context(), o)
	must(t, err)
	if _, err := replay.Verify(o.Dir); err != nil {
		t.Error(err)
	}
}

// TestOnlyRefunds: the main currency of who never earned us anything is that of the greatest refund.
func TestOnlyRefunds(t *testing.T) {
	t.Parallel()
	var all []told
	for id, data := range map[string]string{
		"a": `{"order_id":"A","total":5,"currency":"KRW"}`, "b": `{"order_id":"B","total":12.5,"currency":"USD"}`,
	} {
		all = append(all, told{
			Known: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), ID: id, Source: "pos", Type: "order.refunded", Channel: events.ChannelStore,
			Time: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Grade: "asserted", Who: []string{"loyalty_id:L-1"}, Data: []byte(data),
		})
	}
	conn := filled(t, openHouse(t, all).source(t))
	if got := query(t, conn, "SELECT currency, revenue, refunded FROM customers"); got != "USD|0.0|12.5\n" {
		t.Errorf("the customer is told of as %s", got)
	}
}
