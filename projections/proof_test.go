package projections_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/events/pebblelog"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/roomtest"
	"github.com/c360hq/c360/projections/sqlitestore"
)

// TestRebuildProof: on the embedded engines, a town of people lives while it is folded: what happens arrives in requests,
// late, out of order and more than once, and colleagues link and unlink people. A rebuild of that log holds the same
// bytes as what was folded live. With C360_REBUILD=1 it is a million events (make rebuild-proof).
func TestRebuildProof(t *testing.T) {
	t.Parallel()
	years := 20
	perYear := 1_000
	if os.Getenv("C360_REBUILD") != "" {
		perYear = 50_000
	}
	p := openProof(t)
	began := time.Now()
	for year := range years {
		p.live(t, p.year(year, perYear))
	}
	head, err := p.log.Head(t.Context())
	must(t, err)
	must(t, p.gens.Live().Await(t.Context(), head.Position))
	lived := time.Since(began)
	if head.Position < events.Position(years*perYear*9/10) || p.repeats < years*perYear/50 || p.decisions < years*20 || p.late < years*perYear/50 {
		t.Errorf("%d events, %d repeats, %d late, %d decisions are no proof", head.Position, p.repeats, p.late, p.decisions)
	}
	began = time.Now()
	g, err := p.gens.Rebuild(t.Context(), nil)
	must(t, err)
	rebuilt := time.Since(began)
	began = time.Now()
	d, err := p.gens.Compare(t.Context(), g.ID, nil)
	must(t, err)
	rows := 0
	for _, table := range d.Tables {
		rows += table.Before
		if !table.Identical {
			t.Errorf("%+v", table)
		}
	}
	if d.Before.Position != head.Position || d.After.Position != head.Position || len(d.Tables) < 10 || rows < int(head.Position) {
		t.Errorf("compared %d rows of %d tables at %d and %d", rows, len(d.Tables), d.Before.Position, d.After.Position)
	}
	t.Logf("%d events, %d repeats refused, %d more than a year late, %d decisions: lived in %s, rebuilt in %s (%.0f events/s), %d rows compared in %s, all identical",
		head.Position, p.repeats, p.late, p.decisions, lived.Round(time.Millisecond), rebuilt.Round(time.Millisecond),
		float64(head.Position)/rebuilt.Seconds(), rows, time.Since(began).Round(time.Millisecond))
}

// proof is a c360 without its services.
type proof struct {
	log                      *pebblelog.Log
	gens                     *projections.Generations
	held, told               []events.Event // arrives a year late; arrives again
	repeats, late, decisions int
}

func openProof(t *testing.T) *proof {
	t.Helper()
	dir := t.TempDir()
	log, err := pebblelog.Open(t.Context(), pebblelog.Options{Dir: filepath.Join(dir, "log"), Now: time.Now})
	must(t, err)
	factory, err := sqlitestore.NewFactory(filepath.Join(dir, "views"), sqlitestore.Options{})
	must(t, err)
	p := &proof{log: log, gens: projections.NewGenerations(projections.GenerationsOptions{Engine: options(log, realRooms(t)...), Factory: factory})}
	must(t, p.gens.Start(t.Context()))
	t.Cleanup(func() {
		must(t, p.gens.Stop())
		must(t, log.Close())
	})
	return p
}

// year returns what arrives in a year: most of what happened in it, out of order and some of it twice, what was held back
// in the year before, and some of that year again.
func (p *proof) year(n, size int) []events.Event {
	list := roomtest.Generate(uint64(n), roomtest.Options{People: size / 2, Events: size, Decisions: max(size/500, 25), Shared: 10})
	for i := range list {
		list[i].ID = fmt.Sprintf("%d-%s", n, list[i].ID)
		list[i].Time = list[i].Time.AddDate(n, 0, 0)
		if list[i].Source == "c360" {
			p.decisions++
		}
	}
	late := len(list) / 20
	arrives := append(roomtest.Shuffle(uint64(n), list[late:]), p.held...)
	arrives = append(arrives, p.told...)
	p.late += len(p.held)
	p.held, p.told = list[:late], list[late:2*late]
	return arrives
}

// request is how many events one request brings.
const request = 200

// live appends what arrives, request by request, while it is folded.
func (p *proof) live(t *testing.T, list []events.Event) {
	t.Helper()
	for len(list) > 0 {
		n := min(len(list), request)
		results, err := p.log.Append(t.Context(), roomtest.Entries(list[:n]...)...)
		must(t, err)
		for _, r := range results {
			if r.Outcome == events.Duplicate {
				p.repeats++
			}
		}
		list = list[n:]
	}
}
