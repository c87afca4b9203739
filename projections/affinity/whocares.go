package affinity

import (
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/history"
)

// Arrival is something new, of a category, a brand or both, that some customers care about. Make one with WhoCares.
type Arrival struct {
	Category, Brand string
	// Share is the share of 1 of such products in all that sold in the last days: what is assumed of somebody unknown.
	Share float64

	model *Model
}

// Match is how much one customer cares about an arrival.
type Match struct {
	// Score is 0 to 1: the share of such products in what the customer lately looked at and bought, mixed with Arrival.Share
	// as much as little is known of them (Settings.Doubt).
	Score float64
	// Cares says that the score is that of somebody to be told (Settings.Cares) and that the customer looked at or bought such.
	Cares bool
	// Cold says that the customer never looked at or bought anything whose category or brand is known.
	Cold bool
	// Looks and Purchases of such products, and the latest of them as evidence.
	Looks, Purchases int
	Evidence         []history.Ref
	Text             events.Text
}

// WhoCares prepares to ask customers whether they care about a category, a brand, or a brand's products in a category, at
// a time, Unix microseconds. An empty one does not matter.
func (m *Model) WhoCares(category, brand string, at int64) *Arrival {
	a := &Arrival{Category: category, Brand: brand, model: m}
	s := m.seasonOf(at)
	such := 0.0
	for i, n := range s.recent {
		if n > 0 {
			p := m.product(int32(i)) // #nosec G115 -- an item
			such += float64(n) * a.fits(p.Category, p.Brand)
		}
	}
	if s.all > 0 {
		a.Share = such / float64(s.all)
	}
	return a
}

// fits is 1 for a product that is all that the arrival is, a half if it is one of two.
func (a *Arrival) fits(category, brand string) float64 {
	asked, met := 0.0, 0.0
	if a.Category != "" {
		asked++
		if category == a.Category {
			met++
		}
	}
	if a.Brand != "" {
		asked++
		if brand == a.Brand {
			met++
		}
	}
	if asked == 0 {
		return 0
	}
	return met / asked
}

// Match scores one customer.
func (a *Arrival) Match(p *Purchases) Match {
	match := Match{Cold: true}
	var such Interest
	all := 0.0
	for _, s := range a.model.signs(p) {
		if s.category == "" && s.brand == "" {
			continue
		}
		match.Cold = false
		all += s.weight
		switch fit := a.fits(s.category, s.brand); {
		case fit == 1:
			such.take(&s)
		case fit > 0: // one of two: it weighs, but is not counted as such
			such.Weight += fit * s.weight
		}
	}
	doubt := a.model.settings.Doubt
	if all+doubt > 0 {
		match.Score = (such.Weight + doubt*a.Share) / (all + doubt)
	}
	match.Looks, match.Purchases, match.Evidence = such.Looks, such.Purchases, such.Evidence
	match.Cares = such.Looks+such.Purchases > 0 && match.Score >= a.model.settings.Cares
	match.Text = matchText(a, &match, a.model.settings.RecentDays)
	return match
}
