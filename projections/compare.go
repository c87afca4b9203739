package projections

import (
	"context"
	"fmt"

	"github.com/c360hq/c360/events"
)

// Difference is how two generations differ at one position.
type Difference struct {
	Position events.Position
	Tables   []TableDifference
}

// TableDifference compares one table. Same leaves out the columns marked Order, Identical does not.
type TableDifference struct {
	Table           string
	Live, Other     int // rows
	Same, Identical bool
}

// Same reports whether all tables are the same but for columns marked Order.
func (d Difference) Same() bool {
	for _, t := range d.Tables {
		if !t.Same {
			return false
		}
	}
	return true
}

// Compare folds a generation up to exactly where the live one is and compares them, table by table, while the live
// one goes on folding and answering. The engine's own tables are left out: what is parked is a matter of luck.
func (g *Generations) Compare(ctx context.Context, id string, report Report) (Difference, error) {
	g.changing.Lock()
	defer g.changing.Unlock()
	defer g.tell(nil, nil)
	h, err := g.standBy(ctx, id)
	if err != nil {
		return Difference{}, err
	}
	defer h.release()
	if _, err := h.engine.check(ctx); err != nil {
		return Difference{}, err
	}
	if err := g.live.Await(ctx, h.engine.Position()); err != nil {
		return Difference{}, err
	}
	live, err := g.live.View(ctx)
	if err != nil {
		return Difference{}, err
	}
	defer live.Close()
	at := live.Checkpoint().Position
	if err := g.runTo(ctx, h, at, PhaseCatchingUp, report); err != nil {
		return Difference{}, err
	}
	g.tell(report, &Progress{Generation: id, Phase: PhaseComparing, Position: at, Head: at})
	other, err := h.store.View(ctx)
	if err != nil {
		return Difference{}, err
	}
	defer other.Close()
	return g.difference(ctx, live, other)
}

func (g *Generations) difference(ctx context.Context, live, other View) (Difference, error) {
	d := Difference{Position: live.Checkpoint().Position}
	if p := other.Checkpoint().Position; p != d.Position {
		return d, fmt.Errorf("compare a generation at position %d with one at %d", d.Position, p)
	}
	for _, room := range g.opts.Engine.Rooms {
		for _, t := range room.Tables() {
			td, err := compareTable(ctx, live, other, t)
			if err != nil {
				return d, err
			}
			d.Tables = append(d.Tables, td)
		}
	}
	return d, nil
}

// compareTable sums a table up without its order columns only if with them it is not the same.
func compareTable(ctx context.Context, live, other View, t *Table) (TableDifference, error) {
	d := TableDifference{Table: t.Name}
	for _, withOrder := range [...]bool{true, false} {
		a, err := Digest(ctx, live, []*Table{t}, withOrder)
		if err != nil {
			return d, err
		}
		b, err := Digest(ctx, other, []*Table{t}, withOrder)
		if err != nil {
			return d, err
		}
		d.Live, d.Other = a[0].Rows, b[0].Rows
		if a[0] == b[0] {
			d.Same, d.Identical = true, withOrder
			return d, nil
		}
	}
	return d, nil
}
