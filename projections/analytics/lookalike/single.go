package lookalike

import (
	"maps"
	"math"
	"slices"
)

// single ranks by one trait, rate or figure alone: by its number, or by the odds of its values among the customers it has seen.
type single struct {
	key Key // without a value
	// odds are the log odds by value, for what is no number.
	odds map[string]float64
	// sign is -1 if less of it means more alike.
	sign float64
}

// bestSingle finds what ranks the known customers best by itself, and tells how well it ranks the others.
func bestSingle(known, held []row, maxValues int) (Key, float64) {
	var best single
	top := -1.0
	for _, k := range subjects(known, maxValues) {
		s := newSingle(k, known)
		if auc := s.auc(known); auc > top {
			best, top = s, auc
		}
	}
	return best.key, best.auc(held)
}

// subjects are what columns are about: a trait, not its values.
func subjects(rows []row, maxValues int) []Key {
	all := map[Key]bool{}
	for _, c := range columnsOf(rows, maxValues) {
		all[Key{c.key.Kind, c.key.Name, ""}] = true
	}
	return slices.SortedFunc(maps.Keys(all), compareKeys)
}

func newSingle(k Key, rows []row) single {
	s := single{key: k, sign: 1}
	if k.Kind == KindTrait {
		s.odds = oddsOf(k, rows)
	}
	if s.auc(rows) < .5 {
		s.sign = -1
	}
	return s
}

// oddsOf are the log odds of the values of a trait, half a customer added on each side. "" stands for having none.
func oddsOf(k Key, rows []row) map[string]float64 {
	counts := map[string]*[2]float64{}
	for i := range rows {
		value, _ := valueOf(k, &rows[i])
		c := counts[value]
		if c == nil {
			c = &[2]float64{.5, .5}
			counts[value] = c
		}
		if rows[i].seed {
			c[0]++
		} else {
			c[1]++
		}
	}
	odds := make(map[string]float64, len(counts))
	for value, c := range counts {
		odds[value] = math.Log(c[0] / c[1])
	}
	return odds
}

// valueOf is what a customer has of it, as a text and as a number.
func valueOf(k Key, r *row) (string, float64) {
	for _, f := range r.features {
		if f.key.Kind == k.Kind && f.key.Name == k.Name {
			return f.key.Value, f.value
		}
	}
	return "", 0
}

func (s *single) auc(rows []row) float64 {
	scores, seed := make([]float64, len(rows)), make([]bool, len(rows))
	for i := range rows {
		value, number := valueOf(s.key, &rows[i])
		if s.odds != nil {
			number = s.odds[value]
		}
		scores[i], seed[i] = s.sign*number, rows[i].seed
	}
	return AUC(scores, seed)
}
