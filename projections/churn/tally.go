package churn

// scale is how finely ratios are told apart: steps of Score's scale from 0 to 1.
const scale = 10_000

// mostDays is how many days since the last visit are told apart.
const mostDays = 3660

// tally counts customers by the step of a score, apart for those who slipped, those who stayed and those who are not judged. It is
// all that metrics need of the pairs (score, what happened), takes the same memory for any number of customers, and adds up
// exactly.
type tally struct {
	slipped, stayed, unjudged []int64
}

func newTally(steps int) tally {
	return tally{make([]int64, steps), make([]int64, steps), make([]int64, steps)}
}

func (t *tally) add(step int, o outcome) {
	list := t.stayed
	switch {
	case !o.judged:
		list = t.unjudged
	case o.slipped:
		list = t.slipped
	}
	list[min(max(step, 0), len(list)-1)]++
}

func (t *tally) merge(o *tally) {
	for i := range t.slipped {
		t.slipped[i] += o.slipped[i]
		t.stayed[i] += o.stayed[i]
		t.unjudged[i] += o.unjudged[i]
	}
}

// everybody returns how many there are, judged or not.
func (t *tally) everybody() int64 {
	all := int64(0)
	for i := range t.slipped {
		all += t.slipped[i] + t.stayed[i] + t.unjudged[i]
	}
	return all
}

// totals returns how many of those judged slipped and how many stayed, from a step on.
func (t *tally) totals(from int) (slipped, stayed int64) {
	for i := from; i < len(t.slipped); i++ {
		slipped += t.slipped[i]
		stayed += t.stayed[i]
	}
	return slipped, stayed
}

// above returns how many of those not judged there are from a step on.
func (t *tally) above(from int) int64 {
	all := int64(0)
	for _, n := range t.unjudged[min(from, len(t.unjudged)):] {
		all += n
	}
	return all
}

// auc returns the probability that somebody who slipped has a higher score than somebody who stayed, where equal scores count
// half (the Mann–Whitney statistic, so the area under the ROC curve); ½ if one of them is nobody.
func (t *tally) auc() float64 {
	all, others := t.totals(0)
	if all == 0 || others == 0 {
		return .5
	}
	below, won := int64(0), 0.0
	for i := range t.slipped {
		won += float64(t.slipped[i]) * (float64(below) + float64(t.stayed[i])/2)
		below += t.stayed[i]
	}
	return won / float64(all) / float64(others)
}

// top returns how many of the n judged with the highest scores slipped. Of those who share the last score that is reached, as
// many as are to be expected are counted.
func (t *tally) top(n int64) float64 {
	right, _ := t.highest(n, make([]int64, len(t.slipped)))
	return right
}

// highest returns how many of the n with the highest scores slipped and how many stayed, where others are flagged, too.
func (t *tally) highest(n int64, others []int64) (right, wrong float64) {
	for i, left := len(t.slipped)-1, n; i >= 0 && left > 0; i-- {
		here := t.slipped[i] + t.stayed[i] + others[i]
		if here == 0 {
			continue
		}
		share := min(float64(left)/float64(here), 1)
		right, wrong = right+share*float64(t.slipped[i]), wrong+share*float64(t.stayed[i])
		left -= here
	}
	return right, wrong
}

// best returns the step, not below from, from which on flagging is worth most, by worth of (right flags, wrong flags); the highest of
// equal ones. Steps from which on fewer than least are flagged are not looked at; ok is false if there are none.
func (t *tally) best(from int, least int64, worth func(right, wrong int64) (float64, bool)) (step int, ok bool) {
	var right, wrong int64
	most := 0.0
	for i := len(t.slipped) - 1; i >= max(from, 1); i-- { // step 0 is everybody, even those of whom nothing is known
		if t.slipped[i]+t.stayed[i] == 0 {
			continue
		}
		right, wrong = right+t.slipped[i], wrong+t.stayed[i]
		if right+wrong < least {
			continue
		}
		if w, allowed := worth(right, wrong); allowed && (!ok || w > most) {
			step, most, ok = i, w, true
		}
	}
	return step, ok
}

// lowest returns the lowest step from which on at most so many are flagged, judged or not.
func (t *tally) lowest(most float64) int {
	n, step := int64(0), len(t.slipped)
	for step > 0 {
		if n += t.slipped[step-1] + t.stayed[step-1] + t.unjudged[step-1]; float64(n) > most {
			break
		}
		step--
	}
	return step
}
