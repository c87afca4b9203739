package main

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/c360hq/c360/cmd/c360/delivery"
	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/esdblog"
	"github.com/c360hq/c360/events/esdblog/esdbtest"
	"github.com/c360hq/c360/events/natslog"
	"github.com/c360hq/c360/events/natslog/natstest"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/pgstore/pgtest"
	"github.com/c360hq/c360/services/auth"
	"github.com/c360hq/c360/services/ingest"
)

// pair is a log on one engine with a read store on another.
type pair struct {
	config config
	head   events.Head
	sums   projections.Sums
}

func (p *pair) name() string { return p.config.logKind() + "+" + p.config.storeKind() }

// TestSixPairs has the demo company live through its history in an embedded log, copies that log to every engine, folds
// each of the logs into each of the read stores, and compares all of them table by table: every row is the same.
// C360_PAIR_CUSTOMERS makes the company larger; see make pairs.
func TestSixPairs(t *testing.T) {
	t.Parallel()
	plan := demo.DefaultPlan(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	plan.Customers, plan.Months = number("C360_PAIR_CUSTOMERS", 120), number("C360_PAIR_MONTHS", 4)
	company, err := demo.New(plan)
	must(t, err)
	source := config{log: "pebble:", data: t.TempDir()}
	restoreInto(t, &source, chained(lifeOf(t, company, monthEnds(plan))))
	e := startEngines(t)
	var pairs []*pair
	for _, c := range e.logs(t, "pairs") {
		if c.logKind() == enginePebble {
			c = source
		} else {
			copyLog(t, &source, &c)
		}
		pairs = append(pairs, e.pairs(t, c)...)
	}
	compareAll(t, pairs)
	for _, table := range pairs[0].sums {
		if table.Rows == 0 && (table.Table == "segment_counts" || table.Table == "churn_counts") {
			t.Errorf("table %s is empty: nobody was judged", table.Table)
		}
	}
}

// TestSixPairsThroughTheDoor sends the demo company to every engine as its systems would, request by request, while the
// clock stands still: the logs hold the same events, and all read stores the same rows.
func TestSixPairsThroughTheDoor(t *testing.T) {
	t.Parallel()
	plan := demo.DefaultPlan(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	plan.Customers, plan.Months = 100, 3
	company, err := demo.New(plan)
	must(t, err)
	e := startEngines(t)
	var pairs []*pair
	for _, c := range e.logs(t, "door") {
		throughTheDoor(t, company, &c)
		pairs = append(pairs, e.pairs(t, c)...)
	}
	compareAll(t, pairs)
}

// engines are servers of every kind.
type engines struct {
	nats     *natstest.Server
	esdb     *esdbtest.Node
	postgres *pgtest.Server
}

func startEngines(t *testing.T) engines {
	t.Helper()
	return engines{natstest.Start(t), esdbtest.Start(t, esdbtest.Options{StatsEvery: 500}), pgtest.Start(t)}
}

// logs returns an empty log on each engine.
func (e *engines) logs(t *testing.T, name string) []config {
	t.Helper()
	return []config{
		{log: "pebble:", data: t.TempDir()},
		{log: e.nats.URL(name), data: t.TempDir()},
		{log: e.esdb.URL("") + "&prefix=" + name + "-", data: t.TempDir()},
	}
}

// pairs folds a log into a read store on each engine.
func (e *engines) pairs(t *testing.T, c config) []*pair {
	t.Helper()
	var pairs []*pair
	for _, store := range []string{"sqlite:" + filepath.Join(t.TempDir(), "views"), e.postgres.NewDatabase(t)} {
		c.store = store
		p := &pair{config: c}
		p.fold(t)
		pairs = append(pairs, p)
	}
	return pairs
}

// throughTheDoor sends a company's history to the log that c names, under a clock that stands still.
func throughTheDoor(t *testing.T, company *demo.Company, c *config) {
	t.Helper()
	sources, err := auth.ParseSources(demo.SourcesSpec(demoKeys))
	must(t, err)
	catalogue, err := events.NewCatalogue()
	must(t, err)
	now := func() time.Time { return company.Plan().End.Add(time.Minute) }
	log := openAt(t, c, now)
	door, err := ingest.New(ingest.Config{Log: log, Sources: sources, Catalogue: catalogue, Rejects: t.TempDir(), Now: now})
	must(t, err)
	sender := demo.Sender{Client: &delivery.Client{URL: "http://c360", Doer: delivery.InProcess(door.Handler())}, Keys: demoKeys, Workers: 1}
	must(t, sender.Send(t.Context(), company.History()))
	must(t, errors.Join(door.Close(), log.Close()))
}

// openAt is openLog with another clock.
func openAt(t *testing.T, c *config, now func() time.Time) (log events.Log) {
	t.Helper()
	var err error
	switch c.logKind() {
	case enginePebble:
		o := c.logOptions(silentLogger())
		o.Now = now
		log, err = pebblelog.Open(t.Context(), o)
	case engineNATS:
		log, err = natslog.Open(t.Context(), natslog.Options{URL: c.log, Dir: c.indexDir(), Now: now})
	case engineESDB:
		log, err = esdblog.Open(t.Context(), esdblog.Options{URL: c.log, Dir: c.indexDir(), Now: now})
	}
	must(t, err)
	return log
}

// chained gives events the positions and hashes that they have in a log of their own.
func chained(all []events.Recorded) []events.Recorded {
	var hash events.Hash
	for i := range all {
		r := &all[i]
		r.Position = events.Position(i + 1)
		hash = hash.Next(events.AppendRecord(nil, r))
		r.Hash = hash
	}
	return all
}

func restoreInto(t *testing.T, c *config, all []events.Recorded) {
	t.Helper()
	log, err := c.openLog(t.Context(), silentLogger())
	must(t, err)
	for from := 0; from < len(all); from += 1000 {
		must(t, log.(events.Restorer).Restore(t.Context(), all[from:min(from+1000, len(all))]...))
	}
	must(t, log.Close())
}

// copyLog is c360 log copy.
func copyLog(t *testing.T, from, to *config) {
	t.Helper()
	began := time.Now()
	out := command360(t, "log", "copy", "--from", from.log, "--from-data", from.data, "--to", to.log, "--to-data", to.data)
	t.Logf("to %s in %s: %s", to.logKind(), time.Since(began).Round(time.Millisecond), strings.TrimSpace(out))
}

// command360 runs a command that is to go well, and returns what it says.
func command360(t *testing.T, args ...string) string {
	t.Helper()
	var out, said bytes.Buffer
	if code := run(t.Context(), env{stdout: &out, stderr: &said, getenv: func(string) string { return "" }}, args); code != exitOK {
		t.Fatalf("c360 %s ended with %d: %s", strings.Join(args, " "), code, &said)
	}
	return out.String()
}

// fold folds the log of the pair into its store, and sums up what that holds.
func (p *pair) fold(t *testing.T) {
	t.Helper()
	began := time.Now()
	h, err := openHouse(t.Context(), &p.config, silentLogger())
	must(t, err)
	defer func() { must(t, h.close()) }()
	must(t, h.generations.Start(t.Context()))
	p.head, err = h.log.Head(t.Context())
	must(t, err)
	p.sums = h.sums(t, p.head.Position)
	t.Logf("%s: %d events in %s", p.name(), p.head.Position, time.Since(began).Round(time.Millisecond))
}

// sums waits until everything up to head is folded and judged, and sums up the tables: all of each row, also what depends
// on the order of the log. Left out is only when a customer is to be looked at next, which depends on where batches end.
func (h *house) sums(t *testing.T, head events.Position) projections.Sums {
	t.Helper()
	must(t, h.generations.Live().Await(t.Context(), head))
	v := h.sweptView(t)
	defer v.Close()
	var all projections.Sums
	for _, table := range projections.NewSpec(h.rooms.all()...).Tables {
		looked := table.Name == "segment_customers" || table.Name == "churn_customers"
		sums, err := projections.Digest(t.Context(), v, []*projections.Table{table}, !looked)
		must(t, err)
		all = append(all, sums...)
	}
	return all
}

// sweptView returns a view in which no room has left anything for later.
func (h *house) sweptView(t *testing.T) projections.View {
	t.Helper()
	live := h.generations.Live()
	commits, end := live.Subscribe()
	defer end()
	for {
		v, err := live.View(t.Context())
		must(t, err)
		batch := projections.NewBatch(t.Context(), v)
		if !slices.ContainsFunc(h.rooms.all(), func(room projections.Room) bool {
			s, ok := room.(projections.Sweeper)
			return ok && s.Unswept(batch)
		}) {
			return v
		}
		v.Close()
		select {
		case <-commits:
		case <-time.After(time.Minute):
			t.Fatal("the sweeps do not come to an end")
		}
	}
}

// compareAll holds every pair against the first, table by table, and prints what they hold.
func compareAll(t *testing.T, pairs []*pair) {
	t.Helper()
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "table\trows")
	for _, p := range pairs {
		fmt.Fprintf(w, "\t%s", p.name())
	}
	fmt.Fprintln(w)
	rows := 0
	for i, want := range pairs[0].sums {
		fmt.Fprintf(w, "%s\t%d", want.Table, want.Rows)
		for _, p := range pairs {
			got := p.sums[i]
			fmt.Fprintf(w, "\t%s", hex.EncodeToString(got.Hash[:6]))
			if got != want {
				t.Errorf("%s: table %s has %d rows, hash %x; %s has %d, %x", p.name(), got.Table, got.Rows, got.Hash, pairs[0].name(), want.Rows, want.Hash)
			}
		}
		fmt.Fprintln(w)
		rows += want.Rows
	}
	must(t, w.Flush())
	for _, p := range pairs {
		if p.head != pairs[0].head {
			t.Errorf("%s ends in %v, %s in %v", p.name(), p.head, pairs[0].name(), pairs[0].head)
		}
	}
	if len(pairs[0].sums) == 0 || rows == 0 {
		t.Fatal("nothing was folded")
	}
	t.Logf("%d events, head %x, %d rows in %d tables\n%s", pairs[0].head.Position, pairs[0].head.Hash, rows, len(pairs[0].sums), &b)
}
