package projections_test

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections"
)

// tally is a room with a state per fragment, a total over all fragments, and a derived table: enough to notice an
// event that is missing, doubled or out of order.
type tally struct {
	version int
	mended  *atomic.Bool // poison can be swallowed
	unruly  bool         // Settle fails at "settle.fails"
}

func newTally() tally { return tally{version: 1, mended: &atomic.Bool{}} }

type count struct{ events, sum, last int64 }

func column(name string, k projections.Kind) projections.Column {
	return projections.Column{Name: name, Kind: k, Doc: "For tests."}
}

var (
	tallyFragments = &projections.Table{
		Name: "tally_fragments", Doc: "A count per fragment.", KeyLen: 1,
		Columns: []projections.Column{
			column("fragment", projections.Blob), column("events", projections.Int), column("sum", projections.Int),
			{Name: "last", Kind: projections.Int, Order: true},
		},
		Indexes: []projections.Index{{Name: "by_events", Columns: []string{"events"}}},
	}
	tallyTotals = &projections.Table{
		Name: "tally_totals", Doc: "A count per type.", KeyLen: 1,
		Columns: []projections.Column{column("type", projections.Text), column("events", projections.Int)},
	}
	tallyLines = &projections.Table{
		Name: "tally_lines", Doc: "A line per event.", KeyLen: 1,
		Columns: []projections.Column{
			{Name: "position", Kind: projections.Int, Order: true}, column("id", projections.Text), column("fragment", projections.Blob),
		},
	}

	counts = &projections.States[uuid.UUID, count]{
		Table: tallyFragments,
		Key:   func(k uuid.UUID) []any { return []any{k[:]} },
		Decode: func(r projections.Row) (uuid.UUID, count, error) {
			return uuid.UUID(r[0].([]byte)), count{r[1].(int64), r[2].(int64), r[3].(int64)}, nil
		},
		Encode: func(k uuid.UUID, s *count) (projections.Row, error) {
			if s.events == 0 {
				return nil, nil
			}
			return projections.Row{k[:], s.events, s.sum, s.last}, nil
		},
	}
	totals = &projections.States[string, int64]{
		Table:  tallyTotals,
		Key:    func(k string) []any { return []any{k} },
		Decode: func(r projections.Row) (string, int64, error) { return r[0].(string), r[1].(int64), nil },
		Encode: func(k string, n *int64) (projections.Row, error) { return projections.Row{k, *n}, nil },
	}
)

func (tally) Name() string   { return "tally" }
func (r tally) Version() int { return r.version }
func (tally) Tables() []*projections.Table {
	return []*projections.Table{tallyFragments, tallyTotals, tallyLines}
}

func (r tally) Settle(b *projections.Batch) error {
	if _, ok := totals.See(b, "settle.fails"); ok && r.unruly {
		return errors.New("cannot settle")
	}
	return nil
}

func (r tally) Want(b *projections.Batch, t *projections.Touch) {
	if t.Type == "want.panics" && !r.mended.Load() {
		panic("cannot want")
	}
	counts.Want(b, t.Fragment)
	totals.Want(b, t.Type)
}

// Fold changes the state before it fails, so that a half-folded event would show. "forget" empties a fragment.
func (r tally) Fold(b *projections.Batch, t *projections.Touch) error {
	s := counts.Change(b, t.Fragment)
	s.events++
	s.sum += int64(len(t.ID))
	s.last = int64(t.Position)
	*totals.Change(b, t.Type)++
	b.Put(tallyLines, projections.Row{int64(t.Position), t.ID, t.Fragment[:]})
	switch {
	case t.Type == "forget":
		*s = count{}
	case t.Type == "fold.fails" && !r.mended.Load():
		return fmt.Errorf("cannot fold %s", t.Type)
	case t.Type == "fold.panics" && !r.mended.Load():
		panic("cannot fold")
	}
	return nil
}
