package lookalike

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/projections/history"
)

const (
	// MaxProspects bounds a ranking.
	MaxProspects = 10_000
	// maxDrivers is how many drivers are told of each prospect.
	maxDrivers = 5
)

// Ranking orders prospects by how much they are like the seed group. It is for one goroutine; several can be merged.
type Ranking struct {
	m         *Model
	o         Options
	prospect  func(*history.History) bool
	top       int
	looked    int64
	prospects []Prospect
	// worst is the last of a full ranking; whoever is worse has no place in it.
	worst *Prospect
}

// Prospect is a customer who may be won.
type Prospect struct {
	Customer uuid.UUID `json:"customer"`
	// Score is the log odds of being in the group, Likeness the probability that this is.
	Score    float64 `json:"score"`
	Likeness float64 `json:"likeness"`
	// Drivers are the features that move the score most from that of the average customer.
	Drivers []Driver `json:"drivers"`
}

// NewRanking returns a ranking of nobody. prospect says who may be ranked: as a rule, those who are not in the group. top is how
// many are kept, at most MaxProspects.
func NewRanking(m *Model, o Options, prospect func(*history.History) bool, top int) *Ranking {
	return &Ranking{m: m, o: o, prospect: prospect, top: min(max(top, 1), MaxProspects)}
}

// Add takes a customer in.
func (r *Ranking) Add(h *history.History) {
	features := r.o.collect(h)
	if features == nil || !r.prospect(h) {
		return
	}
	r.looked++
	p := Prospect{Customer: h.Customer, Score: r.m.score(features)}
	if r.worst != nil && compareProspects(p, *r.worst) > 0 {
		return
	}
	p.Likeness, p.Drivers = logistic(p.Score), r.m.drivers(&r.o, features, maxDrivers)
	r.add(p)
}

func (r *Ranking) add(p Prospect) {
	r.prospects = append(r.prospects, p)
	if len(r.prospects) >= 2*r.top {
		r.trim()
	}
}

// trim sorts the prospects and keeps the first.
func (r *Ranking) trim() {
	slices.SortFunc(r.prospects, compareProspects)
	r.prospects = r.prospects[:min(len(r.prospects), r.top)]
	if len(r.prospects) == r.top {
		worst := r.prospects[r.top-1]
		r.worst = &worst
	}
}

// compareProspects puts the higher score first, of equal ones the smaller id.
func compareProspects(a, b Prospect) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), bytes.Compare(a.Customer[:], b.Customer[:]))
}

// Merge takes in what another Ranking of the same model has seen.
func (r *Ranking) Merge(o *Ranking) {
	r.looked += o.looked
	for _, p := range o.prospects {
		r.add(p)
	}
}

// Prospects is a ranking.
type Prospects struct {
	// Looked is how many prospects were looked at.
	Looked int64 `json:"looked"`
	// Prospects are those most alike, the best first.
	Prospects []Prospect `json:"prospects"`
}

// Result returns the ranking.
func (r *Ranking) Result() Prospects {
	r.trim()
	return Prospects{r.looked, append([]Prospect{}, r.prospects...)}
}
