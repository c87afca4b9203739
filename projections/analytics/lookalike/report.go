package lookalike

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/analytics"
	"github.com/c360hq/c360/projections/history"
)

const (
	// leastHave is how many customers must have a feature in all to be compared by it.
	leastHave = 5
	// leastGroup is how many customers a side needs before the comparison counts as told by enough data.
	leastGroup = analytics.Least
	// falseAlarms is the share of false alarms that is put up with.
	falseAlarms = .05
)

// Report is what sets a group apart.
type Report struct {
	At time.Time `json:"at"`
	// Group and Rest are how many customers are on each side; Enough says whether both are enough.
	Group  int64 `json:"group"`
	Rest   int64 `json:"rest"`
	Enough bool  `json:"enough"`
	// Tested is how many features were compared, Significant how many of them differ at a false-alarm share of 5 %.
	Tested      int `json:"tested"`
	Significant int `json:"significant"`
	// TooMany are the traits that have too many values to be compared.
	TooMany []string `json:"too_many_values"`
	// Differences are sorted: significant ones first, then by how large they are at least.
	Differences []Difference `json:"differences"`
}

// Difference is one feature.
type Difference struct {
	Key
	// Group and Rest are the shares of those who have it, or the means.
	Group float64 `json:"group"`
	Rest  float64 `json:"rest"`
	// GroupSize and RestSize are how many customers they are told of: for numbers, those who have one.
	GroupSize int64 `json:"group_size"`
	RestSize  int64 `json:"rest_size"`
	// Difference is Group less Rest, and Interval where it lies (95 %).
	Difference float64            `json:"difference"`
	Interval   analytics.Interval `json:"interval"`
	// Effect is the difference in standard deviations: .2 is small, .5 middling, .8 large (Cohen 1988).
	Effect         float64            `json:"effect"`
	EffectInterval analytics.Interval `json:"effect_interval"`
	// P is how likely so large a difference is by chance, Q the share of false alarms among all that are as unlikely.
	P           float64     `json:"p"`
	Q           float64     `json:"q"`
	Significant bool        `json:"significant"`
	Text        events.Text `json:"text"`

	sure float64
}

// Result returns the report with so many differences at most, 0 for 50.
func (c *Contrast) Result(top int) Report {
	r := Report{
		At: time.UnixMicro(c.o.At).In(history.Zone), Group: c.customers[0], Rest: c.customers[1],
		Enough: min(c.customers[0], c.customers[1]) >= leastGroup, TooMany: c.traits.dropped(), Differences: []Difference{},
	}
	var chances []float64
	for _, k := range slices.SortedFunc(maps.Keys(c.features), compareKeys) {
		if d, ok := c.compare(k); ok {
			r.Differences = append(r.Differences, d)
			chances = append(chances, d.P)
		}
	}
	r.Tested = len(r.Differences)
	for i, q := range falseShares(chances) {
		d := &r.Differences[i]
		d.Q, d.Significant = q, q <= falseAlarms
		if d.Significant {
			r.Significant++
		}
	}
	slices.SortStableFunc(r.Differences, rank)
	if top <= 0 {
		top = 50
	}
	r.Differences = r.Differences[:min(len(r.Differences), top)]
	return r
}

// dropped are the traits with too many values.
func (v *valueCount) dropped() []string {
	names := []string{}
	for _, name := range slices.Sorted(maps.Keys(v.values)) {
		if len(v.values[name]) > v.limit {
			names = append(names, name)
		}
	}
	return names
}

func rank(a, b Difference) int {
	if a.Significant != b.Significant {
		if a.Significant {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.sure, a.sure), cmp.Compare(max(b.Effect, -b.Effect), max(a.Effect, -a.Effect)), compareKeys(a.Key, b.Key))
}

// compare compares the sides by one feature, false if too few have it.
func (c *Contrast) compare(k Key) (Difference, bool) {
	m, n := c.features[k], c.customers
	if k.Kind == KindNumber {
		n = [2]int64{m[0].n, m[1].n}
	}
	if c.traits.tooMany(k) || m[0].n+m[1].n < leastHave || min(n[0], n[1]) < 2 {
		return Difference{}, false
	}
	var e effect
	if k.binary() {
		e = ofShares([2]int64{m[0].n, m[1].n}, n)
	} else {
		e = ofMeans(m, n)
	}
	d := Difference{
		Key: k, Group: e.in, Rest: e.rest, GroupSize: n[0], RestSize: n[1], Difference: e.difference, Interval: e.around,
		Effect: e.size, EffectInterval: e.sizeAround, P: e.p, sure: e.sure(),
	}
	d.Text = c.o.contrastText(&d)
	return d, true
}
