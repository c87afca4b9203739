package analytics

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/c360hq/c360/events"
)

// Least is on how many answers, orders or customers a share, a mean or a median rests at least before it counts as told by
// enough data: about where the normal approximations begin to hold.
const Least = 30

// maxParts bounds the parts of a tile: those with the most behind them.
const maxParts = 50

// KPIs are the tiles.
type KPIs struct {
	// At is the instant as of which they are told.
	At       time.Time `json:"at"`
	Period   Span      `json:"period"`
	Previous Span      `json:"previous"`
	// Customers is how many had been heard of by then, and Since when the first of them was.
	Customers int64      `json:"customers"`
	Since     *time.Time `json:"since,omitempty"`
	// InProgress says that the period was not over: the period before it is longer than what there is to compare it with.
	InProgress bool   `json:"in_progress,omitempty"`
	Tiles      []Tile `json:"tiles"`
}

// Tile is one measure.
type Tile struct {
	Measure Measure     `json:"measure"`
	Title   events.Text `json:"title"`
	Unit    Unit        `json:"unit"`
	// Currency is that of money.
	Currency string `json:"currency,omitempty"`
	// Better is "more", "less" or, if neither is, "".
	Better string `json:"better,omitempty"`
	Figure
	Previous Figure `json:"previous"`
	// Weeks are the weeks before, the earliest first.
	Weeks []WeekFigure `json:"weeks"`
	// Target is what was aimed at, if anything, and Met whether the value reaches it.
	Target *float64 `json:"target,omitempty"`
	Met    *bool    `json:"met,omitempty"`
	// Parts are the value by channel and agent, where the data has them.
	Parts []PartFigure `json:"parts,omitempty"`
}

// Figure is a value and what it rests on.
type Figure struct {
	// Value is null if there is nothing to tell it by.
	Value *float64 `json:"value"`
	// Interval is where a share lies (95 %, Wilson 1927), null for what is none.
	Interval *Interval `json:"interval,omitempty"`
	// Customers and Events are how many it rests on; Waiting is how many more have no outcome yet.
	Customers int64 `json:"customers"`
	Events    int64 `json:"events"`
	Waiting   int64 `json:"waiting,omitempty"`
	// Enough says whether that is enough; Why says why not.
	Enough bool         `json:"enough"`
	Why    *events.Text `json:"why,omitempty"`
}

// WeekFigure is the figure of one week.
type WeekFigure struct {
	// Week is its Monday, "2026-11-16".
	Week string `json:"week"`
	// InProgress marks the week that was not over.
	InProgress bool `json:"in_progress,omitempty"`
	Figure
}

// PartFigure is the figure of a part.
type PartFigure struct {
	// Dimension is "channel", "agent" or "topic", Key the value of it.
	Dimension string `json:"dimension"`
	Key       string `json:"key"`
	Figure
}

// Result returns the tiles, in the order of the measures. Those of money are there once a currency.
func (k *KPI) Result() KPIs {
	r := KPIs{At: instant(k.o.At), Period: k.o.Period.span(), Previous: k.o.Previous.span(), Customers: k.customer, Tiles: []Tile{}}
	r.InProgress = k.periods[0] != k.o.Period
	if k.customer > 0 {
		since := instant(k.first)
		r.Since = &since
	}
	cells := k.sorted()
	for i := range measures {
		m, found := &measures[i], false
		for _, c := range cells {
			if c.measure == m.of && c.dimension == "" {
				r.Tiles, found = append(r.Tiles, k.tile(m, c, cells)), true
			}
		}
		if !found {
			r.Tiles = append(r.Tiles, k.tile(m, cell{measure: m.of}, nil))
		}
	}
	return r
}

// sorted are the cells in the order of their names.
func (k *KPI) sorted() []cell {
	cells := make([]cell, 0, len(k.cells))
	for c := range k.cells {
		cells = append(cells, c)
	}
	slices.SortFunc(cells, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.measure, b.measure), cmp.Compare(a.currency, b.currency),
			cmp.Compare(a.dimension, b.dimension), cmp.Compare(a.key, b.key))
	})
	return cells
}

func (k *KPI) tile(m *measure, c cell, cells []cell) Tile {
	list, ok := k.cells[c]
	if !ok {
		list = make([]tally, k.windows())
	}
	t := Tile{Measure: m.name, Title: m.title, Unit: m.unit, Currency: c.currency, Better: betterOf(m)}
	t.Figure, t.Previous = k.figure(m, list, 0), k.figure(m, list, 1)
	for i := range k.o.Weeks {
		now, _ := k.window(len(k.periods) + i)
		from := k.start + int64(i)*Week
		t.Weeks = append(t.Weeks, WeekFigure{dateOf(from), now.To < from+Week, k.figure(m, list, len(k.periods)+i)})
	}
	if target, given := k.o.Targets[m.name]; given {
		t.Target, t.Met = &target, met(m, t.Value, target)
	}
	t.Parts = k.parts(m, c, cells)
	return t
}

func betterOf(m *measure) string {
	return [...]string{"less", "", "more"}[m.better+1]
}

// met says whether a value reaches its target, nil if there is no value.
func met(m *measure, value *float64, target float64) *bool {
	if value == nil {
		return nil
	}
	reached := *value >= target
	if m.better < 0 {
		reached = *value <= target
	}
	return &reached
}

// figure is what a window says, and whether it had enough to go by.
func (k *KPI) figure(m *measure, list []tally, window int) Figure {
	t := list[window].clone()
	f := Figure{Value: t.value(m), Customers: t.customers, Events: t.events, Waiting: t.waiting}
	if m.unit == UnitShare && t.bottom > 0 {
		around := wilson(t.top, t.bottom)
		f.Interval = &around
	}
	now, before := k.window(window)
	if m.name == RetentionRate {
		now.From = before.From
	}
	switch {
	case k.customer == 0 || k.first > now.From:
		f.Why = &events.Text{Ko: "데이터가 기간 시작 이후부터 있습니다", En: "the data begins after the period does"}
	case m.way != waySum && t.size(m) < Least:
		n, least := strconv.FormatInt(t.size(m), 10), strconv.Itoa(Least)
		f.Why = &events.Text{Ko: "근거가 " + n + "건뿐입니다 (최소 " + least + "건)", En: "it rests on " + n + " only (" + least + " at least)"}
	default:
		f.Enough = true
	}
	return f
}

// parts are the figures of the parts of a cell, those with the most events first.
func (k *KPI) parts(m *measure, whole cell, cells []cell) []PartFigure {
	var parts []PartFigure
	for _, c := range cells {
		if c.measure == whole.measure && c.currency == whole.currency && c.dimension != "" && k.cells[c][0].events > 0 {
			parts = append(parts, PartFigure{c.dimension, c.key, k.figure(m, k.cells[c], 0)})
		}
	}
	slices.SortStableFunc(parts, func(a, b PartFigure) int { return cmp.Compare(b.Events, a.Events) })
	parts = parts[:min(len(parts), maxParts)]
	slices.SortStableFunc(parts, func(a, b PartFigure) int { return cmp.Compare(a.Dimension, b.Dimension) })
	return parts
}
