package lookalike

import (
	"fmt"
	"math"

	"github.com/c360hq/c360/projections/analytics"
)

// least is how many customers a model takes on each side, so that a fifth of them can be held out.
const least = 50

// Fit fits the model. It holds out a fifth of the customers, chosen by id, to tell how well the model ranks customers it has not
// seen, beside plain baselines; then it fits on all. It is an error if there are fewer than 50 on either side.
func (t *Trainer) Fit() (*Model, error) {
	rows := t.rows()
	seeds, others := len(t.groups[0].rows), len(t.groups[1].rows)
	if min(seeds, others) < least {
		return nil, fmt.Errorf("lookalike: %d customers in the group and %d in the rest; give a group that leaves %d on either side", seeds, others, least)
	}
	known, held := split(rows)
	h, err := t.holdOut(known, held)
	if err != nil {
		return nil, err
	}
	m, err := t.fit(rows)
	if err != nil {
		return nil, err
	}
	m.HoldOut, m.Seeds, m.Others = h, t.groups[0].seen, t.groups[1].seen
	// The sides may have been sampled at different rates, which shifts the odds (King & Zeng 2001, eq. 7).
	m.Base += math.Log(float64(t.groups[0].seen)/float64(seeds)) - math.Log(float64(t.groups[1].seen)/float64(others))
	return m, nil
}

// split holds out every customer whose id ends in a byte that five divides.
func split(rows []row) (known, held []row) {
	for _, r := range rows {
		if r.id[15]%5 == 0 {
			held = append(held, r)
		} else {
			known = append(known, r)
		}
	}
	return known, held
}

// fit fits a model on rows.
func (t *Trainer) fit(rows []row) (*Model, error) {
	columns := columnsOf(rows, t.o.maxValues())
	standardise(rows, columns)
	at := places(columns)
	examples := make([]example, len(rows))
	for i := range rows {
		examples[i] = example{cells(rows[i].features, columns, at), rows[i].seed}
	}
	w, err := fitLogistic(examples, len(columns))
	if err != nil {
		return nil, err
	}
	return newModel(&t.o, columns, w, examples), nil
}

// HoldOut is how well a ranking did on customers that it was not fitted on.
type HoldOut struct {
	// Seeds and Others are how many were held out on each side.
	Seeds  int `json:"seeds"`
	Others int `json:"others"`
	// AUC is that of the model, in Interval (95 %).
	AUC      float64            `json:"auc"`
	Interval analytics.Interval `json:"interval"`
	// Single is the trait, rate or figure that ranks best by itself, and SingleAUC how well. Busy ranks who was heard of most first.
	Single    Key     `json:"single"`
	SingleAUC float64 `json:"single_auc"`
	BusyAUC   float64 `json:"busy_auc"`
}

func (t *Trainer) holdOut(known, held []row) (HoldOut, error) {
	m, err := t.fit(known)
	if err != nil {
		return HoldOut{}, err
	}
	h := HoldOut{}
	scores, busy, seed := make([]float64, len(held)), make([]float64, len(held)), make([]bool, len(held))
	for i := range held {
		scores[i], busy[i], seed[i] = m.scoreHeld(held[i].features), float64(held[i].touchpoints), held[i].seed
		if seed[i] {
			h.Seeds++
		}
	}
	if h.Others = len(held) - h.Seeds; h.Seeds == 0 || h.Others == 0 {
		return h, fmt.Errorf("lookalike: none of the %d customers held out is on one of the sides; give a larger group", len(held))
	}
	h.AUC, h.BusyAUC = AUC(scores, seed), AUC(busy, seed)
	h.Interval = aucInterval(h.AUC, h.Seeds, h.Others)
	h.Single, h.SingleAUC = bestSingle(known, held, t.o.maxValues())
	return h, nil
}
